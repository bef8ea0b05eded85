"""The DHCP server's pools. No client has asked, so nothing is leased."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session


def _pools(device: Device) -> Iterator[tuple[str, IPv4Network | None]]:
    """Names and networks."""
    for statement in device.statements("ip dhcp pool"):
        words = device.said("network", section=statement.section).split() if statement.section is not None else []
        mask = words[1].lstrip("/") if len(words) > 1 else "255.255.255.0"
        yield statement.text.split(None, 3)[3], IPv4Network(f"{words[0]}/{mask}", strict=False) if words else None


def binding(session: Session, *, vrf: str | None) -> Iterator[str]:
    """`show ip dhcp binding`."""
    yield f"Bindings from all pools{' not associated with VRF' if vrf is None else f' associated with VRF {vrf}'}:"
    yield "IP address          Client-ID/ \t    Lease expiration        Type"
    yield "                    Hardware address/"
    yield "                    User name"


def conflict(session: Session) -> Iterator[str]:
    """`show ip dhcp conflict`."""
    yield "IP address        Detection method   Detection time          VRF"


def pool(session: Session, *, pool: str | None) -> Iterator[str]:
    """`show ip dhcp pool`."""
    found = [(name, network) for name, network in _pools(session.device) if pool in (None, name)]
    if pool is not None and not found:
        raise Refused(f"% Pool {pool} is not in the database.")
    for name, network in found:
        addresses = max(network.num_addresses - 2, 1) if network is not None else 0
        yield ""
        yield f"Pool {name} :"
        yield " Utilization mark (high/low)    : 100 / 0"
        yield " Subnet size (first/next)       : 0 / 0 "
        yield f" Total addresses                : {addresses}"
        yield " Leased addresses               : 0"
        yield " Pending event                  : none"
        if network is None:
            yield " 0 subnet is currently in the pool"
            continue
        yield " 1 subnet is currently in the pool :"
        yield " Current index        IP address range                    Leased addresses"
        first, last = network[1], network[-2]
        yield f" {first!s:<21}{first!s:<17}- {last!s:<18}0"
