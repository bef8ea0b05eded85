"""A place of a mode's commands: which keywords and arguments may follow there, and what ends there."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.grammar.family import Family
    from ioscli.grammar.line import End
    from ioscli.grammar.types import Type

_MEMO = 64


def common(one: str, other: str) -> int:
    """How many leading characters two texts share."""
    at = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        at += 1
    return at


class Edge:
    """An argument's way on. `single`: a value is always one token; `rest`: it is all that is left of the line."""

    __slots__ = ("check", "name", "node", "rest", "single", "type")

    def __init__(self, kind: Type, name: str) -> None:
        self.type = kind
        self.name = name
        self.node = Node()
        self.check: Callable[[str], str | None] = kind.check
        self.single = kind.span is Span.TOKEN
        self.rest = kind.span in (Span.REST, Span.REST_AND_LINES)


class Node:
    """What may follow at one place of a mode's commands."""

    __slots__ = ("args", "end", "hidden", "initials", "level", "memo", "modelled", "negs", "only", "plain", "sorted", "spelled", "waiting", "word")

    def __init__(self, word: str = "") -> None:
        self.word = word  # as printed
        self.plain: dict[str, Node] = {}  # keywords whose text is what is printed
        self.spelled: dict[str, Node] = {}  # lower-case text of every keyword, and older spellings
        self.initials = ""  # the first letters of those, in both cases
        self.args: list[Edge] = []
        self.only: Edge | None = None  # the single-token argument that is the only way on, where there is but one
        self.end: End | None = None
        self.negs: tuple[End, ...] = ()
        self.memo: dict[str, Node | None] | None = None
        self.sorted: list[str] | None = None  # the spellings in order, once asked for
        self.waiting: list[Family] | None = None  # commands that go this way, not laid yet
        self.level = 99
        self.hidden = True
        self.modelled = False  # whether a command goes this way that is not only accepted

    def keyword(self, token: str) -> Node | None:
        """The node of a keyword, an unambiguous abbreviation or another spelling; None where there is none."""
        if token[0] not in self.initials:
            return None
        if self.memo is None:
            self.memo = {}
        elif token in self.memo:
            return self.memo[token]
        found = self.abbreviated(token.lower())
        node = found[0] if len(found) == 1 else None
        if len(self.memo) < _MEMO:
            self.memo[token] = node
        return node

    def spell(self, low: str, node: Node) -> Node:
        """Makes a lower-case text a keyword for `node` unless it is one already. Returns the node that it leads to."""
        if low[0] not in self.initials:
            self.initials += low[0] + low[0].upper()
        self.memo = self.sorted = self.only = None
        return self.spelled.setdefault(low, node)

    def also(self, other: Node) -> list[str]:
        """Lets the keywords and arguments of another node follow here, too. Returns the keywords that lead elsewhere already."""
        if self.spelled:
            taken = [text for text, child in other.spelled.items() if self.spell(text, child) is not child]
            for text, child in other.plain.items():
                self.plain.setdefault(text, child)
        else:
            taken = []
            self.spelled, self.plain, self.initials = dict(other.spelled), dict(other.plain), other.initials
            self.memo = self.sorted = self.only = None
        self.accept(list({id(edge): edge for edge in self.args + other.args}.values()))
        return taken

    def accept(self, ways: list[Edge]) -> None:
        """Sets the arguments that may follow."""
        self.args = sorted(ways, key=lambda way: way.type.rank)
        self.only = ways[0] if len(ways) == 1 and ways[0].single and not self.spelled else None

    def abbreviated(self, low: str, level: int = 99) -> list[Node]:
        """The keywords that `low` (lower-case) names or begins, as one may see them at a privilege level."""
        exact = self.spelled.get(low)
        if exact is not None and exact.level <= level:
            return [exact]
        names = self.spellings()
        first = bisect_left(names, low)
        if first == len(names) or not names[first].startswith(low):
            return []
        found: dict[int, Node] = {}
        for at in range(first, len(names)):
            if not names[at].startswith(low):
                break
            node = self.spelled[names[at]]
            if node.level <= level:
                found[id(node)] = node
        # Accepted words are of all platforms: they make no abbreviation ambiguous that means a modelled one.
        modelled = [node for node in found.values() if node.modelled]
        return modelled or list(found.values())

    def spellings(self) -> list[str]:
        """The texts of all keywords, in order."""
        if self.sorted is None:
            self.sorted = sorted(self.spelled)
        return self.sorted

    def shared(self, low: str, level: int) -> int:
        """How many leading characters of `low` some keyword begins with."""
        names = self.spellings()
        at = bisect_left(names, low)
        longest = 0
        # In an ordered list the texts that share most stand next to the place of `low`; invisible ones are passed over.
        for steps in (range(at, len(names)), range(at - 1, -1, -1)):
            for step in steps:
                if self.spelled[names[step]].level <= level:
                    longest = max(longest, common(low, names[step]))
                    break
        return longest


def take(edge: Edge, tokens: list[str], at: int) -> tuple[Node, str, int] | None:
    """The step along an argument's edge, or None where the token is not of its type."""
    kind = edge.type
    token = tokens[at]
    if edge.rest:
        return edge.node, token, -1
    if kind.span is Span.QUOTED and token[0] == '"' and (token.count('"') == 1):
        for end in range(at + 1, len(tokens)):
            if tokens[end].endswith('"'):
                return edge.node, " ".join(tokens[at : end + 1]), end + 1 - at
    value = kind.check(token)
    if value is not None:
        return edge.node, value, 1
    if kind.span is Span.JOINED and at + 1 < len(tokens) and token[-1:].isalpha():
        value = kind.check(token + tokens[at + 1])
        if value is not None:
            return edge.node, value, 2
    return None
