"""A terminal that is a file or a pipe: its lines are typed, and what is printed is the transcript of that."""

from __future__ import annotations

import codecs
import sys
from typing import TYPE_CHECKING

from ioscli.device.terminal import Disconnected
from ioscli.shell.vty import Vty

if TYPE_CHECKING:
    from typing import BinaryIO, TextIO

_CHUNK = 1 << 16


class Script:
    """Reads `source` (None: nobody types anything) as it is wanted and writes to `target`."""

    def __init__(self, source: BinaryIO | None, target: TextIO) -> None:
        self.vty = Vty(target.write, self._more)
        self._source = source
        self._target = target
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    async def _more(self, _: float | None) -> bool:
        self._target.flush()
        if self._source is None:
            raise Disconnected
        # Without an event loop there is nobody else to wait for.
        data = await _beside(self._source) if "asyncio" in sys.modules else _read(self._source)
        if not data:
            raise Disconnected
        self.vty.feed(self._decoder.decode(data))
        return True


def _read(source: BinaryIO) -> bytes:
    read: bytes = getattr(source, "read1", source.read)(_CHUNK)
    return read


async def _beside(source: BinaryIO) -> bytes:
    """Reads while the event loop, if one runs, goes on."""
    import asyncio

    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        return _read(source)
    return await running.run_in_executor(None, _read, source)
