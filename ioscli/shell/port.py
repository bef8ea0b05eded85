"""The far end of a terminal under an event loop: characters arrive when they like, and a break stops what is being done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Disconnected
from ioscli.device.turn import loop
from ioscli.shell.vty import BREAK, Vty

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_PATIENCE = 0.02  # seconds that a paste may keep everybody else waiting
_MANY = 1 << 20  # characters that wait: more are not taken


class Port:
    """A terminal that somebody else types at: whoever has the characters calls `received`, and `lost` when there are no more.

    `write(text)`: where text goes.
    """

    def __init__(self, write: Callable[[str], object], location: str = "") -> None:
        self.vty = Vty(write, self._more, location)
        self.vty.rest = self._rest
        self.vty.wake = self._wake
        self.vty.interrupted = self._interrupted
        self._gone = False
        self._broken = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None
        self._waiter: asyncio.Future[bool] | None = None
        self._rested = 0.0

    def begun(self, running: asyncio.AbstractEventLoop) -> None:
        """An event loop runs from now on."""

    @property
    def full(self) -> bool:
        """Whether so much waits that no more should be taken."""
        return self.vty.keys.waiting > _MANY

    def received(self, text: str) -> None:
        """Characters have come."""
        if not self.vty.waiting and BREAK in text and self._task is not None:
            # What was typed before it is not wanted any more, either (ios-shell.md A4).
            text = text.rpartition(BREAK)[2]
            self.vty.keys.forget()
            self._broken = True
            self._task.cancel()
        self.vty.feed(text)
        self._wake()

    def lost(self) -> None:
        """Nobody is there any more."""
        self._gone = True
        self._wake()

    def _wake(self) -> None:
        self._settle(came=True)

    def _settle(self, *, came: bool) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(came)

    async def _more(self, seconds: float | None) -> bool:
        if self._loop is None:
            await self._begin()
        assert self._loop is not None
        if self._gone:
            raise Disconnected
        self._waiter = self._loop.create_future()
        late = None if seconds is None else self._loop.call_later(seconds, lambda: self._settle(came=False))
        try:
            return await self._waiter
        finally:
            self._waiter = None
            self._rested = self._loop.time()
            if late is not None:
                late.cancel()

    async def _begin(self) -> None:
        await loop()
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self.begun(self._loop)

    async def _rest(self) -> None:
        if self._loop is not None and self._loop.time() - self._rested > _PATIENCE:
            await loop()
            self._rested = self._loop.time()

    def _interrupted(self) -> bool:
        broken, self._broken = self._broken, False
        if broken and self._task is not None:
            self._task.uncancel()
        return broken
