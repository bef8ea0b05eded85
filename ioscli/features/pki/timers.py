"""The named timers of PKI: renewals, polls, revocation lists, requests that expire. Deadlines are times of the router's clock."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.device.timers import Timer


class Group(Enum):
    """The tables of `show crypto pki timers`, in their order."""

    PKI = "PKI Timers"
    ALERT = "Expiry Alert Timers"
    CRL = "CRL Timers"
    SERVER = "CS Timers"


class Waiting(NamedTuple):
    """A timer. `moment`: when it is due, in seconds since 1970; `handle`: what wakes it."""

    name: str
    group: Group
    moment: float
    action: Callable[[], Awaitable[None] | None]
    handle: Timer


class PkiTimers:
    """What PKI will do at a later moment, by name. A timer that was set is replaced by one of the same name.

    The device's own timers count from its start and have no names; these are shown, and follow the clock when it is set.
    """

    def __init__(self, device: Device) -> None:
        self.device = device
        self._waiting: dict[str, Waiting] = {}
        device.clock.listeners.append(self._reset)

    def set(self, name: str, group: Group, moment: float, action: Callable[[], Awaitable[None] | None]) -> None:
        """Does something once, at a moment (seconds since 1970); at once where that is over."""
        self.cancel(name)
        handle = self.device.timers.after(max(moment - self.device.clock.now(), 0), lambda: self._due(name))
        self._waiting[name] = Waiting(name, group, moment, action, handle)

    def cancel(self, name: str) -> None:
        found = self._waiting.pop(name, None)
        if found is not None:
            found.handle.cancel()

    def cancel_all(self, *beginnings: str) -> None:
        """Cancels those whose names begin so."""
        for name in [name for name in self._waiting if name.startswith(beginnings)]:
            self.cancel(name)

    def get(self, name: str) -> float | None:
        """When a timer is due."""
        found = self._waiting.get(name)
        return None if found is None else found.moment

    def of(self, group: Group) -> list[Waiting]:
        """The timers of a table, the next one first."""
        return sorted((each for each in self._waiting.values() if each.group is group), key=lambda each: each.moment)

    def _due(self, name: str) -> None:
        found = self._waiting.pop(name, None)
        if found is None:
            return
        done = found.action()
        if inspect.iscoroutine(done):
            self.device.timers.start(done)

    def _reset(self) -> None:
        """The clock was set: deadlines are as they were, and come sooner or later than it seemed."""
        for each in list(self._waiting.values()):
            self.set(each.name, each.group, each.moment, each.action)


def show(session: Session, *, detail: str | None) -> Iterator[str]:
    """`show crypto pki timers [detail]`."""
    device = session.device
    for group in Group:
        waiting = device[PkiTimers].of(group)
        if not waiting:
            continue
        yield group.value
        yield _line(device, waiting[0].moment, dated=detail is not None)
        for each in waiting:
            yield f"  {_line(device, each.moment, dated=detail is not None)} {each.name}"


def _line(device: Device, moment: float, *, dated: bool) -> str:
    text = f"|{spelled(moment - device.clock.now()):>16}"
    return f"{text}  ({datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ})" if dated else f"{text} "


def spelled(seconds: float) -> str:
    """`48.241`, `57:01.000`, `5:54:30.889`, `985d11:54:30.614`: the time that is left."""
    milliseconds = max(round(seconds * 1000), 0)
    whole, fraction = divmod(milliseconds, 1000)
    days, hours, minutes, rest = whole // 86400, whole // 3600 % 24, whole // 60 % 60, whole % 60
    if days:
        return f"{days}d{hours:02d}:{minutes:02d}:{rest:02d}.{fraction:03d}"
    if hours:
        return f"{hours}:{minutes:02d}:{rest:02d}.{fraction:03d}"
    if minutes:
        return f"{minutes}:{rest:02d}.{fraction:03d}"
    return f"{rest}.{fraction:03d}"
