"""The types of arguments: what a token must look like, how it is printed, what `?` calls it.

A type judges one token (or the rest of the line); it never looks at the configuration.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ioscli.grammar import interfaces

if TYPE_CHECKING:
    from collections.abc import Callable

    _Check = Callable[[str], str | None]


class Span(Enum):
    """How much of the input a value takes."""

    TOKEN = "one token"
    JOINED = "one token, or a name and the number after it"
    QUOTED = "one token, or several in double quotes"
    REST = "the rest of the line"
    LINES = "the lines that follow"
    REST_AND_LINES = "the rest of the line, and lines that follow"


class Type:
    """A type of arguments.

    `check` gives the canonical text of a token, or None where it is not of the type. `prefix` gives how many leading
    characters of a refused token could still begin a value: the caret stands under the one after them.
    `rank` orders the types of one place: the narrow before the wide.
    """

    __slots__ = ("check", "label", "name", "prefix", "rank", "secret", "span")

    def __init__(
        self, name: str, label: str, rank: int, check: _Check, prefix: Callable[[str], int], span: Span = Span.TOKEN, *, secret: bool = False
    ) -> None:
        self.name = name
        self.label = label
        self.rank = rank
        self.check = check
        self.prefix = prefix
        self.span = span
        self.secret = secret


_LONGEST = 64  # no value of a shape is longer; a caret needs to look no further


def _longest(partial: Callable[[str], bool]) -> Callable[[str], int]:
    def prefix(token: str) -> int:
        length = min(len(token), _LONGEST)
        while length and not partial(token[:length]):
            length -= 1
        return length

    return prefix


def _begins(partial: str) -> Callable[[str], int]:
    """The prefix of values that a regular expression gives the beginnings of."""
    return _longest(lambda text: re.fullmatch(partial, text) is not None)


def _shaped(name: str, label: str, rank: int, whole: str, partial: str, canonical: Callable[[str], str] | None = None) -> Type:
    """A type given by two regular expressions: of a value, and of what may become one."""
    matches = re.compile(whole).fullmatch

    def check(token: str) -> str | None:
        if not matches(token):
            return None
        return canonical(token) if canonical else token

    return Type(name, label, rank, check, _begins(partial))


def _range(low: int, high: int) -> Type:
    width = len(str(high))

    def check(token: str) -> str | None:
        if token.isdecimal():
            if len(token) > width + 4 or not low <= int(token) <= high:
                return None
            return str(int(token)) if token[0] == "0" else token
        if token[0] == "-" and token[1:].isdecimal() and low <= int(token) <= high:
            return token
        return None

    def begins(text: str) -> bool:
        if text == "-":
            return low < 0
        digits = text.removeprefix("-")
        if not digits.isdecimal() or (text[0] == "-" and low >= 0):
            return False
        return int(digits) <= max(abs(low), high)

    return Type(f"{low}-{high}", f"<{low}-{high}>", 10, check, _longest(begins))


def _fraction(low: float, high: float, label: str) -> Type:
    def check(token: str) -> str | None:
        try:
            return token if low <= float(token) <= high else None
        except ValueError:
            return None

    return Type(label, f"<{label}>", 11, check, _begins(r"-?\d*\.?\d*"))


def _octets(text: str) -> bool:
    parts = text.split(".")
    return len(parts) <= 4 and all(
        (part.isdecimal() and int(part) < 256 and len(part) <= 3) or (part == "" and at == len(parts) - 1) for at, part in enumerate(parts)
    )


_IPV4 = r"(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d?\d)"


@cache
def _is_ipv4() -> Callable[[str], object]:
    return re.compile(_IPV4).fullmatch


def _dotted(name: str, label: str = "A.B.C.D", prefix: Callable[[str], int] | None = None) -> Type:
    """A type of IPv4 addresses."""
    matches = _is_ipv4()
    return Type(name, label, 22, lambda token: token if matches(token) else None, prefix or _longest(_octets))


@lru_cache(256)
def _mask(token: str) -> str | None:
    if not _is_ipv4()(token):
        return None
    bits = int.from_bytes(bytes(int(part) for part in token.split(".")), "big") ^ 0xFFFFFFFF
    return token if bits & (bits + 1) == 0 else None


def _ipv4_prefix(token: str) -> str | None:
    address, slash, length = token.partition("/")
    return token if slash and _is_ipv4()(address) and length.isdecimal() and int(length) <= 32 else None


def _ipv6(token: str) -> str | None:
    from ipaddress import IPv6Address  # most configurations have none

    try:
        IPv6Address(token.partition("%")[0])
    except ValueError:
        return None
    return token


def _ipv6_prefix(token: str) -> str | None:
    address, slash, length = token.partition("/")
    return token if slash and length.isdecimal() and int(length) <= 128 and _ipv6(address) else None


def _host(token: str) -> str | None:
    # Digits and dots are an address or nothing: no name is looked up for them.
    if re.fullmatch(r"[\d.]+", token):
        return token if _is_ipv4()(token) else None
    return token if re.fullmatch(r"[A-Za-z0-9][\w.\-]*", token) or _ipv6(token) else None


_MAC = r"[0-9A-Fa-f]{1,4}\.[0-9A-Fa-f]{1,4}\.[0-9A-Fa-f]{1,4}"
_MAC_PARTIAL = r"([0-9A-Fa-f]{0,4}\.){0,2}[0-9A-Fa-f]{0,4}"
_DIALLED = r"[0-9A-Da-d*#.+T,\[\]\-()^$%?!\\]+"
_PORT = r"\d+(/\d+){0,3}(\.\d+)?(:(\d+|D|d))?"
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _calendar_word(names: list[str]) -> tuple[Callable[[str], str | None], Callable[[str], int]]:
    # IOS takes a month or day from three letters on and prints the three, the first one a capital.
    def check(token: str) -> str | None:
        low = token.lower()
        if len(low) < 3 or not any(name.startswith(low) for name in names):
            return None
        short = low[:3].capitalize()
        return token if token == short else short

    return check, _longest(lambda text: any(name.startswith(text.lower()) for name in names))


def _any(token: str) -> str | None:
    return token


# By name; made when the grammar first has one: a configuration needs few of them.
_NAMED: dict[str, Callable[[], Type]] = {
    "time": lambda: _shaped("time", "hh:mm", 20, r"([01]?\d|2[0-4]):[0-5]?\d(:[0-5]?\d)?", r"([01]?\d?|2[0-4])(:([0-5]?\d?)?){0,2}"),
    "clock-time": lambda: _shaped("clock-time", "hh:mm:ss", 20, r"([01]?\d|2[0-3])(:[0-5]?\d){2}", r"([01]?\d?|2[0-3])(:([0-5]?\d?)?){0,2}"),
    "month": lambda: Type("month", "MONTH", 21, *_calendar_word(_MONTHS)),
    "weekday": lambda: Type("weekday", "DAY", 21, *_calendar_word(_DAYS)),
    "ipv4": lambda: _dotted("ipv4"),
    # A name here is looked up as it is entered; one that is not found is refused at its first character.
    "address": lambda: _dotted("address", "Hostname or A.B.C.D", lambda _: 0),
    "mask": lambda: Type("mask", "A.B.C.D", 22, _mask, _longest(_octets)),
    "wildcard": lambda: _dotted("wildcard"),
    "ipv4-prefix": lambda: Type("ipv4-prefix", "A.B.C.D/nn", 23, _ipv4_prefix, _longest(lambda text: _octets(text.partition("/")[0]))),
    "mac": lambda: _shaped("mac", "H.H.H", 24, _MAC, _MAC_PARTIAL, str.upper),
    "mac-lower": lambda: _shaped("mac-lower", "H.H.H", 24, _MAC, _MAC_PARTIAL, str.lower),
    "ipv6": lambda: Type("ipv6", "X:X:X:X::X", 25, _ipv6, _begins(r"[0-9A-Fa-f:.]*")),
    "ipv6-prefix": lambda: Type("ipv6-prefix", "X:X:X:X::X/<0-128>", 25, _ipv6_prefix, _begins(r"[0-9A-Fa-f:.]*(/\d*)?")),
    "port": lambda: _shaped("port", "slot/port", 26, _PORT, r"\d+(/\d*){0,3}(\.\d*)?(:\d*)?"),
    "range-list": lambda: _shaped("range-list", "WORD", 30, r"\d+(-\d+)?(,\d+(-\d+)?)*", r"[\d,-]*"),
    "digits": lambda: _shaped("digits", "WORD", 31, r"\d+", r"\d*"),
    "hex": lambda: _shaped("hex", "Hex-data", 32, r"(0[xX])?[0-9A-Fa-f]+", r"(0[xX]?)?[0-9A-Fa-f]*"),
    "interface": lambda: Type("interface", "WORD", 40, interfaces.canonical, interfaces.prefix, Span.JOINED),
    "fs": lambda: _shaped("fs", "WORD", 50, r"[A-Za-z][\w-]*:\S*", r"[A-Za-z][\w-]*(:\S*)?"),
    "number": lambda: _shaped("number", "WORD", 60, _DIALLED, _DIALLED),
    "host": lambda: Type("host", "Hostname or A.B.C.D", 70, _host, _longest(lambda text: _host(text) is not None and not text.isdecimal())),
    "url": lambda: Type("url", "WORD", 80, _any, len),
    "quoted": lambda: Type("quoted", "WORD", 85, _any, len, Span.QUOTED),
    "word": lambda: Type("word", "WORD", 90, _any, len),
    "secret": lambda: Type("secret", "WORD", 90, _any, len, secret=True),
    "line": lambda: Type("line", "LINE", 99, _any, len, Span.REST),
    "secret-line": lambda: Type("secret-line", "LINE", 99, _any, len, Span.REST, secret=True),
    "delimited": lambda: Type("delimited", "LINE", 99, _any, len, Span.REST_AND_LINES),
    "hex-until-quit": lambda: Type("hex-until-quit", "", 99, _any, len, Span.LINES),
    "text-until-quit": lambda: Type("text-until-quit", "", 99, _any, len, Span.LINES),
    "until-@": lambda: Type("until-@", "", 99, _any, len, Span.LINES),
}


@cache
def type_named(name: str) -> Type:
    """The type that the notation calls `name`: a name of docs/grammar.md, or a range `1-100`. Raises KeyError."""
    if name in _NAMED:
        return _NAMED[name]()
    if found := re.fullmatch(r"(-?\d+)-(-?\d+)", name):
        low, high = int(found[1]), int(found[2])
        if low <= high:
            return _range(low, high)
    if found := re.fullmatch(r"(\d+\.\d+)-(\d+\.\d+)", name):
        return _fraction(float(found[1]), float(found[2]), name)
    raise KeyError(name)
