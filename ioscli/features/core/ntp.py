"""NTP: whom the clock follows, and what `show ntp` says of it.

A server that is configured has the time of the host that we run on, and answers at once (docs/deviations.md): no packet is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.device.clock import NTP, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

_ERA = 2208988800  # seconds from 1900 to 1970 (RFC 5905 6)
_DRIFT = 15e-6  # seconds that a clock may err in a second (RFC 5905 7.2, PHI)
_POLL = 64  # seconds between two questions
_SERVER_STRATUM = 1  # the host's clock as its servers have it
_OWN = "127.127.1.1"  # the router's own clock as a reference


@dataclass(slots=True)
class Association:
    """A server or a peer. `since`: uptime of the router when it was configured."""

    address: str
    peer: bool
    prefer: bool
    since: float


class Ntp:
    """The associations of a router. `master`: the stratum that it serves its own clock with, None where it does not."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.associations: dict[str, Association] = {}
        self.master: int | None = None
        self.began = 0.0

    @property
    def enabled(self) -> bool:
        return bool(self.associations) or self.master is not None

    @property
    def chosen(self) -> Association | None:
        """The server that leads the clock."""
        if not self.device.clock.follows:
            return None
        servers = [found for found in self.associations.values() if not found.peer]
        return next((found for found in servers if found.prefer), servers[0] if servers else None)

    @property
    def synchronized(self) -> bool:
        clock = self.device.clock
        return self.chosen is not None or (self.master is not None and clock.source == NTP and not clock.lost)

    def settle(self) -> None:
        """Takes in `ntp server`, `ntp peer` and `ntp master`; the clock follows a server, or its own time as NTP's."""
        device = self.device
        clock = device.clock
        enabled, servers = self.enabled, {address for address, found in self.associations.items() if not found.peer}
        found: dict[str, Association] = {}
        for head in ("ntp server", "ntp peer"):
            for statement in device.statements(head):
                named = device.arguments(statement)
                address = named["address"]
                old = self.associations.get(address)
                found[address] = Association(address, head == "ntp peer", "prefer" in named, old.since if old is not None else clock.uptime)
        self.associations = found
        said = device.said("ntp master")
        self.master = None if not said else int(said) if said.isdecimal() else 8
        if self.enabled and not enabled:
            self.began = clock.uptime
        wanted = {address for address, association in found.items() if not association.peer}
        if wanted and wanted != servers:
            clock.follow(clock.truth)
            if device.said("ntp logging"):
                self._tell(wanted - servers)
        elif not wanted:
            clock.unfollow()
            if self.master is not None:
                clock.set(clock.now(), NTP)
        if clock.follows and device.said("ntp update-calendar"):
            clock.set_calendar(clock.now())

    def _tell(self, new: set[str]) -> None:
        for address in sorted(new):
            self.device.log.message("NTP", 6, "PEERREACH", f"Peer {address} is reachable")
        if self.chosen is not None and self.chosen.address in new:
            self.device.log.message("NTP", 5, "PEERSYNC", f"NTP synced to peer {self.chosen.address}")


def settle(device: Device, _: Touched) -> None:
    """`ntp server`, `ntp peer`, `ntp master`."""
    device[Ntp].settle()


def _age(ntp: Ntp, association: Association) -> tuple[int, int]:
    """Seconds since the last answer of an association, and how many answers it has given."""
    passed = int(ntp.device.clock.uptime - association.since)
    return passed % _POLL, passed // _POLL + 1


def associations(session: Session, *, detail: str | None) -> Iterator[str]:
    """`show ntp associations`."""
    ntp = session.device[Ntp]
    if not ntp.enabled:
        yield "%NTP is not enabled."
        return
    if detail is not None:
        yield from _detail(ntp)
        return
    yield ""
    yield "  address         ref clock       st   when   poll reach  delay  offset   disp"
    if ntp.master is not None:
        mark = "*" if ntp.chosen is None else " "
        yield f"{mark}~{_OWN:<16}{'.LOCL.':<15}{max(ntp.master - 1, 0):3d}{0:7d}{16:7d}{377:6d}{0:7.3f}{0:8.3f}{0:7.3f}"
    for found in ntp.associations.values():
        when, answers = _age(ntp, found)
        mark = "*" if found is ntp.chosen else " " if found.peer or not ntp.device.clock.follows else "+"
        stratum, reach, reference = (16, 0, ".INIT.") if found.peer else (_SERVER_STRATUM, (1 << min(answers, 8)) - 1, ".LOCL.")
        dispersion = f"{when * _DRIFT * 1000:.3f}" if not found.peer else "15937."
        seen = "-" if found.peer else str(when)
        yield f"{mark}~{found.address:<16}{reference:<15}{stratum:3d}{seen:>7}{_POLL:7d}{reach:6o}{0:7.3f}{0:8.3f}{dispersion:>7}"
    yield " * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured"


def _detail(ntp: Ntp) -> Iterator[str]:
    for found in ntp.associations.values():
        when, answers = _age(ntp, found)
        state = "our_master, sane, valid" if found is ntp.chosen else "insane, invalid" if found.peer else "selected, sane, valid"
        yield f"{found.address} configured, ipv4, {state}, stratum {16 if found.peer else _SERVER_STRATUM}"
        yield f"ref ID .LOCL., time {_stamp(ntp, when)}" if not found.peer else "ref ID .INIT., time 00000000.00000000"
        modes = "our mode active, peer mode unspec" if found.peer else "our mode client, peer mode server"
        yield f"{modes}, our poll intvl {_POLL}, peer poll intvl {_POLL}"
        yield f"root delay 0.00 msec, root disp 0.00, reach {0 if found.peer else (1 << min(answers, 8)) - 1:o}, sync dist {when * _DRIFT * 1000:.2f}"
        yield f"delay 0.00 msec, offset 0.0000 msec, dispersion {when * _DRIFT * 1000:.2f}"
        yield "precision 2**10, version 4"
        yield ""


def _stamp(ntp: Ntp, ago: float) -> str:
    """A moment some seconds ago as NTP and a human write it."""
    clock = ntp.device.clock
    moment = clock.now() - ago
    whole = int(moment)
    return f"{whole + _ERA & 0xFFFFFFFF:08X}.{int((moment - whole) * 2**32):08X} ({written(clock.local(moment), milliseconds=True)})"


def status(session: Session) -> Iterator[str]:
    """`show ntp status`: layout of a 15.x capture."""
    ntp = session.device[Ntp]
    clock = session.device.clock
    if not ntp.enabled:
        yield "%NTP is not enabled."
        return
    chosen = ntp.chosen
    if chosen is not None:
        stratum, reference, (when, _) = _SERVER_STRATUM + 1, chosen.address, _age(ntp, chosen)
    else:
        stratum, reference, when = ntp.master or 16, _OWN, 0
    if ntp.synchronized:
        yield f"Clock is synchronized, stratum {stratum}, reference is {reference}"
    else:
        yield "Clock is unsynchronized, stratum 16, no reference clock"
    yield "nominal freq is 250.0000 Hz, actual freq is 250.0000 Hz, precision is 2**10"
    yield f"ntp uptime is {int((clock.uptime - ntp.began) * 100)} (1/100 of seconds), resolution is 4000"
    if ntp.synchronized:
        yield f"reference time is {_stamp(ntp, when)}"
    else:
        yield "reference time is 00000000.00000000 (00:00:00.000 UTC Mon Jan 1 1900)"
    yield "clock offset is 0.0000 msec, root delay is 0.00 msec"
    dispersion = when * _DRIFT * 1000
    yield f"root dispersion is {dispersion:.2f} msec, peer dispersion is {dispersion:.2f} msec"
    if ntp.synchronized:
        yield "loopfilter state is 'CTRL' (Normal Controlled Loop), drift is 0.000000000 s/s"
        yield f"system poll interval is {_POLL}, last update was {when} sec ago."
    else:
        yield "loopfilter state is 'NSET' (Never set), drift is 0.000000000 s/s"
        yield f"system poll interval is {_POLL}, never updated."
