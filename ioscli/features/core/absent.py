"""Shows of protocols that are not configured. Where they are, there is no engine behind them yet, and the answer says that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core.hardware import Chassis
from ioscli.features.core.interfaces import Interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def _unless_configured(session: Session, word: str, *, interfaces: bool) -> None:
    """Raises Refused where the configuration has `word`."""
    device = session.device
    if interfaces:
        configured = any(statement.text.startswith(f"{word} ") for found in device[Interfaces] for statement in found.section)
    else:
        configured = bool(device.statements(word))
    if configured:
        raise Refused(f"% {word} is configured, but its state is not available yet")


def standby(session: Session) -> None:
    """`show standby`: nothing, where no interface has a group."""
    _unless_configured(session, "standby", interfaces=True)


def vrrp(session: Session) -> None:
    """`show vrrp`."""
    _unless_configured(session, "vrrp", interfaces=True)


def glbp(session: Session) -> None:
    """`show glbp`."""
    _unless_configured(session, "glbp", interfaces=True)


def track(session: Session) -> None:
    """`show track`."""
    _unless_configured(session, "track", interfaces=False)


def routing_protocols(session: Session) -> Iterator[str]:
    """`show ip protocols`."""
    _unless_configured(session, "router", interfaces=False)
    yield "*** IP Routing is NSF aware ***"
    yield ""


def spanning_tree(session: Session) -> Iterator[str]:
    """`show spanning-tree`: no switch ports, no bridge groups."""
    if any(found.said("switchport") or found.said("bridge-group") for found in session.device[Interfaces]):
        raise Refused("% Spanning tree state is not available yet")
    yield "No spanning tree instance exists."


def route_maps(session: Session) -> None:
    """`show route-map`."""
    _unless_configured(session, "route-map", interfaces=False)


def prefix_lists(session: Session) -> None:
    """`show ip prefix-list`."""
    _unless_configured(session, "ip prefix-list", interfaces=False)


def key_chains(session: Session) -> None:
    """`show key chain`."""
    _unless_configured(session, "key chain", interfaces=False)


def policy_maps(session: Session) -> None:
    """`show policy-map`, also of interfaces."""
    _unless_configured(session, "policy-map", interfaces=False)


def time_ranges(session: Session) -> None:
    """`show time-range`."""
    _unless_configured(session, "time-range", interfaces=False)


def object_groups(session: Session) -> None:
    """`show object-group`."""
    _unless_configured(session, "object-group", interfaces=False)


def sla(session: Session) -> None:
    """`show ip sla statistics`, `configuration`, `summary`."""
    _unless_configured(session, "ip sla", interfaces=False)


def ospf(session: Session) -> None:
    """`show ip ospf`, and its tables: nothing, where no process runs."""
    _unless_configured(session, "router ospf", interfaces=False)


def eigrp(session: Session) -> None:
    """`show ip eigrp ...`: nothing, where no process runs."""
    _unless_configured(session, "router eigrp", interfaces=False)


def rip(session: Session) -> None:
    """`show ip rip database`, `neighbors`."""
    _unless_configured(session, "router rip", interfaces=False)


def bgp(session: Session) -> Iterator[str]:
    """`show ip bgp`, and its tables."""
    _unless_configured(session, "router bgp", interfaces=False)
    yield "% BGP not active"
    yield ""


def isakmp_sa(_: Session) -> Iterator[str]:
    """`show crypto isakmp sa`: no peer has come, as there is no IKE."""
    yield "IPv4 Crypto ISAKMP SA"
    yield "dst             src             state          conn-id status"
    yield ""
    yield "IPv6 Crypto ISAKMP SA"
    yield ""


def crypto_session(_: Session) -> Iterator[str]:
    """`show crypto session`."""
    yield "Crypto session current status"
    yield ""


def crypto_maps(session: Session) -> Iterator[str]:
    """`show crypto map`."""
    _unless_configured(session, "crypto map", interfaces=False)
    yield "No crypto maps found."


def ssh(_: Session) -> Iterator[str]:
    """`show ssh`: nobody comes by it, as there is no SSH server."""
    yield "%No SSHv2 server connections running."
    yield "%No SSHv1 server connections running."


def ssh_server(session: Session) -> Iterator[str]:
    """`show ip ssh`."""
    said = session.device.said
    timeout, retries = said("ip ssh time-out", default="120"), said("ip ssh authentication-retries", default="3")
    yield f"SSH Disabled - version {'2.0' if said('ip ssh version') == '2' else '1.99'}"
    yield f"Authentication timeout: {timeout} secs; Authentication retries: {retries}"


def snmp(session: Session) -> Iterator[str]:
    """`show snmp`."""
    _unless_configured(session, "snmp-server", interfaces=False)
    yield "%SNMP agent not enabled"


def snmp_chassis(session: Session) -> Iterator[str]:
    """`show snmp chassis`."""
    yield session.device.said("snmp-server chassis-id") or session.device[Chassis].serial


def snmp_contact(session: Session) -> Iterator[str]:
    """`show snmp contact`."""
    yield session.device.said("snmp-server contact")


def snmp_location(session: Session) -> Iterator[str]:
    """`show snmp location`."""
    yield session.device.said("snmp-server location")
