"""The router's time: a monotonic count and an offset, its battery-backed calendar, and how much they may be trusted."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A router without a battery starts here (pki-cli: certificates made before `clock set` begin in 1993).
EPOCH = datetime(1993, 3, 1, tzinfo=UTC)
CALENDAR, USER, NTP = "hardware calendar", "user configuration", "NTP"


class Clock:
    """Seconds since 1970 as the router believes them.

    `source`: what set it (`hardware calendar`, `user configuration`, `NTP`), or None while it was not set. `authoritative`: whether others
    may trust it; `lost`: whether NTP set it, and was lost. `zone`: name and offset, from `clock timezone`. `summer`: from a
    moment to another one an hour or so is added, under another name; asked with the standard time.

    `truth`: the time outside, which NTP servers and hosts have. Where the count is a made one, it is the time of the start and the count.
    """

    def __init__(self, now: float | None = None, monotonic: Callable[[], float] = time.monotonic, truth: Callable[[], float] | None = None) -> None:
        self._monotonic = monotonic
        self.booted = monotonic()
        self._offset = self._calendar = start = (EPOCH.timestamp() if now is None else now) - self.booted
        self.truth = truth or (time.time if monotonic is time.monotonic else lambda: monotonic() + start)
        self.spent = time.process_time if monotonic is time.monotonic else lambda: 0.0  # seconds of the processor
        self._leader: Callable[[], float] | None = None
        self.source: str | None = None if now is None else CALENDAR
        self.authoritative = False
        self.lost = False
        self.zone = ("UTC", timedelta())
        self.summer: Callable[[datetime], tuple[str, timedelta] | None] | None = None
        self.listeners: list[Callable[[], object]] = []  # called when the time has been set

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return self._monotonic() + self._offset if self._leader is None else self._leader()

    def set(self, now: float, source: str) -> None:
        """Sets the time. `source` becomes the time source; the time is authoritative from then on."""
        self._leader = None
        self._offset = now - self._monotonic()
        self.source = source
        self.authoritative = True
        self.lost = False
        for listener in tuple(self.listeners):
            listener()

    def successor(self) -> Clock:
        """The clock after a reload: the calendar went on, the rest is as it was at first."""
        unset = self.calendar() - self.uptime < EPOCH.timestamp() + 1
        return Clock(None if unset else self.calendar(), self._monotonic, self.truth)

    def follow(self, leader: Callable[[], float]) -> None:
        """Has the time of an NTP server from now on."""
        self.set(leader(), NTP)
        self._leader = leader

    def unfollow(self) -> None:
        """The NTP server is lost: the clock goes on by itself."""
        if self._leader is not None:
            self._offset = self._leader() - self._monotonic()
            self._leader = None
            self.lost = True

    @property
    def follows(self) -> bool:
        """Whether an NTP server leads it."""
        return self._leader is not None

    def calendar(self) -> float:
        """What the calendar says: seconds since 1970, UTC."""
        return self._monotonic() + self._calendar

    def set_calendar(self, now: float) -> None:
        self._calendar = now - self._monotonic()

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return self._monotonic() - self.booted

    @property
    def started(self) -> float:
        """When the router started, by the time of now: seconds since 1970."""
        return self.booted + self._offset if self._leader is None else self._leader() - self.uptime

    def local(self, moment: float | None = None) -> datetime:
        """A moment (seconds since 1970; now) in the router's time zone; its `tzname()` is the zone's name."""
        utc = datetime.fromtimestamp(self.now() if moment is None else moment, UTC)
        name, offset = self.zone
        summer = self.summer((utc + offset).replace(tzinfo=None)) if self.summer is not None else None
        if summer is not None:
            name, offset = summer[0], offset + summer[1]
        return utc.astimezone(timezone(offset, name))

    def moment(self, local: datetime) -> float:
        """The moment (seconds since 1970) of a time without a zone, told in the router's zone."""
        standard = local - self.zone[1]
        summer = self.summer(local) if self.summer is not None else None
        return (standard - (summer[1] if summer is not None else timedelta())).replace(tzinfo=UTC).timestamp()

    @property
    def mark(self) -> str:
        """What stands before a time that is not authoritative: `*`, or `.` where NTP was lost (CF CR, `show clock`)."""
        if self.lost:
            return "."
        return "" if self.authoritative else "*"


def written(local: datetime, *, milliseconds: bool = False, weekday: bool = True) -> str:
    """A time as IOS writes it: `18:57:38 UTC Mon Oct 19 2015`, in PKI without the day of the week."""
    fraction = f".{local.microsecond // 1000:03d}" if milliseconds else ""
    return f"{local:%H:%M:%S}{fraction} {local.tzname()} {local:{'%a %b' if weekday else '%b'}} {local.day} {local.year}"
