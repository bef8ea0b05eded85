"""DER: write values, read them back. Reads BER too, after `normalise`. Knows ITU-T X.690 and nothing of what values mean."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ioscli.wire.errors import LocalError, RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, NUMERIC_STRING, PRINTABLE_STRING, T61_STRING, IA5_STRING = 0x0C, 0x12, 0x13, 0x14, 0x16
UTC_TIME, GENERALIZED_TIME, VISIBLE_STRING, UNIVERSAL_STRING, BMP_STRING = 0x17, 0x18, 0x1A, 0x1C, 0x1E
SEQUENCE, SET = 0x30, 0x31
_CONSTRUCTED, _HIGH_TAG = 0x20, 0x1F
_DEPTH = 32  # of nested BER values; CMS needs about a dozen
_INTEGER = 64  # octets; a serial number has 20 (RFC 5280 4.1.2.2), some CAs' have more
_CHARSETS = {
    UTF8_STRING: "utf-8",
    NUMERIC_STRING: "ascii",
    PRINTABLE_STRING: "ascii",
    T61_STRING: "latin-1",  # what everybody puts into it
    IA5_STRING: "ascii",
    VISIBLE_STRING: "ascii",
    UNIVERSAL_STRING: "utf-32-be",
    BMP_STRING: "utf-16-be",
}
STRINGS = frozenset(_CHARSETS)


def context(number: int, *, constructed: bool = True) -> int:
    """The tag [number]; constructed for EXPLICIT and for IMPLICIT of a SEQUENCE or SET."""
    return 0x80 | number | (_CONSTRUCTED if constructed else 0)


# ---- writing


def tlv(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def sequence(*parts: bytes) -> bytes:
    return tlv(SEQUENCE, b"".join(parts))


def set_of(parts: Iterable[bytes], tag: int = SET) -> bytes:
    """SET OF, sorted as DER wants it (X.690 11.6: as octet strings, the shorter one padded with zeros behind)."""
    return tlv(tag, b"".join(sorted(parts)))


def integer(value: int) -> bytes:
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1 if value >= 0 else (value + 1).bit_length() // 8 + 1, "big", signed=True))


def octets(value: bytes) -> bytes:
    return tlv(OCTET_STRING, value)


def bits(value: bytes, unused: int = 0) -> bytes:
    return tlv(BIT_STRING, bytes((unused,)) + value)


def boolean(value: bool) -> bytes:  # noqa: FBT001 - it is the value
    return b"\x01\x01\xff" if value else b"\x01\x01\x00"


null = b"\x05\x00"


@lru_cache(maxsize=1024)
def oid(dotted: str) -> bytes:
    arcs = [int(arc) for arc in dotted.split(".")]
    out = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        out += bytes(reversed(groups))
    return tlv(OID, bytes(out))


def string(tag: int, text: str) -> bytes:
    try:
        return tlv(tag, text.encode(_CHARSETS[tag]))
    except UnicodeEncodeError as error:
        raise LocalError(f"{text!r} does not fit its string type") from error


@lru_cache(maxsize=256)  # the entries of a CRL share few times
def time(value: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime after (RFC 5280 4.1.2.5). Fractions of a second are dropped."""
    value = value.astimezone(UTC)
    if 1950 <= value.year < 2050:
        return tlv(UTC_TIME, value.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(GENERALIZED_TIME, f"{value.year:04}{value:%m%d%H%M%S}Z".encode())


# ---- reading


class Reader:
    """A cursor over the values in data[pos:end]. Everything wrong raises RemoteError."""

    __slots__ = ("data", "end", "pos")

    def __init__(self, data: bytes, pos: int = 0, end: int | None = None) -> None:
        self.data = data
        self.pos = pos
        self.end = len(data) if end is None else end

    def peek(self) -> int:
        """The tag that comes next, or -1 at the end."""
        return self.data[self.pos] if self.pos < self.end else -1

    def _header(self) -> tuple[int, int]:
        """(where the body begins, where the value ends) of the value that comes next."""
        data, pos, end = self.data, self.pos, self.end
        if pos + 2 > end:
            raise RemoteError("a value ends too early")
        if data[pos] & _HIGH_TAG == _HIGH_TAG:
            raise RemoteError("a tag is too large")
        size = data[pos + 1]
        body = pos + 2
        if size >= 0x80:
            width = size & 0x7F
            if not 1 <= width <= 4:
                raise RemoteError("a length is not DER")
            body += width
            size = int.from_bytes(data[pos + 2 : body], "big")
            if size < 0x80 or (width > 1 and size >> 8 * (width - 1) == 0):
                raise RemoteError("a length is not DER")
        if body + size > end:
            raise RemoteError("a value ends too early")
        return body, body + size

    def _expect(self, tag: int) -> tuple[int, int]:
        if self.peek() != tag:
            raise RemoteError(
                f"expected tag {tag:#04x}, found {self.peek():#04x}" if self.pos < self.end else f"expected tag {tag:#04x}, found the end"
            )
        return self._header()

    def body(self, tag: int) -> bytes:
        start, self.pos = self._expect(tag)
        return self.data[start : self.pos]

    def raw(self, tag: int | None = None) -> bytes:
        """The next value whole, header included."""
        start = self.pos
        _, self.pos = self._header() if tag is None else self._expect(tag)
        return self.data[start : self.pos]

    def any(self) -> tuple[int, bytes]:
        tag = self.peek()
        start, self.pos = self._header()
        return tag, self.data[start : self.pos]

    def enter(self, tag: int = SEQUENCE) -> Reader:
        start, self.pos = self._expect(tag)
        return Reader(self.data, start, self.pos)

    def optional(self, tag: int) -> Reader | None:
        return self.enter(tag) if self.peek() == tag else None

    def skip(self, tag: int) -> None:
        if self.peek() == tag:
            _, self.pos = self._header()

    def each(self) -> Iterator[bytes]:
        while self.pos < self.end:
            yield self.raw()

    def readers(self, tag: int = SEQUENCE) -> Iterator[Reader]:
        while self.pos < self.end:
            yield self.enter(tag)

    def finish(self) -> None:
        if self.pos != self.end:
            raise RemoteError("there is more behind a value than belongs there")

    def integer(self) -> int:
        return as_integer(self.body(INTEGER))

    def oid(self) -> str:
        return as_oid(self.body(OID))

    def boolean(self) -> bool:
        return self.body(BOOLEAN) not in {b"\x00", b""}

    def bits(self) -> bytes:
        """The octets of a BIT STRING (which bits of the last one are unused is of no interest here)."""
        value = self.body(BIT_STRING)
        if not value or value[0] > 7:
            raise RemoteError("a BIT STRING is wrong")
        return value[1:]

    def string(self) -> str:
        return as_string(*self.any())

    def time(self) -> datetime:
        return as_time(*self.any())


def whole(data: bytes, tag: int = SEQUENCE) -> Reader:
    """Into the one value that data must be."""
    outer = Reader(data)
    inner = outer.enter(tag)
    outer.finish()
    return inner


def as_integer(body: bytes) -> int:
    """Versions, serial numbers and the like; the numbers of keys are read by the library."""
    if not 0 < len(body) <= _INTEGER:
        raise RemoteError("an INTEGER is empty or too long")
    return int.from_bytes(body, "big", signed=True)


@lru_cache(maxsize=1024)
def as_oid(body: bytes) -> str:
    if not body or body[-1] & 0x80 or len(body) > 64:
        raise RemoteError("an OBJECT IDENTIFIER is wrong")
    arcs: list[int] = []
    arc = 0
    for octet in body:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def as_string(tag: int, body: bytes) -> str:
    try:
        return body.decode(_CHARSETS[tag])
    except KeyError as error:
        raise RemoteError("expected a string") from error
    except UnicodeDecodeError as error:
        raise RemoteError("a string does not fit its type") from error


def as_time(tag: int, body: bytes) -> datetime:
    """UTCTime or GeneralizedTime in the one form that RFC 5280 4.1.2.5 allows; seconds may be missing in UTCTime, as old CAs wrote it."""
    text = body.decode("latin-1")
    if not (text.isascii() and text[:-1].isdigit() and text.endswith("Z")):
        raise RemoteError("a time is wrong")
    if tag == UTC_TIME and len(text) in {11, 13}:
        text = ("19" if text >= "50" else "20") + text
        if len(text) == 13:
            text = text[:-1] + "00Z"
    if tag not in {UTC_TIME, GENERALIZED_TIME} or len(text) != 15:
        raise RemoteError("a time is wrong")
    try:
        return datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), int(text[8:10]), int(text[10:12]), int(text[12:14]), tzinfo=UTC)
    except ValueError as error:
        raise RemoteError("a time is wrong") from error


# ---- BER


def normalise(data: bytes) -> bytes:
    """One BER value as DER: definite lengths, strings in one piece. Some CMS writers stream (`openssl cms -stream`)."""
    value, pos = _normalise(data, 0, len(data), 0)
    if pos != len(data):
        raise RemoteError("there is more behind a value than belongs there")
    return value


def _normalise(data: bytes, pos: int, end: int, depth: int) -> tuple[bytes, int]:
    if depth > _DEPTH:
        raise RemoteError("values are nested too deeply")
    if pos + 2 > end or data[pos] & _HIGH_TAG == _HIGH_TAG:
        raise RemoteError("a value ends too early")
    tag, size, body = data[pos], data[pos + 1], pos + 2
    if size > 0x80:
        body += size & 0x7F
        size = int.from_bytes(data[pos + 2 : body], "big")
    elif size == 0x80 and tag & _CONSTRUCTED:
        size = -1
    stop = end if size < 0 else body + size
    if stop > end or body > end:
        raise RemoteError("a value ends too early")
    if not tag & _CONSTRUCTED:
        return tlv(tag, data[body:stop]), stop
    parts: list[bytes] = []
    while body < stop:
        if size < 0 and data[body : body + 2] == b"\x00\x00":
            return _joined(tag, parts), body + 2
        part, body = _normalise(data, body, stop, depth + 1)
        parts.append(part)
    if size < 0:
        raise RemoteError("a value of open length does not end")
    return _joined(tag, parts), body


def _joined(tag: int, parts: list[bytes]) -> bytes:
    if tag == OCTET_STRING | _CONSTRUCTED:
        return octets(b"".join(Reader(part).body(OCTET_STRING) for part in parts))
    return tlv(tag, b"".join(parts))
