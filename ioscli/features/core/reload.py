"""`reload`: at once, later, or not after all. The router goes down; what stands at its console starts its successor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ioscli.device.clock import written
from ioscli.device.device import Halt
from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.core.clock import MONTHS
from ioscli.features.core.save import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.device.timers import Timer

_REASON = "Reload Command"
_WARNINGS = (3600, 1800, 300, 60)  # seconds before it goes down at which everybody is told
_LONGEST = timedelta(days=24)


class Schedule:
    """A reload that waits: when (by the uptime), by whom and why."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.moment: float | None = None
        self.who = ""
        self.reason = ""
        self._timers: list[Timer] = []

    def set(self, moment: float, delay: timedelta, who: str, reason: str) -> None:
        """Waits for a moment of the uptime; what waited before is forgotten. `delay`: how long that was when it was asked for."""
        self.clear()
        self.moment, self.who, self.reason = moment, who, reason
        timers, left = self.device.timers, moment - self.device.clock.uptime
        for seconds in _WARNINGS:
            if delay.total_seconds() >= seconds:
                self._timers.append(timers.after(max(left - seconds, 0), lambda seconds=seconds: self._warn(seconds)))  # type: ignore[misc]
        self._timers.append(timers.after(left, self._go))

    def clear(self) -> None:
        self.moment = None
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _warn(self, seconds: int) -> None:
        broadcast(self.device, f"SHUTDOWN in {timedelta(seconds=seconds)}")

    def _go(self) -> None:
        self.moment = None
        down(self.device, self.who, self.reason)


def broadcast(device: Device, text: str) -> None:
    """Tells everybody who is at the router."""
    for session in device.sessions:
        session.write(f"\n\n***\n*** --- {text} ---\n***\n\n")


def down(device: Device, who: str, reason: str) -> None:
    """The router goes down now: every session ends."""
    device.log.message("SYS", 5, "RELOAD", f"Reload requested by {who}. Reload Reason: {reason}.")
    device.halt = Halt("reload", reason, device.clock.now())
    device.reloading = True
    for session in tuple(device.sessions):
        session.end()


async def now(session: Session, *, save_config: str | None, reason: str | None) -> None:
    """`reload [REASON]`, `reload save-config`."""
    await _offer_to_save(session, at_once=save_config is not None)
    if not await session.confirm("Proceed with reload?"):
        return
    session.write("\n")
    down(session.device, session.who, reason or _REASON)
    session.closed = True


async def after(session: Session, *, minutes: str | None, delay: str | None, reason: str | None) -> None:
    """`reload in MINUTES|HOURS:MINUTES [REASON]`."""
    if minutes is not None:
        seconds = int(minutes) * 60
    else:
        hours, _, rest = (delay or "").partition(":")
        seconds = int(hours) * 3600 + int(rest[:2]) * 60
    await _later(session, timedelta(seconds=seconds), reason)


async def at(session: Session, *, time: str, day: str | None, month: str | None, reason: str | None) -> None:
    """`reload at HH:MM [DAY MONTH] [REASON]`: the next time that it is so."""
    clock = session.device.clock
    if clock.source is None:
        raise Refused("% The clock must be set before a reload can be scheduled for a time of the day")
    local = clock.local().replace(tzinfo=None)
    hours, _, minutes = time.partition(":")
    try:
        when = local.replace(hour=int(hours), minute=int(minutes[:2]), second=0, microsecond=0)
        if day is not None and month is not None:
            when = when.replace(month=_month(month), day=int(day))
            when = when if when > local else when.replace(year=when.year + 1)
    except ValueError as error:
        raise Refused(f"% Invalid time: {error}") from None
    if when <= local:
        when += timedelta(days=1)
    await _later(session, when - local, reason)


def _month(word: str) -> int:
    return MONTHS.index(word[:3].lower()) + 1


async def _later(session: Session, delay: timedelta, reason: str | None) -> None:
    device = session.device
    if delay > _LONGEST:
        raise Refused("% A reload can be scheduled for at most 24 days from now")
    await loop()
    await _offer_to_save(session)
    schedule = device[Schedule]
    moment = device.clock.uptime + delay.total_seconds()
    for line in _announced(device, moment, session.who, reason or _REASON):
        session.write(f"{line}\n")
    if not await session.confirm("Proceed with reload?"):
        return
    schedule.set(moment, delay, session.who, reason or _REASON)
    local = written(device.clock.local(device.clock.started + moment)), written(device.clock.local())
    text = f"Reload requested for {local[0]} at {local[1]} by {session.who}. Reload Reason: {schedule.reason}."
    device.log.message("SYS", 5, "SCHEDULED_RELOAD", text)
    device.timers.run()


def _announced(device: Device, moment: float, who: str, reason: str) -> Iterator[str]:
    """When and why it will go down: the time of the day only where the clock can be trusted."""
    left = _spelled(moment - device.clock.uptime)
    if device.clock.authoritative:
        yield f"Reload scheduled for {written(device.clock.local(device.clock.started + moment))} (in {left}) by {who}"
    else:
        yield f"Reload scheduled in {left} by {who}"
    yield f"Reload reason: {reason}"


def _spelled(seconds: float) -> str:
    """`411 hours and 33 minutes`, `9 minutes`, `40 seconds`."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    if whole < 60:
        return f"{whole} seconds"
    parts = [f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in ((hours, "hour"), (minutes, "minute")) if count]
    return " and ".join(parts)


async def _offer_to_save(session: Session, *, at_once: bool = False) -> None:
    """Saves what is not saved, if that is wanted. Raises Refused where it is wanted and cannot be done."""
    if not session.device.modified:
        return
    if not at_once:
        session.write("\n")
        if not await session.yes_or_no("System configuration has been modified. Save? [yes/no]: "):
            return
    await write(session)


def cancel(session: Session) -> None:
    """`reload cancel`."""
    device = session.device
    schedule = device[Schedule]
    if schedule.moment is None:
        raise Refused("%No reload is scheduled.")
    schedule.clear()
    broadcast(device, "SHUTDOWN ABORTED")
    device.log.message("SYS", 5, "SCHEDULED_RELOAD_CANCELLED", f" Scheduled reload cancelled at {written(device.clock.local())}")


def show(session: Session) -> Iterator[str]:
    """`show reload`."""
    schedule = session.device[Schedule]
    if schedule.moment is None:
        yield "No reload is scheduled."
    else:
        yield from _announced(session.device, schedule.moment, schedule.who, schedule.reason)
