"""What `show aaa` and `test aaa` tell of method lists and server groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.features.core import aaa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

# The queues of each kind, in their order (captures of IOS XE), and what `aaa ...` calls what goes there.
_QUEUES = {
    "authentication": [
        ("LOGIN", "login"),
        ("ENABLE", "enable"),
        ("PPP", "ppp"),
        ("SGBP", "sgbp"),
        ("ARAP", "arap"),
        ("DOT1X", "dot1x"),
        ("EAPOUDP", "eou"),
    ],
    "authorization": [
        ("SHELL", "exec"),
        ("NET", "network"),
        ("CONN", "reverse-access"),
        ("IPMOBILE", "ipmobile"),
        ("CONFIG", "configuration"),
        ("AUTH_PROXY", "auth-proxy"),
        ("SUBSCRIBER_SERVICE", "subscriber-service"),
        ("CREDENTIAL_DOWNLOAD", "credential-download"),
        ("PREPAID", "prepaid"),
        ("POLICY_IF", "policy-if"),
        ("COMMAND", "commands"),
    ],
    "accounting": [
        ("SHELL", "exec"),
        ("AUTH_PROXY", "auth-proxy"),
        ("NET", "network"),
        ("CONN", "connection"),
        ("SYSTEM", "system"),
        ("RESOURCE", "resource"),
        ("DOT1X", "dot1x"),
        ("IDENTITY", "identity"),
        ("COMMAND", "commands"),
    ],
}
_SHORT = {"authentication": "authen", "authorization": "author", "accounting": "acct"}


def method_lists(
    session: Session, *, accounting: str | None, all_: str | None, authentication: str | None, authorization: str | None
) -> Iterator[str]:
    """`show aaa method-lists KIND`."""
    device = session.device
    said = {"authentication": authentication, "authorization": authorization, "accounting": accounting}
    for kind, queues in _QUEUES.items():
        if said[kind] or all_:
            short = _SHORT[kind]
            for queue, service in queues:
                yield f"{short} queue=AAA_ML_{short.upper()}_{queue}"
                for number, (name, methods) in enumerate(_lists(device, f"{kind} {service}")):
                    yield f"  name={name} valid=TRUE id={number:X} :state=ALIVE : {' '.join(map(_method, methods))}"


def _lists(device: Device, service: str) -> Iterator[tuple[str, list[str]]]:
    """The lists of a service that have methods: names and methods."""
    at = 4 if service.endswith(" commands") else 3  # `commands` has a level before the name
    for statement in device.statements(f"aaa {service}"):
        words = statement.text.split()
        if len(words) > at + 1:
            methods = aaa.methods(device, " ".join(words[1:at]), words[at])
            yield words[at], [method for method in methods or [] if method not in ("start-stop", "stop-only", "wait-start")]


def _method(method: str) -> str:
    word, _, name = method.partition(" ")
    return f"SERVER_GROUP {name}" if word == "group" else word.upper()


def test(session: Session, *, group: str | None, radius: str | None, tacacs_: str | None) -> Iterator[str]:
    """`test aaa group G USER PASSWORD`: no server can be reached from here, and none answers."""
    name = group or radius or tacacs_
    protocol = "tacacs+" if tacacs_ or session.device.statements(f"aaa group server tacacs+ {group}") else "radius"
    yield f"Attempting authentication test to server-group {name} using {protocol}"
    yield "No authoritative response from any server."
    yield ""
