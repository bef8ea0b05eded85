"""Configurations made from the grammar: blocks of a command of global configuration mode and what may stand under it."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

from ioscli.grammar.loader import installed
from ioscli.grammar.types import Span
from tests.grammar.sampling import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.line import Line

_DEPTH = 3
_BANNERS = ("^CText^C", "^C\n two\nlines\n^C", "#hostname R9\n#")
_BODIES = {
    "hex-until-quit": ("30820122 300D0609 2A864886 F70D0101 01050003 82010F00 3082010A 02820101", "00B5", "quit"),
    "text-until-quit": ("some text", "quit"),
    "until-@": ("show clock", "@"),
}


@cache
def stored(mode: str) -> tuple[list[Line], list[Line]]:
    """The commands of a mode that are statements: those that open no mode, those that do."""
    lines = [line for line in installed().modes[mode].lines if line.action is None and line.toggles is None]
    return [line for line in lines if line.enters is None], [line for line in lines if line.enters is not None]


def configuration(seeds: list[int]) -> str:
    """A configuration of one block for each seed."""
    return "".join(f"{row}\n" for seed in seeds for row in block(seed))


def block(seed: int) -> Iterator[str]:
    """A statement of global configuration mode with what stands under it; the same for the same seed."""
    yield from _block("config", 0, random.Random(seed))


def _block(mode: str, depth: int, rng: random.Random) -> Iterator[str]:
    simple, opening = stored(mode)
    if opening and (not simple or (depth < _DEPTH and rng.random() < 0.4)):
        line = rng.choice(opening)
    elif simple:
        line = rng.choice(simple)
    else:
        return
    indent = " " * depth
    if line.negative is None and rng.random() < 0.15:
        yield f"{indent}no {' '.join(tokens(line.items, rng))}"
        return
    yield from statement(line, indent, rng)
    if line.enters is not None:
        inside = installed().modes[line.enters]
        for _ in range(rng.randint(0, 4)):
            yield from _block(inside.name, depth + 1, rng)
        if inside.leave is not None:
            yield indent + inside.leave


def statement(line: Line, indent: str, rng: random.Random) -> Iterator[str]:
    """A line of a command, and the lines that belong to it."""
    words = tokens(line.items, rng)
    if line.body is not None and line.body.span is Span.REST_AND_LINES:
        yield from f"{indent}{' '.join(words[:-1])} {rng.choice(_BANNERS)}".split("\n")
        return
    yield indent + " ".join(words)
    if line.body is not None:
        yield from (f"{indent}  {row}" for row in _BODIES[line.body.name])
