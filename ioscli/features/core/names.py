"""Names of hosts: those of the configuration, and `show hosts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address

    from ioscli.device.device import Device
    from ioscli.device.session import Session


def address_of(device: Device, name: str) -> IPv4Address | None:
    """The address of a name: one of `ip host`, or an address itself."""
    from ipaddress import IPv4Address

    try:
        return IPv4Address(name)
    except ValueError:
        for statement in device.statements(f"ip host {name}"):
            for word in statement.text.split()[3:]:
                if word[0].isdecimal() and "." in word:
                    return IPv4Address(word)
    return None


def hosts(session: Session, *, name: str | None, summary: str | None) -> Iterator[str]:
    """`show hosts`."""
    device = session.device
    domain = device.said("ip domain name") or device.said("ip domain-name")
    lookup = device[Lookup]
    known = [words for found in device.statements("ip host") if len(words := found.text.split()[2:]) > 1 and words[0] != "vrf"]
    yield f"Default domain is {domain or 'not set'}"
    lists = [found.text.split()[-1] for found in device.statements("ip domain list")]
    if lists:
        yield f"Domain list: {', '.join(lists)}"
    yield f"Name/address lookup uses {'domain service' if lookup.on else 'static mappings'}"
    yield f"Name servers are {', '.join(lookup.servers)}"
    yield ""
    if summary is not None:
        yield f"Number of entries in the host table: {len(known)}"
        return
    yield "Codes: UN - unknown, EX - expired, OK - OK, ?? - revalidate"
    yield "       temp - temporary, perm - permanent"
    yield "       NA - Not Applicable None - Not defined"
    yield ""
    yield "Host                      Port  Flags      Age Type   Address(es)"
    for host, *rest in known:
        port = rest[0] if rest[0].isdecimal() else "None"
        addresses = [word for word in rest if "." in word or ":" in word]
        if name in (None, host) and addresses:
            yield f"{host:<26}{port:<6}(perm, OK)  0   IP    {addresses[0]}"
            yield from (f"{'':<54}{address}" for address in addresses[1:])
