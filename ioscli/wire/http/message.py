"""Requests, responses, and the reading of what they have in common: a head of lines, and a body with a length or in chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ioscli.wire.errors import LocalError, RemoteError

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS = {
    100: "Continue",
    200: "OK",
    204: "No Content",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    414: "URI Too Long",
    417: "Expectation Failed",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(rb"[\x21-\x7e]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")  # RFC 9110 5.5: no controls but a tab


class HttpError(RemoteError):
    """The peer's HTTP is wrong. `status` is what a server answers."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are in lower case; a header that stands several times is joined with commas. `version` is (1, 0) or (1, 1)."""

    method: str
    target: str
    version: tuple[int, int] = (1, 1)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The target without the query; of an absolute URL, its path."""
        path = self.target.partition("?")[0]
        if path.lower().startswith(("http://", "https://")):
            return "/" + path.partition("//")[2].partition("/")[2]
        return path


@dataclass(frozen=True, slots=True)
class Response:
    """One response. Content-Length and Connection are written by the machine."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    version: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """In octets and lines. The start line takes a GET PKIOperation, about 4 kB for 2048-bit keys, 8 for 4096."""

    line: int = 32_768
    headers: int = 32_768
    header_lines: int = 100
    body: int = 1 << 20


DEFAULT_LIMITS = Limits()


def keeps_alive(version: tuple[int, int], headers: Mapping[str, str]) -> bool:
    """RFC 9112 9.3."""
    options = {option.strip().lower() for option in headers.get("connection", "").split(",")}
    return "close" not in options and (version >= (1, 1) or "keep-alive" in options)


def parse_version(text: bytes) -> tuple[int, int]:
    if len(text) != 8 or not text.startswith(b"HTTP/") or text[6:7] != b"." or not (text[5:6] + text[7:8]).isdigit():
        raise HttpError(400, "the version is no version")
    if text[5:6] != b"1":
        raise HttpError(505, "the version is not HTTP/1")
    return 1, min(int(text[7:8]), 1)


def parse_headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name):  # folded lines end here too (RFC 9112 5.2)
            raise HttpError(400, "a header is wrong")
        key, text = name.decode().lower(), value.strip(b" \t").decode("latin-1")
        if not _VALUE.fullmatch(text):
            raise HttpError(400, "a header is wrong")
        if key in headers:
            if key in {"content-length", "host"} and headers[key] != text:
                raise HttpError(400, "a header stands twice")
            text = headers[key] if key in {"content-length", "host"} else f"{headers[key]}, {text}"
        headers[key] = text
    return headers


def is_target(text: bytes) -> bool:
    return _TARGET.fullmatch(text) is not None


def is_token(text: bytes) -> bool:
    return _TOKEN.fullmatch(text) is not None


def format_headers(headers: Mapping[str, str]) -> str:
    """LocalError if a name or value would end the line."""
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name.encode()) or not _VALUE.fullmatch(value):
            raise LocalError(f"header {name!r} cannot be sent")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


class Buffer:
    """Octets that came, and how far lines have been looked for in them."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._searched = 0

    def line(self, limit: int, status: int) -> bytes | None:
        """The next line without its end (CRLF, or LF alone: RFC 9112 2.2); None if it is not all there. HttpError(status) if it is too long."""
        end = self.data.find(b"\n", self._searched, limit + 2)
        if end < 0:
            self._searched = len(self.data)
            if len(self.data) > limit:
                raise HttpError(status, "a line is too long")
            return None
        line = bytes(self.data[:end])
        del self.data[: end + 1]
        self._searched = 0
        return line.removesuffix(b"\r")

    def take(self, size: int) -> bytes:
        taken = bytes(self.data[:size])
        del self.data[: len(taken)]
        self._searched = 0
        return taken


class HeadReader:
    """Start line and headers, however they are cut into pieces."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: list[bytes] = []
        self._size = 0

    @property
    def begun(self) -> bool:
        return bool(self._lines)

    def read(self, buffer: Buffer) -> list[bytes] | None:
        """All lines when the empty one has come, else None. Empty lines before the start line are skipped (RFC 9112 2.2)."""
        while True:
            limit, status = (self._limits.headers - self._size, 431) if self._lines else (self._limits.line, 414)
            line = buffer.line(limit, status)
            if line is None:
                return None
            if not line and not self._lines:
                continue
            if not line:
                return self._lines
            if self._lines:
                self._size += len(line) + 2
            self._lines.append(line)
            if len(self._lines) > self._limits.header_lines + 1:
                raise HttpError(431, "there are too many headers")


class BodyReader:
    """A body: of a known length, in chunks, or (a response's) up to the end of the connection."""

    def __init__(self, headers: Mapping[str, str], limits: Limits, *, to_the_end: bool) -> None:
        self._limits = limits
        self._parts: list[bytes] = []
        self._size = 0
        self._left: int | None = None  # octets of the body or of the present chunk
        self._chunked = False
        self._trailer = False
        self._trailer_size = 0
        self._to_the_end = False
        coding, length = headers.get("transfer-encoding"), headers.get("content-length")
        if coding is not None:
            if length is not None:
                raise HttpError(400, "a body has two lengths")  # RFC 9112 6.3: request smuggling
            if coding.strip().lower() != "chunked":
                raise HttpError(501, "the transfer coding is unknown")
            self._chunked = True
        elif length is not None:
            if not (length.isascii() and length.isdigit() and len(length) < 16):
                raise HttpError(400, "a length is no number")
            self._left = int(length)
            self._grow(self._left)
        elif to_the_end:
            self._to_the_end = True
        else:
            self._left = 0

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > self._limits.body:
            raise HttpError(413, "a body is too large")

    def read(self, buffer: Buffer, *, ended: bool = False) -> bytes | None:
        """The whole body when it is there, else None. HttpError if it is broken off."""
        if self._chunked:
            done = self._read_chunks(buffer)
        elif self._to_the_end:
            self._grow(len(buffer.data))
            self._parts.append(buffer.take(len(buffer.data)))
            done = ended
        else:
            done = self._read_left(buffer)
        if not done and ended:
            raise HttpError(400, "a body is broken off")
        return b"".join(self._parts) if done else None

    def _read_left(self, buffer: Buffer) -> bool:
        assert self._left is not None
        part = buffer.take(self._left)
        self._left -= len(part)
        if part:
            self._parts.append(part)
        return self._left == 0

    def _read_chunks(self, buffer: Buffer) -> bool:
        """RFC 9112 7.1. Extensions and trailers are read over."""
        while True:
            if self._trailer:
                line = buffer.line(self._limits.headers - self._trailer_size, 431)
                if line is None or not line:
                    return line is not None
                self._trailer_size += len(line) + 2
                continue
            if self._left is None:
                line = buffer.line(256, 400)
                if line is None:
                    return False
                size = line.partition(b";")[0].strip(b" \t")
                if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
                    raise HttpError(400, "a chunk has no size")
                self._left = int(size, 16)
                self._grow(self._left)
                if self._left == 0:
                    self._trailer = True
                    continue
            if not self._read_left(buffer):
                return False
            line = buffer.line(2, 400)
            if line is None:
                return False
            if line:
                raise HttpError(400, "a chunk does not end where it says")
            self._left = None
