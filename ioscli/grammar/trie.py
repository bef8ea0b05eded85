"""The trie of a mode: every command of it as paths of keywords and typed arguments.

Two kinds of end marks stand on its nodes: `end` where a command is complete, `negs` where its `no` form is.
`match` is the one fast walk; everything that explains a refusal walks the same nodes in ioscli.grammar.ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ioscli.grammar.notation import Arg, Choice, NotationError, Optional, Repeat, Word, walk
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ioscli.grammar.loader import Command
    from ioscli.grammar.notation import Item
    from ioscli.grammar.types import Type

_MEMO = 64


@dataclass(slots=True, eq=False)
class Line:
    """One command of a mode, as its line in a .cli file gives it."""

    items: tuple[Item, ...]
    mode: str
    source: str  # file:line
    order: int = 0
    level: int = 15
    default: str | None = None  # the text of the statement that equals the default
    shown: bool = False
    keeps_no: bool = False
    keys: tuple[str, ...] = ()
    whole: bool = False  # the whole text is the key
    sorted: bool = False
    action: str | None = None
    asks: str | None = None
    toggles: tuple[str, str] | None = None
    enters: str | None = None
    accepted: bool = False
    hidden: bool = False
    negative: str | None = None  # irregular `no` form; "-": none
    secret: bool = False
    body: Type | None = None
    leads: int = field(default=1)  # how many leading items the `no` form needs

    @property
    def head(self) -> str:
        """The leading keywords, as they are printed."""
        return " ".join(item.printed for item in self.leading)

    @property
    def leading(self) -> list[Word]:
        words = []
        for item in self.items:
            if not isinstance(item, Word):
                break
            words.append(item)
        return words


class End(NamedTuple):
    """A command is complete here; `keys` are the places of its key arguments among the tokens."""

    line: Line
    keys: tuple[int, ...]


class Edge(NamedTuple):
    """An argument's way on."""

    type: Type
    name: str
    node: Node


class Match(NamedTuple):
    """A command that matched. `tokens` are canonical; `text` is what show-run prints."""

    end: End
    text: str
    tokens: list[str]


class Node:
    """What may follow at one place of a mode's commands."""

    __slots__ = ("args", "end", "hidden", "level", "memo", "negs", "plain", "spelled", "word")

    def __init__(self, word: str = "") -> None:
        self.word = word  # as printed
        self.plain: dict[str, Node] = {}  # keywords whose text is what is printed
        self.spelled: dict[str, Node] = {}  # lower-case text of every keyword, and older spellings
        self.args: list[Edge] = []
        self.end: End | None = None
        self.negs: tuple[End, ...] = ()
        self.memo: dict[str, Node | None] = {}
        self.level = 99
        self.hidden = True

    def keyword(self, token: str) -> Node | None:
        """The node of a keyword, an unambiguous abbreviation or another spelling; None where there is none."""
        if token in self.memo:
            return self.memo[token]
        found = self.abbreviated(token.lower())
        node = found[0] if len(found) == 1 else None
        if len(self.memo) < _MEMO:
            self.memo[token] = node
        return node

    def abbreviated(self, low: str, level: int = 99) -> list[Node]:
        """The keywords that `low` (lower-case) names or begins, as one may see them at a privilege level."""
        exact = self.spelled.get(low)
        if exact is not None and exact.level <= level:
            return [exact]
        return list({id(node): node for text, node in self.spelled.items() if text.startswith(low) and node.level <= level}.values())

    def follow(self, token: str, following: str | None) -> tuple[Node, str, int] | None:
        """One step that is no plain keyword: (node, canonical text, tokens taken); -1 tokens: the rest of the line."""
        node = self.keyword(token)
        if node is not None:
            return node, node.word, 1
        for edge in self.args:
            step = take(edge, token, following)
            if step is not None:
                return step
        return None


def take(edge: Edge, token: str, following: str | None) -> tuple[Node, str, int] | None:
    """The step along an argument's edge, or None where the token is not of its type."""
    kind = edge.type
    if kind.span in (Span.REST, Span.REST_AND_LINES):
        return edge.node, token, -1
    value = kind.check(token)
    if value is not None:
        return edge.node, value, 1
    if kind.span is Span.JOINED and following is not None and token[-1:].isalpha():
        value = kind.check(token + following)
        if value is not None:
            return edge.node, value, 2
    return None


def greedy(node: Node | None, tokens: list[str], text: str, first: int = 0) -> tuple[Node, list[str]] | None:
    """The node that `tokens` from `first` on lead to by the first choice at each place, and the canonical tokens."""
    if node is None:
        return None
    out = tokens
    at = first
    count = len(tokens)
    while at < count:
        token = tokens[at]
        following = node.plain.get(token)
        if following is not None:
            node = following
            if out is not tokens:
                out.append(token)
            at += 1
            continue
        step = node.follow(token, tokens[at + 1] if at + 1 < count else None)
        if step is None:
            return None
        node, value, taken = step
        if taken == 1 and value == token:
            if out is not tokens:
                out.append(value)
            at += 1
            continue
        if out is tokens:
            out = tokens[:at]
        if taken < 0:
            out.append(text.split(None, at)[at] if at else text)
            return node, out
        out.append(value)
        at += taken
    return node, out


def search(node: Node, tokens: list[str], text: str, *, negated: bool, at: int = 0) -> tuple[Node, list[str]] | None:
    """As `greedy`, but every choice is tried until one leads to an end mark."""
    if at == len(tokens):
        return (node, []) if (node.negs if negated else node.end) else None
    token = tokens[at]
    steps: list[tuple[Node, str, int]] = []
    keyword = node.plain.get(token) or node.keyword(token)
    if keyword is not None:
        steps.append((keyword, keyword.word, 1))
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    steps += [step for edge in node.args if (step := take(edge, token, following)) is not None]
    for child, value, taken in steps:
        if taken < 0:
            if child.negs if negated else child.end:
                return child, [text.split(None, at)[at] if at else text]
            continue
        rest = search(child, tokens, text, negated=negated, at=at + taken)
        if rest is not None:
            return rest[0], [value, *rest[1]]
    return None


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
        for command in commands:
            first = command.first
            if first is None:
                self._insert(self.line(command))
                continue
            child = self.root.spelled.get(first.lower())
            if child is None:
                word = command.text.split(None, 1)[0]
                child = _keyword(self.root, Word(first, len(word) - len(first)))
            _see(child, command)
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
        found = self._find(tokens, text, negated=False)
        if found is None:
            return None
        node, out = found
        assert node.end is not None
        return Match(node.end, join(tokens, out, text), out)

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
            node.spelled.setdefault(old[-1], node.spelled[new])

    def _insert(self, line: Line) -> None:
        frontier = [(self.root, 0, ())]
        _Builder(line, self.problems).sequence(frontier)


_Frontier = list[tuple[Node, int, tuple[int, ...]]]


class _Builder:
    """Lays the paths of one command: a frontier of (node, tokens so far, places of keys) moves along its items."""

    def __init__(self, line: Line, problems: list[str]) -> None:
        self.line = line
        self.problems = problems

    def sequence(self, frontier: _Frontier) -> None:
        line = self.line
        negatable = line.negative is None and line.action is None or line.toggles is not None
        marking = False
        for at, item in enumerate(line.items):
            if at == line.leads and negatable:
                marking = True
                self.negate(frontier)
            frontier = self.step(frontier, item, marking=marking)
        if negatable:
            self.negate(frontier)
        for node, _, keys in frontier:
            if node.end is None:
                node.end = End(line, keys)
            elif node.end.line is not line:
                self.problems.append(f"{line.source}: the same words as {node.end.line.source}")

    def negate(self, frontier: _Frontier) -> None:
        for node, _, keys in frontier:
            if all(end.line is not self.line for end in node.negs):
                node.negs += (End(self.line, keys),)

    def step(self, frontier: _Frontier, item: Item, *, marking: bool) -> _Frontier:
        after = self._step(frontier, item, marking=marking)
        if marking:
            self.negate(after)
        return after

    def _step(self, frontier: _Frontier, item: Item, *, marking: bool) -> _Frontier:
        line = self.line
        match item:
            case Word():
                ways = [(_keyword(node, item), depth + 1, keys) for node, depth, keys in frontier]
                for node, _, _ in ways:
                    _see(node, line)
                return ways
            case Arg() if item.type.span is Span.LINES:
                line.body = item.type
                return frontier
            case Arg():
                if item.type.span is Span.REST_AND_LINES:
                    line.body = item.type
                key = item.name in line.keys
                return [(_argument(node, item, line), depth + 1, (*keys, depth) if key else keys) for node, depth, keys in frontier]
            case Choice():
                reached: _Frontier = []
                for branch in item.branches:
                    way = frontier
                    for part in branch:
                        way = self.step(way, part, marking=marking)
                    if item.name is not None and item.name in line.keys:
                        way = [(node, depth, keys + tuple(range(_depth(frontier), depth))) for node, depth, keys in way]
                    reached += way
                return _unique(reached)
            case Optional():
                way = frontier
                for part in item.inner:
                    way = self.step(way, part, marking=marking)
                return _unique(frontier + way)
            case Repeat():
                return self._repeat(frontier, item.item, marking=marking)

    def _repeat(self, frontier: _Frontier, item: Item, *, marking: bool) -> _Frontier:
        once = self.step(frontier, item, marking=marking)
        loop = Node()
        again = self.step([(loop, _depth(once), ())], item, marking=marking)
        reached = _unique(once + [(node, depth, once[0][2]) for node, depth, _ in again])
        for node, _, _ in reached:
            for text, child in loop.spelled.items():
                if node.spelled.setdefault(text, child) is not child:
                    self.problems.append(f"{self.line.source}: {text!r} repeats, but another command has it at that place")
            for text, child in loop.plain.items():
                node.plain.setdefault(text, child)
            node.args = sorted({id(edge): edge for edge in node.args + loop.args}.values(), key=lambda edge: edge.type.rank)
        return reached


def _depth(frontier: _Frontier) -> int:
    return frontier[0][1] if frontier else 0


def _unique(frontier: _Frontier) -> _Frontier:
    return list({(id(node), keys): (node, depth, keys) for node, depth, keys in frontier}.values())


def _see(node: Node, line: Line | Command) -> None:
    node.level = min(node.level, line.level)
    node.hidden = node.hidden and line.hidden


def _keyword(node: Node, word: Word) -> Node:
    low = word.text.lower()
    child = node.spelled.get(low)
    if child is None:
        child = node.spelled[low] = Node(word.printed)
        node.memo.clear()
        if not word.pad:
            node.plain[word.text] = child
    return child


def _argument(node: Node, arg: Arg, line: Line) -> Node:
    for edge in node.args:
        if edge.type is arg.type and edge.name == arg.name:
            _see(edge.node, line)
            return edge.node
    edge = Edge(arg.type, arg.name, Node())
    _see(edge.node, line)
    node.args.append(edge)
    node.args.sort(key=lambda edge: edge.type.rank)
    return edge.node


def lead_count(items: tuple[Item, ...], keys: tuple[str, ...]) -> int:
    """How many items the `no` form needs: the leading keywords, and all up to the last key.

    Raises NotationError for a key that the notation does not have.
    """
    count = 0
    while count < len(items) and isinstance(items[count], Word):
        count += 1
    count = max(count, 1)
    for key in keys:
        for at, item in enumerate(items):
            if key in names((item,)):
                count = max(count, at + 1)
                break
        else:
            raise NotationError(f"there is no argument {key!r} to be a key")
    return count


def names(items: Iterable[Item]) -> set[str]:
    """The names of the arguments and choices in a tree."""
    return {item.name for item in walk(tuple(items)) if isinstance(item, (Arg, Choice)) and item.name is not None}
