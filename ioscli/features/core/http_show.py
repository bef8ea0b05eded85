"""`show ip http server`: settings, connections and counts of the web servers (layout of 15.x: that of XE without its later lines)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.features.core.http import HttpServer, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.net.streams import Endpoint

_MODULES = {"/cgi-bin": ("SCEP", "Certificate server")}
_HEADING = "local-ipaddress:port  remote-ipaddress:port  in-bytes  out-bytes"


def show(session: Session, what: str) -> Iterator[str]:
    """One part, or all."""
    device = session.device
    parts = {
        "status": _status,
        "session-module": _modules,
        "connection": _connections,
        "statistics": _statistics,
        "history": _history,
        "secure status": _secure,
    }
    if what != "all":
        yield from parts[what](device)
        return
    for name, part in parts.items():
        if name != "secure status":
            yield from part(device)
            yield ""


def _status(device: Device) -> Iterator[str]:
    server, wanted = device[HttpServer], Settings.of(device)
    access = device.said("ip http access-class").split()
    yield f"HTTP server status: {'Enabled' if server.running else 'Disabled'}"
    yield f"HTTP server port: {device.said('ip http port', default='80')}"
    yield f"HTTP server authentication method: {device.said('ip http authentication', default='enable')}"
    yield "HTTP server digest algorithm: md5"
    yield f"HTTP server access class: {access[-1] if access and access[-1].isdecimal() else 0}"
    yield f"HTTP server IPv4 access class: {access[-1] if access and access[0] != 'ipv6' else 'None'}"
    yield f"HTTP server IPv6 access class: {access[-1] if access and access[0] == 'ipv6' else 'None'}"
    yield f"HTTP server base path: {device.said('ip http path')}"
    yield f"HTTP server help root: {device.said('ip http help-path')}"
    yield f"Maximum number of concurrent server connections allowed: {wanted.connections}"
    yield f"Server idle time-out: {wanted.idle} seconds"
    yield f"Server life time-out: {wanted.life} seconds"
    yield f"Maximum number of requests allowed on a connection: {wanted.requests}"
    yield "HTTP server active session modules: ALL"
    yield from _secure(device)


def _secure(device: Device) -> Iterator[str]:
    server = device[HttpServer]
    yield "HTTP secure server capability: Present"
    yield f"HTTP secure server status: {'Enabled' if server.settings.secure in server.services else 'Disabled'}"
    yield f"HTTP secure server port: {device.said('ip http secure-port', default='443')}"
    yield "HTTP secure server client authentication: Disabled"
    yield f"HTTP secure server trustpoint: {server.trustpoint}"
    yield "HTTP secure server active session modules: ALL"


def _modules(device: Device) -> Iterator[str]:
    server = device[HttpServer]
    yield "HTTP server application session modules:"
    yield " Session module Name  Handle Status   Secure-status  Description"
    plain = "Active" if server.running else "Inactive"
    secure = "Active" if server.settings.secure in server.services else "Inactive"
    for number, path in enumerate(server.pages, 1):
        name, description = _MODULES.get(path, (path.strip("/").upper(), path))
        yield f"{name:<21} {number:<6} {plain:<8} {secure:<14} {description}"


def _connections(device: Device) -> Iterator[str]:
    yield "HTTP server current connections:"
    yield _HEADING
    for connection in device[HttpServer].connections:
        yield _line(connection.local, connection.peer, connection.machine.received, connection.machine.sent)


def _statistics(device: Device) -> Iterator[str]:
    yield "HTTP server statistics:"
    yield f"Accepted connections total: {device[HttpServer].accepted}"


def _history(device: Device) -> Iterator[str]:
    yield "HTTP server history:"
    yield f"{_HEADING}  end-time"
    for past in tuple(device[HttpServer].history):
        yield f"{_line(past.local, past.peer, past.received, past.sent)}  {device.clock.local(past.ended):%H:%M:%S %d/%m}"


def _line(local: Endpoint, peer: Endpoint, received: int, sent: int) -> str:
    return f"{local[0]}:{local[1]}  {peer[0]}:{peer[1]}  {received}  {sent}"
