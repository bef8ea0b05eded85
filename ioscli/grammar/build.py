"""Lays the paths of a command into a trie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.grammar.line import End
from ioscli.grammar.node import Edge, Node
from ioscli.grammar.notation import Arg, Choice, Optional, Repeat, Word
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from ioscli.grammar.family import Family
    from ioscli.grammar.line import Line
    from ioscli.grammar.notation import Item

_Frontier = list[tuple[Node, int, tuple[int, ...]]]


class Builder:
    """Lays the paths of one command: a frontier of (node, tokens so far, places of keys) moves along its items."""

    def __init__(self, line: Line, problems: list[str]) -> None:
        self.line = line
        self.problems = problems

    def sequence(self, frontier: _Frontier) -> None:
        line = self.line
        acts = line.action is not None and line.asks is None
        negatable = (line.negative is None and not acts) or line.toggles is not None
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
        line.simple = line.stored and line.body is None

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
                ways = [(keyword_node(node, item), depth + 1, keys) for node, depth, keys in frontier]
                for node, _, _ in ways:
                    see(node, line)
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
        again = self.step([(loop, _depth(once), once[0][2])], item, marking=marking)
        reached = _unique(once + [(node, depth, once[0][2]) for node, depth, _ in again])
        for node, _, _ in reached:
            for text in node.also(loop):
                self.problems.append(f"{self.line.source}: {text!r} repeats, but another command has it at that place")
        return reached


def _depth(frontier: _Frontier) -> int:
    return frontier[0][1] if frontier else 0


def _unique(frontier: _Frontier) -> _Frontier:
    return list({(id(node), keys): (node, depth, keys) for node, depth, keys in frontier}.values())


def see(node: Node, line: Line | Family) -> None:
    """Notes what goes by a node."""
    node.level = min(node.level, line.level)
    node.hidden = node.hidden and line.hidden
    node.modelled = node.modelled or not line.accepted


def keyword_node(node: Node, word: Word) -> Node:
    low = word.text.lower()
    child = node.spelled.get(low)
    if child is None:
        child = node.spell(low, Node(word.printed))
        if word.printed == word.text:
            node.plain[word.text] = child
    return child


def _argument(node: Node, arg: Arg, line: Line) -> Node:
    for known in node.args:
        if known.type is arg.type and known.name == arg.name:
            see(known.node, line)
            return known.node
    way = Edge(arg.type, arg.name)
    see(way.node, line)
    node.accept([*node.args, way])
    return way.node
