"""Machines as small as they get: a line comes in, a line goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.net import Endpoint


class EchoRefusal(Exception):  # noqa: N818 - it is one
    """What this protocol refuses."""


class Echo:
    """The server: an event for each line, one line back. Silence of half a second is too slow."""

    def __init__(self, now: float) -> None:
        self.closing = False
        self._data = b""
        self._lines: list[str] = []
        self._output = b""
        self._deadline: float | None = now + 0.5

    def receive(self, data: bytes, now: float) -> None:
        self._deadline = now + 0.5
        *lines, self._data = (self._data + data).split(b"\n")
        if b"bad" in lines:
            self._output += b"no\n"
            raise EchoRefusal
        self._lines += [line.decode() for line in lines]

    def events(self) -> Iterator[str]:
        while self._lines:
            yield self._lines.pop(0)

    def send(self, event: str, now: float) -> None:
        _ = now
        self._output += event.encode() + b"\n"

    def output(self) -> bytes:
        data, self._output = self._output, b""
        return data

    def deadline(self) -> float | None:
        return self._deadline

    def elapse(self, now: float) -> None:
        if self._deadline is not None and now >= self._deadline:
            self._output += b"too slow\n"
            self.closing = True


class Asker:
    """The client: one line out, one line back, the end."""

    def __init__(self, line: str) -> None:
        self.closing = False
        self._data = b""
        self._output = line.encode() + b"\n"
        self._ready: list[str] = []

    def receive(self, data: bytes, now: float) -> None:
        _ = now
        self._data += data
        if self._data.endswith(b"\n"):
            self._ready = [self._data.decode().strip()]
            self.closing = True

    def events(self) -> Iterator[str]:
        while self._ready:
            yield self._ready.pop()

    def output(self) -> bytes:
        data, self._output = self._output, b""
        return data

    def deadline(self) -> float | None:
        return None

    def elapse(self, now: float) -> None: ...


class EchoDatagrams:
    """Each datagram goes back in capitals."""

    def __init__(self) -> None:
        self._events: list[str] = []
        self._out: list[tuple[bytes, Endpoint]] = []

    def receive(self, data: bytes, peer: Endpoint, now: float) -> None:
        _ = now
        if data == b"bad":
            raise EchoRefusal
        self._events.append(data.decode())
        self._out.append((data.upper(), peer))

    def events(self) -> Iterator[str]:
        while self._events:
            yield self._events.pop()

    def datagrams(self) -> Iterator[tuple[bytes, Endpoint]]:
        while self._out:
            yield self._out.pop()

    def deadline(self) -> float | None:
        return None

    def elapse(self, now: float) -> None: ...
