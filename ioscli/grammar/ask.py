"""What a walk of the trie means to a human: the caret, the two other refusals, `?` and Tab.

Texts and columns follow what routers show: the caret stands under the first character that no keyword and no argument
of that place can begin with, not under the start of the word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ioscli.grammar.interfaces import LISTED, kind
from ioscli.grammar.node import common, take
from ioscli.grammar.refusal import Fault, Refusal
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.modes import Grammar, Mode
    from ioscli.grammar.node import Edge, Node

FORMS = ("no", "default")  # what may stand before a command
HIGHEST = 15
_HIGHEST_NUMBER = 255  # of an interface, as `?` has it
_DEEPEST = 64  # words of a path that a glossary could ask for


class Row(NamedTuple):
    """A line of the list that `?` prints."""

    label: str
    text: str


class _Way(NamedTuple):
    """A node that the tokens lead to, and the words of the grammar that lead there (`<name>` for an argument)."""

    node: Node
    path: tuple[str, ...]


class _Walk(NamedTuple):
    """Where the tokens lead: the ways that take them all, and the (token, node, ambiguous) where ways end early."""

    ways: list[_Way]
    stuck: list[tuple[int, Node, bool]]


def _walk(mode: Mode, tokens: list[str], level: int) -> _Walk:
    """Goes along the tokens on all ways at once; each node is reached but once at each place."""
    count = len(tokens)
    reached: dict[int, dict[int, _Way]] = {0: {id(mode.trie.root): _Way(mode.trie.root, ())}}
    stuck: list[tuple[int, Node, bool]] = []
    furthest = at = 0
    while at <= furthest and at < count:
        for way in reached.pop(at, {}).values():
            keywords = way.node.abbreviated(tokens[at].lower(), level)
            moved = False
            for node, word, taken in _steps(mode, way.node, keywords, tokens, at, level):
                moved = True
                end = count if taken < 0 else at + taken
                path = (*way.path, word) if len(way.path) < _DEEPEST else way.path
                reached.setdefault(end, {}).setdefault(id(node), _Way(node, path))
                furthest = max(furthest, end)
            if not moved:
                stuck.append((at, way.node, len(keywords) > 1))
        at += 1
    return _Walk(list(reached.get(count, {}).values()), stuck)


def _steps(mode: Mode, node: Node, keywords: list[Node], tokens: list[str], at: int, level: int) -> Iterator[tuple[Node, str, int]]:
    """The steps from a node: a keyword where one fits, which excludes arguments where it is whole; else arguments."""
    if len(keywords) == 1:
        keyword = keywords[0]
        mode.trie.build(keyword)
        word = keyword.word.strip()
        yield keyword, word, 1
        if word.lower() == tokens[at].lower():
            return
    for edge in node.args:
        step = take(edge, tokens, at) if edge.node.level <= level else None
        if step is not None:
            yield step[0], f"<{edge.name}>", step[2]


def _split(mode: Mode, line: str) -> tuple[bool, list[str], list[int]]:
    """Whether the line is a `no` or `default` form, the tokens of the command and their columns."""
    found = list(re.finditer(r"\S+", line))
    tokens = [match[0] for match in found]
    columns = [match.start() for match in found]
    # A few modes have a command `default` or `no` of their own; the form is meant only where that does not fit.
    if len(tokens) > 1 and tokens[0].lower() in FORMS and mode.trie.match(tokens, line.strip()) is None:
        return True, tokens[1:], columns[1:]
    return False, tokens, columns


def explain(mode: Mode, line: str, level: int = HIGHEST) -> Refusal | None:
    """Why `line` is no command of the mode, or None where it is one."""
    negated, tokens, columns = _split(mode, line)
    if not tokens:
        return None
    root = mode.trie.root
    strange = not root.args and not root.abbreviated(tokens[0].lower())  # no command begins so: the walk would end at once
    walk = _Walk([], [(0, root, False)]) if strange else _walk(mode, tokens, level)
    if any(way.node.negs if negated else way.node.end for way in walk.ways):
        return None
    if walk.ways:
        return Refusal(Fault.INCOMPLETE, len(line.rstrip()), len(tokens))
    at = max(stuck for stuck, _, _ in walk.stuck)
    if any(ambiguous for stuck, _, ambiguous in walk.stuck if stuck == at):
        return Refusal(Fault.AMBIGUOUS, columns[at], at)
    if at == len(tokens) - 1 and any(_begun(node, tokens[at], level) for stuck, node, _ in walk.stuck if stuck == at):
        return Refusal(Fault.INCOMPLETE, len(line.rstrip()), len(tokens))
    fits = max(_fits(node, tokens[at], level) for stuck, node, _ in walk.stuck if stuck == at)
    if at == 0 and not negated:
        fits = max(fits, *(common(tokens[0].lower(), form) for form in FORMS))
    return Refusal(Fault.INVALID, columns[at] + fits, at)


def _begun(node: Node, token: str, level: int) -> bool:
    """Whether a token is the name of an interface, without its number."""
    return token[-1].isalpha() and any(
        edge.type.span is Span.JOINED and edge.node.level <= level and edge.type.prefix(token) == len(token) for edge in node.args
    )


def _fits(node: Node, token: str, level: int) -> int:
    """How many characters of a refused token some keyword or argument of the node could begin with."""
    fits = node.shared(token.lower(), level)
    for edge in node.args:
        if edge.node.level <= level:
            fits = max(fits, edge.type.prefix(token))
    return min(fits, len(token) - 1)


def rows(grammar: Grammar, mode: Mode, line: str, level: int = HIGHEST) -> list[Row] | Refusal:
    """What `?` after a blank (or on an empty line) lists: every way on, `<cr>` last where the command may end here."""
    negated, tokens, columns = _split(mode, line)
    walk = _walk(mode, tokens, level)
    if not walk.ways:
        at = max(stuck for stuck, _, _ in walk.stuck)
        if at == len(tokens) - 1 and any(_begun(node, tokens[at], level) for stuck, node, _ in walk.stuck if stuck == at):
            name = kind(tokens[at])
            return [Row(f"<0-{_HIGHEST_NUMBER}>", f"{name} interface number")] if name else Refusal(Fault.AMBIGUOUS, columns[at], at)
        ambiguous = any(flag for stuck, _, flag in walk.stuck if stuck == at)
        return Refusal(Fault.AMBIGUOUS if ambiguous else Fault.INVALID, columns[at], at)
    listed: dict[str, str] = {}
    for way in walk.ways:
        for edge in _visible(way.node, level):
            if edge.type.span is Span.JOINED:
                listed.update(LISTED)
            else:
                listed.setdefault(edge.type.label, grammar.help(mode, (*way.path, f"<{edge.name}>")) or "")
    for way in walk.ways:
        for child in _keywords(way.node, level):
            word = child.word.strip()
            listed.setdefault(word, grammar.help(mode, (*way.path, word)) or "")
    found = [Row(label, text) for label, text in sorted(listed.items(), key=lambda item: collate(item[0]))]
    if any(way.node.negs if negated else way.node.end for way in walk.ways):
        found.append(Row("<cr>", ""))
    return found


def collate(label: str) -> tuple[int, str]:
    """The order of the rows of `?`."""
    # As they sort in ASCII: digits, argument forms (`<1-10>`, `WORD`, `A.B.C.D`), keywords.
    return (label[0] > "9") + (label[0].islower() or label[0] == "|"), label.lower()


def words(mode: Mode, line: str, level: int = HIGHEST) -> list[str]:
    """What `?` after letters lists: the keywords that the last word begins."""
    _, tokens, _ = _split(mode, line)
    if not tokens:
        return []
    *before, partial = tokens
    low = partial.lower()
    ways = _walk(mode, before, level).ways
    found = {child.word.strip() for way in ways for child in _keywords(way.node, level) if child.word.lower().startswith(low)}
    if any(edge.type.span is Span.JOINED for way in ways for edge in _visible(way.node, level)):
        known = {word.lower() for word in found}
        found |= {name for name in LISTED if name.lower().startswith(low) and name.lower() not in known}
    return sorted(found, key=str.lower)


def complete(mode: Mode, line: str, level: int = HIGHEST) -> str | None:
    """What Tab makes of a line: its last word completed and a blank, or None where no single keyword fits."""
    if not line or line[-1].isspace():
        return None
    found = words(mode, line, level)
    if len(found) != 1:
        exact = [word for word in found if word.lower() == line.rsplit(maxsplit=1)[-1].lower()]
        if not exact:
            return None
        found = exact
    return line[: len(line) - len(line.rsplit(maxsplit=1)[-1])] + found[0] + " "


def _visible(node: Node, level: int) -> Iterator[Edge]:
    return (edge for edge in node.args if edge.node.level <= level and not edge.node.hidden)


def _keywords(node: Node, level: int) -> Iterator[Node]:
    # An older spelling leads to a node whose word is the new one: it is listed under that.
    return (child for text, child in node.spelled.items() if child.level <= level and not child.hidden and child.word.strip().lower() == text)
