"""HTTP from the router to a server of PKI: one request, one answer, over its own net."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.core.interfaces import Interfaces
from ioscli.features.core.ping import resolved
from ioscli.features.pki import client_events as events
from ioscli.features.pki.events import emit
from ioscli.wire.errors import RemoteError
from ioscli.wire.http import HttpClient, Request
from ioscli.wire.http.message import REASONS, Limits

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.wire.http import Response

_LONGEST = 200  # letters of a path that is shown whole
PATIENCE = 30.0  # seconds until an answer must be there


class UnreachableError(Exception):
    """There is no answer; the log has been told."""


class Place(NamedTuple):
    """Where a URL leads: host, port, path."""

    host: str
    port: int
    path: str


def place(url: str) -> Place:
    """Of an HTTP URL. Raises UnreachableError where it is none."""
    split = urlsplit(url)
    try:
        port = split.port or 80
    except ValueError:
        port = 0
    if split.scheme.lower() != "http" or not split.hostname or not port:
        raise UnreachableError("The URL is not one of HTTP")
    return Place(split.hostname, port, f"{split.path or '/'}{f'?{split.query}' if split.query else ''}")


async def ask(
    device: Device, trustpoint: str, where: Place, operation: str, *, body: bytes | None = None, source: str = "", kind: str = ""
) -> Response:
    """Sends a GET, or with a body a POST of that content type. Raises UnreachableError, also for an answer that is no HTTP.

    `source`: the interface that it starts from, "" for any.
    """
    await loop()
    from ioscli.net import NetError, exchange

    request = Request("GET" if body is None else "POST", where.path, headers={"Content-Type": kind} if kind else {}, body=body or b"")
    emit(device, events.HttpSent(trustpoint, operation, f"{request.method} {_shown(where.path)} HTTP/{'1.0' if body is None else '1.1'}"))
    longest = int(device.said("crypto pki http max-buffer-size", default="0")) or 1 << 20
    try:
        address = str(resolved(device, where.host))
        machine = HttpClient(request, where.host if where.port == 80 else f"{where.host}:{where.port}", limits=Limits(body=longest))
        found = await exchange(device.net, address, where.port, machine, patience=PATIENCE, source=_source(device, source))
        if not found:
            raise RemoteError("the connection was closed without an answer")
    except (NetError, RemoteError, Refused) as error:
        emit(device, events.ServerUnreachable(trustpoint, str(error).strip()))
        raise UnreachableError(str(error)) from None
    response = found[0]
    status = f"HTTP/{response.version[0]}.{response.version[1]} {response.status} {REASONS.get(response.status, '')}"
    lines = "".join(f"\n{name.title()}: {value}" for name, value in response.headers.items())
    emit(device, events.HttpAnswered(trustpoint, f"{status}{lines}", len(response.body)))
    return response


def _shown(path: str) -> str:
    """A path as debugging shows it: without a whole pkiMessage."""
    return path if len(path) < _LONGEST else f"{path.partition('&message=')[0]}&message=..."


def _source(device: Device, name: str) -> str | None:
    found = device[Interfaces].get(name) if name else None
    address = device[Interfaces].address(found) if found is not None else None
    return None if address is None else str(address.ip)
