"""The trie of a mode: every command of it as paths of keywords and typed arguments.

Two kinds of end marks stand on its nodes: `end` where a command is complete, `negs` where its `no` form is.
`match` is the one fast walk; everything that explains a refusal walks the same nodes in ioscli.grammar.ask.

A command is laid when the last of its leading keywords is first met. Until then it waits at the node of the last keyword that was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.grammar.build import Builder, keyword_node, see
from ioscli.grammar.family import Family
from ioscli.grammar.node import Node, take
from ioscli.grammar.notation import word as keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.command import Command
    from ioscli.grammar.line import End, Key, Line


_MEMO = 4096
_HEADS = 1024


class Match(NamedTuple):
    """A command that matched. `tokens` are canonical; `text` is what show-run prints."""

    end: End
    text: str
    tokens: list[str]


Negation = tuple[tuple["End", ...], str, list[str]]  # the commands that a `no` form names, their canonical text and tokens


class Trie:
    """The commands of one mode."""

    def __init__(self, family: Family) -> None:
        self._root = Node()
        self._waiting: dict[str, Family] = {}  # by first word in lower case, until that is met
        self._heads: dict[str, Node] = {}  # by first words as they were typed
        self._strange = ""  # the last first word that is no keyword
        self._plain: dict[str, Node] = {}  # those of them that are printed so
        self._lines: dict[str, Line] = {}
        self._spellings: list[tuple[list[str], str]] = []
        self.problems: list[str] = []
        # Configurations repeat themselves: what the first texts are is remembered.
        self._matches: dict[str, Match] = {}
        self._printed: dict[str, tuple[End, Key]] = {}
        for member in family.members:
            if isinstance(member, Family):
                self._waiting[member.low] = member
            else:
                self._insert(member)

    @property
    def root(self) -> Node:
        """The node of the mode itself, with a child for every first word."""
        if self._waiting:
            for low in list(self._waiting):
                self._meet(low)
        return self._root

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

    def head(self, token: str) -> Node | None:
        """The node of a first keyword, plain or abbreviated; None where no keyword fits."""
        node = self._heads.get(token)
        if node is None and token != self._strange:
            low = token.lower()
            self._meet(low)
            node = self._root.plain.get(token) or self._root.spelled.get(low) or self._begun(token, low)
            if node is None:
                self._strange = token
            else:
                self.build(node)
                if len(self._heads) < _HEADS:
                    self._heads[token] = node
                if node.word == token and token != "no":
                    self._plain[token] = node
        return node

    def build(self, node: Node) -> None:
        """Lays the commands that wait at a node: those without a further leading keyword wholly, the others as far as that."""
        waiting, node.waiting = node.waiting, None
        for family in waiting or ():
            for member in family.members:
                if isinstance(member, Family):
                    _wait(keyword_node(node, keyword(member.word)), member)
                else:
                    self._insert(member)

    def build_all(self) -> Node:
        """The root with all paths built."""
        reached = {id(self.root): self._root}
        ways = [self._root]
        while ways:
            node = ways.pop()
            self.build(node)
            for child in (*node.spelled.values(), *[edge.node for edge in node.args]):
                if id(child) not in reached:
                    reached[id(child)] = child
                    ways.append(child)
        return self._root

    def printed(self, text: str) -> tuple[End, Key] | None:
        """The simple command that `text` is, and its key, where it stands as show-run prints it; None where only `match` can tell."""
        found = self._printed.get(text)
        if found is not None:
            return found
        tokens = text.split()
        node = self._plain.get(tokens[0])
        if node is None or "  " in text or not text.isprintable():
            return None
        for at, token in enumerate(tokens[1:], 1):
            if (way := node.only) is not None:
                if way.check(token) != token:
                    return None
                node = way.node
                continue
            child = node.plain.get(token)
            if child is None:
                if token[0] in node.initials:
                    return None
                for way in node.args:
                    if way.rest:
                        return _simple(way.node, tokens, text, at)
                    value = way.check(token)
                    if value is None and way.single:
                        continue
                    if value != token or not (way.single or token[0] != '"'):
                        return None
                    child = way.node
                    break
                else:
                    return None
            elif child.waiting is not None:
                self.build(child)
            node = child
        found = _simple(node, tokens, text, len(tokens))
        if found is not None and len(self._printed) < _MEMO:
            self._printed[text] = found
        return found

    def match(self, tokens: list[str], text: str) -> Match | None:
        """The command that `text` (stripped; `tokens` are its words) is, or None."""
        known = self._matches.get(text)
        if known is not None:
            return known
        found = self._follow(tokens, text)
        if found is None or found[0].end is None:
            found = self._search(tokens, text, negated=False)
            if found is None:
                return None
        node, out, changed = found
        end = node.end
        assert end is not None
        if (changed or "  " in text or "\t" in text) and not (end.line.accepted and _spaced(tokens, out)):
            match = Match(end, " ".join(out), out)
        else:
            match = Match(end, text, out)
        if len(self._matches) < _MEMO:
            self._matches[text] = match
        return match

    def match_no(self, tokens: list[str], text: str) -> Negation | None:
        """The commands whose `no` form `no text` is, their canonical text (without `no`) and tokens; or None."""
        found = self._follow(tokens, text)
        if found is None or not found[0].negs:
            found = self._search(tokens, text, negated=True)
            if found is None:
                return None
        node, out, changed = found
        return node.negs, " ".join(out) if changed or "  " in text or "\t" in text else text, out

    def _follow(self, tokens: list[str], text: str) -> tuple[Node, list[str], bool] | None:
        """The node that the first choice at each place leads to, the canonical tokens, whether they are not what was typed."""
        out: list[str] | None = None  # the canonical tokens as far as `at`, once they differ
        at = 1
        count = len(tokens)
        node = self._heads.get(tokens[0]) or self.head(tokens[0])
        if node is None:
            if not self._root.args:
                return None
            node = self._root
            at = 0
        elif node.word != tokens[0]:
            out = [node.word]
        while at < count:
            token = tokens[at]
            child = node.plain.get(token)
            if child is not None:
                if out is not None:
                    out.append(token)
            elif token[0] in node.initials and (child := node.keyword(token)) is not None:
                if out is None:
                    out = tokens[:at]
                out.append(child.word)
            else:
                for way in node.args:
                    if way.single:
                        value = way.check(token)
                        if value is None:
                            continue
                        child = way.node
                    elif way.rest:
                        rest = text.split(None, at)[at] if at else text
                        return way.node, [*(out or tokens[:at]), rest], out is not None
                    elif (step := take(way, tokens, at)) is not None:
                        child, value, taken = step
                        if taken > 1:
                            out = out or tokens[:at]
                            at += taken - 1
                    else:
                        continue
                    break
                else:
                    return None
                if out is not None:
                    out.append(value)
                elif value is not token and value != token:
                    out = [*tokens[:at], value]
            if child.waiting is not None:
                self.build(child)
            node = child
            at += 1
        return node, out or tokens, out is not None

    def _search(self, tokens: list[str], text: str, *, negated: bool) -> tuple[Node, list[str], bool] | None:
        """As `_follow`, but along every choice at once, until one way leads to an end mark.

        Each place is reached but once by each node, so that commands with many ways through them cost no more than the line is long.
        """
        root = self._root
        if self.head(tokens[0]) is None and not root.args:
            return None
        count = len(tokens)
        reached: dict[int, dict[int, tuple[Node, int, int, str]]] = {0: {id(root): (root, 0, 0, "")}}
        furthest = at = 0
        while at <= furthest and at < count:
            for mark, (node, _, _, _) in list(reached.get(at, {}).items()):
                for child, value, taken in self._steps(node, tokens, at):
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
                return node, out[::-1], True
        return None

    def _steps(self, node: Node, tokens: list[str], at: int) -> Iterator[tuple[Node, str, int]]:
        keyword = node.plain.get(tokens[at]) or node.keyword(tokens[at])
        if keyword is not None:
            self.build(keyword)
            yield keyword, keyword.word, 1
        for way in node.args:
            step = take(way, tokens, at)
            if step is not None:
                yield step

    def _begun(self, token: str, low: str) -> Node | None:
        """The node of the first keyword that a token is an unambiguous beginning of."""
        for name in [name for name in self._waiting if name.startswith(low)]:
            self._meet(name)
        return self._root.keyword(token)

    def _meet(self, low: str) -> None:
        """Gives a first word its node."""
        family = self._waiting.pop(low, None)
        if family is None:
            return
        node = keyword_node(self._root, keyword(family.word))
        _wait(node, family)
        for old, new in self._spellings:
            if old[0] == low:
                self._respell(node, old[1:], new)

    def _respell(self, node: Node, old: list[str], new: str) -> None:
        for word in old[:-1]:
            self.build(node)
            following = node.spelled.get(word)
            if following is None:
                return
            node = following
        self.build(node)
        if new in node.spelled:
            node.spell(old[-1], node.spelled[new])

    def _insert(self, command: Command) -> None:
        Builder(self.line(command), self.problems).sequence([(self._root, 0, ())])


def _wait(node: Node, family: Family) -> None:
    """Lets a family wait at the node of its last keyword."""
    see(node, family)
    if node.waiting is None:
        node.waiting = []
    node.waiting.append(family)


def _simple(node: Node, tokens: list[str], text: str, count: int) -> tuple[End, Key] | None:
    """What ends at a node and its key, where that is a simple command. What follows `count` tokens is the rest of the line."""
    end = node.end
    if end is None or not end.line.simple or text == end.line.default:
        return None
    if end.keys and end.keys[-1] >= count:
        tokens = [*tokens[:count], text.split(None, count)[count]]
    return end, end.key(tokens, text)


def _spaced(tokens: list[str], out: list[str]) -> bool:
    """Whether the canonical tokens differ from what was typed in nothing but blanks.

    What nothing acts on is then printed as it was typed, inner blanks and all.
    """
    return " ".join(out).split() == tokens and not any(token != token.strip() for token in out)
