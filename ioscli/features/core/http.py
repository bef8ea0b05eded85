"""The router's web server: features put their pages under its paths, and are told when it comes and goes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Refused
from ioscli.device.turn import loop, settled
from ioscli.features.core.access_list import permits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.http_connection import WebConnection
    from ioscli.net import Connection, Service
    from ioscli.net.streams import Endpoint
    from ioscli.wire.http import Request, Response

    Page = Callable[[Request, Endpoint], Awaitable[Response] | Response]
    """Answers a request from an address."""

_HISTORY = 20  # connections that are remembered


class Settings(NamedTuple):
    """What the configuration wants of the two servers. Times are in seconds; `secure`: the port of the one over TLS; None: it is off."""

    port: int | None
    secure: int | None
    connections: int
    idle: int
    life: int
    requests: int
    trustpoint: str

    @classmethod
    def of(cls, device: Device) -> Settings:
        policy = device.said("ip http timeout-policy idle", default="180 life 180 requests 1").split()
        return cls(
            int(device.said("ip http port", default="80")) if device.said("ip http server") == "on" else None,
            int(device.said("ip http secure-port", default="443")) if device.said("ip http secure-server") == "on" else None,
            int(device.said("ip http max-connections", default="5")),
            int(policy[0]),
            int(policy[2]),
            int(policy[4]),
            device.said("ip http secure-trustpoint"),
        )


class Past(NamedTuple):
    """A connection that has ended."""

    local: Endpoint
    peer: Endpoint
    received: int
    sent: int
    ended: float


class HttpServer:
    """The two web servers of a router. `listeners` are called when one has come or gone; `faults`: why one cannot listen, by its port."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.pages: dict[str, Page] = {}
        self.listeners: list[Callable[[], object]] = []
        self.settings = Settings(None, None, 5, 180, 180, 1, "")
        self.services: dict[int, Service[WebConnection]] = {}
        self.faults: dict[int, str] = {}
        self.trustpoint = ""  # whose certificate the server over TLS shows
        self.accepted = 0
        self.history: deque[Past] = deque(maxlen=_HISTORY)
        self._settling = self._closed = False

    @property
    def running(self) -> bool:
        """Whether the server without TLS listens."""
        return self.settings.port in self.services

    @property
    def connections(self) -> list[Connection[WebConnection]]:
        """Those that there are now."""
        return [connection for service in self.services.values() for connection in service.connections]

    async def settle(self) -> None:
        """Makes the servers agree with the configuration. To listen takes time: what changes meanwhile is seen by who is at it already."""
        if self._settling:
            return
        self._settling = True
        try:
            while not self._closed and (wanted := Settings.of(self.device)) != self.settings:
                await self._become(wanted)
        finally:
            self._settling = False

    async def _become(self, wanted: Settings) -> None:
        before, self.settings = set(self.services), wanted
        for service in self.services.values():
            service.close()
        self.services.clear()
        self.faults.clear()
        if wanted.port:
            await self._listen(wanted.port, secure=False)
        if wanted.secure:
            await self._listen(wanted.secure, secure=True)
        if set(self.services) != before:
            for listener in tuple(self.listeners):
                await settled(listener())

    async def _listen(self, port: int, *, secure: bool) -> None:
        await loop()
        from ioscli.features.core.http_connection import serve
        from ioscli.net import BindError

        try:
            service = await serve(self, port, secure=secure)
        except (BindError, Refused) as error:
            self.faults[port] = error.reason if isinstance(error, BindError) else str(error)
            self.device.log.message("HTTP", 3, "SERVER_LISTEN", f"HTTP server cannot listen on port {port}: {self.faults[port]}")
            return
        if self._closed:
            service.close()
        else:
            self.services[port] = service

    def allows(self, peer: Endpoint) -> bool:
        """Whether `ip http access-class` lets an address in."""
        words = self.device.said("ip http access-class").split()
        return not words or words[0] == "ipv6" or permits(self.device, words[-1], peer[0])

    def page(self, path: str) -> Page | None:
        """What answers for a path: the longest one that it begins with."""
        for known in sorted(self.pages, key=len, reverse=True):
            if path.lower() == known or path.lower().startswith(known.rstrip("/") + "/"):
                return self.pages[known]
        return None

    def close(self) -> None:
        """The router goes down."""
        self._closed = True
        for service in self.services.values():
            service.close()
        self.services.clear()


def server(session: Session, *, what: str) -> Iterator[str]:
    """`show ip http server`."""
    from ioscli.features.core import http_show

    return http_show.show(session, what)


async def apply(device: Device, touched: Touched) -> None:
    """Makes the web servers agree with `ip http ...`."""
    await device[HttpServer].settle()
