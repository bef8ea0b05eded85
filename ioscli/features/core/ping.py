"""`ping` and `traceroute`: their dialogues, and what they find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.device.lookup import Lookup
from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.core.interfaces import UP, Interfaces
from ioscli.features.core.names import address_of
from ioscli.features.core.routes import lookup

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from ipaddress import IPv4Address

    from ioscli.device.device import Device
    from ioscli.device.session import Session

_ROW = 70  # marks in a line


class Reach:
    """Who answers an echo.

    `echo(address, vrf)`: the round-trip time in seconds, None where nobody answers. The router's own addresses do, and
    those of routers of its net, where a route leads there.
    """

    def __init__(self, device: Device) -> None:
        self.device = device

    async def echo(self, address: IPv4Address, vrf: str = "") -> float | None:
        clock = self.device.clock
        began = clock.uptime
        owner = self.device[Interfaces].owner(address, vrf)
        if owner is not None or address.is_loopback:
            return clock.uptime - began if owner is not None and owner.protocol == UP else None
        if lookup(self.device, address, vrf) is None:
            return None
        await loop()
        return clock.uptime - began if self.device.net.knows(str(address)) else None


@dataclass(slots=True)
class Echoes:
    """What is to be sent. `sizes`: of each packet in turn, `extra`: lines that tell of the source and the like."""

    target: IPv4Address
    sizes: list[int]
    timeout: int
    extra: list[str]
    sweep: bool = False
    vrf: str = ""


async def ping(
    session: Session,
    *,
    address: str | None,
    vrf: str | None,
    protocol: str | None,
    repeat: str | None,
    size: str | None,
    timeout: str | None,  # noqa: ASYNC109 - of each packet
    source: str | None,
    interface: str | None,
    from_: str | None,
    df_bit: str | None,
    data: str | None,
) -> AsyncIterator[str]:
    """`ping [ADDRESS ...]`; without an address it asks for everything."""
    if protocol == "ipv6":
        raise Refused("% ping ipv6 is not available yet")
    if address is None:
        return _send(session, await _asked(session, vrf or ""))
    target = resolved(session.device, address)
    extra = _origin(session.device, interface or from_ or "") if source is not None else []
    if df_bit is not None:
        extra.append("Packet sent with the DF bit set")
    if data is not None:
        extra.append(f"Packet has data pattern 0x{data.removeprefix('0x').upper()}")
    echoes = Echoes(target, [int(size or 100)] * int(repeat or 5), int(timeout or 2), extra, vrf=vrf or "")
    return _send(session, echoes)


def resolved(device: Device, name: str, lacking: str = "% Unrecognized host or address, or protocol not running.") -> IPv4Address:
    """The address of a name: one of `ip host`, or an address itself. Raises Refused with `lacking`."""
    if (known := address_of(device, name)) is not None:
        return known
    lookup = device[Lookup]
    raise Refused(f"{lookup.translating(name) if lookup.on else ''}{lacking}\n")


def _origin(device: Device, source: str) -> list[str]:
    """The line that tells of a source. Raises Refused where it is none of the router's own."""
    interfaces = device[Interfaces]
    found = interfaces.get(source)
    if found is not None:
        address = interfaces.address(found)
        if address is None or found.protocol != UP:
            raise Refused("% Invalid source interface - IP not enabled or interface is down")
        return [f"Packet sent with a source address of {address.ip} "]
    own = resolved(device, source)
    if interfaces.owner(own) is None:
        raise Refused("% Invalid source address- IP address not on any of our up interfaces")
    return [f"Packet sent with a source address of {own} "]


async def _number(session: Session, prompt: str, default: int, low: int, high: int) -> int:
    while True:
        answer = await session.ask(f"{prompt} [{default}]: ")
        if not answer:
            return default
        if answer.isdecimal() and low <= int(answer) <= high:
            return int(answer)
        session.write(f"% A decimal number between {low} and {high}.\n")


async def _asked(session: Session, vrf: str) -> Echoes:
    """The dialogue of an extended ping, its prompts as pyATS expects them (unicon's mock)."""
    device = session.device
    protocol = (await session.ask("Protocol [ip]: ")).lower() or "ip"
    if not "ip".startswith(protocol):
        raise Refused("% Unknown protocol")
    target = await session.ask("Target IP address: ")
    if not target:
        raise Refused("% Bad IP address")
    address = resolved(device, target)
    count = await _number(session, "Repeat count", 5, 1, 2147483647)
    size = await _number(session, "Datagram size", 100, 36, 18024)
    timeout = await _number(session, "Timeout in seconds", 2, 0, 3600)
    extra: list[str] = []
    if (await session.ask("Extended commands [n]: ")).lower().startswith("y"):
        source = await session.ask("Source address or interface: ")
        if source:
            from ioscli.grammar.interfaces import canonical

            extra += _origin(device, canonical(source.replace(" ", "")) or source)
        await _number(session, "Type of service", 0, 0, 255)
        if await session.yes_or_no("Set DF bit in IP header? [no]: ", default=False):
            extra.append("Packet sent with the DF bit set")
        await session.yes_or_no("Validate reply data? [no]: ", default=False)
        pattern = await session.ask("Data pattern [0xABCD]: ")
        if pattern:
            extra.append(f"Packet has data pattern 0x{pattern.removeprefix('0x').upper()}")
        await session.ask("Loose, Strict, Record, Timestamp, Verbose[none]: ")
    sizes = [size] * count
    sweep = (await session.ask("Sweep range of sizes [n]: ")).lower().startswith("y")
    if sweep:
        low = await _number(session, "Sweep min size", 36, 36, 18024)
        high = await _number(session, "Sweep max size", 18024, 36, 18024)
        step = await _number(session, "Sweep interval", 1, 1, 18024)
        sizes = list(range(low, high + 1, step)) * count
    return Echoes(address, sizes, timeout, extra, sweep, vrf)


async def _send(session: Session, echoes: Echoes) -> AsyncIterator[str]:
    """Sends and prints a mark for each packet."""
    reach = session.device[Reach]
    yield "Type escape sequence to abort."
    sizes = f"[{echoes.sizes[0]}..{echoes.sizes[-1]}]" if echoes.sweep else f"{echoes.sizes[0]}"
    yield f"Sending {len(echoes.sizes)}, {sizes}-byte ICMP Echos to {echoes.target}, timeout is {echoes.timeout} seconds:"
    for line in echoes.extra:
        yield line
    times: list[float] = []
    for at in range(1, len(echoes.sizes) + 1):
        took = await reach.echo(echoes.target, echoes.vrf)
        if took is not None:
            times.append(took)
        end = "\n" if at % _ROW == 0 or at == len(echoes.sizes) else ""
        session.write(f"{'.' if took is None else '!'}{end}")  # each mark at once, past the pager
    sent = len(echoes.sizes)
    result = f"Success rate is {100 * len(times) // sent} percent ({len(times)}/{sent})"
    if times:
        low, middle, high = (max(round(seconds * 1000), 1) for seconds in (min(times), sum(times) / len(times), max(times)))
        result += f", round-trip min/avg/max = {low}/{middle}/{high} ms"
    yield result


async def traceroute(
    session: Session,
    *,
    address: str | None,
    vrf: str | None,
    protocol: str | None,
    probes: str | None,
    first: str | None,
    last: str | None,
    source: str | None,
    interface: str | None,
    from_: str | None,
) -> AsyncIterator[str]:
    """`traceroute [ADDRESS ...]`."""
    if protocol == "ipv6":
        raise Refused("% traceroute ipv6 is not available yet")
    device = session.device
    count, low, high = int(probes or 3), int(first or 1), int(last or 30)
    if address is None:
        chosen = (await session.ask("Protocol [ip]: ")).lower()
        if not "ip".startswith(chosen):
            raise Refused("% Unknown protocol")
        address = await session.ask("Target IP address: ")
        await session.ask("Ingress traceroute [n]: ")
        origin = await session.ask("Source address: ")
        if origin:
            _origin(device, origin)
        await session.yes_or_no("Numeric display [n]: ", default=False)
        await _number(session, "Timeout in seconds", 3, 0, 3600)
        count = await _number(session, "Probe count", 3, 1, 65535)
        low = await _number(session, "Minimum Time to Live", 1, 0, 255)
        high = await _number(session, "Maximum Time to Live", 30, 0, 255)
        await _number(session, "Port Number", 33434, 0, 65535)
        await session.ask("Loose, Strict, Record, Timestamp, Verbose[none]: ")
    if source is not None:
        _origin(device, interface or from_ or "")
    return _trace(session, resolved(device, address, "% Unrecognized host or address."), count, range(low, high + 1), vrf or "")


async def _trace(session: Session, target: IPv4Address, probes: int, hops: range, vrf: str) -> AsyncIterator[str]:
    reach = session.device[Reach]
    yield "Type escape sequence to abort."
    yield f"Tracing the route to {target}"
    yield "VRF info: (vrf in name/id, vrf out name/id)"
    for hop in hops:
        times = [await reach.echo(target, vrf) for _ in range(probes)]
        answered = [f"{max(round(took * 1000), 1)} msec" for took in times if took is not None]
        if answered:
            yield f"  {hop} {target} {' '.join(answered)}"
            return
        yield f"  {hop}  {'  '.join('*' * probes)} "
