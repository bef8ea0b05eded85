"""`show ip interface`, `show protocols` and their like: what interfaces have of IPv4."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core.interfaces import SHUT, Interface, Interfaces
from ioscli.features.core.routes import major

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

_METHODS = {"NVRAM": "non-volatile memory", "manual": "setup command", "DHCP": "DHCP", "IPCP": "IPCP"}


def chosen(device: Device, name: str | None) -> list[Interface]:
    """The interface of a name, or all. Raises Refused where there is none of it."""
    if name is None:
        return list(device[Interfaces])
    found = device[Interfaces].get(name)
    if found is None:
        raise Refused(f"% Invalid interface {name}")
    return [found]


def interface_brief(session: Session, *, interface: str | None) -> Iterator[str]:
    """`show ip interface brief`: widths as a capture of a 15.x router (netmiko's session log)."""
    interfaces = session.device[Interfaces]
    yield "Interface                  IP-Address      OK? Method Status                Protocol"
    for found in chosen(session.device, interface):
        address = interfaces.address(found)
        method = "TFTP" if interfaces.borrowed(found) is not None else found.method
        yield f"{found.name:<27}{address.ip if address else 'unassigned'!s:<16}YES {method:<7}{found.link:<22}{found.protocol:<8}"


def interface_part(session: Session, *, interface: str, what: str) -> Iterator[str]:
    """`show ip interface X brief`."""
    if what != "brief":
        raise Refused(f"% show ip interface {what} is not available yet")
    return interface_brief(session, interface=interface)


def interface(session: Session, *, interface: str | None) -> Iterator[str]:
    """`show ip interface`."""
    for found in chosen(session.device, interface):
        yield from _interface(session.device, found)


def _interface(device: Device, found: Interface) -> Iterator[str]:
    """One interface, as a 2911 of 15.x prints it (Genie)."""
    interfaces = device[Interfaces]
    yield f"{found.name} is {found.link}, line protocol is {found.protocol}"
    lender = interfaces.borrowed(found)
    address = interfaces.address(found)
    if address is None:
        yield "  Internet protocol processing disabled"
        return
    if lender is not None:
        yield f"  Interface is unnumbered. Using address of {lender.name} ({address.ip})"
        yield "  Broadcast address is 255.255.255.255"
    else:
        yield f"  Internet address is {address}"
        yield "  Broadcast address is 255.255.255.255"
        yield f"  Address determined by {_METHODS.get(found.method, 'setup command')}"
    yield f"  MTU is {found.said('ip mtu') or found.said('mtu') or '1500'} bytes"
    helpers = [statement.text.split()[-1] for statement in found.section if statement.text.startswith("ip helper-address ")]
    if len(helpers) > 1:
        yield f"  Helper addresses are {helpers[0]}"
        yield from (f"                       {helper}" for helper in helpers[1:])
    else:
        yield f"  Helper address is {helpers[0]}" if helpers else "  Helper address is not set"
    yield f"  Directed broadcast forwarding is {_able(found, 'ip directed-broadcast', default='off')}"
    yield from (f"  Secondary address {own}" for own in found.addresses[1:])
    lists = {words[-1]: words[2] for statement in found.section if (words := statement.text.split())[:2] == ["ip", "access-group"]}
    yield f"  Outgoing access list is {lists.get('out', 'not set')}"
    yield f"  Inbound  access list is {lists.get('in', 'not set')}"
    yield f"  Proxy ARP is {_able(found, 'ip proxy-arp', default='on')}"
    yield f"  Local Proxy ARP is {_able(found, 'ip local-proxy-arp', default='off')}"
    yield "  Security level is default"
    yield f"  Split horizon is {_able(found, 'ip split-horizon', default='on')}"
    yield f"  ICMP redirects are {_sent(found, 'ip redirects', default='on')}"
    yield f"  ICMP unreachables are {_sent(found, 'ip unreachables', default='on')}"
    yield f"  ICMP mask replies are {_sent(found, 'ip mask-reply', default='off')}"
    yield from _features(device, found)


def _features(device: Device, found: Interface) -> Iterator[str]:
    fast = _able(found, "ip route-cache", default="on")
    cef = "disabled" if device.said("ip cef", default="on") == "off" else _able(found, "ip route-cache cef", default="on")
    yield f"  IP fast switching is {fast}"
    yield f"  IP Flow switching is {_able(found, 'ip route-cache flow', default='off')}"
    yield f"  IP CEF switching is {cef}"
    yield f"  IP multicast fast switching is {_able(found, 'ip mroute-cache', default='on')}"
    flags = [name for name, state in (("Fast", fast), ("CEF", cef)) if state == "enabled"]
    yield f"  IP route-cache flags are {', '.join(flags) or 'None'}"
    yield f"  Router Discovery is {_able(found, 'ip irdp', default='off')}"
    yield f"  IP output packet accounting is {_able(found, 'ip accounting', default='off')}"
    yield "  IP access violation accounting is disabled"
    yield f"  TCP/IP header compression is {_able(found, 'ip tcp header-compression', default='off')}"
    yield f"  RTP/IP header compression is {_able(found, 'ip rtp header-compression', default='off')}"
    policy = found.said("ip policy route-map")
    yield f"  Policy routing is {f'enabled, using route map {policy}' if policy else 'disabled'}"
    nat = found.said("ip nat")
    words = {"inside": "enabled, interface in domain inside", "outside": "enabled, interface in domain outside", "enable": "enabled"}
    yield f"  Network address translation is {words.get(nat, 'disabled')}"


def _able(found: Interface, head: str, *, default: str) -> str:
    return "disabled" if found.said(head, default) == "off" else "enabled"


def _sent(found: Interface, head: str, *, default: str) -> str:
    return "never sent" if found.said(head, default) == "off" else "always sent"


def protocols(session: Session, *, interface: str | None) -> Iterator[str]:
    """`show protocols`."""
    device = session.device
    if interface is None:
        yield "Global values:"
        yield f"  Internet Protocol routing is {'disabled' if device.said('ip routing') == 'off' else 'enabled'}"
    for found in chosen(device, interface):
        yield f"{found.name} is {found.link}, line protocol is {found.protocol}"
        yield from (f"  Internet address is {address}" for address in found.addresses)


def aliases(session: Session) -> Iterator[str]:
    """`show ip aliases`: the addresses that the router answers to."""
    yield "Address Type             IP Address      Port"
    for found in session.device[Interfaces]:
        if found.link != SHUT:
            yield from (f"Interface                {address.ip}" for address in found.addresses)


def masks(session: Session, *, network: str) -> Iterator[str]:
    """`show ip masks`: the masks in use in a classful network."""
    wanted = major(IPv4Network(network))
    counts: dict[str, int] = {}
    for found in session.device[Interfaces]:
        for address in found.addresses:
            if major(address.network) == wanted:
                counts[str(address.netmask)] = counts.get(str(address.netmask), 0) + 1
    yield "Mask             Reference count"
    yield from (f"{mask:<17}{count}" for mask, count in sorted(counts.items(), reverse=True))


def interface_unnumbered(session: Session, *, detail: str | None) -> Iterator[str]:
    """`show ip interface unnumbered`: who lends addresses, and to how many."""
    interfaces = session.device[Interfaces]
    lent: dict[str, list[str]] = {}
    for found in interfaces:
        lender = interfaces.borrowed(found)
        if lender is not None:
            lent.setdefault(lender.name, []).append(found.name)
    if not lent:
        return
    yield "Number of unnumbered interfaces with interface name"
    for name, names in lent.items():
        yield f"{name}: {len(names)}" + (f" ({', '.join(names)})" if detail else "")


def helper_address(session: Session, *, interface: str | None) -> Iterator[str]:
    """`show ip helper-address`."""
    rows = [
        (found.name, statement.text.split()[-1])
        for found in chosen(session.device, interface)
        for statement in found.section
        if statement.text.startswith("ip helper-address ")
    ]
    if rows:
        yield "Interface            Helper-Address"
        yield from (f"{name:<21}{address}" for name, address in rows)


def redirects(session: Session) -> Iterator[str]:
    """`show ip redirects`: the default gateway of a router that does not route."""
    gateway = session.device.said("ip default-gateway", default="not set")
    yield f"Default gateway is {gateway}"
    yield ""
    yield "Host               Gateway           Last Use    Total Uses  Interface"
    yield "ICMP redirect cache is empty"
