"""The command reference's notation: `database level {minimum | names}` to a syntax tree.

docs/grammar.md is the notation's manual. A tree is a tuple of items; each item is one of the five classes below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.grammar.types import Type, type_named

if TYPE_CHECKING:
    from collections.abc import Iterator


class NotationError(ValueError):
    """A command line of a .cli file that cannot be read; the text says what is wrong."""


class _Same:
    """Items with the same parts are equal."""

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__slots__))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(repr(getattr(self, name)) for name in self.__slots__)})"


class Word(_Same):
    """A keyword. `before`, `after`: blanks printed around it besides the one that separates words."""

    __slots__ = ("after", "before", "text")

    def __init__(self, text: str, before: int = 0, after: int = 0) -> None:
        self.text = text
        self.before = before
        self.after = after

    @property
    def printed(self) -> str:
        return " " * self.before + self.text + " " * self.after


class Arg(_Same):
    """A named value of a type."""

    __slots__ = ("name", "type")

    def __init__(self, name: str, kind: Type) -> None:
        self.name = name
        self.type = kind


class Choice(_Same):
    """One of several sequences. `name`: the argument that a program knows it by, or None."""

    __slots__ = ("branches", "name")

    def __init__(self, branches: tuple[tuple[Item, ...], ...], name: str | None = None) -> None:
        self.branches = branches
        self.name = name


class Optional(_Same):
    """A sequence that may be left out."""

    __slots__ = ("inner",)

    def __init__(self, inner: tuple[Item, ...]) -> None:
        self.inner = inner


class Repeat(_Same):
    """An item that stands once or more."""

    __slots__ = ("item",)

    def __init__(self, item: Item) -> None:
        self.item = item


Item = Word | Arg | Choice | Optional | Repeat

_TOKEN = r"\s*(<[^<>]*>|[\[\]{}|]|[^\s\[\]{}|<>]+)"
_CLOSING = {"{": "}", "[": "]"}


def parse_notation(text: str) -> tuple[Item, ...]:
    """The items of a command line's notation.

    Raises NotationError where a bracket does not close, a type is unknown or the line is empty.
    """
    tokens = _tokens(text)
    items, rest = _sequence(tokens, 0)
    if rest != len(tokens):
        raise NotationError(f"unexpected {tokens[rest]!r}")
    if not items:
        raise NotationError("an empty command")
    return items


def _tokens(text: str) -> list[str]:
    tokens = []
    match = re.compile(_TOKEN).match
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = match(text, position)
        if not found:
            raise NotationError(f"cannot read {text[position:]!r}")
        tokens.append(found[1])
        position = found.end()
    return tokens


def _sequence(tokens: list[str], at: int) -> tuple[tuple[Item, ...], int]:
    items: list[Item] = []
    while at < len(tokens) and tokens[at] not in ("|", "]", "}"):
        token = tokens[at]
        if token in _CLOSING:
            item, at = _group(tokens, at)
            items.append(item)
            continue
        at += 1
        if token == "...":
            items.append(_repeat(items, last=at == len(tokens)))
        elif token.startswith("<"):
            items.append(_argument(token))
        else:
            items.append(word(token))
    return tuple(items), at


def word(token: str) -> Word:
    """The keyword that a token of the notation is, its blanks (`~`) counted."""
    text = token.strip("~")
    return Word(text, len(token) - len(token.lstrip("~")), len(token) - len(token.rstrip("~")))


def _repeat(items: list[Item], *, last: bool) -> Item:
    # After a bare keyword a closing `...` is the rest of the line; elsewhere it repeats what it follows.
    if not items or (last and isinstance(items[-1], Word)):
        return Optional((Arg("rest", type_named("line")),))
    item = items.pop()
    if isinstance(item, Optional):
        inner = item.inner[0] if len(item.inner) == 1 else Choice((item.inner,))
        return Optional((Repeat(inner),))
    return Repeat(item)


def _argument(token: str) -> Arg:
    name, _, kind = token[1:-1].partition(":")
    if not (name.isascii() and name[:1].isalpha() and name.islower() and name.replace("-", "_").isidentifier()):
        raise NotationError(f"{token}: an argument's name is lower-case letters, digits and dashes")
    try:
        return Arg(name, type_named(kind or "word"))
    except KeyError:
        raise NotationError(f"{token}: there is no type {kind!r}") from None


def _group(tokens: list[str], at: int) -> tuple[Item, int]:
    opening = tokens[at]
    branches = []
    while True:
        branch, at = _sequence(tokens, at + 1)
        if not branch:
            raise NotationError(f"an empty branch in {opening}")
        branches.append(branch)
        if at == len(tokens) or tokens[at] != "|":
            break
    if at == len(tokens) or tokens[at] != _CLOSING[opening]:
        raise NotationError(f"{opening} is not closed")
    at += 1
    name = None
    if at < len(tokens) and tokens[at].startswith(":"):
        name = tokens[at][1:]
        at += 1
    if opening == "{":
        return Choice(tuple(branches), name), at
    if len(branches) == 1 and name is None:
        return Optional(branches[0]), at
    return Optional((Choice(tuple(branches), name),)), at


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    """Every word, argument and choice of a tree, in the order of the notation."""
    for item in items:
        match item:
            case Choice():
                yield item
                for branch in item.branches:
                    yield from walk(branch)
            case Optional():
                yield from walk(item.inner)
            case Repeat():
                yield from walk((item.item,))
            case _:
                yield item
