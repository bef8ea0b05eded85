"""The ARP table: the router's own addresses and static entries. Nobody else has been heard."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Refused
from ioscli.features.core.hardware import dotted
from ioscli.features.core.interfaces import UP, Interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session


class Entry(NamedTuple):
    """An entry. `interface`: "" for a static one."""

    address: IPv4Address
    mac: str
    interface: str
    vrf: str = ""


def entries(device: Device) -> list[Entry]:
    """The table, in the order of the addresses."""
    interfaces = device[Interfaces]
    found = []
    for interface in interfaces:
        if interface.protocol == UP and ("Ethernet" in interface.kind or interface.kind in ("Vlan", "BVI")):
            mac = interface.said("mac-address") or dotted(interfaces.mac(interface))
            found += [Entry(address.ip, mac, interface.name, interface.vrf) for address in interface.addresses]
    for statement in device.statements("arp"):
        words = statement.text.split()[1:]
        vrf = words[1] if words[0] == "vrf" else ""
        words = words[2:] if vrf else words
        if len(words) > 1 and words[0][0].isdecimal():
            found.append(Entry(IPv4Address(words[0]), words[1], "", vrf))
    return sorted(found, key=lambda entry: entry.address)


def _lines(found: list[Entry]) -> Iterator[str]:
    yield "Protocol  Address          Age (min)  Hardware Addr   Type   Interface"
    for entry in found:
        yield f"Internet  {entry.address!s:<15}         -   {entry.mac}  ARPA   {entry.interface}".rstrip()


def show(
    session: Session,
    *,
    kind: str | None,
    summary: str | None,
    address: str | None,
    mask: str | None,
    hardware: str | None,
    interface: str | None,
    vrf: str | None,
) -> Iterator[str]:
    """`show arp`."""
    found = [entry for entry in entries(session.device) if entry.vrf == (vrf or "")]
    if summary is not None:
        incomplete, static = 0, sum(not entry.interface for entry in found)
        yield f"Total number of entries in the ARP table: {len(found)}."
        yield "Total number of Dynamic ARP entries: 0."
        yield f"Total number of Incomplete ARP entries: {incomplete}."
        yield f"Total number of Interface ARP entries: {len(found) - static}."
        yield f"Total number of Static ARP entries: {static}."
        yield "Total number of Alias ARP entries: 0."
        return
    if kind is not None:
        found = [entry for entry in found if kind == "static" and not entry.interface]
    if address is not None:
        wanted = IPv4Network(f"{address}/{mask or 32}", strict=False)
        found = [entry for entry in found if entry.address in wanted]
    if hardware is not None:
        found = [entry for entry in found if entry.mac == hardware.lower()]
    if interface is not None:
        if session.device[Interfaces].get(interface) is None:
            raise Refused(f"% Invalid interface {interface}")
        found = [entry for entry in found if entry.interface == interface]
    if found:
        yield from _lines(found)


def show_ip(
    session: Session, *, address: str | None, hardware: str | None, interface: str | None, summary: str | None, vrf: str | None
) -> Iterator[str]:
    """`show ip arp`."""
    return show(session, kind=None, summary=summary, address=address, mask=None, hardware=hardware, interface=interface, vrf=vrf)
