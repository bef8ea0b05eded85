"""The running-config: sections of statements.

A section is an instance of a mode; its statements stand in the order in which they came. A statement that opens a mode
has a section of its own. Nothing here prints, reads text or asks a device.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.line import End, Line
    from ioscli.grammar.modes import Mode

LEAVE = ("leave",)  # where a section's offsets tell of its closing line
# What a section holds a statement under: the key of its command (with "no" before it for a `no` form that stands beside it);
# for a kept line, its text.
Key = object


@contextmanager
def collection_paused(*, growing: bool = False) -> Iterator[None]:
    """Pauses the search for garbage: a tree holds no cycles, and going through it again and again as it grows is a third of the work.

    `growing`: what is there afterwards is taken for old at once, instead of being gone through twice before it is.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if growing:
                gc.freeze()
                gc.unfreeze()
            gc.enable()


class Statement:
    """A line of the running-config.

    `line`: its command, None for a kept line that no command matches. `text`: exactly what show-run prints, without
    indentation. `body`: the lines that belong to it (a certificate, a banner), joined by newlines. `section`: what stands under it.
    """

    __slots__ = ("body", "line", "section", "text")

    def __init__(self, line: Line | None, text: str, section: Section | None = None, body: str | None = None) -> None:
        self.line = line
        self.text = text
        self.section = section
        self.body = body

    @property
    def negative(self) -> bool:
        """Whether it is a `no` form that is kept."""
        return self.text.startswith("no ")

    def same(self, other: Statement) -> bool:
        """Whether both say the same, what stands under them aside."""
        return self.text == other.text and self.body == other.body

    def __repr__(self) -> str:
        return f"<{self.text!r}{' ...' if self.section else ''}>"


class Section:
    """An instance of a mode. The whole configuration is one too: of mode `config`.

    `printed`: it stands as a router printed it, and is printed so again; once a statement is added, in the order of our grammar.
    """

    __slots__ = ("indent", "listed", "mode", "offsets", "printed", "statements")

    def __init__(self, mode: Mode | None) -> None:
        self.mode = mode
        self.statements: dict[Key, Statement] = {}
        self.listed: set[Line] = set()  # the repeatable commands of which it has had statements
        self.printed = False
        self.indent = mode.indents[0] if mode is not None else 1  # blanks before its lines
        self.offsets: dict[Key, int] | None = None  # and besides, for lines that a release prints further in or out

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements.values())

    def find(self, text: str) -> Statement | None:
        """The statement with exactly this text, or None."""
        return next((statement for statement in self if statement.text == text), None)

    def put(self, key: Key, statement: Statement) -> Statement:
        """Stores a statement; one that opens a mode takes over what its predecessor held. Returns what is stored."""
        old = self.statements.get(key)
        if key is not statement.line and statement.line is not None:
            self.listed.add(statement.line)
        if old is None:
            self.statements[key] = statement
            self.printed = False
            return statement
        if old.section is not None and not statement.negative:
            # Entering `ephone-dn 1` again leaves it the dual line that it was made with.
            if not old.text.startswith(statement.text):
                old.text = statement.text
            return old
        self.statements[key] = statement
        return statement

    def drop(self, ends: tuple[End, ...], tokens: list[str]) -> list[Statement]:
        """Removes what the `no` form of `ends` (with these canonical tokens) names. Returns what was removed."""
        removed = []
        for end in ends:
            removed += [self.statements.pop(key) for key in list(self._named(end, tokens))]
        return removed

    def negate(self, ends: tuple[End, ...], text: str, tokens: list[str]) -> tuple[list[Key], list[Statement]]:
        """What `no text` does: drops the statements, and keeps the `no` form where that is a state of its own.

        Returns the keys of what is kept for it, and what was dropped.
        """
        removed = self.drop(ends, tokens)
        kept: dict[Key, Statement] = {}
        for end in ends:
            line = end.line
            if line.reads_no:
                kept["no", line] = Statement(line, f"no {text}")
            if line.default is not None and line.shown and not line.keeps_no:
                kept[line] = Statement(line, line.default)
        keeping = next((end for end in ends if end.line.keeps_no and not (end.line.whole and removed)), None)
        if keeping is not None:
            line = keeping.line
            said = text if line.whole or line.whole_no else " ".join(tokens[: max((*keeping.keys, len(line.leading) - 1)) + 1])
            kept[key_of(keeping, tokens, text)] = Statement(line, f"no {said}")
        self.statements.update(kept)
        return list(kept), removed

    def sections(self) -> Iterator[Section]:
        """Every section below."""
        for statement in self:
            if statement.section is not None:
                yield statement.section
                yield from statement.section.sections()

    def _named(self, end: End, tokens: list[str]) -> Iterator[Key]:
        line = end.line
        if not line.whole and not line.keys:
            yield from (key for key in (line, ("no", line)) if key in self.statements)
            return
        wanted = key_of(end, tokens, " ".join(tokens))
        if wanted in self.statements:
            yield wanted
        elif line in self.listed:
            yield from (key for key, statement in self.statements.items() if statement.line is line and _begins(key, wanted))


def key_of(end: End, tokens: list[str], text: str) -> Key:
    """The key under which a section holds the statement of a match."""
    return end.key(tokens, text)


def _begins(key: Key, wanted: Key) -> bool:
    """Whether a key is of what `wanted` names in part."""
    if isinstance(key, str):
        return isinstance(wanted, str) and key.startswith(wanted + " ")
    return isinstance(key, tuple) and isinstance(wanted, tuple) and key[: len(wanted)] == wanted
