"""What a net offers: listeners, streams and datagrams between IOS addresses. The three nets of this package have this face.

An address is IPv4 text. Listening on address None means all addresses of the router (those of the net's `addresses`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

Endpoint = tuple[str, int]  # IOS address and port


class NetError(Exception):
    """What the nets raise."""


class BindError(NetError):
    """A service cannot listen."""

    def __init__(self, protocol: str, address: str | None, port: int, reason: str) -> None:
        super().__init__(f"cannot listen on {protocol} {address or '*'}:{port}: {reason}")
        self.protocol, self.address, self.port, self.reason = protocol, address, port, reason


class ConnectError(NetError):
    """A peer cannot be reached, or does not answer in time."""

    def __init__(self, address: str, port: int, reason: str) -> None:
        super().__init__(f"cannot reach {address}:{port}: {reason}")
        self.address, self.port, self.reason = address, port, reason


class Stream(Protocol):
    """One connection. `peer` and `local` are in IOS terms where the net can tell."""

    @property
    def peer(self) -> Endpoint: ...

    @property
    def local(self) -> Endpoint: ...

    async def read(self) -> bytes:
        """What came, or nothing at the end. A connection that breaks ends."""

    async def write(self, data: bytes) -> None:
        """Returns when the peer (or the kernel) has taken most of it. Writing to a peer that is gone does nothing."""

    async def end(self) -> None:
        """We write no more; the peer sees the end after what was written."""

    def close(self) -> None:
        """Both directions, at once."""


class Listener(Protocol):
    """One listening socket. `where` is the real socket, for people; memory has none."""

    @property
    def local(self) -> Endpoint:
        """With address "0.0.0.0" for all addresses."""

    @property
    def where(self) -> Endpoint | None: ...

    def close(self) -> None:
        """No new connections; those that there are live on."""


class Datagrams(Protocol):
    """One UDP socket."""

    @property
    def local(self) -> Endpoint: ...

    @property
    def where(self) -> Endpoint | None: ...

    async def receive(self) -> tuple[bytes, Endpoint]:
        """The next datagram and whom it is from. NetError after close."""

    def send(self, data: bytes, to: Endpoint) -> None:
        """Lost if nobody is there."""

    def close(self) -> None: ...


class Net(Protocol):
    """One router's way to the others."""

    @property
    def addresses(self) -> tuple[str, ...]: ...

    def readdress(self, addresses: Iterable[str]) -> None:
        """The router's addresses are now these; listeners on all addresses follow."""

    def join(self) -> None:
        """Others know the router's addresses from now on, though it may listen nowhere."""

    def knows(self, address: str) -> bool:
        """Whether a router of this net has the address on an interface that is up."""

    async def listen(self, port: int, accept: Callable[[Stream], Awaitable[None]], *, address: str | None = None) -> Listener:
        """Accept runs for each connection, in a task of its own. BindError."""

    async def connect(self, address: str, port: int, *, source: str | None = None, patience: float = 10) -> Stream:
        """ConnectError if there is nobody, or no answer within patience seconds."""

    async def datagrams(self, port: int = 0, *, address: str | None = None) -> Datagrams:
        """Port 0: any free one. BindError."""

    async def close(self) -> None:
        """Listeners and sockets of this router close; tasks that serve connections are ended."""
