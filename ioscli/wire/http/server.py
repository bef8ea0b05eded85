"""The server's half of HTTP: octets in, whole requests out as events; a response for each of them, in order.

A peer that does not speak HTTP, says too much or says nothing for too long gets its error page, and the connection closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.wire.errors import LocalError
from ioscli.wire.http.message import (
    DEFAULT_LIMITS,
    REASONS,
    BodyReader,
    Buffer,
    HeadReader,
    HttpError,
    Limits,
    Request,
    Response,
    format_headers,
    is_target,
    is_token,
    keeps_alive,
    parse_headers,
    parse_version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class HttpServer:
    """One connection. Times are seconds of any clock that goes forward.

    receive(data, now) takes octets (none: the peer has ended); events() gives a Request when one is complete and the one before it is
    answered; send(response) answers it; output() is what is to be written; closing: close once that is written. deadline() and
    elapse(now) make slow peers end: a request must be complete `patience` seconds after its first octet, and begin `idle` seconds
    after the last answer. `server` is the Server header.
    """

    def __init__(
        self,
        now: float,
        *,
        limits: Limits = DEFAULT_LIMITS,
        patience: float = 30,
        idle: float = 60,
        methods: tuple[str, ...] = ("GET", "HEAD", "POST"),
        server: str = "cisco-IOS",
    ) -> None:
        self.closing = False
        self.refused: HttpError | None = None
        self._limits = limits
        self._patience, self._idle = patience, idle
        self._methods, self._server = methods, server
        self._buffer = Buffer()
        self._head = HeadReader(limits)
        self._request: Request | None = None  # whose body is being read
        self._body: BodyReader | None = None
        self._asked: Request | None = None  # that waits for its response
        self._ready: Request | None = None  # complete, not yet handed out
        self._ended = False
        self._output = bytearray()
        self._deadline: float | None = now + patience

    def receive(self, data: bytes, now: float) -> None:
        if self.closing:
            return
        was_empty = not self._begun
        self._buffer.data += data
        self._ended = self._ended or not data
        # More than this of requests to come is not kept: the peer must wait for its answers.
        if self._asked is not None and len(self._buffer.data) > self._limits.line + self._limits.headers + self._limits.body:
            self._refuse(HttpError(413, "there are too many requests at once"))
            return
        self._advance(now)
        if was_empty and self._begun:
            self._deadline = now + self._patience

    @property
    def _begun(self) -> bool:
        return self._request is not None or self._head.begun or bool(self._buffer.data)

    def _advance(self, now: float) -> None:
        if self._asked is not None or self._ready is not None or self.closing:
            return
        try:
            complete = self._read()
        except HttpError as error:
            self._refuse(error)
            return
        if complete is not None:
            self._ready = complete
            self._deadline = None
        elif self._ended:
            # Between requests this is how connections end; inside one there is nobody left to tell.
            self.closing = True
            self._deadline = None
        elif self._deadline is None:
            self._deadline = now + (self._patience if self._begun else self._idle)

    def _read(self) -> Request | None:
        if self._request is None:
            lines = self._head.read(self._buffer)
            if lines is None:
                return None
            self._head = HeadReader(self._limits)
            self._request = self._start(lines)
        assert self._body is not None
        body = self._body.read(self._buffer)
        if body is None:
            return None
        request, self._request, self._body = self._request, None, None
        return Request(request.method, request.target, request.version, request.headers, body)

    def _start(self, lines: list[bytes]) -> Request:
        words = lines[0].split(b" ")
        if len(words) != 3 or not is_token(words[0]):
            raise HttpError(400, "the request line is wrong")
        version = parse_version(words[2])
        method, target = words[0].decode(), words[1]
        if not is_target(target):
            raise HttpError(400, "the target is wrong")
        headers = parse_headers(lines[1:])
        if method not in self._methods:
            raise HttpError(405, "the method is not allowed")
        if version >= (1, 1) and "host" not in headers:
            raise HttpError(400, "there is no Host")  # RFC 9112 3.2
        self._body = BodyReader(headers, self._limits, to_the_end=False)
        expected = headers.get("expect", "").lower()
        if expected and expected != "100-continue":
            raise HttpError(417, "the expectation is unknown")
        if expected and version >= (1, 1) and not self._buffer.data:
            self._output += b"HTTP/1.1 100 Continue\r\n\r\n"
        return Request(method, target.decode(), version, headers)

    def events(self) -> Iterator[Request]:
        while self._ready is not None:
            self._asked, self._ready = self._ready, None
            yield self._asked

    def send(self, response: Response, now: float) -> None:
        """The answer to the request that events() gave last. LocalError if there is none."""
        request = self._asked
        if request is None:
            raise LocalError("there is no request to answer")
        self._asked = None
        keep = keeps_alive(request.version, request.headers) and not self._ended and response.headers.get("Connection", "").lower() != "close"
        self._write(response, keep=keep, with_body=request.method != "HEAD")
        if keep:
            self._advance(now)

    def _refuse(self, error: HttpError) -> None:
        self.refused = error
        headers = {"Allow": ", ".join(self._methods)} if error.status == 405 else {}
        reason = REASONS.get(error.status, "")
        self._write(
            Response(error.status, headers | {"Content-Type": "text/plain"}, f"{error.status} {reason}\n".encode()), keep=False, with_body=True
        )

    def _write(self, response: Response, *, keep: bool, with_body: bool) -> None:
        headers = {"Server": self._server, **response.headers}
        if response.status not in {204, 304}:
            headers["Content-Length"] = str(len(response.body))
        headers["Connection"] = "keep-alive" if keep else "close"
        # Head and body go out together: two writes cost a delayed acknowledgement (measured: 40 ms a request).
        self._output += f"HTTP/1.1 {response.status} {REASONS.get(response.status, '')}\r\n{format_headers(headers)}\r\n".encode("latin-1")
        if with_body:
            self._output += response.body
        if not keep:
            self.closing = True
            self._deadline = None

    def output(self) -> bytes:
        data = bytes(self._output)
        self._output.clear()
        return data

    def deadline(self) -> float | None:
        """When elapse must be called if nothing comes before; None while an answer is being made."""
        return self._deadline

    def elapse(self, now: float) -> None:
        if self._deadline is None or now < self._deadline:
            return
        if self._begun:
            self._refuse(HttpError(408, "the request is too slow"))
        self.closing = True
        self._deadline = None
