"""The net of a laptop: each router has a real address in 127.0.0.0/8, and real sockets that any tool of the host can reach.

IOS address 10.1.2.3 is tried as 127.10.2.3. Ports below 1024 move by 8000 where they may not be bound. `net.json` in the router's
state folder says which is which; the map folder is where routers, also of several processes, find each other.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import socket
from typing import TYPE_CHECKING

from ioscli.net.host import connect_to, reason_of
from ioscli.net.registry import Registry, TakenError, socket_key
from ioscli.net.sockets import Serving, SocketDatagrams, SocketListener, bind, start_datagrams, start_listener
from ioscli.net.streams import BindError, ConnectError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator
    from pathlib import Path

    from ioscli.net.sockets import SocketStream
    from ioscli.net.streams import Endpoint, Stream

MOVED = 8000  # added to ports below 1024
_CANDIDATES = 16  # real addresses that are tried
_ALL = "0.0.0.0"  # noqa: S104 - the name for all addresses


class LoopbackNet:
    """One router. state: its own folder; folder: the map shared with the others (default: state). Addresses may change later."""

    def __init__(self, state: Path, addresses: Iterable[str] = (), *, folder: Path | None = None, router: str = "Router") -> None:
        self.addresses = tuple(addresses)
        self.real: str | None = None  # this router's address in 127.0.0.0/8, once it needs one
        self._state, self._router = state, router
        self._registry = Registry(folder or state, router)
        self._open: dict[SocketListener | SocketDatagrams, tuple[str, str | None]] = {}  # protocol, address
        self._claimed: dict[SocketListener | SocketDatagrams, set[str]] = {}
        self._quiet: set[SocketDatagrams] = set()  # on a port of no name: not in the map, since their port is the real one
        self._serving = Serving()
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write_map()

    # ---- addresses

    def readdress(self, addresses: Iterable[str]) -> None:
        """BindError if another router listens on one of them; the others are claimed nevertheless."""
        self.addresses = tuple(addresses)
        if self.real is not None:
            self._registry.claim_hosts(self.addresses, self.real)
        failed = None
        for opened in list(self._open):
            try:
                self._claim(opened)
            except BindError as error:
                failed = error
        if failed is not None:
            raise failed

    def join(self) -> None:
        if self.addresses:
            self._source()

    def knows(self, address: str) -> bool:
        return address in self.addresses or self._registry.host(address) is not None

    def _candidates(self) -> Iterator[str]:
        """Real addresses to try, the readable one first."""
        if self.addresses:
            first, _, third, fourth = self.addresses[0].split(".")
            yield f"127.{first}.{third}.{fourth}"
        for attempt in range(_CANDIDATES):
            octets = hashlib.sha256(f"{self._router} {self.addresses[:1]} {attempt}".encode()).digest()
            yield f"127.{octets[0] % 254 + 1}.{octets[1]}.{octets[2] % 254 + 1}"

    def _unowned(self) -> list[str]:
        """Candidates that no other router of the folder has."""
        return [real for real in self._candidates() if self._registry.owner(real) in {None, self._router}]

    def _settle(self, real: str) -> str:
        if self.real != real:
            self.real = real
            self._registry.claim_hosts(self.addresses, real)
        return real

    def _source(self) -> str:
        """The real address that connections come from."""
        if self.real is None:
            return self._settle(next(filter(_can_bind, self._unowned()), "127.0.0.1"))
        return self.real

    # ---- binding

    def _bind(self, protocol: str, address: str | None, port: int) -> socket.socket:
        """On the router's real address; while it has none, the first that is free. The port itself, else the moved one, else any. BindError."""
        kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
        reals = [self.real] if self.real is not None else [*self._unowned(), "127.0.0.1"]
        failed: OSError | None = None
        for number in (port, port + MOVED, 0) if 0 < port < 1024 else (port, 0):
            for real in reals:
                try:
                    bound = bind(kind, (real, number))
                except OSError as error:
                    failed = error
                    continue
                self._settle(real)
                return bound
        assert failed is not None
        raise BindError(protocol, address, port, reason_of(failed)) from failed

    def _keys(self, opened: SocketListener | SocketDatagrams) -> set[str]:
        protocol, address = self._open[opened]
        return {socket_key(protocol, (each, opened.local[1])) for each in ((address,) if address else self.addresses)}

    def _claim(self, opened: SocketListener | SocketDatagrams) -> None:
        """Enter the socket into the map under all its IOS addresses. BindError."""
        protocol, address = self._open[opened]
        keys, claimed = self._keys(opened), self._claimed.setdefault(opened, set())
        assert opened.where is not None
        if claimed - keys:
            self._registry.release(claimed - keys)
            claimed &= keys
        try:
            self._registry.claim(keys - claimed, opened.where)
        except TakenError as error:
            raise BindError(protocol, address, opened.local[1], str(error)) from error
        else:
            claimed |= keys
        finally:
            self._claimed[opened] = claimed
            self._write_map()

    def _register(self, opened: SocketListener | SocketDatagrams, protocol: str, address: str | None) -> None:
        self._open[opened] = (protocol, address)
        try:
            self._claim(opened)
        except BindError:
            opened.close()
            raise

    def _forget(self, closed: SocketListener | SocketDatagrams) -> None:
        self._quiet.discard(closed)
        if self._open.pop(closed, None) is not None:
            self._registry.release(self._claimed.pop(closed, set()))
            self._write_map()

    def _write_map(self) -> None:
        """`net.json`: one entry for each IOS address of each listening socket; `*` while the router has no address."""
        entries = {}
        for opened, (protocol, address) in self._open.items():
            assert opened.where is not None
            for each in (address,) if address else self.addresses or ("*",):
                entries[socket_key(protocol, (each, opened.local[1]))] = "{}:{}".format(*opened.where)
        temporary = self._state / f"net.json.{os.getpid()}"
        temporary.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n")
        temporary.replace(self._state / "net.json")

    # ---- the face of a net

    async def listen(self, port: int, accept: Callable[[Stream], Awaitable[None]], *, address: str | None = None) -> SocketListener:
        bound = self._bind("tcp", address, port)
        local = (address or _ALL, port or bound.getsockname()[1])

        def named(_: Endpoint) -> Endpoint:
            # All addresses of the router are one real address: which one the peer had in mind cannot be told.
            return address or next(iter(self.addresses), _ALL), local[1]

        server = await start_listener(bound, self._serving.wrap(accept, named, lambda peer: self._registry.name_of("tcp", peer)))
        listener = SocketListener(server, local, self._forget)
        self._register(listener, "tcp", address)
        return listener

    async def connect(self, address: str, port: int, *, source: str | None = None, patience: float = 10) -> SocketStream:
        real = self._registry.find("tcp", (address, port))
        if real is None and address.startswith("127."):
            real = (address, port)  # the host's own: a foreign server on this machine
        if real is None:
            known = self._registry.host(address) is not None
            raise ConnectError(address, port, reason_of(OSError(errno.ECONNREFUSED if known else errno.EHOSTUNREACH, "")))
        stream = await connect_to((address, port), real, (self._source(), 0), patience)
        stream.local = (source or (self.addresses[0] if self.addresses else stream.local[0]), stream.local[1])
        return stream

    async def datagrams(self, port: int = 0, *, address: str | None = None) -> SocketDatagrams:
        bound = self._bind("udp", address, port)
        local = (address or _ALL, port or bound.getsockname()[1])
        protocol = SocketDatagrams(local, self._outward, lambda peer: self._registry.name_of("udp", peer), self._forget)
        await start_datagrams(bound, protocol)
        if port:
            self._register(protocol, "udp", address)
        else:
            self._quiet.add(protocol)
        return protocol

    def _outward(self, to: Endpoint) -> Endpoint | None:
        real = self._registry.find("udp", to)
        if real is None:
            host = self._registry.host(to[0]) or (to[0] if to[0].startswith("127.") else None)
            return None if host is None else (host, to[1])
        return real

    async def close(self) -> None:
        for each in [*self._open, *self._quiet]:
            each.close()
            await each.closed.wait()
        self._registry.leave()
        await self._serving.end()


def _can_bind(real: str) -> bool:
    try:
        bind(socket.SOCK_STREAM, (real, 0)).close()
    except OSError:
        return False
    return True
