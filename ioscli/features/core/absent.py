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
