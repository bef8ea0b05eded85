"""The clock and the calendar: setting them, the time zone, summer time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.clock import CALENDAR, USER, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Turn(NamedTuple):
    """When summer time begins or ends, each year. `week`: 1 to 4, 0 for the last."""

    week: int
    day: int
    month: int
    time: timedelta

    def moment(self, year: int) -> datetime:
        """The turn of a year, in the time that ends there."""
        if self.week:
            first = datetime(year, self.month, 1)  # noqa: DTZ001 - a time of the router's zone
            date = first + timedelta((self.day - first.weekday()) % 7 + 7 * (self.week - 1))
        else:
            last = datetime(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(1)  # noqa: DTZ001
            date = last - timedelta((last.weekday() - self.day) % 7)
        return date + self.time


class Once(NamedTuple):
    """A turn in one year only."""

    date: datetime

    def moment(self, _: int) -> datetime:
        return self.date


class Summer:
    """Summer time: asked with a standard time, gives its name and what is added, None outside of it."""

    def __init__(self, name: str, begin: Turn | Once, end: Turn | Once, added: timedelta) -> None:
        self.name = name
        self.begin = begin
        self.end = end
        self.added = added

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Summer) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def bounds(self, year: int) -> tuple[datetime, datetime]:
        """Begin and end in a year; the end is told in summer time."""
        return self.begin.moment(year), self.end.moment(year)

    def __call__(self, standard: datetime) -> tuple[str, timedelta] | None:
        begin, end = self.bounds(standard.year)
        end -= self.added
        inside = begin <= standard < end if begin < end else not end <= standard < begin
        return (self.name, self.added) if inside else None


# Where only `recurring` is said, the rule of the United States (CF CR, `clock summer-time`; since 2007 March and November).
_BEGIN = Turn(2, 6, 3, timedelta(hours=2))
_END = Turn(1, 6, 11, timedelta(hours=2))


def _time(text: str) -> timedelta:
    hours, minutes, *seconds = (int(part) for part in text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)


def _date(day: str, month: str, year: str, time: str) -> datetime:
    try:
        return datetime(int(year), MONTHS.index(month[:3].lower()) + 1, int(day)) + _time(time)  # noqa: DTZ001
    except ValueError:
        raise ValueError(f"{day} {month} {year}") from None


def _turn(words: list[str]) -> Turn:
    week = {"first": 1, "last": 0}.get(words[0])
    return Turn(int(words[0]) if week is None else week, DAYS.index(words[1][:3].lower()), MONTHS.index(words[2][:3].lower()) + 1, _time(words[3]))


def summer(words: list[str]) -> Summer:
    """The summer time that the words behind `clock summer-time` say."""
    name, kind, *rest = words
    if kind == "recurring":
        begin, end = (_turn(rest[:4]), _turn(rest[4:8])) if rest else (_BEGIN, _END)
        return Summer(name, begin, end, timedelta(minutes=int(rest[8]) if len(rest) > 8 else 60))
    dates = []
    for a, b, year, time in (rest[:4], rest[4:8]):
        day, month = (a, b) if a.isdecimal() else (b, a)
        dates.append(Once(_date(day, month, year, time)))
    return Summer(name, dates[0], dates[1], timedelta(minutes=int(rest[8]) if len(rest) > 8 else 60))


def zone(device: Device, _: Touched) -> None:
    """`clock timezone`, `clock summer-time`, `clock calendar-valid`."""
    clock = device.clock
    before = clock.local()
    name, hours, minutes, *_rest = [*device.said("clock timezone", default="UTC 0").split(), "0"]
    sign = -1 if hours.startswith("-") else 1
    zone = (name, timedelta(hours=int(hours), minutes=sign * int(minutes)))
    said = device.said("clock summer-time")
    rule = summer(said.split()) if said else None
    valid = device.said("clock calendar-valid") == "on"
    if clock.source == CALENDAR:
        clock.authoritative = valid
    if (zone, rule) == (clock.zone, clock.summer):
        return
    clock.zone, clock.summer = zone, rule
    now = clock.local()
    if now.utcoffset() != before.utcoffset() or now.tzname() != before.tzname():
        _updated(device, before, now, device.changed_by or "console")


def _updated(device: Device, before: datetime, now: datetime, who: str) -> None:
    text = f"System clock has been updated from {written(before)} to {written(now)}, configured from console by {who}."
    device.log.message("SYS", 6, "CLOCKUPDATE", text)


def set(session: Session, *, time: str, day: str, month: str, year: str) -> Iterator[str]:
    """`clock set`."""
    clock = session.device.clock
    try:
        wanted = _date(day, month, year, time)
    except ValueError:
        yield "% Invalid date"
        return
    before = clock.local()
    clock.set(clock.moment(wanted), USER)
    _updated(session.device, before, clock.local(), session.who)


def set_calendar(session: Session, *, time: str, day: str, month: str, year: str) -> Iterator[str]:
    """`calendar set`."""
    clock = session.device.clock
    try:
        clock.set_calendar(clock.moment(_date(day, month, year, time)))
    except ValueError:
        yield "% Invalid date"


def read_calendar(session: Session) -> None:
    """`clock read-calendar`: the clock from the calendar."""
    clock = session.device.clock
    before = clock.local()
    clock.set(clock.calendar(), CALENDAR)
    clock.authoritative = session.device.said("clock calendar-valid") == "on"
    _updated(session.device, before, clock.local(), session.who)


def update_calendar(session: Session) -> None:
    """`clock update-calendar`: the calendar from the clock."""
    session.device.clock.set_calendar(session.device.clock.now())


def show(session: Session, *, detail: str | None) -> Iterator[str]:
    """`show clock`."""
    clock = session.device.clock
    now = clock.local()
    yield f"{clock.mark}{written(now, milliseconds=True)}"
    if detail is None:
        return
    yield "No time source" if clock.source is None else f"Time source is {clock.source}"
    if isinstance(clock.summer, Summer):
        begin, end = clock.summer.bounds(now.year)
        yield f"Summer time starts {begin:%H:%M:%S} {clock.zone[0]} {begin:%a %b} {begin.day} {begin.year}"
        yield f"Summer time ends {end:%H:%M:%S} {clock.summer.name} {end:%a %b} {end.day} {end.year}"


def calendar(session: Session) -> Iterator[str]:
    """`show calendar`."""
    clock = session.device.clock
    yield written(clock.local(clock.calendar()))
