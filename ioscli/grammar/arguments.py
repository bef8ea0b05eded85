"""What a command was given: the arguments of a text that its line matches, by the names of the notation.

An argument goes by its name; a named choice by its name, with the words that were taken. Any other keyword that could have
been left out goes by itself. What may stand several times gives a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.grammar.notation import Arg, Choice, Optional, Repeat, Word
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.line import Line
    from ioscli.grammar.notation import Item

Arguments = dict[str, str]
_Step = tuple[int, tuple[tuple[str, str], ...]]


def arguments(line: Line, text: str) -> Arguments:
    """The arguments of `text` (canonical, without `no`); of a `no` form those that it names.

    A name that stands several times has its values joined by blanks.
    """
    tokens = text.split()
    longest: tuple[tuple[str, str], ...] = ()
    for at, found in _sequence(line.items, tokens, 0, text, optional=False, partial=True):
        if at == len(tokens):
            longest = found
            break
    values: Arguments = {}
    for name, value in longest:
        values[name] = f"{values[name]} {value}" if name in values and values[name] != name else value
    return values


def _sequence(items: tuple[Item, ...], tokens: list[str], at: int, text: str, *, optional: bool, partial: bool = False) -> Iterator[_Step]:
    if not items or (partial and at == len(tokens)):
        yield at, ()
        return
    for after, taken in _item(items[0], tokens, at, text, optional=optional):
        for end, rest in _sequence(items[1:], tokens, after, text, optional=optional, partial=partial):
            yield end, taken + rest


def _item(item: Item, tokens: list[str], at: int, text: str, *, optional: bool) -> Iterator[_Step]:
    match item:
        case Word():
            if at < len(tokens) and tokens[at].lower() == item.text.lower():
                yield at + 1, ((identifier(item.text), item.text),) if optional else ()
        case Arg():
            yield from _argument(item, tokens, at, text)
        case Choice():
            for branch in item.branches:
                for end, taken in _sequence(branch, tokens, at, text, optional=item.name is None):
                    if item.name is None:
                        yield end, taken
                    else:
                        yield end, ((item.name, " ".join(tokens[at:end])), *taken)
        case Optional():
            for end, taken in _sequence(item.inner, tokens, at, text, optional=True):
                if end > at:
                    yield end, taken
            yield at, ()
        case Repeat():
            for end, taken in _item(item.item, tokens, at, text, optional=optional):
                if end > at:
                    for last, more in _item(item, tokens, end, text, optional=optional):
                        yield last, taken + more
                    yield end, taken


def _argument(item: Arg, tokens: list[str], at: int, text: str) -> Iterator[_Step]:
    kind = item.type
    if kind.span is Span.LINES:
        yield at, ()
        return
    if at >= len(tokens):
        return
    name = identifier(item.name)
    if kind.span in (Span.REST, Span.REST_AND_LINES):
        yield len(tokens), ((name, text.split(None, at)[at] if at else text),)
        return
    if kind.span is Span.QUOTED and tokens[at][0] == '"':
        for end in range(at, len(tokens)):
            if tokens[end].endswith('"') and (end > at or len(tokens[at]) > 1):
                yield end + 1, ((name, " ".join(tokens[at : end + 1]).strip('"')),)
                return
    if kind.check(tokens[at]) is not None:
        yield at + 1, ((name, tokens[at]),)


def identifier(word: str) -> str:
    """The Python name of a word of the notation: `/md5` is `md5`, `flash:` `flash`, `no-more` `no_more`, `in` `in_`."""
    name = "".join(char if char.isalnum() else "_" for char in word.strip("/:-<>*")).lower() or "any"
    return f"{name}_" if name in _RESERVED or name[0].isdigit() else name


_RESERVED = {"all", "as", "class", "exec", "from", "global", "if", "import", "in", "is", "not", "or", "pass", "return", "try", "with"}


def names(items: tuple[Item, ...], *, optional: bool = False) -> set[str]:
    """Every name that the arguments of a notation can have."""
    found: set[str] = set()
    for item in items:
        match item:
            case Word() if optional:
                found.add(identifier(item.text))
            case Arg():
                found.add(identifier(item.name))
            case Choice():
                found |= {item.name} if item.name is not None else set()
                for branch in item.branches:
                    found |= names(branch, optional=item.name is None)
            case Optional():
                found |= names(item.inner, optional=True)
            case Repeat():
                found |= names((item.item,), optional=optional)
    return found
