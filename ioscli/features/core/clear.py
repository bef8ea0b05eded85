"""`clear` of tables that only ever hold what the configuration says: what comes from it stays, and there is nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.device.session import Session


def arp(session: Session) -> None:
    """`clear arp-cache`: no dynamic entries."""


def ip_route(session: Session) -> None:
    """`clear ip route`: the table is made anew whenever it is asked for."""


def nat_translations(session: Session) -> None:
    """`clear ip nat translation *`: no dynamic entries."""


def nat_statistics(session: Session) -> None:
    """`clear ip nat statistics`: nothing has been translated."""


def hosts(session: Session) -> None:
    """`clear host`: no names have been learned."""


def dhcp_binding(session: Session) -> None:
    """`clear ip dhcp binding`: no leases."""


def dhcp_conflict(session: Session) -> None:
    """`clear ip dhcp conflict`: no conflicts."""
