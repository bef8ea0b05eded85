"""A protocol machine on a socket, once for all protocols: read, receive, hand events to the handler, write, one timer."""

from __future__ import annotations

import asyncio
import inspect
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ioscli.net.streams import ConnectError
from ioscli.net.tls import TlsError, start_tls

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterable

    from ioscli.net.streams import Datagrams, Endpoint, Listener, Net, Stream

log = logging.getLogger(__name__)
_LINGER = 1.0  # seconds in which a peer may still send what we no longer read
_WRITE_PATIENCE = 30.0  # seconds in which a peer must take what we write

EventT_co = TypeVar("EventT_co", covariant=True)
MachineT = TypeVar("MachineT", bound="Machine[Any]")


class Machine(Protocol[EventT_co]):
    """One connection's protocol. Times are seconds of the loop's clock. A machine with `send` is answered through Connection.send."""

    closing: bool

    def receive(self, data: bytes, now: float) -> None:
        """No data: the peer has ended."""

    def events(self) -> Iterable[EventT_co]: ...

    def output(self) -> bytes: ...

    def deadline(self) -> float | None: ...

    def elapse(self, now: float) -> None:
        """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class Connection(Generic[MachineT]):
    """What a handler sees: the machine, and who is at the other end. Reading and writing the stream is not the handler's business."""

    machine: MachineT
    peer: Endpoint
    local: Endpoint
    stream: Stream  # a TlsStream knows the peer's certificate

    def send(self, event: object) -> None:
        """Answer, by the send of the machine, which is told the time too."""
        self.machine.send(event, _now())  # type: ignore[attr-defined]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _logged(error: Exception) -> None:
    log.error("a service failed", exc_info=error)


class Service(Generic[MachineT]):
    """One listening service. `connections` are those that there are now; `turned_away` counts those that were too many."""

    def __init__(
        self,
        factory: Callable[[float], MachineT],
        handler: Callable[[Connection[MachineT], Any], Awaitable[None] | None],
        *,
        limit: int,
        refusals: tuple[type[Exception], ...],
        allows: Callable[[Endpoint], bool] | None,
        tls: ssl.SSLContext | None = None,
        ended: Callable[[Connection[MachineT]], None] | None = None,
        crashed: Callable[[Exception], object],
    ) -> None:
        self.listener: Listener | None = None
        self.connections: set[Connection[MachineT]] = set()
        self.turned_away = 0
        self._factory, self._handler = factory, handler
        self._limit, self._refusals, self._allows, self._tls = limit, refusals, allows, tls
        self._ended, self._crashed = ended, crashed
        self._shaking = 0  # handshakes under way

    async def accept(self, stream: Stream) -> None:
        if len(self.connections) + self._shaking >= self._limit or (self._allows is not None and not self._allows(stream.peer)):
            self.turned_away += 1
            stream.close()
            return
        if self._tls is not None:
            self._shaking += 1
            try:
                stream = await start_tls(stream, self._tls, server=True)
            except TlsError as error:
                log.info("%s:%s: %s", *stream.peer, error)
                return
            finally:
                self._shaking -= 1
        connection = Connection(self._factory(_now()), stream.peer, stream.local, stream)
        self.connections.add(connection)
        try:
            await converse(stream, connection, self._handler, self._refusals)
        except Exception as error:  # noqa: BLE001 - one connection's misfortune is not another's, nor the peer's to know
            self._crashed(error)
        finally:
            self.connections.discard(connection)
            if self._ended is not None:
                self._ended(connection)
            stream.close()

    def close(self) -> None:
        if self.listener is not None:
            self.listener.close()


async def converse(
    stream: Stream,
    connection: Connection[MachineT],
    handler: Callable[[Connection[MachineT], Any], Awaitable[None] | None],
    refusals: tuple[type[Exception], ...] = (),
    *,
    linger: bool = True,
) -> None:
    """Until the machine wants to close, or the peer is gone. A machine that raises one of refusals has had enough of its peer."""
    machine, ended = connection.machine, False
    while True:
        for event in machine.events():
            result = handler(connection, event)
            if inspect.isawaitable(result):
                await result
        data = machine.output()
        if data and not await _written(stream, data):
            return
        if machine.closing or ended:
            break
        deadline = machine.deadline()
        try:
            async with asyncio.timeout_at(deadline):
                data = await stream.read()
        except TimeoutError:
            machine.elapse(_now())
            continue
        ended = not data
        try:
            machine.receive(data, _now())
        except refusals as error:
            log.info("%s:%s refused: %s", *stream.peer, error)
            await _written(stream, machine.output())
            break
    if linger and not ended:
        await _linger(stream)


async def _written(stream: Stream, data: bytes) -> bool:
    try:
        async with asyncio.timeout(_WRITE_PATIENCE):
            await stream.write(data)
    except TimeoutError:
        return False
    return True


async def _linger(stream: Stream) -> None:
    """To close at once with octets unread would reset the connection, and the peer might lose our last answer (RFC 9112 9.6)."""
    try:
        async with asyncio.timeout(_LINGER):
            await stream.end()
            while await stream.read():
                pass
    except TimeoutError:
        pass


async def serve(
    net: Net,
    port: int,
    factory: Callable[[float], MachineT],
    handler: Callable[[Connection[MachineT], Any], Awaitable[None] | None],
    *,
    address: str | None = None,
    limit: int = 200,
    refusals: tuple[type[Exception], ...] = (),
    allows: Callable[[Endpoint], bool] | None = None,
    tls: ssl.SSLContext | None = None,
    ended: Callable[[Connection[MachineT]], None] | None = None,
    crashed: Callable[[Exception], object] = _logged,
) -> Service[MachineT]:
    """A service on a port: factory(now) makes a machine for each connection, handler(connection, event) answers. BindError.

    limit: connections at once; more are closed as they come. allows: an access list. refusals: what a machine's receive may raise.
    tls: from server_context. ended: told of each connection that is over. crashed: told of what was raised beside that; it is never told to the peer.
    """
    service: Service[MachineT] = Service(factory, handler, limit=limit, refusals=refusals, allows=allows, tls=tls, ended=ended, crashed=crashed)
    service.listener = await net.listen(port, service.accept, address=address)
    return service


async def exchange(
    net: Net,
    address: str,
    port: int,
    machine: Machine[EventT_co],
    *,
    patience: float = 30,
    source: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> list[EventT_co]:
    """Run a client's machine against (address, port) until it closes; its events. ConnectError, also after patience seconds; TlsError.

    What the machine's receive raises goes to the caller.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    stream = await net.connect(address, port, source=source, patience=patience)
    events: list[EventT_co] = []
    try:
        async with asyncio.timeout_at(until):
            if tls is not None:
                stream = await start_tls(stream, tls, name=address, patience=patience)
            await converse(stream, Connection(machine, stream.peer, stream.local, stream), lambda _, event: events.append(event), linger=False)
    except TimeoutError as error:
        raise ConnectError(address, port, "no answer") from error
    finally:
        stream.close()
    return events


class DatagramMachine(Protocol[EventT_co]):
    """A protocol on one UDP socket: all peers in one machine."""

    def receive(self, data: bytes, peer: Endpoint, now: float) -> None: ...

    def events(self) -> Iterable[EventT_co]: ...

    def datagrams(self) -> Iterable[tuple[bytes, Endpoint]]:
        """What is to be sent, and to whom."""

    def deadline(self) -> float | None: ...

    def elapse(self, now: float) -> None: ...


async def serve_datagrams(
    socket: Datagrams,
    machine: DatagramMachine[EventT_co],
    handler: Callable[[EventT_co], Awaitable[None] | None],
    refusals: tuple[type[Exception], ...] = (),
) -> None:
    """Until cancelled, or the socket is closed (NetError). A datagram that raises one of refusals is as good as lost."""
    while True:
        for event in machine.events():
            result = handler(event)
            if inspect.isawaitable(result):
                await result
        for data, to in machine.datagrams():
            socket.send(data, to)
        try:
            async with asyncio.timeout_at(machine.deadline()):
                data, peer = await socket.receive()
        except TimeoutError:
            machine.elapse(_now())
            continue
        try:
            machine.receive(data, peer, _now())
        except refusals as error:
            log.info("%s:%s refused: %s", *peer, error)
