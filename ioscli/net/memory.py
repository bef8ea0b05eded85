"""The net inside one process: no ports, no kernel, the same every time. Routers that share a Wire reach each other."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from weakref import WeakSet

from ioscli.net.streams import BindError, ConnectError, NetError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from ioscli.net.streams import Endpoint, Stream

_HIGH_WATER = 1 << 18  # octets that wait for a reader before a writer waits too
_QUEUE = 256  # datagrams that wait; further ones are lost, as in a kernel
_FIRST_EPHEMERAL = 49152


class Pipe:
    """Octets in one direction."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._changed = asyncio.Event()
        self._ended = False

    async def read(self) -> bytes:
        while not self._data and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        data = bytes(self._data)
        self._data.clear()
        self._changed.set()
        return data

    async def write(self, data: bytes) -> None:
        if self._ended:
            return
        self._data += data
        self._changed.set()
        while len(self._data) > _HIGH_WATER and not self._ended:
            self._changed.clear()
            await self._changed.wait()

    def end(self) -> None:
        self._ended = True
        self._changed.set()


class MemoryStream:
    """One end of two pipes."""

    def __init__(self, inward: Pipe, outward: Pipe, local: Endpoint, peer: Endpoint) -> None:
        self.local, self.peer = local, peer
        self._in, self._out = inward, outward

    async def read(self) -> bytes:
        return await self._in.read()

    async def write(self, data: bytes) -> None:
        await self._out.write(data)

    async def end(self) -> None:
        self._out.end()

    def close(self) -> None:
        self._out.end()
        self._in.end()


class Wire:
    """Who listens where. Keys are (protocol, address, port)."""

    def __init__(self) -> None:
        self.taken: dict[tuple[str, str, int], MemoryListener | MemoryDatagrams] = {}
        self.nets: WeakSet[MemoryNet] = WeakSet()

    def find(self, protocol: str, to: Endpoint) -> MemoryListener | MemoryDatagrams | None:
        return self.taken.get((protocol, *to))


class _Bound:
    """What listeners and datagram sockets share: keys in the wire for each of their addresses."""

    where = None

    def __init__(self, net: MemoryNet, protocol: str, address: str | None, port: int) -> None:
        self.local = (address or "0.0.0.0", port)  # noqa: S104 - the name for all addresses
        self._net, self._protocol, self._address = net, protocol, address
        self._keys: set[tuple[str, str, int]] = set()
        self.claim()

    def claim(self) -> None:
        taken = self._net.wire.taken
        keys = {(self._protocol, each, self.local[1]) for each in ((self._address,) if self._address else self._net.addresses)}
        for key in keys:
            if taken.get(key, self) is not self:
                raise BindError(self._protocol, key[1], key[2], "the port is in use")
        self._release()
        self._keys = keys
        taken.update(dict.fromkeys(keys, self))  # type: ignore[arg-type]

    def _release(self) -> None:
        for key in self._keys:
            self._net.wire.taken.pop(key, None)
        self._keys = set()

    def close(self) -> None:
        self._release()
        self._net.forget(self)


class MemoryListener(_Bound):
    """Starts a task for each connection."""

    def __init__(self, net: MemoryNet, address: str | None, port: int, accept: Callable[[Stream], Awaitable[None]]) -> None:
        super().__init__(net, "tcp", address, port)
        self._accept = accept

    def connected(self, stream: Stream) -> None:
        self._net.start(self._accept(stream))


class MemoryDatagrams(_Bound):
    """A short queue."""

    def __init__(self, net: MemoryNet, address: str | None, port: int) -> None:
        super().__init__(net, "udp", address, port)
        self._queue: deque[tuple[bytes, Endpoint]] = deque(maxlen=_QUEUE)
        self._changed = asyncio.Event()
        self._closed = False

    def put(self, data: bytes, sender: Endpoint) -> None:
        if len(self._queue) < _QUEUE:
            self._queue.append((data, sender))
            self._changed.set()

    async def receive(self) -> tuple[bytes, Endpoint]:
        while not self._queue:
            if self._closed:
                raise NetError("the socket is closed")
            self._changed.clear()
            await self._changed.wait()
        return self._queue.popleft()

    def send(self, data: bytes, to: Endpoint) -> None:
        found = self._net.wire.find("udp", to)
        if isinstance(found, MemoryDatagrams):
            found.put(data, (self._address or self._net.source, self.local[1]))

    def close(self) -> None:
        super().close()
        self._closed = True
        self._changed.set()


class MemoryNet:
    """One router on a wire."""

    def __init__(self, wire: Wire | None = None, addresses: Iterable[str] = ()) -> None:
        self.wire = wire if wire is not None else Wire()
        self.addresses = tuple(addresses)
        self.wire.nets.add(self)
        self._bound: list[_Bound] = []
        self._tasks: set[asyncio.Future[None]] = set()
        self._ephemeral = _FIRST_EPHEMERAL

    @property
    def source(self) -> str:
        return self.addresses[0] if self.addresses else "0.0.0.0"  # noqa: S104

    def start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self, bound: _Bound) -> None:
        if bound in self._bound:
            self._bound.remove(bound)

    def readdress(self, addresses: Iterable[str]) -> None:
        self.addresses = tuple(addresses)
        for bound in self._bound:
            bound.claim()

    def join(self) -> None:
        """Those on a wire know each other."""

    def knows(self, address: str) -> bool:
        return any(address in net.addresses for net in self.wire.nets)

    def _port(self) -> int:
        self._ephemeral = _FIRST_EPHEMERAL if self._ephemeral >= 0xFFFF else self._ephemeral + 1
        return self._ephemeral

    async def listen(self, port: int, accept: Callable[[Stream], Awaitable[None]], *, address: str | None = None) -> MemoryListener:
        listener = MemoryListener(self, address, port, accept)
        self._bound.append(listener)
        return listener

    async def connect(self, address: str, port: int, *, source: str | None = None, patience: float = 10) -> MemoryStream:
        _ = patience
        found = self.wire.find("tcp", (address, port))
        if not isinstance(found, MemoryListener):
            raise ConnectError(address, port, "nobody listens there")
        there, back = Pipe(), Pipe()
        local, peer = (source or self.source, self._port()), (address, port)
        found.connected(MemoryStream(there, back, peer, local))
        return MemoryStream(back, there, local, peer)

    async def datagrams(self, port: int = 0, *, address: str | None = None) -> MemoryDatagrams:
        socket = MemoryDatagrams(self, address, port or self._port())
        self._bound.append(socket)
        return socket

    async def close(self) -> None:
        self.wire.nets.discard(self)
        for bound in list(self._bound):
            bound.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
