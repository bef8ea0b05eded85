"""A connection to the web server: its requests go to the pages, and what goes over it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.turn import settled
from ioscli.features.core.http import Past
from ioscli.net import serve as serve_on
from ioscli.wire import http

if TYPE_CHECKING:
    from ioscli.features.core.http import HttpServer
    from ioscli.net import Connection, Service
    from ioscli.wire.http import Request, Response

_PATIENCE = 30.0  # seconds in which a request must be complete


class WebConnection(http.HttpServer):
    """HTTP on one connection, with `ip http timeout-policy`: it ends after so many requests, and a while after it began."""

    def __init__(self, now: float, server: HttpServer) -> None:
        super().__init__(now, patience=_PATIENCE, idle=server.settings.idle)
        self.received = self.sent = self.requests = 0
        self._web = server
        self._ends = now + server.settings.life

    def receive(self, data: bytes, now: float) -> None:
        self.received += len(data)
        super().receive(data, now)

    def send(self, response: Response, now: float) -> None:
        self.requests += 1
        if self.requests >= self._web.settings.requests or now >= self._ends:
            response = http.Response(response.status, {**response.headers, "Connection": "close"}, response.body)
        super().send(response, now)

    def output(self) -> bytes:
        data = super().output()
        self.sent += len(data)
        return data


async def serve(server: HttpServer, port: int, *, secure: bool) -> Service[WebConnection]:
    """Listens. Raises BindError."""
    device = server.device

    async def answer(connection: Connection[WebConnection], request: Request) -> None:
        if connection.machine.requests == 0:
            server.accepted += 1
        if "http.url" in device.debugs or "http.all" in device.debugs:
            text = f"HTTP: processing URL '{request.path}' from host {connection.peer[0]}"
            device.log.debug(text)
        page = server.page(request.path)
        if page is None:
            connection.send(_plain(404, "Not Found"))
            return
        try:
            response = await settled(page(request, connection.peer))
        except Exception as error:  # noqa: BLE001 - one request's misfortune; the peer is told nothing of it
            device.crashed(error, f"{request.method} {request.path}")
            response = _plain(500, "Internal Server Error")
        connection.send(response)

    def ended(connection: Connection[WebConnection]) -> None:
        machine = connection.machine
        server.history.append(Past(connection.local, connection.peer, machine.received, machine.sent, device.clock.now()))

    tls = None
    if secure:
        from ioscli.features.core.https import context

        tls, server.trustpoint = await context(device)
    return await serve_on(
        device.net,
        port,
        lambda now: WebConnection(now, server),
        answer,
        limit=server.settings.connections,
        allows=server.allows,
        ended=ended,
        tls=tls,
        crashed=lambda error: device.crashed(error, "HTTP connection"),
    )


def _plain(status: int, text: str) -> Response:
    return http.Response(status, {"Content-Type": "text/plain"}, f"{status} {text}\n".encode())
