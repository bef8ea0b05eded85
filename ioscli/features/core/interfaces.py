"""Interfaces: what their sections make of them, whether link and protocol are up, and the log's lines when that changes.

There is no cable. A port that is not shut down has a link, as if a switch were at its other end (docs/deviations.md).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.device.files import STARTUP
from ioscli.device.terminal import Refused
from ioscli.features.core.hardware import Chassis
from ioscli.grammar.interfaces import KINDS, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from ipaddress import IPv4Address, IPv4Interface

    from ioscli.config.tree import Section, Statement
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

UP, DOWN, SHUT = "up", "down", "administratively down"
_NAME = r"([A-Za-z][A-Za-z-]*(?:11[A-Za-z]+)?)(\d.*)"
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
# What the state of an interface, or of those that stand on it, comes from.
_STIRRING = (
    "ip address", "no ip address", "ip unnumbered", "shutdown", "vrf forwarding", "ip vrf forwarding", "channel-group", "tunnel source",
    "tunnel destination", "tunnel mode",
)  # fmt: skip
_UNCONNECTED = ("Virtual-Template", "Virtual-Access", "BRI", "Async", "Cellular")  # down until somebody calls


class Counters:
    """Packets and bytes since the counters were cleared; `resets`: how often it was taken up or down."""

    __slots__ = ("bytes_in", "bytes_out", "packets_in", "packets_out", "resets")

    def __init__(self) -> None:
        self.packets_in = self.bytes_in = self.packets_out = self.bytes_out = self.resets = 0


class Interface:
    """An interface: `kind`, `number`, and for a sub-interface the `parent` that it is one of.

    `method`: how its address came, as `show ip interface brief` prints it; `index`: its number, as SNMP counts. `addresses`: the
    primary one first; `spans`: the first and the last address of each of their networks.
    """

    def __init__(self, name: str, section: Section, index: int, link: str = DOWN, changed: float = 0.0) -> None:
        self.name = name
        self.section = section
        self.index = index
        self.link = link
        self.protocol = DOWN
        self.method = "unset"
        self.seen: tuple[str, ...] = ()  # its statements that matter for its state, as they were when it was looked at last
        self.changed = changed
        self.counters = Counters()
        self.cleared: float | None = None
        found = re.fullmatch(_NAME, self.name)
        self.kind, self.number = (found[1], found[2]) if found else (self.name, "")
        self.parent = self.name.partition(".")[0] if "." in self.name else ""
        self.learn()

    def learn(self) -> tuple[str, ...]:
        """Looks at its statements. Returns those that matter for its state."""
        self.shut = False
        self.addresses: list[IPv4Interface] = []
        seen = []
        for statement in self.section:
            text = statement.text
            if statement.line is None or not text.startswith(_STIRRING):
                continue
            seen.append(text)
            words = text.split()
            if text == "shutdown":
                self.shut = True
            elif words[:2] == ["ip", "address"] and len(words) > 3 and words[2][0].isdecimal():
                from ipaddress import IPv4Interface

                address = IPv4Interface(f"{words[2]}/{words[3]}")
                self.addresses.insert(len(self.addresses) if words[-1] == "secondary" else 0, address)
        self.spans = [(int(own.network.network_address), int(own.network.broadcast_address)) for own in self.addresses]
        return tuple(seen)

    @property
    def physical(self) -> bool:
        return not self.parent and self.kind.endswith(_PHYSICAL)

    @property
    def short(self) -> str:
        """`Gi0/0`."""
        return self.kind[:2] + self.number

    def said(self, head: str, default: str = "") -> str:
        """What follows the words `head` in its first statement that begins so; `off` for a `no` form."""
        for statement in self.section:
            if statement.text == head or statement.text.startswith(f"{head} "):
                return statement.text[len(head) + 1 :] or "on"
            if statement.text == f"no {head}":
                return "off"
        return default

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
        statements = [statement for statement in touched.values() if statement is not None and statement.section is not None]
        if not self.device.booting:
            for statement in statements:
                self._check(statement)
        stirred = [interface for statement in statements if (interface := self._take(statement)) is not None]
        if len(statements) < len(touched) or not touched:
            stirred += self._forget()
        stirred.sort(key=_order)
        while stirred:
            self._follow(stirred)
            stirred = self._standing_on({interface.name for interface in stirred})

    def _standing_on(self, names: set[str]) -> list[Interface]:
        """The interfaces whose state comes from that of these and is not yet what it is to be."""
        wanted = [found for found in self.named.values() if (found.parent in names or found.kind in ("Tunnel", "Port-channel"))]
        return [found for found in wanted if self._state(found) != (found.link, found.protocol)] if wanted else []

    def _follow(self, interfaces: Iterable[Interface]) -> None:
        """Gives interfaces the state that they are to have."""
        for interface in interfaces:
            link, protocol = self._state(interface) if interface.name in self.named else (SHUT, DOWN)
            if (link, protocol) != (interface.link, interface.protocol):
                self._move(interface, link, protocol)

    def _forget(self) -> list[Interface]:
        """Drops and returns the interfaces that the configuration no longer has."""
        standing = {statement.text.split()[1] for statement in self.device.statements("interface")}
        return [self.named.pop(name) for name in list(self.named) if name not in standing]

    def _take(self, statement: Statement) -> Interface | None:
        """Takes in the section of an interface. Returns it where anything that matters for its state has changed."""
        assert statement.section is not None
        name = statement.text.split()[1]
        interface = self.named.get(name)
        fresh = interface is None
        if interface is None:
            self._last += 1
            interface = self.named[name] = Interface(name, statement.section, self._last, link="", changed=self.device.clock.now())
        interface.section = statement.section
        if interface.said("ip unnumbered"):  # takes the place of an address, and of there being none
            for key in [key for key, found in interface.section.statements.items() if found.text == "no ip address"]:
                del interface.section.statements[key]
        seen = interface.learn()
        if seen == interface.seen and not fresh:
            return None
        given = [text for text in seen if text.startswith("ip address")]
        if fresh or given != [text for text in interface.seen if text.startswith("ip address")]:
            interface.method = self._method(given, fresh=fresh)
        interface.seen = seen
        return interface

    def _method(self, given: list[str], *, fresh: bool) -> str:
        """How an address came: what `show ip interface brief` says of its `ip address` lines."""
        for start, method in (("ip address dhcp", "DHCP"), ("ip address negotiated", "IPCP")):
            if any(text.startswith(start) for text in given):
                return method
        if self.device.booting:
            return "NVRAM" if given or self.device.files.exists(STARTUP) else "unset"
        return "manual" if given or not fresh else "unset"

    def _check(self, statement: Statement) -> None:
        """Raises Refused for addresses that a router does not take."""
        assert statement.section is not None
        name = statement.text.split()[1]
        asked = Interface(name, statement.section, 0)
        known = self.named.get(name)
        if known is not None and known.seen == asked.learn():
            return
        for own, (first, last) in zip(asked.addresses, asked.spans, strict=True):
            network = own.network
            if own.ip.is_multicast or own.ip.is_unspecified or own.ip.is_loopback:
                raise Refused(f"Not a valid host address - {own.ip}")
            if network.prefixlen < 31 and own.ip in (network.network_address, network.broadcast_address):
                raise Refused(f"Bad mask /{network.prefixlen} for address {own.ip}")
            if asked.shut:
                continue
            for other in self.named.values():  # few of them overlap, so that is asked first
                for start, end in other.spans:
                    if start <= last and first <= end and other.name != name and other.link != SHUT and other.vrf == asked.vrf:
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
            from ipaddress import IPv4Address

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
        found.counters, found.cleared = Counters(), device.clock.uptime
    told = where if interface is None else f"interface {interface}"
    device.log.message("CLEAR", 5, "COUNTERS", f"Clear counter on {told} by {session.who}")
