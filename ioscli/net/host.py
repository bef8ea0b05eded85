"""The net of the host: IOS addresses are the host's own (or the container's, or the namespace's), ports are the real ones."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import TYPE_CHECKING

from ioscli.net.sockets import Serving, SocketDatagrams, SocketListener, SocketStream, bind, start_datagrams, start_listener
from ioscli.net.streams import BindError, ConnectError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from ioscli.net.streams import Endpoint, Stream

_ALL = "0.0.0.0"  # noqa: S104 - what listening on all addresses means


class HostNet:
    """One router that has the host's addresses."""

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self.addresses = tuple(addresses)
        self._open: list[SocketListener | SocketDatagrams] = []
        self._serving = Serving()

    def readdress(self, addresses: Iterable[str]) -> None:
        """Listeners on all addresses need no change: they listen on whatever the host has."""
        self.addresses = tuple(addresses)

    def join(self) -> None:
        """The host is known."""

    def knows(self, address: str) -> bool:
        """Only its own: whoever else has one is found out by asking."""
        return address in self.addresses

    def _bind(self, protocol: str, kind: socket.SocketKind, address: str | None, port: int) -> socket.socket:
        try:
            return bind(kind, (address or _ALL, port))
        except OSError as error:
            raise BindError(protocol, address, port, reason_of(error)) from error

    async def listen(self, port: int, accept: Callable[[Stream], Awaitable[None]], *, address: str | None = None) -> SocketListener:
        bound = self._bind("tcp", socket.SOCK_STREAM, address, port)
        local = (address or _ALL, bound.getsockname()[1])
        server = await start_listener(bound, self._serving.wrap(accept, lambda real: real, lambda peer: peer))
        listener = SocketListener(server, local, self._forget)
        self._open.append(listener)
        return listener

    async def connect(self, address: str, port: int, *, source: str | None = None, patience: float = 10) -> SocketStream:
        return await connect_to((address, port), (address, port), (source, 0) if source else None, patience)

    async def datagrams(self, port: int = 0, *, address: str | None = None) -> SocketDatagrams:
        bound = self._bind("udp", socket.SOCK_DGRAM, address, port)
        protocol = SocketDatagrams((address or _ALL, bound.getsockname()[1]), lambda to: to, lambda peer: peer, self._forget)
        await start_datagrams(bound, protocol)
        self._open.append(protocol)
        return protocol

    def _forget(self, closed: SocketListener | SocketDatagrams) -> None:
        if closed in self._open:
            self._open.remove(closed)

    async def close(self) -> None:
        opened = list(self._open)
        for each in opened:
            each.close()
            await each.closed.wait()
        await self._serving.end()


def reason_of(error: OSError) -> str:
    """In the operating system's words, without its numbers: `Address already in use`."""
    return os.strerror(error.errno) if error.errno else str(error)


async def connect_to(named: Endpoint, real: Endpoint, source: Endpoint | None, patience: float, local: Endpoint | None = None) -> SocketStream:
    """A connection to a real endpoint that the router calls `named`. ConnectError."""
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(*real, local_addr=source)
    except TimeoutError as error:
        raise ConnectError(*named, "no answer") from error
    except OSError as error:
        raise ConnectError(*named, reason_of(error)) from error
    return SocketStream(reader, writer, local or writer.get_extra_info("sockname")[:2], named)
