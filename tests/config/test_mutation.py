"""One wrong letter in a keyword: a router refuses the line, and the caret tells where.

The rule of the caret is own reading of captures of IOS 12 to 16: it stands under the first character of the word that no keyword
and no argument of that place can accept. Here it is worked out anew from the notation, without the trie.
"""

from __future__ import annotations

import random
import string
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from ioscli.config.reader import read
from ioscli.grammar.ask import explain
from ioscli.grammar.loader import installed
from ioscli.grammar.refusal import Fault
from ioscli.grammar.types import Span
from tests.grammar.places import FORMS, keyword_places, reached, shared
from tests.grammar.sampling import tokens
from tests.measure.corpus import samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from ioscli.config.tree import Section
    from ioscli.grammar.line import Line

MUTATIONS = 10_000
GRAMMAR = installed()


class Typed(NamedTuple):
    """A line in the modes that are open, the innermost first; `keywords`: which of its words are."""

    modes: tuple[str, ...]
    words: tuple[str, ...]
    keywords: tuple[int, ...]


class Mutant(NamedTuple):
    """A line whose word `at` has one wrong letter."""

    modes: tuple[str, ...]
    words: tuple[str, ...]
    at: int

    @property
    def text(self) -> str:
        return " ".join(self.words)


def modelled(line: Line) -> bool:
    # A banner's text begins on its line: what is stored of it is no whole line.
    whole = line.body is None or line.body.span is not Span.REST_AND_LINES
    return whole and not line.accepted and line.action is None and line.toggles is None


def typed(modes: tuple[str, ...], line: Line, text: str) -> Typed:
    words = text.split()
    negative = words[0] == "no" and not line.head.startswith("no ")
    keywords = [at + negative for at in keyword_places(line, words[negative:])]
    return Typed(modes, tuple(words), tuple(([0] if negative else []) + keywords))


def statements(section: Section, modes: tuple[str, ...] = ()) -> Iterator[Typed]:
    """The modelled lines of a configuration."""
    if section.mode is None:
        return
    inside = (section.mode.name, *modes)
    for statement in section:
        if statement.line is not None and modelled(statement.line):
            yield typed(inside, statement.line, statement.text)
        if statement.section is not None:
            yield from statements(statement.section, inside)


@cache
def from_the_corpus() -> list[Typed]:
    found = (line for sample in samples() for line in statements(read(sample.text, GRAMMAR).config))
    return sorted({line for line in found if line.keywords})


def enclosing(name: str) -> tuple[str, ...]:
    """A mode and those that it is entered through, the innermost first."""
    modes = [name]
    while GRAMMAR.modes[modes[-1]].parents and GRAMMAR.modes[modes[-1]].parents[0] not in modes:
        modes.append(GRAMMAR.modes[modes[-1]].parents[0])
    return tuple(modes)


@cache
def from_the_grammar() -> list[Typed]:
    rng = random.Random("grammar")
    lines = [(mode.name, line) for mode in GRAMMAR.modes.values() if mode.name not in ("exec", "any") for line in mode.lines if modelled(line)]
    made = (typed(enclosing(mode), line, " ".join(tokens(line.items, rng))) for mode, line in lines for _ in range(3))
    return sorted({line for line in made if line.keywords})


def mutants(lines: list[Typed], rng: Random) -> Iterator[Mutant]:
    """Lines with a letter of a keyword replaced by another."""
    for _ in range(MUTATIONS):
        modes, words, keywords = rng.choice(lines)
        at = rng.choice(keywords)
        letters = [number for number, char in enumerate(words[at]) if char.isalpha()]
        if not letters:
            continue
        number = rng.choice(letters)
        other = rng.choice([letter for letter in string.ascii_lowercase if letter != words[at][number].lower()])
        yield Mutant(modes, (*words[:at], words[at][:number] + other + words[at][number + 1 :], *words[at + 1 :]), at)


def is_another_command(mutant: Mutant) -> bool:
    """Whether the wrong letter made another keyword of the same place, or an unambiguous abbreviation of one."""
    for mode in mutant.modes:
        negative = mutant.words[0] in FORMS and mutant.at > 0
        before = list(mutant.words[negative : mutant.at])
        at, places = reached(mode, before)
        if at == len(before) and any(len(found.meant(mutant.words[mutant.at])) == 1 for found in places):
            return True
    return False


def expected(mutant: Mutant) -> tuple[Fault, int]:
    """The refusal that the rule gives, and its column in the line."""
    negative = mutant.words[0] in FORMS
    words = list(mutant.words[negative:])
    at, places = reached(mutant.modes[0], words)
    if at == len(words):
        return Fault.INCOMPLETE, len(mutant.text)
    at += negative
    column = len(" ".join((*mutant.words[:at], "")))
    token = mutant.words[at]
    if any(len(found.meant(token)) > 1 for found in places):
        return Fault.AMBIGUOUS, column
    fits = max(found.fits(token) for found in places)
    if at == 0:
        fits = max(fits, *(shared(token, form) for form in FORMS))
    return Fault.INVALID, column + min(fits, len(token) - 1)


@pytest.fixture(params=["corpus", "grammar"])
def lines(request: pytest.FixtureRequest) -> list[Typed]:
    found = from_the_corpus() if request.param == "corpus" else from_the_grammar()
    if not found:
        pytest.skip("the corpus is not here")
    return found


def test_a_wrong_letter_in_a_keyword_is_refused(lines: list[Typed]) -> None:
    taken = []
    excepted = 0
    for mutant in mutants(lines, random.Random(1)):
        if all(explain(GRAMMAR.modes[mode], mutant.text) is not None for mode in mutant.modes):
            continue
        if is_another_command(mutant):
            excepted += 1
        else:
            taken.append(mutant)
    assert len(taken) <= 0.01 * (MUTATIONS - excepted), "\n".join(f"{mutant.modes[0]}: {mutant.text}" for mutant in taken[:40])


def test_the_caret_stands_under_the_first_character_that_nothing_can_accept(lines: list[Typed]) -> None:
    wrong = []
    for mutant in mutants(lines, random.Random(2)):
        refusal = explain(GRAMMAR.modes[mutant.modes[0]], mutant.text)
        if refusal is not None and (refusal.fault, refusal.column) != expected(mutant):
            wrong.append(f"{mutant.modes[0]}: {mutant.text!r}: {refusal.fault.name} {refusal.column}, not {expected(mutant)}")
    assert wrong == []
