"""Interfaces: what their sections make of them, whether link and protocol are up, and the log's lines when that changes.

There is no cable. A port that is not shut down has a link, as if a switch were at its other end (docs/deviations.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface
from typing import TYPE_CHECKING

from ioscli.device.files import STARTUP
from ioscli.device.terminal import Refused
from ioscli.features.core.hardware import Chassis
from ioscli.grammar.interfaces import KINDS, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Section, Statement
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

UP, DOWN, SHUT = "up", "down", "administratively down"
_NAME = re.compile(r"([A-Za-z][A-Za-z-]*(?:11[A-Za-z]+)?)(\d.*)")
_PHYSICAL = (
    "Ethernet",
    "Serial",
    "BRI",
    "ATM",
    "Cellular",
    "Async",
    "Embedded-Service-Engine",
    "Service-Engine",
    "POS",
    "Hssi",
    "TokenRing",
    "Dot11Radio",
)
_UNCONNECTED = ("Virtual-Template", "Virtual-Access", "BRI", "Async", "Cellular")  # down until somebody calls


@dataclass(slots=True)
class Counters:
    """Packets and bytes since the counters were cleared; `resets`: how often it was taken up or down."""

    packets_in: int = 0
    bytes_in: int = 0
    packets_out: int = 0
    bytes_out: int = 0
    resets: int = 0


@dataclass(slots=True)
class Interface:
    """An interface. `method`: how its address came, as `show ip interface brief` prints it; `index`: its number, as SNMP counts."""

    name: str
    section: Section
    index: int
    link: str = DOWN
    protocol: str = DOWN
    method: str = "unset"
    address: str = ""  # its `ip address` line, as it was seen last
    spans: tuple[tuple[int, int], ...] = ()  # the first and the last address of its networks, as it was seen last
    changed: float = 0.0
    counters: Counters = field(default_factory=Counters)
    cleared: float | None = None

    @property
    def kind(self) -> str:
        found = _NAME.fullmatch(self.name)
        return found[1] if found else self.name

    @property
    def number(self) -> str:
        return self.name[len(self.kind) :]

    @property
    def parent(self) -> str:
        """The interface that it is a sub-interface of, "" for none."""
        return self.name.partition(".")[0] if "." in self.name else ""

    @property
    def follows(self) -> bool:
        """Whether its state is that of other interfaces."""
        return self.name.startswith(("Port-channel", "Tunnel"))

    @property
    def physical(self) -> bool:
        return not self.parent and self.kind.endswith(_PHYSICAL)

    @property
    def short(self) -> str:
        """`Gi0/0`."""
        return self.kind[:2] + self.number

    @property
    def shut(self) -> bool:
        return any(statement.text == "shutdown" for statement in self.section)

    def said(self, head: str, default: str = "") -> str:
        """What follows the words `head` in its first statement that begins so; `off` for a `no` form."""
        for statement in self.section:
            if statement.text == head or statement.text.startswith(f"{head} "):
                return statement.text[len(head) + 1 :] or "on"
            if statement.text == f"no {head}":
                return "off"
        return default

    @property
    def addresses(self) -> list[IPv4Interface]:
        """Its addresses, the primary one first."""
        found: list[IPv4Interface] = []
        for statement in self.section:
            words = statement.text.split()
            if statement.line is not None and words[:2] == ["ip", "address"] and len(words) > 3 and words[2][0].isdecimal():
                address = IPv4Interface(f"{words[2]}/{words[3]}")
                found.insert(len(found) if words[-1] == "secondary" else 0, address)
        return found

    @property
    def vrf(self) -> str:
        return self.said("vrf forwarding") or self.said("ip vrf forwarding")

    @property
    def description(self) -> str:
        return self.said("description")


class Interfaces:
    """The interfaces of a router, by name."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.named: dict[str, Interface] = {}
        self._last = 0
        self._followers: dict[str, None] = {}  # names of interfaces whose state is that of others

    def __iter__(self) -> Iterator[Interface]:
        """In the order in which `show` lists them: the hardware, then what is made of software, kind by kind."""
        return iter(sorted(self.named.values(), key=_order))

    def get(self, name: str) -> Interface | None:
        return self.named.get(name)

    def owner(self, address: IPv4Address, vrf: str = "") -> Interface | None:
        """The interface that an address is of, whether it is up or not."""
        return next((found for found in self.named.values() if found.vrf == vrf and any(own.ip == address for own in found.addresses)), None)

    def borrowed(self, interface: Interface) -> Interface | None:
        """The interface whose address it borrows (`ip unnumbered`)."""
        name = interface.said("ip unnumbered").split(" ")[0]
        return self.get(name) if name else None

    def address(self, interface: Interface) -> IPv4Interface | None:
        """Its primary address, or that which it borrows."""
        lender = self.borrowed(interface) or interface
        return next(iter(lender.addresses), None)

    def mac(self, interface: Interface) -> int:
        """Its burned-in address: the chassis' first one and further, ports of the chassis before those of cards."""
        if interface.kind.startswith("Embedded"):
            return 0
        chassis = self.device[Chassis].mac
        numbers = [int(number) for number in re.findall(r"\d+", interface.number.partition(".")[0])]
        return chassis + (numbers[-1] if len(numbers) < 3 else 8 + 4 * numbers[-2] + numbers[-1]) % 32

    def settle(self, touched: Touched) -> None:
        """Takes in what changed of their sections. Raises Refused before anything has changed."""
        device = self.device
        statements = [statement for statement in touched.values() if statement is not None and statement.section is not None]
        if not device.booting:
            for statement in statements:
                self._check(statement)
        for statement in statements:
            self._take(statement)
        standing = (
            {statement.text.split()[1] for statement in device.statements("interface")} if len(statements) < len(touched) or not touched else None
        )
        if standing is not None:
            for name in [name for name in self.named if name not in standing]:
                self._move(self.named.pop(name), SHUT, DOWN)
        names = {statement.text.split()[1] for statement in statements}
        concerned = self._concerned(names) if names else self.named.values()
        for interface in sorted(concerned, key=_order):
            link, protocol = self._state(interface)
            if (link, protocol) != (interface.link, interface.protocol):
                self._move(interface, link, protocol)

    def _concerned(self, names: set[str]) -> list[Interface]:
        """The interfaces of these names, and those whose state may follow theirs."""
        followers = (self.named[name] for name in self._followers if name in self.named and name not in names)
        return [self.named[name] for name in names] + [found for found in followers if found.follows or found.parent in names]

    def _take(self, statement: Statement) -> None:
        """Takes in the section of an interface, and how its address came."""
        assert statement.section is not None
        name = statement.text.split()[1]
        interface = self.named.get(name)
        if interface is None:
            self._last += 1
            interface = self.named[name] = Interface(name, statement.section, self._last, link="", changed=self.device.clock.now())
            interface.method = ""
            if interface.follows or interface.parent:
                self._followers[name] = None
        interface.section = statement.section
        interface.spans = _spans(interface)
        if interface.said("ip unnumbered"):  # takes the place of an address, and of there being none
            for key in [key for key, found in interface.section.statements.items() if found.text == "no ip address"]:
                del interface.section.statements[key]
        address = interface.said("ip address")
        if interface.method and address == interface.address:
            return
        given = address not in ("", "off")
        if self.device.booting:
            stored = given or self.device.files.exists(STARTUP)
            interface.method = "NVRAM" if stored else "unset"
        else:
            interface.method = "manual" if given or interface.method else "unset"
        if address.startswith(("dhcp", "negotiated")):
            interface.method = "DHCP" if address.startswith("dhcp") else "IPCP"
        interface.address = address

    def _check(self, statement: Statement) -> None:
        """Raises Refused for addresses that a router does not take."""
        assert statement.section is not None
        name = statement.text.split()[1]
        asked = Interface(name, statement.section, 0)
        known = self.named.get(name)
        if known is not None and known.address == asked.said("ip address") and asked.shut is (known.link == SHUT):
            return
        for own in asked.addresses:
            network = own.network
            if own.ip.is_multicast or own.ip.is_unspecified or own.ip.is_loopback:
                raise Refused(f"Not a valid host address - {own.ip}")
            if network.prefixlen < 31 and own.ip in (network.network_address, network.broadcast_address):
                raise Refused(f"Bad mask /{network.prefixlen} for address {own.ip}")
            if asked.shut:
                continue
            low, high = int(network.network_address), int(network.broadcast_address)
            for other in self.named.values():
                if not any(first <= high and low <= last for first, last in other.spans):
                    continue
                if other.name != name and other.vrf == asked.vrf and other.link != SHUT:
                    raise Refused(f"% {network.network_address} overlaps with {other.name}")

    def _state(self, interface: Interface) -> tuple[str, str]:
        """What link and protocol of an interface are."""
        if interface.shut:
            return SHUT, DOWN
        if interface.parent:
            parent = self.named.get(interface.parent)
            return (parent.link, parent.protocol) if parent is not None else (DOWN, DOWN)
        kind = interface.kind
        if kind.startswith(_UNCONNECTED):
            return DOWN, DOWN
        if kind == "Port-channel":
            members = [found for found in self.named.values() if found.said("channel-group").split(" ")[0] == interface.number]
            up = any(not found.shut for found in members)
            return (UP, UP) if up else (DOWN, DOWN)
        if kind == "Tunnel":
            return UP, UP if self._tunnels(interface) else DOWN
        return UP, UP

    def _tunnels(self, interface: Interface) -> bool:
        """Whether a tunnel has a source that is up, and an end."""
        source = interface.said("tunnel source")
        if not source:
            return False
        if source[0].isdecimal():
            found = self.owner(IPv4Address(source))
        else:
            found = self.get(source)
        several = "multipoint" in interface.said("tunnel mode")
        return found is not None and not found.shut and (several or bool(interface.said("tunnel destination")))

    def _move(self, interface: Interface, link: str, protocol: str) -> None:
        """The interface goes up or down, and the log is told; sub-interfaces go with their parents in silence."""
        was, interface.link = interface.link, link
        before, interface.protocol = interface.protocol, protocol
        interface.changed = self.device.clock.now()
        if interface.parent:
            return
        interface.counters.resets += bool(was)
        if interface.said("logging event link-status") == "off":
            return
        log = self.device.log
        if link != was and (interface.physical or SHUT in (link, was)) and (link != DOWN or was):
            shut = link == SHUT
            log.message("LINK", 5 if shut else 3, "CHANGED" if shut else "UPDOWN", f"Interface {interface.name}, changed state to {link}")
        if protocol != before:
            log.message("LINEPROTO", 5, "UPDOWN", f"Line protocol on Interface {interface.name}, changed state to {protocol}")


def _spans(interface: Interface) -> tuple[tuple[int, int], ...]:
    return tuple((int(own.network.network_address), int(own.network.broadcast_address)) for own in interface.addresses)


_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


def _order(interface: Interface) -> tuple[bool, int, object]:
    hardware = interface.kind.endswith(_PHYSICAL)
    return not hardware, 0 if hardware else _RANKS.get(interface.kind, len(KINDS)), sort_key(interface.name)


def settle(device: Device, touched: Touched) -> None:
    """`interface`, and what stands under it."""
    device[Interfaces].settle(touched)
    device.readdress()


async def clear(session: Session, *, interface: str | None) -> None:
    """`clear counters [INTERFACE]`."""
    device = session.device
    wanted = [found for found in device[Interfaces] if interface in (None, found.name)]
    where = "all interfaces" if interface is None else "this interface"
    if not await session.confirm(f'Clear "show interface" counters on {where}'):
        return
    for found in wanted:
        found.counters, found.cleared = Counters(), device.clock.now()
    told = where if interface is None else f"interface {interface}"
    device.log.message("CLEAR", 5, "COUNTERS", f"Clear counter on {told} by {session.who}")
