"""`clear line`, and `clear` of tables that only ever hold what the configuration says: what comes from it stays, and there is nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core.users import all_lines

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


async def line(session: Session, *, line: str | None, kind: str | None) -> None:
    """`clear line N`, `clear line KIND N`: ends the session on it."""
    if line is None:
        return
    kind = "con" if kind == "console" else kind
    lines = [found for found in all_lines(session.device) if kind in (None, found.kind)]
    known = [found for found in lines if int(line) == (found.number if kind is None else found.relative)]
    if not known:
        raise Refused("% Invalid line number")
    if not await session.confirm(""):
        return
    if known[0].name == session.name:
        raise Refused("% Not allowed to clear current line")
    session.write(" [OK]\n")
    for other in tuple(session.device.sessions):
        if other.name == known[0].name:
            other.end()
