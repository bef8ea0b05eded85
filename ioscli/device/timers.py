"""What a router will do at a later moment."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from ioscli.device.turn import run

if TYPE_CHECKING:
    from asyncio import Task, TimerHandle
    from collections.abc import Callable, Coroutine

    from ioscli.device.clock import Clock


class Timer:
    """Something to do once, `moment` seconds after the start. `cancelled`: it will not be done."""

    __slots__ = ("action", "cancelled", "moment", "number")

    def __init__(self, moment: float, number: int, action: Callable[[], None]) -> None:
        self.moment = moment
        self.number = number
        self.action = action
        self.cancelled = False

    def __lt__(self, other: Timer) -> bool:
        return (self.moment, self.number) < (other.moment, other.number)

    def cancel(self) -> None:
        self.cancelled = True


class Timers:
    """What is waiting. An event loop that runs wakes it; without one, whoever steps the clock calls `run`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._waiting: list[Timer] = []
        self._count = 0
        self._wake: TimerHandle | None = None
        self._working: set[Task[None]] = set()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Does something when so much time has passed."""
        self._count += 1
        timer = Timer(self.clock.uptime + seconds, self._count, action)
        heapq.heappush(self._waiting, timer)
        if self._waiting[0] is timer:
            self.arm()
        return timer

    def run(self) -> None:
        """Does what is due, in its order."""
        while self._waiting and (self._waiting[0].cancelled or self._waiting[0].moment <= self.clock.uptime):
            timer = heapq.heappop(self._waiting)
            if not timer.cancelled:
                timer.action()
        self.arm()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Does work that may have to wait, beside whatever else goes on."""
        import asyncio

        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:
            run(work)
            return
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    def arm(self) -> None:
        """Has the event loop that runs, if one does, wake it for the first one."""
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if not self._waiting:
            return
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._wake = loop.call_later(max(self._waiting[0].moment - self.clock.uptime, 0), self.run)

    def clear(self) -> None:
        """Nothing waits any more."""
        self._waiting.clear()
        self.arm()
