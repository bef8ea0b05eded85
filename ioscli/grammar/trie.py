"""The trie of a mode: every command of it as paths of keywords and typed arguments.

Two kinds of end marks stand on its nodes: `end` where a command is complete, `negs` where its `no` form is.
`match` is the one fast walk; everything that explains a refusal walks the same nodes in ioscli.grammar.ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.grammar.build import Builder, keyword_node, see
from ioscli.grammar.node import Node, take
from ioscli.grammar.notation import word as keyword

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ioscli.grammar.command import Command
    from ioscli.grammar.line import End, Line


_MEMO = 4096


class Match(NamedTuple):
    """A command that matched. `tokens` are canonical; `text` is what show-run prints."""

    end: End
    text: str
    tokens: list[str]


def greedy(node: Node, tokens: list[str], text: str, first: int = 0) -> tuple[Node, list[str]] | None:
    """The node that `tokens` from `first` on lead to by the first choice at each place, and the canonical tokens."""
    out = tokens
    at = first
    count = len(tokens)
    while at < count:
        token = tokens[at]
        following = node.plain.get(token)
        value: str | None = token
        if following is None and token[0] in node.initials and (following := node.keyword(token)) is not None:
            value = following.word
        if following is None:
            for way in node.args:
                if way.check is not None:
                    value = way.check(token)
                    if value is None:
                        continue
                    following = way.node
                else:
                    step = take(way, tokens, at)
                    if step is None:
                        continue
                    following, value, taken = step
                    if taken != 1:
                        out = tokens[:at] if out is tokens else out
                        if taken < 0:
                            out.append(text.split(None, at)[at] if at else text)
                            return following, out
                        at += taken - 1
                break
            else:
                return None
        assert value is not None
        if out is not tokens:
            out.append(value)
        elif value is not token and value != token:
            out = tokens[:at]
            out.append(value)
        node = following
        at += 1
    return node, out


def search(root: Node, tokens: list[str], text: str, *, negated: bool) -> tuple[Node, list[str]] | None:
    """As `greedy`, but along every choice at once, until one way leads to an end mark.

    Each place is reached but once by each node, so that commands with many ways through them cost no more than the line is long.
    """
    count = len(tokens)
    reached: dict[int, dict[int, tuple[Node, int, int, str]]] = {0: {id(root): (root, 0, 0, "")}}
    furthest = at = 0
    while at <= furthest and at < count:
        for mark, (node, _, _, _) in list(reached.get(at, {}).items()):
            for child, value, taken in _steps(node, tokens, at):
                end, said = (count, text.split(None, at)[at] if at else text) if taken < 0 else (at + taken, value)
                reached.setdefault(end, {}).setdefault(id(child), (child, at, mark, said))
                furthest = max(furthest, end)
        at += 1
    for mark, (node, _, _, _) in reached.get(count, {}).items():
        if node.negs if negated else node.end:
            out: list[str] = []
            place = count
            while place:
                _, place, mark, said = reached[place][mark]  # noqa: PLW2901
                out.append(said)
            return node, out[::-1]
    return None


def _steps(node: Node, tokens: list[str], at: int) -> Iterator[tuple[Node, str, int]]:
    keyword = node.plain.get(tokens[at]) or node.keyword(tokens[at])
    if keyword is not None:
        yield keyword, keyword.word, 1
    for way in node.args:
        step = take(way, tokens, at)
        if step is not None:
            yield step


def join(tokens: list[str], out: list[str], text: str) -> str:
    """The canonical text: `text` itself where nothing in it changed."""
    if out is tokens and "  " not in text and "\t" not in text:
        return text
    return " ".join(out)


class Trie:
    """The commands of one mode. Paths are built from the lines of a first word when that word is first met."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.root = Node()
        self._waiting: dict[str, list[Command]] = {}
        self._lines: dict[str, Line] = {}
        self._spellings: list[tuple[list[str], str]] = []
        self.problems: list[str] = []
        self._matches: dict[str, Match] = {}  # of the first texts: configurations repeat themselves
        for command in commands:
            first = command.first
            if first is None:
                self._insert(self.line(command))
                continue
            child = self.root.spelled.get(first.lower())
            if child is None:
                child = keyword_node(self.root, keyword(command.text.split(None, 1)[0]))
            see(child, command)
            self._waiting.setdefault(child.word.strip(), []).append(command)

    def line(self, command: Command) -> Line:
        """The command read; the same one each time."""
        key = f"{command.source} {command.mode}"
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = command.line()
        return line

    def spell(self, old: list[str], new: list[str]) -> None:
        """Makes the keywords `old` mean `new`; they differ in the last word."""
        self._spellings.append((old, new[-1]))

    def head(self, word: str) -> Node | None:
        """The node of a first keyword, plain or abbreviated, its paths built; None where no keyword fits."""
        node = self.root.plain.get(word) or self.root.keyword(word)
        if node is not None:
            self.build(node)
        return node

    def build(self, node: Node) -> None:
        """Builds the paths under a first keyword's node."""
        commands = self._waiting.pop(node.word.strip(), None)
        if commands:
            for command in commands:
                self._insert(self.line(command))
            for old, new in self._spellings:
                if old[0] == node.word.strip():
                    self._respell(node, old[1:], new)

    def build_all(self) -> Node:
        """The root with all paths built."""
        for word in list(self._waiting):
            self.build(self.root.spelled[word.lower()])
        return self.root

    def match(self, tokens: list[str], text: str) -> Match | None:
        """The command that `text` (stripped; `tokens` are its words) is, or None."""
        known = self._matches.get(text)
        if known is not None:
            return known
        found = self._find(tokens, text, negated=False)
        if found is None:
            return None
        node, out = found
        assert node.end is not None
        printed = join(tokens, out, text)
        # What nothing acts on is printed as it was typed, inner blanks and all.
        if printed is not text and node.end.line.accepted and printed.split() == tokens and not any(token != token.strip() for token in out):
            printed = text
        match = Match(node.end, printed, out)
        if len(self._matches) < _MEMO:
            self._matches[text] = match
        return match

    def match_no(self, tokens: list[str], text: str) -> tuple[tuple[End, ...], str, list[str]] | None:
        """The commands whose `no` form `no text` is, their canonical text (without `no`) and tokens; or None."""
        found = self._find(tokens, text, negated=True)
        if found is None:
            return None
        node, out = found
        return node.negs, join(tokens, out, text), out

    def _find(self, tokens: list[str], text: str, *, negated: bool) -> tuple[Node, list[str]] | None:
        first = tokens[0]
        node = self.root.plain.get(first)
        if node is None or first in self._waiting:
            node = self.head(first)
        if node is not None and node.word == first:
            found = greedy(node, tokens, text, 1)
        else:
            found = greedy(self.root, tokens, text)
        if found is None or not (found[0].negs if negated else found[0].end):
            return search(self.root, tokens, text, negated=negated)
        return found

    def _respell(self, node: Node, old: list[str], new: str) -> None:
        for word in old[:-1]:
            following = node.spelled.get(word)
            if following is None:
                return
            node = following
        if new in node.spelled:
            node.spell(old[-1], node.spelled[new])

    def _insert(self, line: Line) -> None:
        Builder(line, self.problems).sequence([(self.root, 0, ())])
