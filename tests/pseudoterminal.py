"""A pseudo-terminal with the program at its far end: what a person at a keyboard has, for tests and benchmarks."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

ROOT = Path(__file__).parents[1]
STARTED = "Press RETURN to get started!\r\n\r\n\r\n"
_PATIENCE = 60.0
_PIECE = 4096  # characters that a terminal sends at once


class PseudoTerminal:
    """`python -m ioscli ARGUMENTS` on a terminal of its own; `shown` is all that it printed."""

    def __init__(self, *arguments: str | Path, rows: int = 24, columns: int = 80) -> None:
        self.terminal, far = pty.openpty()
        self.resize(rows, columns)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ioscli", *map(str, arguments)], stdin=far, stdout=far, stderr=far, start_new_session=True, cwd=ROOT
        )
        os.close(far)
        os.set_blocking(self.terminal, False)
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self.terminal)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def resize(self, rows: int, columns: int) -> None:
        """Makes the window another size; who sits in it is told."""
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if hasattr(self, "process"):
            self.process.send_signal(signal.SIGWINCH)
            time.sleep(0.2)  # there is nothing to see of it

    def type(self, text: str, until: str = "", *, seconds: float = _PATIENCE) -> str:
        """Types a text, and reads until `until` is the last that was printed. Returns what was printed meanwhile."""
        data = text.encode()
        start = len(self.shown)
        end = time.monotonic() + seconds
        while data or not self.shown.endswith(until) or len(self.shown) == start:
            readable, writable, _ = select.select([self.terminal], [self.terminal] if data else [], [], end - time.monotonic())
            assert readable or writable, f"waited in vain for {until!r} behind {self.shown[-300:]!r}"
            if readable and not self._read():
                break
            if writable:
                data = data[os.write(self.terminal, data[:_PIECE]) :]
            if not until and not data:
                break
        return self.shown[start:]

    def _read(self) -> bool:
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)

    def ended(self, seconds: float = _PATIENCE) -> int:
        """Reads until the program ends. Returns its exit status."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.05)[0] and not self._read():
                break
        return self.process.wait(timeout=max(end - time.monotonic(), 1))
