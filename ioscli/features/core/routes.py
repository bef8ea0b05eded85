"""The routing table: connected networks and static routes, and what `show ip route` says of them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core.interfaces import UP, Interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

CONNECTED, LOCAL, STATIC = "C", "L", "S"
_LEGEND = """Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area 
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2
       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2
       ia - IS-IS inter area, * - candidate default, U - per-user static route
       o - ODR, P - periodic downloaded static route, H - NHRP, l - LISP
       a - application route
       + - replicated route, % - next hop override
"""  # noqa: W291


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the table. `hop`: the next router, None where the network is at an interface itself; `interface`: "" where it is not said."""

    code: str
    network: IPv4Network
    distance: int
    hop: IPv4Address | None = None
    interface: str = ""

    @property
    def way(self) -> str:
        """Where it leads, as `show ip route` prints it."""
        if self.hop is None:
            return f"is directly connected, {self.interface}"
        return f"[{self.distance}/0] via {self.hop}" + (f", {self.interface}" if self.interface else "")


def table(device: Device, vrf: str = "") -> list[Route]:
    """The routes in use, in the order of their networks."""
    connected: list[Route] = []
    for interface in device[Interfaces]:
        if interface.protocol == UP and interface.vrf == vrf:
            for address in interface.addresses:
                if address.network.prefixlen < 32:
                    connected.append(Route(CONNECTED, address.network, 0, interface=interface.name))
                    connected.append(Route(LOCAL, IPv4Network(address.ip), 0, interface=interface.name))
                else:
                    connected.append(Route(CONNECTED, address.network, 0, interface=interface.name))
    wanted = list(statics(device, vrf))
    used: list[Route] = []
    while True:  # a static route may lead to the next hop of another
        ways = [*connected, *used]
        more = [route for route in wanted if route not in used and _leads(device, route, ways)]
        if not more:
            break
        used += more
    best: dict[IPv4Network, int] = {}
    for route in [*connected, *used]:
        best[route.network] = min(best.get(route.network, 255), route.distance)
    found = [route for route in [*connected, *used] if route.distance == best[route.network]]
    return sorted(found, key=lambda route: (int(route.network.network_address), route.network.prefixlen))


def statics(device: Device, vrf: str = "") -> Iterator[Route]:
    """The static routes of the configuration."""
    for statement in device.statements("ip route"):
        words = statement.text.split()[2:]
        if words[:1] == ["vrf"]:
            name, words = words[1], words[2:]
        else:
            name = ""
        if name != vrf or not words[0][0].isdecimal():
            continue
        network = IPv4Network(f"{words[0]}/{words[1]}", strict=False)
        rest = words[2:]
        interface = rest.pop(0) if not rest[0][0].isdecimal() else ""
        hop = IPv4Address(rest.pop(0)) if rest and "." in rest[0] else None
        distance = next(
            (int(word) for at, word in enumerate(rest) if word.isdecimal() and (not at or rest[at - 1] not in ("tag", "track", "name"))), 1
        )
        if interface != "dhcp":
            yield Route(STATIC, network, distance, hop, interface)


def _leads(device: Device, route: Route, ways: list[Route]) -> bool:
    """Whether a static route can be used."""
    if route.interface:
        interface = device[Interfaces].get(route.interface)
        return route.interface.startswith("Null") or (interface is not None and interface.protocol == UP)
    hop = route.hop
    return hop is not None and any(hop in way.network and way.network != route.network for way in ways)


def lookup(device: Device, address: IPv4Address, vrf: str = "") -> Route | None:
    """The route that a packet to an address takes."""
    fitting = [route for route in table(device, vrf) if address in route.network]
    return max(fitting, key=lambda route: route.network.prefixlen, default=None)


def show(session: Session, *, vrf: str | None) -> Iterator[str]:
    """`show ip route`."""
    device = session.device
    names = [""] if vrf is None else [vrf] if vrf != "*" else ["", *_vrfs(device)]
    for name in names:
        if name and name not in _vrfs(device):
            raise Refused(f"% IP routing table {name} does not exist")
        if name:
            yield ""
            yield f"Routing Table: {name}"
        yield from _LEGEND.split("\n")[:-1]
        yield ""
        yield _gateway(table(device, name))
        yield ""
        yield from _lines(table(device, name))


def _vrfs(device: Device) -> list[str]:
    return [words[-1] for head in ("vrf definition", "ip vrf") for found in device.statements(head) if len(words := found.text.split()) == 3]


def _gateway(routes: list[Route]) -> str:
    default = next((route for route in routes if route.network.prefixlen == 0), None)
    if default is None:
        return "Gateway of last resort is not set"
    return f"Gateway of last resort is {default.hop or '0.0.0.0'} to network 0.0.0.0"  # noqa: S104 - as IOS calls it


def major(network: IPv4Network) -> IPv4Network:
    """The class A, B or C network that a network lies in; itself where it is larger than one."""
    first = int(network.network_address) >> 24
    length = 8 if first < 128 else 16 if first < 192 else 24
    return network.supernet(new_prefix=length) if network.prefixlen > length else network


def _lines(routes: list[Route]) -> Iterator[str]:
    """The routes, subnets below the network of the class that they lie in."""
    groups: dict[IPv4Network, list[Route]] = {}
    for route in routes:
        groups.setdefault(major(route.network), []).append(route)
    for whole, members in groups.items():
        networks = list(dict.fromkeys(route.network for route in members))
        masks = {network.prefixlen for network in networks}
        subnetted = any(network != whole for network in networks)
        if subnetted and len(masks) == 1:
            yield f"      {whole.network_address}/{masks.pop()} is subnetted, {len(networks)} subnets"
        elif subnetted:
            yield f"      {whole} is variably subnetted, {len(networks)} subnets, {len(masks)} masks"
        for network in networks:
            same = [route for route in members if route.network == network]
            code = f"{same[0].code}{'*' if network.prefixlen == 0 else ''}"
            start = f"{code:<9}{network} " if subnetted else f"{code:<6}{network} "
            yield start + same[0].way
            yield from (" " * len(start) + route.way for route in same[1:])


def show_source(session: Session, *, vrf: str | None, what: str) -> Iterator[str]:
    """`show ip route connected|static|summary|...`."""
    device = session.device
    routes = table(device, vrf or "")
    kind = what.split(maxsplit=1)[0]
    if kind == "summary":
        yield from _summary(routes)
        return
    codes = {"connected": CONNECTED, "static": STATIC, "local": LOCAL}
    if kind in codes:
        yield from _LEGEND.split("\n")[:-1]
        yield ""
        yield _gateway(routes)
        yield ""
        yield from _lines([route for route in routes if route.code == codes[kind]])
    elif kind not in ("bgp", "eigrp", "isis", "mobile", "multicast", "nhrp", "odr", "ospf", "rip", "dhcp"):
        raise Refused(f"% show ip route {what} is not available yet")


def _summary(routes: list[Route]) -> Iterator[str]:
    """`show ip route summary`; bytes are not counted, since nothing here is laid out in memory as on a router."""
    yield "IP routing table name is default (0x0)"
    yield "IP routing table maximum-paths is 32"
    yield "Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)"
    totals = [0, 0]
    for name, codes in (("connected", (CONNECTED, LOCAL)), ("static", (STATIC,))):
        networks = {route.network for route in routes if route.code in codes}
        whole = sum(major(network) == network for network in networks)
        totals = [totals[0] + whole, totals[1] + len(networks) - whole]
        yield f"{name:<16}{whole:<12}{len(networks) - whole:<12}{0:<12}{0:<12}0"
    yield f"{'Total':<16}{totals[0]:<12}{totals[1]:<12}{0:<12}{0:<12}0"


def show_network(session: Session, *, vrf: str | None, network: str, mask: str | None, longer_prefixes: str | None) -> Iterator[str]:
    """`show ip route NETWORK`."""
    device = session.device
    try:
        address = IPv4Address(network)
    except ValueError:
        raise Refused("% Unrecognized host or address") from None
    routes = table(device, vrf or "")
    if longer_prefixes is not None and mask is not None:
        wanted = IPv4Network(f"{network}/{mask}", strict=False)
        yield from _lines([route for route in routes if route.network.subnet_of(wanted)])
        return
    if mask is not None:
        exact = IPv4Network(f"{network}/{mask}", strict=False)
        found = [route for route in routes if route.network == exact]
    else:
        best = max(
            (route for route in routes if address in route.network and route.network.prefixlen), key=lambda r: r.network.prefixlen, default=None
        )
        found = [route for route in routes if best is not None and route.network == best.network]
    if not found:
        inside = any(major(IPv4Network(address)) == major(route.network) for route in routes)
        yield "% Subnet not in table" if inside else "% Network not in table"
        return
    source = {CONNECTED: "connected", LOCAL: "connected", STATIC: "static"}[found[0].code]
    how = {CONNECTED: " (connected, via interface)", LOCAL: " (connected)", STATIC: " (connected)" if found[0].hop is None else ""}[found[0].code]
    yield f"Routing entry for {found[0].network}"
    yield f'  Known via "{source}", distance {found[0].distance}, metric 0{how}'
    yield "  Routing Descriptor Blocks:"
    for at, route in enumerate(found):
        mark = " " if at else "*"
        way = (
            f"directly connected, via {route.interface}"
            if route.hop is None
            else f"{route.hop}" + (f", via {route.interface}" if route.interface else "")
        )
        yield f"  {mark} {way}"
        yield "      Route metric is 0, traffic share count is 1"


def static(session: Session, *, bfd: str | None, summary: str | None, vrf: str | None) -> Iterator[str]:
    """`show ip static route`: the static routes, and which of them are in the table."""
    if bfd is not None:
        raise Refused("% show ip static route bfd is not available yet")
    device = session.device
    used = table(device, vrf or "")
    routes = list(statics(device, vrf or ""))
    if summary is not None:
        yield f"Static routes: {len(routes)}, in the routing table: {sum(route in used for route in routes)}"
        return
    yield "Codes: M - Manual static, A - AAA download, N - IP NAT, D - DHCP,"
    yield "Codes in []: A - active, N - non-active, P - permanent"
    yield ""
    for route in routes:
        where = " ".join(filter(None, (f"via {route.interface}" if route.interface else "via", str(route.hop or ""))))
        yield f"M  {route.network} [{route.distance}/0] {where} [{'A' if route in used else 'N'}]"
