"""What may stand at each place of a mode's lines, worked out from the notation alone: the yardstick for the engine's walks.

A command's rest is a tuple of items; taking a keyword or an argument off its front leaves a shorter rest. The engine's trie has
no part in it: only the items of the notation, and the types' own judgement of a token.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ioscli.grammar.loader import installed
from ioscli.grammar.notation import Arg, Choice, Optional, Repeat, Word
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.line import Line
    from ioscli.grammar.notation import Item

Rest = tuple["Item", ...]
# What was read up to a place: keywords as lower-case text, arguments as they stand in the notation.
Path = tuple[str | Arg, ...]
# The forms of every command; they stand before its first word.
FORMS = ("no", "default")


class Place:
    """A place of a line: the keywords and arguments that may stand there, and the rests that each leaves."""

    def __init__(self) -> None:
        self.words: dict[str, dict[Rest, bool]] = {}  # whether a rest's command is more than accepted
        self.arguments: dict[Arg, dict[Rest, bool]] = {}
        self.newer: dict[str, str] = {}  # an older spelling, and the keyword that it means

    def add(self, rest: Rest, *, modelled: bool) -> None:
        for front, after in fronts(rest):
            if isinstance(front, Arg):
                self.arguments.setdefault(front, {})[after] = modelled
            else:
                self.words.setdefault(front.text.lower(), {})[after] = modelled

    def meant(self, token: str) -> list[str]:
        """The keywords that a token is or abbreviates. Accepted ones make no abbreviation ambiguous that means a modelled one."""
        low = token.lower()
        if low in self.words or low in self.newer:
            return [self.newer.get(low, low)]
        spelled = {word: word for word in self.words} | self.newer
        found = {word for text, word in spelled.items() if text.startswith(low)}
        return [word for word in found if any(self.words[word].values())] or list(found)

    def fits(self, token: str) -> int:
        """How many leading characters of a token some keyword or argument of the place could begin with."""
        keywords = [shared(token, word) for word in (*self.words, *self.newer)]
        return max(keywords + [argument.type.prefix(token) for argument in self.arguments], default=0)


def shared(token: str, word: str) -> int:
    """How many leading characters of a token are those of a keyword."""
    count = 0
    while count < min(len(token), len(word)) and token[count].lower() == word[count].lower():
        count += 1
    return count


def taken(argument: Arg, tokens: list[str], at: int) -> int:
    """Where the words behind an argument begin; `at` where the word is none of its type."""
    kind = argument.type
    match kind.span:
        case Span.REST | Span.REST_AND_LINES:
            return len(tokens)
        case Span.QUOTED if tokens[at].startswith('"') and tokens[at].count('"') == 1:
            closing = [end + 1 for end in range(at + 1, len(tokens)) if tokens[end].endswith('"')]
            return closing[0] if closing else at + 1
        case Span.JOINED if kind.check(tokens[at]) is None and at + 1 < len(tokens) and tokens[at][-1].isalpha():
            return at + 2 if kind.check(tokens[at] + tokens[at + 1]) is not None else at
        case _:
            return at + 1 if kind.check(tokens[at]) is not None else at


def fronts(rest: Rest) -> Iterator[tuple[Word | Arg, Rest]]:
    """The words and arguments that a rest may begin with, and what each leaves."""
    if not rest:
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


@cache
def place(mode: str, path: Path) -> Place:
    """The place of a mode that a path leads to."""
    found = Place()
    if not path:
        for line in installed().modes[mode].lines:
            found.add(line.items, modelled=not line.accepted)
    else:
        before = place(mode, path[:-1])
        last = path[-1]
        for rest, modelled in (before.words[last] if isinstance(last, str) else before.arguments[last]).items():
            found.add(rest, modelled=modelled)
    for old, new in installed().modes[mode].spellings:
        if path == tuple(old[:-1]) and new[-1].lower() in found.words:
            found.newer[old[-1].lower()] = new[-1].lower()
    return found


def reached(mode: str, tokens: list[str], path: Path = (), at: int = 0) -> tuple[int, list[Place]]:
    """The first word that nothing takes, in the readings of the line that come furthest, and its place in each of them.

    Where all words are taken it is the end of the line.
    """
    here = place(mode, path)
    if at == len(tokens):
        return at, [here]
    token = tokens[at]
    meant = here.meant(token)
    readings = []
    if len(meant) == 1:
        readings.append(reached(mode, tokens, (*path, meant[0]), at + 1))
        if token.lower() in here.words or token.lower() in here.newer:
            return readings[0]
    for argument in here.arguments:
        behind = taken(argument, tokens, at)
        if behind > at:
            readings.append(reached(mode, tokens, (*path, argument), behind))
    if not readings:
        return at, [here]
    furthest = max(word for word, _ in readings)
    return furthest, [found for word, places in readings if word == furthest for found in places]


def keyword_places(line: Line, tokens: list[str]) -> list[int]:
    """Which words of a line of a command, or of its `no` form, are keywords."""
    ways: list[tuple[Rest, int, list[int]]] = [(line.items, 0, [])]
    while ways:
        rest, at, found = ways.pop()
        if at == len(tokens):
            return found
        # The last way is tried first: a keyword before an argument that takes anything.
        for front, after in sorted(fronts(rest), key=lambda way: isinstance(way[0], Word)):
            if isinstance(front, Arg):
                behind = taken(front, tokens, at)
                if behind > at:
                    ways.append((after, behind, found))
            elif front.text.lower() == tokens[at].lower():
                ways.append((after, at + 1, [*found, at]))
    return []
