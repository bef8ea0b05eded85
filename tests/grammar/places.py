"""What may stand at each place of a mode's lines, worked out from the notation alone: the yardstick for the engine's walks.

A command's rest is a tuple of items; taking a keyword or an argument off its front leaves shorter rests. No trie, no node and
no memory of the engine is used, only the notation's items and the types' own judgement of a token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from os.path import commonprefix
from typing import TYPE_CHECKING

from ioscli.grammar.node import Edge, Node, take
from ioscli.grammar.notation import Arg, Choice, Optional, Repeat, Word
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.line import Line
    from ioscli.grammar.modes import Mode
    from ioscli.grammar.notation import Item

Rest = tuple["Item", ...]


@dataclass(slots=True)
class Place:
    """A place of a line: the keywords (lower-case) and the arguments that may stand there, and what is left after each."""

    words: dict[str, set[Rest]] = field(default_factory=dict)
    modelled: set[str] = field(default_factory=set)
    arguments: dict[Arg, set[Rest]] = field(default_factory=dict)
    ends: bool = False

    def meant(self, token: str) -> list[str]:
        """The keywords that a token is or abbreviates. Accepted ones make no abbreviation ambiguous that means a modelled one."""
        low = token.lower()
        if low in self.words:
            return [low]
        found = [word for word in self.words if word.startswith(low)]
        return [word for word in found if word in self.modelled] or found

    def fits(self, token: str) -> int:
        """How many leading characters of a token some keyword or argument of the place could begin with."""
        low = token.lower()
        return max(
            [len(commonprefix((low, word))) for word in self.words] + [argument.type.prefix(token) for argument in self.arguments],
            default=0,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a line fares. `keywords`: the words that are read as keywords. `at`: the first word that nothing takes (None: none).

    `places`: the candidates of that word, one place for each way of reading the words before it.
    """

    complete: bool
    at: int | None
    places: tuple[Place, ...]
    keywords: frozenset[int]

    @property
    def ambiguous(self) -> bool:
        return any(len(place.meant("")) > 1 for place in self.places)


@cache
def fronts(rest: Rest) -> tuple[tuple[Word | Arg | None, Rest], ...]:
    """The words and arguments that a rest may begin with, and what each leaves; None where it may end."""
    return tuple(dict.fromkeys(_fronts(rest)))


def _fronts(rest: Rest) -> Iterator[tuple[Word | Arg | None, Rest]]:
    if not rest:
        yield None, ()
        return
    item, *after = rest
    match item:
        case Arg() if item.type.span is Span.LINES:
            yield from fronts(tuple(after))
        case Word() | Arg():
            yield item, tuple(after)
        case Choice():
            for branch in item.branches:
                yield from fronts((*branch, *after))
        case Optional():
            yield from fronts((*item.inner, *after))
            yield from fronts(tuple(after))
        case Repeat():
            yield from fronts((item.item, Optional((item,)), *after))


def place_of(rests: dict[Rest, bool]) -> Place:
    """The place that several rests share; each tells whether its command is more than accepted."""
    place = Place()
    for rest, modelled in rests.items():
        for front, after in fronts(rest):
            if front is None:
                place.ends = True
            elif isinstance(front, Arg):
                place.arguments.setdefault(front, set()).add(after)
            else:
                place.words.setdefault(front.text.lower(), set()).add(after)
                if modelled:
                    place.modelled.add(front.text.lower())
    return place
