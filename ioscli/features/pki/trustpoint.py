"""Trustpoints: what a section of `crypto pki trustpoint` says, and the questions before one is removed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Statement
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

HEAD = "crypto pki trustpoint"
NONE = "none"  # of `fqdn`, `serial-number`, `ip-address`: leave it out, and do not ask


@dataclass(frozen=True)
class Trustpoint:
    """The settings of one trustpoint.

    `enrollment`: `url`, `terminal`, `selfsigned`, `profile`, `command`, `pkcs12` or "" while it has none; `url`: with it, also the name of a
    profile. `fqdn`, `serial`, `address`: what was said, `none`, or "" to ask or to take the usual. `password`: None to ask for one.
    `maps`: of `match certificate`, each with what follows its name. `renew`: of `auto-enroll`, in percent of the lifetime.
    `parent`: of `chain-validation continue`; "" for any, None for none.
    """

    name: str
    enrollment: str = ""
    url: str = ""
    pem: bool = False
    polls: int = 10
    period: int = 1  # minutes
    usage: tuple[str, ...] = ()
    fqdn: str = ""
    serial: str = ""
    address: str = ""
    password: str | None = field(default=None, repr=False)
    fingerprint: str = ""
    subject: str = ""
    alt_names: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("crl",)
    key: str = ""
    bits: int = 2048
    curve_key: str = ""
    renew: int | None = None
    fresh_key: bool = False
    digest: str = ""
    cipher: str = ""
    purposes: tuple[str, ...] = ()
    ocsp_url: str = ""
    nonce: bool = True
    maps: tuple[tuple[str, str], ...] = ()
    crl_cache: str = ""
    source: str = ""
    parent: str | None = None

    @property
    def legacy(self) -> bool:
        """Whether MD5 and single DES are allowed: where the section asks for them."""
        return self.digest == "md5" or self.cipher == "des"


def names(device: Device) -> list[str]:
    """The trustpoints of a router, in the order of the configuration."""
    return [statement.text.removeprefix(f"{HEAD} ") for statement in device.statements(HEAD)]


def read(device: Device, name: str) -> Trustpoint | None:
    """The settings of a trustpoint as they are now, None where there is none of that name."""
    section = edit.section(device, f"{HEAD} {name}")
    if section is None:
        return None
    values: dict[str, object] = {}
    maps: list[tuple[str, str]] = []
    for statement in section:
        if statement.line is None or statement.text.startswith("no "):
            continue
        if statement.text.startswith("match certificate "):
            label, _, rest = statement.text.removeprefix("match certificate ").partition(" ")
            maps.append((label, rest))
        else:
            values.update(_value(device, statement))
    return Trustpoint(name=name, maps=tuple(maps), **values)  # type: ignore[arg-type]


def known(device: Device, name: str) -> Trustpoint:
    """The settings of a trustpoint. Raises Refused where there is none (genielibs' error patterns)."""
    found = read(device, name)
    if found is None:
        raise Refused(f"% Certificate Authority (trustpoint) {name} is unknown")
    return found


def _value(device: Device, statement: Statement) -> dict[str, object]:
    """The fields that a line sets."""
    said = device.arguments(statement)
    match statement.text.split():
        case ["enrollment", "retry", "count", count]:
            return {"polls": int(count)}
        case ["enrollment", "retry", "period", minutes]:
            return {"period": int(minutes)}
        case ["enrollment", "mode" | "http-proxy", *_]:
            return {}
        case ["enrollment", kind, *rest]:
            return {"enrollment": kind, "url": rest[0] if kind in ("url", "profile") else "", "pem": rest[-1:] == ["pem"]}
        case ["usage" | "eku", *uses]:
            return {"usage": tuple(uses)} if statement.text.startswith("usage") else {"purposes": tuple(uses[1:])}
        case ["fqdn", name]:
            return {"fqdn": name}
        case ["serial-number", *rest]:
            return {"serial": rest[0] if rest else "on"}
        case ["ip-address", where]:
            return {"address": where}
        case ["password", *_]:
            return {"password": _revealed(said)}
        case ["fingerprint", digits]:
            return {"fingerprint": digits.upper()}
        case ["subject-name", *_]:
            return {"subject": said["dn"]}
        case ["subject-alt-name", *_]:
            return {"alt_names": tuple(said["names"].replace(",", " ").split())}
        case ["revocation-check", *methods]:
            return {"methods": tuple(methods)}
        case ["crl", "cache", *rest]:
            return {"crl_cache": " ".join(rest)}
        case ["crl", "optional" | "best-effort" as strictness]:  # before there was `revocation-check`
            return {"methods": ("none",) if strictness == "optional" else ("crl", "none")}
        case _:
            return _handling(statement.text.split())


def _handling(words: list[str]) -> dict[str, object]:
    """The fields of lines about keys, renewal, validation and messages."""
    match words:
        case ["rsakeypair", label, *bits]:
            return {"key": label, **({"bits": int(bits[0])} if bits else {})}
        case ["eckeypair", label]:
            return {"curve_key": label}
        case ["auto-enroll", *rest]:
            percent = next((int(word) for word in rest if word.isdecimal()), 100)
            return {"renew": percent, **({"fresh_key": True} if "regenerate" in rest else {})}
        case ["regenerate"]:
            return {"fresh_key": True}
        case ["hash", digest]:
            return {"digest": digest}
        case ["scepencrypt", cipher]:
            return {"cipher": cipher.lower()}
        case ["ocsp", "url", url]:
            return {"ocsp_url": url}
        case ["ocsp", "disable-nonce"]:
            return {"nonce": False}
        case ["source", "interface", name]:
            return {"source": name}
        case ["chain-validation", "continue", *parent]:
            return {"parent": parent[0] if parent else ""}
    return {}


def _revealed(said: dict[str, str]) -> str:
    """The password of a line in clear text; "" where the line has none."""
    password = said.get("password", "")
    if said.get("encryption") == "7":
        from ioscli.features.core.secrets import reveal

        return reveal(password) or ""
    return password


# ---- the section


async def remove(session: Session, *, text: str, negated: str | None, name: str) -> str | None:
    """Before `crypto pki trustpoint NAME` is entered or removed: with it go its certificates."""
    from ioscli.features.pki.certificates import Certificates
    from ioscli.features.pki.enrolment import Enrolments
    from ioscli.features.pki.server_settings import server_name

    device = session.device
    if not negated:
        return text
    if read(device, name) is None:
        raise Refused(f"% Can't find policy {name}")
    certificates = device[Certificates]
    if server_name(device) == name and certificates.of(name):
        raise Refused("% The trustpoint of a certificate server is removed with the server")
    if certificates.of(name):
        session.write("% Removing an enrolled trustpoint will destroy all certificates\n received from the related Certificate Authority.\n\n")
        if not await session.yes_or_no("Are you sure you want to do this? [yes/no]: "):
            return None
        session.write("% Be sure to ask the CA administrator to revoke your certificates.\n\n")
    device[Enrolments].forget(name)
    certificates.remove_chain(name)
    return text


def apply(device: Device, _: Touched) -> None:
    """Makes timers of renewal agree with the sections. After a start that has time: the engine's import takes longer than the start."""

    def settle() -> None:
        from ioscli.features.pki.enrolment import Enrolments

        device[Enrolments].settle()

    if device.booting:
        device.timers.after(0, settle)
    else:
        settle()


def subject_name(_: Session, *, text: str, negated: str | None, dn: str | None) -> str:
    """Before `subject-name` is stored."""
    from ioscli.wire.names import NameTextError, parse_name

    if not negated and dn is not None:
        try:
            parse_name(dn)
        except NameTextError as error:
            raise Refused("\n".join(error.lines)) from None
    return text


def domain(_: Session, *, text: str, negated: str | None, domain: str | None) -> str:
    """Before `fqdn` is stored (genielibs' error patterns)."""
    if not negated and domain is not None and "." not in domain.rstrip("."):
        raise Refused("CRYPTO_PKI: There should be atleast one '.' [other than the trailing '.'] in the domain name")
    return text


def enrollment(session: Session, *, text: str, negated: str | None, profile: str | None) -> str:
    """Before `enrollment` is stored. Profiles stand behind trustpoints in a configuration: one that is not there yet is told of only."""
    if not negated and profile is not None and edit.section(session.device, f"crypto pki profile enrollment {profile}") is None:
        session.write(f"% Enrollment profile {profile} does not exist\n")
    return text


def show_settings(session: Session) -> Iterator[str]:
    """`show` in a section: its lines."""
    return iter([f" {statement.text}" for statement in session.place.section])
