"""The console: the terminal that ioscli was started on, in raw mode, its size that of the window."""

from __future__ import annotations

import codecs
import contextlib
import os
import signal
import sys
import termios
import tty
from typing import TYPE_CHECKING

from ioscli.shell.port import Port

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from ioscli.device.session import Session

_CHUNK = 1 << 16
_BATCH = 1 << 14  # characters that are written at once
_BRACKETED, _UNBRACKETED = "\x1b[?2004h", "\x1b[?2004l"
_ENDING = signal.SIGHUP, signal.SIGINT, signal.SIGTERM
_UNSAID = (24, 80)  # length and width that nobody has said


class Console(Port):
    """The terminal of this process, between `with` and its end: keys come as they are pressed, and nothing else echoes them."""

    def __init__(self) -> None:
        super().__init__(self.write)
        self._in, self._to = sys.stdin.fileno(), sys.stdout.fileno()
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._pending: list[str] = []
        self._size = 0
        self._running: asyncio.AbstractEventLoop | None = None
        self._reading = False
        self.at_start: list[Callable[[asyncio.AbstractEventLoop], object]] = []  # called when an event loop runs

    def __enter__(self) -> Self:
        self._saved = termios.tcgetattr(self._in)
        tty.setraw(self._in, termios.TCSADRAIN)
        self._put(_BRACKETED)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._running is not None and not self._running.is_closed():
            self._running.remove_reader(self._in)
            for number in (signal.SIGWINCH, *_ENDING):
                self._running.remove_signal_handler(number)
        self.flush()
        self._put(_UNBRACKETED)
        with contextlib.suppress(termios.error):  # the terminal may be gone
            termios.tcsetattr(self._in, termios.TCSADRAIN, self._saved)

    def write(self, text: str) -> None:
        """Prints a text: with the next key that is waited for, or sooner."""
        if not self._pending and self._running is not None and not self._running.is_closed():
            self._running.call_soon(self.flush)
        self._pending.append(text)
        self._size += len(text)
        if self._size > _BATCH:
            self.flush()

    def flush(self) -> None:
        if self._pending:
            text = "".join(self._pending)
            self._pending.clear()
            self._size = 0
            self._put(text.replace("\n", "\r\n"))

    def _put(self, text: str) -> None:
        data = text.encode("utf-8", "surrogateescape")
        try:
            while data:
                data = data[os.write(self._to, data) :]
        except OSError:
            self.lost()

    def begun(self, running: asyncio.AbstractEventLoop) -> None:
        self._running = running
        self._listen()
        for start in self.at_start:
            start(running)
        running.add_signal_handler(signal.SIGWINCH, self._resized)
        for number in _ENDING:
            running.add_signal_handler(number, self._end)

    def _end(self) -> None:
        """Somebody outside ends the process: as if the terminal were gone, and at once the second time."""
        assert self._running is not None
        for number in _ENDING:
            self._running.remove_signal_handler(number)
        self.lost()

    async def _more(self, seconds: float | None) -> bool:
        self.flush()
        if self._running is not None and not self._reading:
            self._listen()
        return await super()._more(seconds)

    def _listen(self) -> None:
        assert self._running is not None
        self._running.add_reader(self._in, self._readable)
        self._reading = True

    def _readable(self) -> None:
        try:
            data = os.read(self._in, _CHUNK)
        except OSError:
            data = b""
        if not data:
            self._deafen()
            self.lost()
            return
        self.received(self._decoder.decode(data))
        if self.full:
            self._deafen()

    def _deafen(self) -> None:
        assert self._running is not None
        self._running.remove_reader(self._in)
        self._reading = False

    def fit(self, session: Session) -> None:
        """Gives a session the size of the window, where its line says nothing of it."""
        if (session.length, session.width) == _UNSAID:
            self._resized()

    def _resized(self) -> None:
        session = self.vty.session
        if session is None or session.sized:
            return
        try:
            session.width, session.length = os.get_terminal_size(self._to)
        except OSError:
            return
