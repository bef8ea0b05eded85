"""Random lines of a command, made from its notation: what the properties of every command are tried on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.grammar.notation import Arg, Choice, Optional, Repeat, Word
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    import random

    from ioscli.grammar.line import Line
    from ioscli.grammar.notation import Item
    from ioscli.grammar.types import Type

_VALUES = {
    "word": ["Wort7", "x-Ray_9"],
    "secret": ["S3cretZ"],
    "line": ["Some Words of 3 text", "zebra"],
    "secret-line": ["Sesame open"],
    "delimited": ["#Text#"],
    "digits": ["0815", "42"],
    "number": ["5551.", "9T", "+4989"],
    "quoted": ['"two', "One"],
    "ipv4": ["10.1.2.3"],
    "mask": ["255.255.255.0", "255.255.255.252"],
    "wildcard": ["0.0.0.255", "0.255.0.255"],
    "ipv4-prefix": ["10.0.0.0/8"],
    "ipv6": ["2001:DB8::1", "FE80::1"],
    "ipv6-prefix": ["2001:DB8::/64"],
    "address": ["10.5.6.7"],
    "host": ["example.com", "10.9.8.7"],
    "mac": ["0012.4302.A7CC"],
    "mac-lower": ["0012.4302.a7cc"],
    "hex": ["0A", "1F2B"],
    "url": ["flash:Zfile.cfg", "tftp://10.1.1.1/zdir/x"],
    "fs": ["flash:", "nvram:zdir"],
    "time": ["12:34"],
    "clock-time": ["12:34:56"],
    "month": ["Jan", "Dec"],
    "weekday": ["Mon", "Sun"],
    "interface": ["GigabitEthernet0/1", "Loopback7"],
    "port": ["0/1/0", "50/0/1.1"],
    "range-list": ["1-4,7"],
}


def value(kind: Type, rng: random.Random) -> str:
    """A canonical value of a type."""
    if kind.name in _VALUES:
        return rng.choice(_VALUES[kind.name])
    if kind.name[0].isdigit() and "." in kind.name:
        return kind.name.partition("-")[0]
    low, high = (int(bound) for bound in re.fullmatch(r"(-?\d+)-(-?\d+)", kind.name).groups())  # type: ignore[union-attr]
    return str(rng.randint(low, high))


def tokens(items: tuple[Item, ...], rng: random.Random) -> list[str]:
    """Random tokens that the notation allows, canonical."""
    out: list[str] = []
    for item in items:
        match item:
            case Word():
                out.append(item.printed)
            case Arg() if item.type.span is Span.LINES:
                pass
            case Arg():
                out.append(value(item.type, rng))
            case Choice():
                out += tokens(rng.choice(item.branches), rng)
            case Optional():
                out += tokens(item.inner, rng) if rng.random() < 0.5 else []
            case Repeat():
                for _ in range(rng.randint(1, 3)):
                    out += tokens((item.item,), rng)
    return out


def keywords(line: Line) -> set[str]:
    """All keywords of a command."""
    from ioscli.grammar.notation import walk

    return {item.text for item in walk(line.items) if isinstance(item, Word)}
