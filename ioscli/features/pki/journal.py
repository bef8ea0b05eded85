"""A file that only grows: a line for each thing that happened, whole or not there, and on the disk when `synced` returns.

It lies beside the file systems, as the configuration register does, and takes none of their room. A line is the CRC-32 of what follows
in hexadecimal, a blank, and JSON. What a dead process left half-written at the end is cut off.
"""

from __future__ import annotations

import errno
import json
import os
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable
    from pathlib import Path

Record = dict[str, Any]
_HANDOFF = 0.0002  # seconds: a look at the disk that takes no longer costs less than a thread for it
_TURNS = 3  # of the event loop, in which others may come who will wait for the same look at the disk
_encode = json.JSONEncoder(separators=(",", ":")).encode  # made once: it takes as long as what it does


class Journal:
    """The records of one file. Raises OSError where it cannot be opened or written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = 0  # lines that could not be read
        self._handle: int | None = None
        self._end = 0  # of the file
        self._written = 0  # records appended since it was opened
        self._safe = 0  # of those, how many are on the disk
        self._quick = True  # whether the last look at the disk took no longer than a thread would
        self._running: asyncio.Future[None] | None = None

    def read(self) -> list[Record]:
        """All records, the oldest first; a torn last line is removed from the file."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(self.path, whole)
        records = []
        for line in data[:whole].splitlines():
            record = _parsed(line)
            if record is None:
                self.damaged += 1
            else:
                records.append(record)
        return records

    def append(self, record: Record) -> None:
        """Adds a record. However this process ends, it is there; `synced` waits until a power cut cannot undo it."""
        line = _line(record)
        if self._handle is None:
            self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._end = os.fstat(self._handle).st_size
        try:
            if os.write(self._handle, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(self._handle, self._end)
            raise
        self._end += len(line)
        self._written += 1

    async def synced(self) -> None:
        """Returns when what was appended is on the disk. Those who wait at the same time share one look at it."""
        import asyncio

        wanted = self._written
        if self._quick and self._running is None and self._handle is not None and self._safe < wanted:
            self._looked(self._handle)
            self._safe = wanted
        while self._safe < wanted and self._handle is not None:
            if self._running is None:
                self._running = asyncio.ensure_future(self._sync(self._handle))
            await asyncio.shield(self._running)

    async def _sync(self, handle: int) -> None:
        import asyncio

        try:
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            mark = self._written
            await asyncio.get_running_loop().run_in_executor(None, self._looked, handle)
            self._safe = max(self._safe, mark)
        finally:
            self._running = None

    def _looked(self, handle: int) -> None:
        start = perf_counter()
        os.fdatasync(handle)
        self._quick = perf_counter() - start < _HANDOFF

    def replace(self, records: Iterable[Record]) -> None:
        """Puts other records into the place of all, at once."""
        fresh = self.path.with_name(f".new-{self.path.name}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines(_line(record) for record in records)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        self.close()
        self._safe = self._written

    def close(self) -> None:
        if self._handle is not None and self._running is None:
            os.close(self._handle)
        self._handle = None

    def remove(self) -> None:
        """The file is no more."""
        self.close()
        self.path.unlink(missing_ok=True)


def _line(record: Record) -> bytes:
    text = _encode(record).encode()
    return b"%08x %s\n" % (crc32(text), text)


def _parsed(line: bytes) -> Record | None:
    check, _, text = line.partition(b" ")
    try:
        record = json.loads(text) if int(check, 16) == crc32(text) else None
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
