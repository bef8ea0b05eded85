"""IPv6 addresses of interfaces."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Interface, IPv6Network
from typing import TYPE_CHECKING

from ioscli.features.core.interfaces import Interface, Interfaces
from ioscli.features.core.ip import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def addresses(interfaces: Interfaces, interface: Interface) -> list[IPv6Address]:
    """Its addresses, the link-local one first; none where IPv6 is not on."""
    given: list[IPv6Address] = []
    local: IPv6Address | None = None
    on = False
    for statement in interface.section:
        words = statement.text.split()
        if words[:2] == ["ipv6", "enable"]:
            on = True
        if words[:2] != ["ipv6", "address"] or ":" not in words[2]:
            continue
        on = True
        if "link-local" in words:
            local = IPv6Address(words[2])
        elif "/" in words[2]:
            address = IPv6Interface(words[2])
            given.append(_completed(address.network, interfaces.mac(interface)) if "eui-64" in words else address.ip)
    if not on:
        return []
    return [local or _completed(IPv6Network("fe80::/64"), interfaces.mac(interface)), *given]


def _completed(network: IPv6Network, mac: int) -> IPv6Address:
    """The address of a MAC address in a network (RFC 4291, appendix A)."""
    identifier = (mac >> 24) << 40 | 0xFFFE << 24 | mac & 0xFFFFFF
    return network[(identifier ^ 1 << 57) & ((1 << 64) - 1)]


def interface_brief(session: Session, *, interface: str | None) -> Iterator[str]:
    """`show ipv6 interface brief`."""
    interfaces = session.device[Interfaces]
    for found in chosen(session.device, interface):
        yield f"{found.name:<27}[{found.link}/{found.protocol}]"
        own = addresses(interfaces, found)
        yield from (f"    {str(address).upper()}" for address in own)
        if not own:
            yield "    unassigned"
