"""The router's lines and who is on them: `show users`, `show line`.

Absolute numbers are those of a 2911: the console 0, the auxiliary port 1, the embedded service engine 2, virtual terminals from 388 on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

FIRST_VTY = 388
BAUD = "9600"
_LEAST = 5  # virtual terminals that there are at least
_KINDS = {"aux": "aux", "console": "con", "tty": "tty", "vty": "vty"}


class Line(NamedTuple):
    """A line: its absolute number, its kind (`con`, `aux`, `tty`, `vty`), its number among those of its kind."""

    number: int
    kind: str
    relative: int

    @property
    def name(self) -> str:
        """As the log calls it: `console`, `aux`, `tty2`, `vty0`."""
        return {"con": "console", "aux": "aux"}.get(self.kind, f"{self.kind}{self.relative}")


class Uses:
    """How often each line was used since the start, by name."""

    def __init__(self, _: Device) -> None:
        self.count: dict[str, int] = {}

    def begin(self, name: str) -> None:
        """Somebody sits down at a line."""
        self.count[name] = self.count.get(name, 0) + 1


def all_lines(device: Device) -> list[Line]:
    """Every line, as many virtual terminals as the configuration names."""
    last = max([_LEAST - 1, *(int(found.text.split()[-1]) for found in device.statements("line vty"))])
    fixed = [Line(0, "con", 0), Line(1, "aux", 0), Line(2, "tty", 2)]
    return fixed + [Line(FIRST_VTY + number, "vty", number) for number in range(last + 1)]


def number_of(name: str) -> int:
    """The absolute number of a line, by the name that the log has for it."""
    kind = name.rstrip("0123456789")
    relative = int(name[len(kind) :] or 0)
    return {"console": 0, "aux": 1, "vty": FIRST_VTY + relative}.get(kind, relative)


def show(session: Session, *, all_: str | None) -> Iterator[str]:
    """`show users [all]`."""
    yield "    Line       User       Host(s)              Idle       Location"
    on = {other.name: other for other in session.device.sessions}
    for line in all_lines(session.device):
        other = on.get(line.name)
        mark = "*" if other is session else " "
        name = f"{mark}{line.number:>3} {f'{line.kind} {line.relative}':<11}"
        if other is not None:
            idle = int(session.device.clock.uptime - other.active) if other is not session else 0
            since = f"{idle // 3600:02d}:{idle // 60 % 60:02d}:{idle % 60:02d}"
            yield f"{name}{other.user:<11}{'idle':<21}{since:<11}{other.terminal.location}"
        elif all_ is not None:
            yield f"{name}{'':<32}00:00:00   "
    yield ""
    yield "  Interface    User               Mode         Idle     Peer Address"
    yield ""


def systat(session: Session, *, all_: str | None) -> Iterator[str]:
    """`systat [all]`, `who`."""
    return show(session, all_=all_)


def lines(session: Session, *, line: str | None, kind: str | None) -> Iterator[str]:
    """`show line [N | KIND N | summary]`."""
    known = all_lines(session.device)
    if kind is not None:
        wanted, _, number = kind.partition(" ")
        known = [found for found in known if found.kind == _KINDS[wanted] and found.relative == int(number or line or 0)]
    elif line is not None:
        known = [found for found in known if found.number == int(line)]
    if not known:
        raise Refused("% Invalid line number")
    yield "   Tty Line Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int"
    uses = session.device[Uses].count
    on = {other.name for other in session.device.sessions}
    for found in known:
        speed = "" if found.kind in ("con", "vty") else f"{BAUD}/{BAUD}"
        kind = "CTY" if found.kind == "con" else found.kind.upper()
        mark, used = "*" if found.name in on else " ", uses.get(found.name, 0)
        yield (f"{mark}{found.number:>6} {found.number:>4} {kind} {speed:>11}  -    -      -    -    -{used:>7}       0     0/0       -")
    if len(known) > 1:
        yield ""
        yield "Line(s) not in async mode -or- with no hardware support: "
        yield f"3-{FIRST_VTY - 1}"
    yield ""


def location(session: Session) -> Iterator[str]:
    """`show location`: where the line is, as `location` says."""
    yield session.settings.get("location", "")
