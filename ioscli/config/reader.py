"""Configuration text to a tree, every line checked against the grammar.

Modes lead, as on a router (ioscli.config.frames). A line that nothing matches is kept where it stands and reported: a file
loses nothing. Reading sets no defaults and asks nothing.
"""

from __future__ import annotations

import re
from sys import intern
from typing import TYPE_CHECKING

from ioscli.config.body import ETX, QUIT, BodyError, delimited, delimiter, hexadecimal, take_delimited, take_lines
from ioscli.config.evidence import Evidence
from ioscli.config.frames import Frame, Frames, exact
from ioscli.config.reading import Reading, Unknown, Wrong
from ioscli.config.tree import Section, Statement, collection_paused, key_of
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from ioscli.config.tree import Key
    from ioscli.grammar.line import Line
    from ioscli.grammar.modes import Grammar, Mode
    from ioscli.grammar.trie import Match, Negation

# What a terminal shows before the configuration itself (ios-shell A12).
_HEADER = r"Building configuration\.\.\.|Current configuration *: \d+ bytes|Using \d+ out of \d+ bytes.*|Load for five secs.*|Time source is .*"
_HEADS = ("Building", "Current", "Using", "Load", "Time")
_FLAT = 8  # a text of which less than an eighth is indented lost its indentation on the way
_CONTROL = r"[\x00-\x08\x0a-\x1f\x7f]"


def read(text: str, grammar: Grammar) -> Reading:
    """Reads a configuration: a file, the output of `show running-config`, or lines as they would be pasted."""
    reader = _Reader(grammar, text)
    with collection_paused(growing=True):
        reader.read()
    return reader.reading


class _Reader:
    def __init__(self, grammar: Grammar, text: str) -> None:
        self.grammar = grammar
        self.lines = text.split("\n")
        config = grammar.modes["config"]
        self.reading = Reading(Section(config))
        indented = text.count("\n ") * _FLAT > len(self.lines)
        self.frames = Frames(Frame(self.reading.config, config, -1), indented=indented)
        self.evidence = Evidence()
        self.rows = enumerate(self.lines, 1)
        self.number = 0  # of the line at hand, from 1

    def read(self) -> None:
        reading = self.reading
        stack = self.frames.stack
        heading = True  # nothing was read but what stands before a configuration
        for number, raw in self.rows:
            self.number = number
            text = raw.lstrip()
            indent = len(raw) - len(text)
            text = text.rstrip()
            if not text or text[0] == "!":
                if raw == "!" and len(stack) > 1 and stack[-1].base is None:
                    self.frames.separate()
                continue
            if heading:
                heading = reading.modelled + reading.accepted == 0
                if heading and text.startswith(_HEADS) and re.fullmatch(_HEADER, text):
                    reading.header.append(text)
                    continue
            reading.lines += 1
            if "\t" in raw and "\t" in raw[:indent]:
                indent = len(raw[:indent].expandtabs())
            if text[0] == "e" and text.startswith("exit-") and self.frames.leaves(text, indent):
                reading.accepted += 1
                continue
            frame = stack[-1]
            if frame.inner is None or indent <= frame.head or frame.stray:
                frame = self.frames.enclosing(indent)
            found = frame.printed(text)
            if found is not None:
                end, key = found
                self.store(frame, end.line, key, Statement(end.line, text), indent)
            elif not text.isprintable() and (bad := re.search(_CONTROL, text)) and not (bad[0] == ETX and text.startswith("banner ")):
                self.refuse(frame, indent, text, bad.start(), "a control character in the line")
            else:
                self.line(frame, indent, text)
        self.evidence.settle(reading.config)

    def line(self, frame: Frame, indent: int, text: str) -> None:
        """Puts one line where it belongs."""
        tokens = text.split()
        if tokens[0] == "no" and len(tokens) > 1:
            self.negative(frame, indent, tokens[1:], text)
            return
        mode = frame.mode
        match = mode.trie.match(tokens, text) if mode is not None else None
        if match is not None and (match.text == text or exact(match.tokens, tokens)):
            self.put(frame, match, indent, text)
            return
        frames = self.frames
        if not frame.stray and not _defaults(frame, tokens, text) and (back := frames.back(tokens, text, negated=False)) and back.mode is not None:
            match = back.mode.trie.match(tokens, text)
            assert match is not None
            self.put(back, match, indent, text)
            return
        outer, match = frames.outward(frame, tokens, text, match)
        if match is None:
            if not self.leaving(frame, tokens, text):
                self.keep(frames.headed(frame), indent, text)
            return
        if outer is frame:
            self.put(frame, match, indent, text)
            return
        enters = match.end.line.enters is not None
        if indent <= frame.head or frame.inner is None or enters:
            frames.close(outer)
        self.put(outer, match, indent, text)
        frames.stack[-1].flat = frames.stack[-1].flat or enters

    def put(self, frame: Frame, match: Match, indent: int, typed: str) -> None:
        """Stores the statement of a match, with its body."""
        end, text, tokens = match
        line = end.line
        if not line.stored:
            self.reading.count(1, accepted=line.accepted)
            return
        key = key_of(end, tokens, text)
        statement = Statement(line, text)
        if line.body is not None:
            self.body(statement, tokens)
        elif text != typed:
            self.respell(statement, tokens, typed)
        if text == line.default and not line.shown:
            self.evidence.provisional.append((frame.section, key, statement))
        self.store(frame, line, key, statement, indent)

    def store(self, frame: Frame, line: Line, key: Key, statement: Statement, indent: int) -> None:
        """Stores a statement; enters the mode that it opens."""
        if line.accepted:
            self.reading.accepted += 1
        else:
            self.reading.modelled += 1
        section = frame.section
        if key is not line:
            section.listed.add(line)
        stored = section.statements.setdefault(key, statement)
        if stored is not statement and (not line.whole or stored.negative):
            statement = section.put(key, statement)
        if indent != frame.base:
            frame.stand(key, indent)
        if line.enters is not None:
            mode = self.grammar.modes[line.enters]
            if statement.section is None:
                statement.section = Section(mode)
                self.evidence.sections.append(statement.section)
            self.frames.enter(Frame(statement.section, mode, indent))

    def respell(self, statement: Statement, tokens: list[str], typed: str) -> None:
        """Notes a line that came in other words or letters than ours."""
        if exact(tokens, typed.split()):
            self.evidence.respelled.append((statement, typed))
        else:
            self.evidence.typed = True

    def named(self, frame: Frame, tokens: list[str], bare: str) -> tuple[Frame, Negation] | None:
        """What a `no` or `default` form (`bare`: the line without that word) names, and the frame around whose mode has it."""
        found = frame.mode.trie.match_no(tokens, bare) if frame.mode is not None else None
        if found is not None and exact(found[2], tokens):
            return frame, found
        frames = self.frames
        if not frame.stray:
            frame = frames.back(tokens, bare, negated=True) or frame
        for outer in (frame, *frames.within(frame)):
            found = outer.mode.trie.match_no(tokens, bare) if outer.mode is not None else None
            if found is not None:
                if outer is not frame and (frame.mode is None or not frame.mode.open) and frame.inner is None:
                    frames.close(outer)
                return outer, found
        return None

    def negative(self, frame: Frame, indent: int, tokens: list[str], text: str) -> None:
        """A `no` line: removes what it names; kept where the absence is a state of its own."""
        place = self.named(frame, tokens, text[2:].lstrip())
        if place is None:
            self.keep(frame, indent, text)
            return
        outer, found = place
        ends, canonical, words = found
        self.evidence.typed = self.evidence.typed or not exact(words, tokens)
        self.reading.count(1, accepted=all(end.line.accepted for end in ends))
        section = outer.section
        kept, removed = section.negate(ends, canonical, words)
        if not kept and not removed:
            key = key_of(ends[0], words, canonical)
            section.statements[key] = Statement(ends[0].line, text)
            self.evidence.provisional.append((section, key, section.statements[key]))
            kept = [key]
        for key in kept:
            outer.stand(key, indent)
            if isinstance(key, tuple) and key[0] == "no":
                self.evidence.provisional.append((section, key, section.statements[key]))

    def leaving(self, frame: Frame, tokens: list[str], text: str) -> bool:
        """`exit`, `end`, `default X`; True where the line was one of them."""
        stack = self.frames.stack
        if text in ("exit", "quit") and len(stack) > 1:
            stack.pop()
        elif text == "end":
            del stack[1:]
            self.evidence.ended = True
        elif tokens[0] == "default" and len(tokens) > 1 and (place := self.named(frame, tokens[1:], text[7:].lstrip())):
            outer, (ends, _, words) = place
            outer.section.drop(ends, words)
        else:
            return False
        self.reading.modelled += 1
        return True

    def body(self, statement: Statement, tokens: list[str]) -> None:
        """Takes the lines of a body."""
        line = statement.line
        assert line is not None
        assert line.body is not None
        start = self.number
        reading = self.reading
        if line.body.span is Span.REST_AND_LINES:
            statement.text = " ".join(tokens[:-1])
            mark = delimiter(tokens[-1])
            end, text, closed = take_delimited(self.lines, start, tokens[-1])
            statement.body = delimited(mark, text)
            self.evidence.banners.append((statement, f"{mark}{text}{mark}"))
        else:
            end, rows, closed = take_lines(self.lines, start, line.body.name)
            if line.body.name == "hex-until-quit":
                statement.body = self.hexadecimal(rows, start, closed=closed)
            else:
                statement.body = "\n".join(row.rstrip() for row in rows)
        inside = sum(1 for row in map(str.strip, self.lines[start:end]) if row and row[0] != "!")
        for _ in range(end - start):
            next(self.rows)
        reading.lines += inside
        reading.count(inside, accepted=line.accepted)
        if not closed:
            reading.modelled -= 1
            reading.wrong.append(Wrong(start, 1, statement.text, "% the text that this line begins is not closed before the end of the file"))

    def hexadecimal(self, rows: list[str], start: int, *, closed: bool) -> str:
        """The body of a certificate or key; as it came where it is none."""
        if closed:
            try:
                return hexadecimal(rows)
            except BodyError as error:
                bad = start + error.offset
                self.reading.wrong.append(Wrong(bad, 1, self.lines[bad - 1].rstrip(), f"% {error}"))
                self.reading.modelled -= 1
        return "\n".join([*(row.strip() for row in rows[:-1] if row.strip()), QUIT])

    def keep(self, frame: Frame, indent: int, text: str) -> None:
        """A line that no command matches: part of an open mode, refused, or unknown; kept in any case."""
        reading = self.reading
        mode = frame.mode
        if text.startswith("no ") and frame.begun and (known := frame.section.statements.get(text[3:])) and known.line is None:
            del frame.section.statements[text[3:]]
            reading.accepted += 1
        elif frame.stray:
            reading.unknown.append(Unknown(self.number, text, "it stands under a line that is not known"))
            self.hold(frame, indent, text, stray=True)
        elif mode is None or mode.open:
            reading.accepted += 1
            self.hold(frame, indent, text)
        else:
            self.unmatched(frame, mode, indent, text)

    def unmatched(self, frame: Frame, mode: Mode, indent: int, text: str) -> None:
        """Wrong where the mode knows the first word or knows all words; else unknown."""
        refusal = mode.refusal(text)
        first = text.removeprefix("no ").split()[0].lower()
        if refusal is not None and (first in mode.modelled_heads or mode.strict):
            self.refuse(frame, indent, text, refusal.column, refusal.message(text))
            return
        begins = text[: refusal.column + 1] if refusal else text
        reason = intern(f"no command of mode {mode.name} begins with {begins!r}")
        self.reading.unknown.append(Unknown(self.number, text, reason))
        self.hold(frame, indent, text, stray=True)

    def refuse(self, frame: Frame, indent: int, text: str, column: int, message: str) -> None:
        raw = self.lines[self.number - 1]
        start = len(raw) - len(raw.lstrip())
        self.reading.wrong.append(Wrong(self.number, start + column + 1, raw.rstrip(), message))
        self.hold(frame, indent, text, stray=True)

    def hold(self, frame: Frame, indent: int, text: str, *, stray: bool = False) -> None:
        """Keeps a line as it is; what is indented under it will stand under it."""
        statement = frame.section.statements.setdefault(text, Statement(None, text))
        frame.stand(text, indent)
        self.frames.enter(Frame(statement.section or Section(None), None, indent, statement, stray=stray))


def _defaults(frame: Frame, tokens: list[str], text: str) -> bool:
    """Whether a line is the `default` form of a command of a frame's mode. A few modes have a command `default` of their own."""
    return (
        tokens[0] == "default" and len(tokens) > 1 and frame.mode is not None and frame.mode.trie.match_no(tokens[1:], text[7:].lstrip()) is not None
    )
