"""The client's half of HTTP: one request, one response, one connection. A GET goes out as HTTP/1.0, as routers send it (wire formats 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.wire.errors import LocalError
from ioscli.wire.http.message import (
    DEFAULT_LIMITS,
    BodyReader,
    Buffer,
    HeadReader,
    HttpError,
    Limits,
    Response,
    format_headers,
    is_target,
    is_token,
    parse_headers,
    parse_version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.wire.http.message import Request

USER_AGENT = "Mozilla/4.0 (compatible; MSIE 5.0; Cisco PKI)"


class HttpClient:
    """One exchange, begun by its request; events() gives the Response when it is complete, and then `closing` is set.

    receive(data, now) takes octets (none: the peer has ended) and raises HttpError if they make no sense or are too many.
    """

    def __init__(self, request: Request, host: str, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self.closing = False
        self._limits = limits
        self._head_only = request.method == "HEAD"
        self._buffer = Buffer()
        self._head = HeadReader(limits)
        self._response: Response | None = None  # whose body is being read
        self._body: BodyReader | None = None
        self._ready: Response | None = None
        self._output = _format(request, host)

    def receive(self, data: bytes, now: float) -> None:
        _ = now
        if self.closing or self._ready is not None:
            return
        self._buffer.data += data
        self._read(ended=not data)

    def _read(self, *, ended: bool) -> None:
        while self._response is None:
            lines = self._head.read(self._buffer)
            if lines is None:
                if ended:
                    raise HttpError(400, "the answer is broken off")
                return
            self._head = HeadReader(self._limits)
            self._start(lines)
        assert self._body is not None
        body = self._body.read(self._buffer, ended=ended)
        if body is not None:
            self._ready = Response(self._response.status, self._response.headers, body, self._response.version)
            self.closing = True

    def _start(self, lines: list[bytes]) -> None:
        words = lines[0].split(b" ", 2)
        version = parse_version(words[0])
        if len(words) < 2 or len(words[1]) != 3 or not words[1].isdigit():
            raise HttpError(400, "the status line is wrong")
        status, headers = int(words[1]), parse_headers(lines[1:])
        if status < 200:
            return  # 100 Continue: the real one follows (RFC 9110 15.2)
        empty = self._head_only or status in {204, 304}
        self._body = BodyReader({} if empty else headers, self._limits, to_the_end=not empty)
        self._response = Response(status, headers, version=version)

    def events(self) -> Iterator[Response]:
        if self._ready is not None:
            response, self._ready = self._ready, None
            yield response

    def output(self) -> bytes:
        data, self._output = self._output, b""
        return data

    def deadline(self) -> float | None:
        """None: how long to wait is the caller's decision."""
        return None

    def elapse(self, now: float) -> None:
        """Nothing is waited for."""


def _format(request: Request, host: str) -> bytes:
    target = request.target.encode("latin-1", "replace")
    if not is_token(request.method.encode()) or not is_target(target):
        raise LocalError("the request cannot be sent")
    version = "1.0" if request.method in {"GET", "HEAD"} else "1.1"
    headers = {"User-Agent": USER_AGENT, "Host": host, **request.headers}
    if request.body or request.method == "POST":
        headers["Content-Length"] = str(len(request.body))
    if version == "1.1":
        headers["Connection"] = "close"
    return f"{request.method} {request.target} HTTP/{version}\r\n{format_headers(headers)}\r\n".encode("latin-1") + request.body
