"""Streams and datagrams on real sockets, for the nets that have them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, cast

from ioscli.net.streams import NetError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ioscli.net.streams import Endpoint, Stream

_CHUNK = 65536
_BACKLOG = 128
_QUEUE = 1024  # datagrams that wait to be received


class SocketStream:
    """An asyncio connection in the terms of this package. A connection that breaks looks like one that ends."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, local: Endpoint, peer: Endpoint) -> None:
        self.local, self.peer = local, peer
        self._reader, self._writer = reader, writer
        connection = writer.get_extra_info("socket")
        if connection is not None:
            # Without it a small answer waits for the acknowledgement of the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def read(self) -> bytes:
        try:
            return await self._reader.read(_CHUNK)
        except OSError:
            return b""

    async def write(self, data: bytes) -> None:
        if self._writer.is_closing():
            return
        with contextlib.suppress(OSError):
            self._writer.write(data)
            await self._writer.drain()

    async def end(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            if self._writer.can_write_eof() and not self._writer.is_closing():
                self._writer.write_eof()

    def close(self) -> None:
        self._writer.close()

    def abort(self) -> None:
        """At once, without what is still to be written."""
        self._writer.transport.abort()


class SocketListener:
    """A listening socket. `forget` is called once when it closes."""

    def __init__(self, server: asyncio.Server, local: Endpoint, forget: Callable[[SocketListener], None]) -> None:
        self.local = local
        self.where: Endpoint = server.sockets[0].getsockname()[:2]
        self.closed = asyncio.Event()
        self._server = server
        self._forget = forget

    def close(self) -> None:
        self._server.close()
        self.closed.set()
        self._forget(self)


async def start_listener(bound: socket.socket, connected: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> asyncio.Server:
    return await asyncio.start_server(connected, sock=bound, backlog=_BACKLOG, limit=_CHUNK)


def bind(kind: socket.SocketKind, where: Endpoint) -> socket.socket:
    """A socket of that kind on a real address and port. OSError."""
    opened = socket.socket(socket.AF_INET, kind)
    try:
        if kind is socket.SOCK_STREAM:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.setblocking(False)
        opened.bind(where)
    except BaseException:
        opened.close()
        raise
    return opened


class SocketDatagrams(asyncio.DatagramProtocol):
    """A UDP socket. `outward` and `inward` turn IOS addresses into real ones and back."""

    def __init__(
        self,
        local: Endpoint,
        outward: Callable[[Endpoint], Endpoint | None],
        inward: Callable[[Endpoint], Endpoint],
        forget: Callable[[SocketDatagrams], None],
    ) -> None:
        self.local = local
        self.where: Endpoint | None = None
        self.closed = asyncio.Event()  # the kernel's socket is gone
        self._outward, self._inward, self._forget = outward, inward, forget
        self._ended = False
        self._queue: asyncio.Queue[tuple[bytes, Endpoint] | None] = asyncio.Queue(_QUEUE)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # by its methods; by class only from Python 3.13 on
        self.where = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait((data, self._inward(addr)))

    def connection_lost(self, exc: Exception | None) -> None:
        _ = exc
        self.closed.set()

    def error_received(self, exc: Exception) -> None:
        """Nobody is there: the datagram is lost, as on a wire."""

    async def receive(self) -> tuple[bytes, Endpoint]:
        item = None if self._ended else await self._queue.get()
        if item is None:
            raise NetError("the socket is closed")
        return item

    def send(self, data: bytes, to: Endpoint) -> None:
        real = self._outward(to)
        if real is not None and self._transport is not None and not self._ended:
            self._transport.sendto(data, real)

    def close(self) -> None:
        if self._ended or self._transport is None:
            return
        self._ended = True
        self._transport.close()
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)
        self._forget(self)


async def start_datagrams(bound: socket.socket, protocol: SocketDatagrams) -> None:
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: protocol, sock=bound)


class Serving:
    """The tasks that serve connections, and their end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def wrap(
        self, accept: Callable[[Stream], Awaitable[None]], local: Callable[[Endpoint], Endpoint], inward: Callable[[Endpoint], Endpoint]
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        """What asyncio is to call. `local` and `inward` name this end and the other in IOS terms, from their real endpoints."""

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            stream = None
            try:
                peer = writer.get_extra_info("peername")
                if peer is None:
                    return  # gone already
                stream = SocketStream(reader, writer, local(writer.get_extra_info("sockname")[:2]), inward(peer[:2]))
                await accept(stream)
            except asyncio.CancelledError:
                # asyncio's own callback would report this as an error of ours.
                if stream is not None:
                    stream.abort()
            finally:
                self._tasks.discard(task)
                writer.close()

        return connected

    async def end(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # asyncio closes sockets in the turn of the loop after
