"""Configuration text to a tree, every line checked against the grammar.

Modes lead, as on a router; indentation only says where a section of a printed configuration ends. A line that nothing
matches is kept where it stands and reported: a file loses nothing. Reading sets no defaults and asks nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ioscli.config.body import ETX, BodyError, closes, delimited, delimiter, hexadecimal
from ioscli.config.tree import LEAVE, Section, Statement, key_of
from ioscli.grammar.ask import explain
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from ioscli.config.tree import Key
    from ioscli.grammar.line import End
    from ioscli.grammar.modes import Grammar, Mode
    from ioscli.grammar.trie import Match

# What a terminal shows before the configuration itself (ios-shell A12).
_HEADER = re.compile(
    r"Building configuration\.\.\.|Current configuration *: \d+ bytes|Using \d+ out of \d+ bytes.*|Load for five secs.*|Time source is .*"
)
_FLAT = 8  # a text of which less than an eighth is indented lost its indentation on the way
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kept line that no command matches. `line` counts from 1."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that a router refuses, as it stands in the file. `line` and `column` count from 1; `message` is the router's."""

    line: int
    column: int
    text: str
    message: str


@dataclass(slots=True)
class Reading:
    """A configuration read: the tree, how many lines are what, and what is wrong. Blanks and `!` lines do not count."""

    config: Section
    lines: int = 0
    modelled: int = 0
    accepted: int = 0
    unknown: list[Unknown] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    header: list[str] = field(default_factory=list)


class _Frame:
    """A section that lines may belong to. `head`: indentation of its head; `inner`: of its first line that is indented further, None before that."""

    __slots__ = ("base", "flat", "head", "inner", "mode", "section", "stray")

    def __init__(self, section: Section, mode: Mode | None, head: int, *, stray: bool = False) -> None:
        self.section = section
        self.mode = mode
        self.head = head
        self.inner: int | None = None
        self.base: int | None = None  # indentation of its first line, wherever that stands
        self.flat = False  # lines of it stand at the indentation of its head
        self.stray = stray  # under a line that no mode knows


def read(text: str, grammar: Grammar) -> Reading:
    """Reads a configuration: a file, the output of `show running-config`, or lines as they would be pasted."""
    reader = _Reader(grammar)
    reader.feed(text.split("\n"))
    return reader.finish()


class _Reader:
    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.config = grammar.modes["config"]
        self.any = grammar.modes["any"]
        root = Section(self.config)
        self.reading = Reading(root)
        self.stack = [_Frame(root, self.config, -1)]
        self.left: list[_Frame] = []  # the frames that the indentation of the line at hand has left, the innermost first
        self.indented = True  # whether sections are told by indentation, as routers print them, or not at all
        self.flat = False
        self.ended = False
        self.sections: list[Section] = []
        self.banners: list[tuple[Statement, str]] = []
        self.provisional: list[tuple[Section, Key, Statement]] = []  # what says no more than the default

    def finish(self) -> Reading:
        """The reading. The sections of what a router printed whole, from `version` to `end`, stand as it printed them."""
        printed = self.ended and any(statement.text.startswith("version ") for statement in self.reading.config)
        for statement, mark in self.banners:
            if printed and statement.body is not None:
                statement.body = mark + statement.body.removeprefix("^C").removesuffix("^C") + mark if mark != ETX else statement.body
        for section, key, statement in self.provisional:
            # A router that prints a default has its reasons; elsewhere it is nothing to keep.
            if not printed and section.statements.get(key) is statement:
                del section.statements[key]
        for section in self.sections:
            section.printed = printed
            if not printed and section.mode is not None:
                section.offsets = None
                if section.indent not in section.mode.indents:
                    section.indent = section.mode.indents[0]
        return self.reading

    def feed(self, lines: list[str]) -> None:
        reading = self.reading
        count = len(lines)
        self.indented = sum(line[:1] == " " for line in lines) * _FLAT > count
        number = 0
        while number < count:
            raw = lines[number]
            number += 1
            text = raw.strip()
            if not text or text[0] == "!":
                continue
            if reading.modelled + reading.accepted == 0 and _HEADER.fullmatch(text):
                reading.header.append(text)
                continue
            reading.lines += 1
            indent = 0
            if raw[0] in " \t":
                expanded = raw.expandtabs()
                indent = len(expanded) - len(expanded.lstrip())
            if text.startswith("exit-") and self.leaves(text, raw):
                continue
            frame = self.enclosing(indent)
            if not text.isprintable() and (found := _CONTROL.search(text)) and not (found[0] == ETX and text.startswith("banner ")):
                self.refuse(frame, number, text, raw, found.start(), "a control character in the line")
                continue
            number = self.line(frame, indent, text, raw, number, lines)

    def enclosing(self, indent: int) -> _Frame:
        """The frame that a line of this indentation belongs to, frames that it leaves popped."""
        stack = self.stack
        if not stack[-1].stray:
            self.left = []
        while True:
            frame = stack[-1]
            if indent > frame.head or indent == frame.inner or (frame.flat and indent == frame.head):
                if frame.inner is None and 0 <= frame.head < indent:
                    frame.inner = indent
                return frame
            if frame.inner is None and frame.mode is not None:
                if 0 in frame.mode.indents and indent == frame.head:
                    frame.inner = indent
                    return frame
                if not self.indented:
                    return frame
            self.left.append(stack.pop())

    def line(self, frame: _Frame, indent: int, text: str, raw: str, number: int, lines: list[str]) -> int:
        """Puts one line where it belongs; returns the number of the next one."""
        tokens = text.split()
        first = tokens[0]
        mode = frame.mode
        if first == "no" and len(tokens) > 1:
            self.negative(frame, indent, tokens[1:], text, raw, number)
            return number
        match = mode.trie.match(tokens, text) if mode is not None else None
        if match is None or (match.text is not text and not _exact(match.tokens, tokens)):
            if not frame.stray and (back := self.back(tokens, text, negated=False)):
                frame = back
                match = frame.mode.trie.match(tokens, text) if frame.mode is not None else None
                assert match is not None
                return self.put(frame, match, indent, number, lines)
            outer, match = self.outward(frame, tokens, text, match)
            if match is None:
                if not self.leaving(frame, first, text):
                    self.keep(self.headed(frame), indent, text, raw, number)
                return number
            if outer is not frame:
                entered = match.end.line.enters is not None
                if indent <= frame.head or frame.inner is None or entered:
                    del self.stack[self.stack.index(outer) + 1 :]
                number = self.put(outer, match, indent, number, lines)
                self.stack[-1].flat = self.stack[-1].flat or entered
                return number
        return self.put(frame, match, indent, number, lines)

    def back(self, tokens: list[str], text: str, *, negated: bool) -> _Frame | None:
        """The frame that the line's indentation left, but whose mode has it in whole words: indentation was lost there."""
        for at, frame in enumerate(self.left):
            if frame.mode is None:
                continue
            trie = frame.mode.trie
            found = trie.match_no(tokens, text) if negated else trie.match(tokens, text)
            if found is not None and _exact(found[2], tokens):
                self.stack.extend(reversed(self.left[at:]))
                frame.flat = self.flat = True
                return frame
        return None

    def headed(self, frame: _Frame) -> _Frame:
        """Where a line that nothing matches is kept: behind a head without lines, in a text whose sections are not indented."""
        if self.flat and self.left and self.left[0].base is None and self.left[0].mode is not None:
            self.stack.extend(reversed(self.left))
            self.left[0].flat = True
            return self.left[0]
        return frame

    def outward(self, frame: _Frame, tokens: list[str], text: str, own: Match | None) -> tuple[_Frame, Match | None]:
        """The innermost frame whose mode has the line: whole words of every mode before abbreviations of any."""
        abbreviated = (frame, own) if own is not None else None
        if frame.mode is not None and frame.mode.open and frame.inner is not None and own is None:
            return frame, None
        for outer in reversed(self.stack[: self.stack.index(frame)]):
            if outer.mode is None:
                continue
            match = outer.mode.trie.match(tokens, text)
            if match is None:
                continue
            if _exact(match.tokens, tokens):
                return outer, match
            abbreviated = abbreviated or (outer, match)
        return abbreviated or (frame, None)

    def put(self, frame: _Frame, match: Match, indent: int, number: int, lines: list[str]) -> int:
        end, text, tokens = match
        line = end.line
        reading = self.reading
        if line.accepted:
            reading.accepted += 1
        else:
            reading.modelled += 1
        if line.action is not None or line.toggles is not None:
            return number
        statements = frame.section.statements
        key = text if line.whole else (line, *[tokens[at] for at in end.keys]) if line.keys else line
        statement = Statement(line, text)
        if line.body is not None:
            number = self.body(statement, tokens, number, lines)
        if text == line.default and not line.shown:
            self.provisional.append((frame.section, key, statement))
        if key in statements:
            if not line.whole:
                statement = frame.section.put(key, statement)
        else:
            statements[key] = statement
        if indent != frame.base:
            self.stand(frame, key, indent)
        if line.enters is not None:
            mode = self.grammar.modes[line.enters]
            if statement.section is None:
                statement.section = Section(mode)
                self.sections.append(statement.section)
            self.stack.append(_Frame(statement.section, mode, indent))
        return number

    def stand(self, frame: _Frame, key: Key, indent: int) -> None:
        """Notes how far a line stands in from its section's head, and where it differs from the section's first one."""
        if frame.head < 0:
            return
        if frame.base is None:
            frame.base = indent
            frame.section.indent = max(indent - frame.head, 0)
        elif indent != frame.base:
            frame.section.offsets = frame.section.offsets or {}
            frame.section.offsets[key] = indent - frame.base

    def negative(self, frame: _Frame, indent: int, tokens: list[str], text: str, raw: str, number: int) -> None:
        """A `no` line: removes what it names; kept where the absence is a state of its own."""
        bare = text[2:].lstrip()
        own = frame.mode.trie.match_no(tokens, bare) if frame.mode is not None else None
        if not frame.stray and (own is None or not _exact(own[2], tokens)) and (back := self.back(tokens, bare, negated=True)):
            frame = back
        for outer in [frame, *reversed(self.stack[: self.stack.index(frame)])]:
            if outer.mode is None:
                continue
            found = outer.mode.trie.match_no(tokens, bare)
            if found is None:
                continue
            ends, canonical, words = found
            if outer is not frame and (frame.mode is None or not frame.mode.open) and frame.inner is None:
                del self.stack[self.stack.index(outer) + 1 :]
            self.count(ends)
            kept, removed = apply_no(outer.section, ends, canonical, words)
            if not kept and not removed:
                key = key_of(ends[0], words, canonical)
                statement = outer.section.statements[key] = Statement(ends[0].line, text)
                self.provisional.append((outer.section, key, statement))
                kept = [key]
            for key in kept:
                self.stand(outer, key, indent)
                if isinstance(key, tuple) and key[0] == "no":
                    self.provisional.append((outer.section, key, outer.section.statements[key]))
            return
        self.keep(frame, indent, text, raw, number)

    def count(self, ends: tuple[End, ...]) -> None:
        if all(end.line.accepted for end in ends):
            self.reading.accepted += 1
        else:
            self.reading.modelled += 1

    def leaves(self, text: str, raw: str) -> bool:
        """Whether the line is the closing one of a mode that we are in; that mode is left."""
        for at in range(len(self.stack) - 1, 0, -1):
            mode = self.stack[at].mode
            if mode is not None and mode.leave == text:
                frame = self.stack[at]
                further = len(raw) - len(raw.lstrip()) - frame.head
                if further > 0:
                    frame.section.offsets = {**(frame.section.offsets or {}), LEAVE: further}
                del self.stack[at:]
                self.reading.accepted += 1
                return True
        return False

    def leaving(self, frame: _Frame, first: str, text: str) -> bool:
        """`exit`, `end`, `default X`; True where the line was one of them."""
        stack = self.stack
        if text in ("exit", "quit") and len(stack) > 1:
            stack.pop()
        elif text == "end":
            del stack[1:]
            self.ended = True
        elif first == "default" and frame.mode is not None and (found := frame.mode.trie.match_no(text.split()[1:] or [""], text[7:].strip())):
            frame.section.drop(found[0], found[2])
            self.count(found[0])
            return True
        else:
            return False
        self.reading.modelled += 1
        return True

    def body(self, statement: Statement, tokens: list[str], number: int, lines: list[str]) -> int:
        """Takes the lines of a body; returns the number of the line after it."""
        line = statement.line
        assert line is not None
        assert line.body is not None
        kind = line.body.name
        start = number
        reading = self.reading
        if line.body.span is Span.REST_AND_LINES:
            statement.text = " ".join(tokens[:-1])
            number, text, closed = self.delimited(tokens[-1], number, lines)
            statement.body = delimited(delimiter(tokens[-1]), text)
            self.banners.append((statement, delimiter(tokens[-1])))
        else:
            taken: list[str] = []
            closed = False
            while number < len(lines) and not closed:
                taken.append(lines[number])
                closed = closes(kind, lines[number])
                number += 1
            if not closed:
                taken.append("quit")
            try:
                statement.body = hexadecimal(taken) if kind == "hex-until-quit" else "\n".join(row.rstrip() for row in taken)
            except BodyError as error:
                bad = start + error.offset
                reading.wrong.append(Wrong(bad, 1, lines[bad - 1].rstrip(), f"% {error}"))
                statement.body = "\n".join(row.strip() for row in taken)
        inside = sum(1 for row in lines[start:number] if row.strip() and row.strip()[0] != "!")
        reading.lines += inside
        reading.modelled += inside
        if not closed:
            reading.wrong.append(Wrong(start, 1, statement.text, "% the text that this line begins is not closed before the end of the file"))
        return number

    def delimited(self, rest: str, number: int, lines: list[str]) -> tuple[int, str, bool]:
        mark = delimiter(rest)
        first = lines[number - 1]
        first = first[first.index(rest) + len(mark) :]
        if mark in first:
            return number, first[: first.index(mark)], True
        taken = [first]
        while number < len(lines):
            row = lines[number]
            number += 1
            if mark in row:
                taken.append(row[: row.index(mark)])
                return number, "\n".join(taken), True
            taken.append(row)
        return number, "\n".join(taken), False

    def keep(self, frame: _Frame, indent: int, text: str, raw: str, number: int) -> None:
        """A line that no command matches: part of an open mode, refused, or unknown; kept in any case."""
        mode = frame.mode
        if text.startswith("no ") and (known := frame.section.statements.get(text[3:])) and known.line is None:
            del frame.section.statements[text[3:]]
            self.reading.accepted += 1
            return
        if frame.stray:
            self.reading.unknown.append(Unknown(number, text, "it stands under a line that is not known"))
            self.hold(frame, indent, text, stray=True)
            return
        if mode is None or mode.open:
            self.reading.accepted += 1
            self.hold(frame, indent, text)
            return
        negated = text.startswith("no ")
        refusal = explain(mode, text)
        first = text.split()[1 if negated else 0].lower()
        if refusal is not None and (first in mode.modelled_heads or mode.strict):
            self.refuse(frame, number, text, raw, refusal.column, refusal.message(text))
            return
        reason = f"no command of mode {mode.name} begins with {text[: refusal.column + 1] if refusal else text!r}"
        self.reading.unknown.append(Unknown(number, text, reason))
        self.hold(frame, indent, text, stray=True)

    def refuse(self, frame: _Frame, number: int, text: str, raw: str, column: int, message: str) -> None:
        start = len(raw) - len(raw.lstrip())
        self.reading.wrong.append(Wrong(number, start + column + 1, raw.rstrip(), message))
        self.hold(frame, start, text, stray=True)

    def hold(self, frame: _Frame, indent: int, text: str, *, stray: bool = False) -> None:
        statement = frame.section.statements.setdefault(text, Statement(None, text))
        self.stand(frame, text, indent)
        if statement.section is None:
            statement.section = Section(None)
            self.sections.append(statement.section)
        self.stack.append(_Frame(statement.section, None, indent, stray=stray))


def _exact(found: list[str], tokens: list[str]) -> bool:
    """Whether canonical tokens are what was typed: no abbreviation among them."""
    return " ".join(found).lower().split() == " ".join(tokens).lower().split()


def apply_no(section: Section, ends: tuple[End, ...], text: str, tokens: list[str]) -> tuple[list[Key], list[Statement]]:
    """What `no text` does to a section: drops the statements, and keeps the `no` form where that is a state of its own.

    Returns the keys of what is kept for it, and what was dropped.
    """
    removed = section.drop(ends, tokens)
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
    section.statements.update(kept)
    return list(kept), removed
