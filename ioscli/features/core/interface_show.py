"""`show interfaces`: layouts of a 2911 and a 1941 of 15.x (Genie, ntc-templates)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.device.log import uptime
from ioscli.device.terminal import Refused
from ioscli.features.core.hardware import dotted
from ioscli.features.core.interfaces import SHUT, Interfaces
from ioscli.features.core.ip import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.interfaces import Interface


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of interface is: `hardware` as `show interfaces` calls it, MTU in bytes, bandwidth in kbit/s, delay in microseconds."""

    hardware: str
    mtu: int
    bandwidth: int
    delay: int
    framing: str
    queue: int = 40
    mac: bool = False


_ETHERNET = Kind("CN Gigabit Ethernet", 1500, 1000000, 10, "ARPA", mac=True)
_KINDS = {
    "GigabitEthernet": _ETHERNET,
    "FastEthernet": Kind("FastEthernet", 1500, 100000, 100, "ARPA", mac=True),
    "Ethernet": Kind("AmdP2", 1500, 10000, 1000, "ARPA", mac=True),
    "Embedded-Service-Engine": Kind("Embedded Service Engine", 1500, 10000, 1000, "ARPA", mac=True),
    "Service-Engine": Kind("Service Engine", 1500, 1000000, 10, "ARPA", mac=True),
    "Serial": Kind("WIC MBRD Serial", 1500, 1544, 20000, "HDLC"),
    "Loopback": Kind("Loopback", 1514, 8000000, 5000, "LOOPBACK", 0),
    "Tunnel": Kind("Tunnel", 17916, 100, 50000, "TUNNEL", 0),
    "Vlan": Kind("EtherSVI", 1500, 100000, 100, "ARPA", mac=True),
    "BVI": Kind("BVI", 1500, 1000000, 10, "ARPA", mac=True),
    "Null": Kind("Unknown", 1500, 10000000, 0, "ARPA", 0),
    "NVI": Kind("NVI", 1514, 56, 5000, "UNKNOWN", 0),
    "Dialer": Kind("Unknown", 1500, 56, 20000, "PPP"),
    "Port-channel": Kind("GEChannel", 1500, 1000000, 10, "ARPA", mac=True),
    "Virtual-Template": Kind("Virtual Template interface", 1500, 100000, 100000, "PPP"),
}


def show(session: Session, *, interface: str | None, what: str | None) -> Iterator[str]:
    """`show interfaces`."""
    device = session.device
    found = chosen(device, interface)
    if what is None:
        return (line for one in found for line in _interface(device, one))
    forms = {"description": _descriptions, "summary": _summary, "stats": _stats, "accounting": _accounting}
    if what not in forms:
        raise Refused(f"% show interfaces {what} is not available yet")
    return forms[what](found)


def _descriptions(found: list[Interface]) -> Iterator[str]:
    yield "Interface                      Status         Protocol Description"
    for one in found:
        status = "admin down" if one.link == SHUT else one.link
        yield f"{one.short:<31}{status:<15}{one.protocol:<9}{one.description}"


def _summary(found: list[Interface]) -> Iterator[str]:
    yield ""
    yield " *: interface is up"
    yield " IHQ: pkts in input hold queue     IQD: pkts dropped from input queue"
    yield " OHQ: pkts in output hold queue    OQD: pkts dropped from output queue"
    yield " RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)"
    yield " TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)"
    yield " TRTL: throttle count"
    yield ""
    yield "  Interface                   IHQ       IQD       OHQ       OQD      RXBS      RXPS      TXBS      TXPS      TRTL"
    yield "-" * 113
    for one in found:
        yield f"{'*' if one.protocol == 'up' else ' '} {one.name:<22}" + "         0" * 9


def _stats(found: list[Interface]) -> Iterator[str]:
    for one in found:
        counters = one.counters
        row = f"{counters.packets_in:>11}{counters.bytes_in:>11}{counters.packets_out:>11}{counters.bytes_out:>11}"
        yield one.name
        yield "          Switching path    Pkts In   Chars In   Pkts Out  Chars Out"
        yield f"               Processor{row}"
        yield f"             Route cache{0:>11}{0:>11}{0:>11}{0:>11}"
        yield f"                   Total{row}"


def _accounting(found: list[Interface]) -> Iterator[str]:
    for one in found:
        counters = one.counters
        yield f"{one.name} {one.description}"
        if counters.packets_in or counters.packets_out:
            yield "                Protocol    Pkts In   Chars In   Pkts Out  Chars Out"
            yield f"                      IP{counters.packets_in:>11}{counters.bytes_in:>11}{counters.packets_out:>11}{counters.bytes_out:>11}"
        elif one.link == SHUT:
            yield "Interface " + one.name + " is disabled"
            yield ""
        else:
            yield "No traffic sent or received on this interface."


def _interface(device: Device, one: Interface) -> Iterator[str]:
    interfaces = device[Interfaces]
    kind = _KINDS.get(one.kind, _ETHERNET)
    yield f"{one.name} is {one.link}, line protocol is {one.protocol} "
    if kind.mac:
        burned = dotted(interfaces.mac(one))
        yield f"  Hardware is {kind.hardware}, address is {one.said('mac-address', burned)} (bia {burned})"
    else:
        yield f"  Hardware is {kind.hardware}"
    if one.description:
        yield f"  Description: {one.description}"
    lender = interfaces.borrowed(one)
    if lender is not None and lender.addresses:
        yield f"  Interface is unnumbered. Using address of {lender.name} ({lender.addresses[0].ip})"
    elif one.addresses:
        yield f"  Internet address is {one.addresses[0]}"
    elif one.method in ("DHCP", "IPCP"):
        yield f"  Internet address will be negotiated using {one.method}"
    bandwidth = one.said("bandwidth")
    delay = one.said("delay")
    yield (
        f"  MTU {one.said('mtu', str(kind.mtu))} bytes, BW {bandwidth if bandwidth.isdecimal() else _speed(one, kind)} Kbit/sec, "
        f"DLY {int(delay) * 10 if delay else kind.delay} usec, "
    )
    yield "     reliability 255/255, txload 1/255, rxload 1/255"
    yield from _framing(interfaces, one, kind)
    if not one.parent:
        yield from _counters(device, one, kind)


def _speed(one: Interface, kind: Kind) -> int:
    """Its bandwidth in kbit/s, as its `speed` says."""
    speed = one.said("speed")
    return int(speed) * 1000 if speed.isdecimal() else kind.bandwidth


def _framing(interfaces: Interfaces, one: Interface, kind: Kind) -> Iterator[str]:
    vlan = one.said("encapsulation dot1Q").split(" ")[0]
    if vlan:
        yield f"  Encapsulation 802.1Q Virtual LAN, Vlan ID  {vlan}."
        yield "  ARP type: ARPA, ARP Timeout 04:00:00"
        yield "  Keepalive set (10 sec)"
        return
    tagged = any(other.parent == one.name and other.said("encapsulation dot1Q") for other in interfaces)
    framing = "802.1Q Virtual LAN, Vlan ID  1." if tagged else one.said("encapsulation", kind.framing).upper().split(" ")[0]
    yield f"  Encapsulation {framing}, loopback not set"
    if kind.hardware == "Tunnel":
        yield "  Keepalive not set"
        yield from _tunnel(interfaces, one)
        return
    keepalive = one.said("keepalive")
    yield "  Keepalive not set" if keepalive == "off" else f"  Keepalive set ({keepalive.split(' ')[0] if keepalive[:1].isdecimal() else 10} sec)"
    if kind is _ETHERNET or kind.hardware == "FastEthernet":
        duplex, speed = one.said("duplex", "auto"), one.said("speed", "auto")
        if one.link == "up":
            rate = {"10": "10Mbps", "100": "100Mbps", "1000": "1Gbps"}.get(speed, "1Gbps" if kind is _ETHERNET else "100Mbps")
            yield f"  {'Half' if duplex == 'half' else 'Full'} Duplex, {rate}, media type is RJ45"
        else:
            yield f"  {duplex.capitalize()} Duplex, {'Auto Speed' if speed == 'auto' else f'{speed}Mbps'}, media type is RJ45"
        yield "  output flow-control is unsupported, input flow-control is unsupported"
    if kind.mac:
        seconds = int(one.said("arp timeout", "14400"))
        yield f"  ARP type: ARPA, ARP Timeout {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _tunnel(interfaces: Interfaces, one: Interface) -> Iterator[str]:
    source = one.said("tunnel source", "UNKNOWN")
    found = interfaces.get(source)
    if found is not None:
        address = interfaces.address(found)
        source = f"{address.ip if address else 'UNKNOWN'} ({found.name})"
    destination = one.said("tunnel destination")
    yield f"  Tunnel source {source}" + (f", destination {destination}" if destination else "")
    modes = {"gre ip": "GRE/IP", "gre multipoint": "multi-GRE/IP", "ipsec ipv4": "IPSEC/IP", "ipip": "IP/IP", "ipv6ip": "IPv6/IP"}
    yield f"  Tunnel protocol/transport {modes.get(one.said('tunnel mode', 'gre ip'), one.said('tunnel mode'))}"
    key = one.said("tunnel key")
    checks = "enabled" if one.said("tunnel checksum") else "disabled"
    yield f"    Key {f'0x{int(key):X}' if key else 'disabled'}, sequencing {'enabled' if one.said('tunnel sequence-datagrams') else 'disabled'}"
    yield f"    Checksumming of packets {checks}"
    yield f"  Tunnel TTL {one.said('tunnel ttl', '255')}"


def _counters(device: Device, one: Interface, kind: Kind) -> Iterator[str]:
    counters = one.counters
    cleared = "never" if one.cleared is None else uptime(device.clock.uptime - one.cleared)
    yield "  Last input never, output never, output hang never"
    yield f'  Last clearing of "show interface" counters {cleared}'
    yield "  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0"
    yield "  Queueing strategy: fifo"
    yield f"  Output queue: 0/{kind.queue} (size/max)"
    seconds = int(one.said("load-interval", "300"))
    period = f"{seconds // 60} minute" if seconds % 60 == 0 else f"{seconds} second"
    yield f"  {period} input rate 0 bits/sec, 0 packets/sec"
    yield f"  {period} output rate 0 bits/sec, 0 packets/sec"
    yield f"     {counters.packets_in} packets input, {counters.bytes_in} bytes, 0 no buffer"
    yield "     Received 0 broadcasts (0 IP multicasts)"
    yield "     0 runts, 0 giants, 0 throttles "
    wired = kind is _ETHERNET or kind.hardware == "FastEthernet"
    yield f"     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored{'' if wired else ', 0 abort'}"
    if wired:
        yield "     0 watchdog, 0 multicast, 0 pause input"
    yield f"     {counters.packets_out} packets output, {counters.bytes_out} bytes, 0 underruns"
    yield f"     0 output errors, 0 collisions, {counters.resets} interface resets"
    yield "     0 unknown protocol drops"
    if wired:
        yield "     0 babbles, 0 late collision, 0 deferred"
        yield "     0 lost carrier, 0 no carrier, 0 pause output"
    yield "     0 output buffer failures, 0 output buffers swapped out"
    if kind.framing == "HDLC":
        signal = "down" if one.link == SHUT else "up"
        yield f"     {counters.resets} carrier transitions"
        yield f"     DCD={signal}  DSR={signal}  DTR={signal}  RTS={signal}  CTS={signal}"
        yield ""
