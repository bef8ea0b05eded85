"""What a router will do at a later moment."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from ioscli.device.turn import run

if TYPE_CHECKING:
    from asyncio import Task, TimerHandle
    from collections.abc import Callable, Coroutine

    from ioscli.device.clock import Clock


_DOING = "timer"  # what the crash file says that was being done


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
    """What is waiting. An event loop that runs wakes it; without one, whoever steps the clock calls `run`.

    `crashed(error, doing)` is told of what went wrong in an action: the others have nothing to do with it.
    """

    def __init__(self, clock: Clock, crashed: Callable[[BaseException, str], None]) -> None:
        self.clock = clock
        self._crashed = crashed
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
                self._do(timer.action)
        self.arm()

    def _do(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 - see the class
            self._crashed(error, _DOING)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Does work that may have to wait, beside whatever else goes on."""
        import asyncio

        try:
            task = asyncio.get_running_loop().create_task(work)
        except RuntimeError:
            self._do(lambda: run(work))
            return
        self._working.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._crashed(error, _DOING)

    async def run_due(self) -> None:
        """For whoever steps the clock of a router under an event loop: does what is due, to its end."""
        import asyncio

        self.run()
        while self._working:
            await asyncio.wait(self._working)

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
        """Nothing waits any more, and what is being done is called off."""
        for task in tuple(self._working):
            task.cancel()
        self._waiting.clear()
        self.arm()
