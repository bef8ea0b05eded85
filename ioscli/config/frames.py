"""The sections that a line of text may belong to: as the modes say, and as far as indentation can be trusted.

Routers know no indentation; what they print has it, and much that is passed around has lost it. So a line is first tried
where its indentation puts it, in whole words, then in the sections that the indentation left, then further out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.tree import LEAVE, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.config.tree import Key, Statement
    from ioscli.grammar.line import End
    from ioscli.grammar.modes import Mode
    from ioscli.grammar.trie import Match


_DEEPEST = 64


class Frame:
    """A section that is open. `mode` is None under a kept line, whose `owner` gets a section when something stands there.

    `head`: indentation of its head; `inner`: of its first line that is indented further, None before that; `base`: of its
    first line, wherever that stands; `flat`: lines of it stand at the indentation of its head; `stray`: no mode knows the owner.
    """

    __slots__ = ("base", "flat", "head", "inner", "mode", "owner", "printed", "section", "stray")

    def __init__(self, section: Section, mode: Mode | None, head: int, owner: Statement | None = None, *, stray: bool = False) -> None:
        self.section = section
        self.mode = mode
        self.head = head
        self.owner = owner
        self.printed: Callable[[str], tuple[End, Key] | None] = mode.trie.printed if mode is not None else _nothing
        self.inner: int | None = None
        self.base: int | None = None if head >= 0 else 0
        self.flat = False
        self.stray = stray

    @property
    def begun(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.section.statements)

    def stand(self, key: Key, indent: int) -> None:
        """Notes how far a line stands in from the section's head, and where that differs from the first one."""
        if self.head < 0:
            return
        section = self.section
        if self.base is None:
            if self.owner is not None:
                self.owner.section = section
            self.base = indent
            section.indent = max(indent - self.head, 0)
        elif indent != self.base:
            section.offsets = section.offsets or {}
            section.offsets[key] = indent - self.base


def _nothing(_: str) -> None:
    """What the mode of a kept line knows."""


class Frames:
    """The open frames, the root first."""

    def __init__(self, root: Frame, *, indented: bool) -> None:
        self.stack = [root]
        self.indented = indented  # whether sections are told by indentation, as routers print them
        self.left: list[Frame] = []  # the frames that the indentation of the line at hand has left, the innermost first
        self._closed: list[Frame] = []
        self._lost = False  # indentation was lost in places

    def enclosing(self, indent: int) -> Frame:
        """The frame that a line of this indentation belongs to; the frames that it leaves are closed."""
        stack = self.stack
        if self._closed or not stack[-1].stray:
            self.left, self._closed = self._closed, []
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
            stack.pop()
            if frame.mode is not None:
                self.left.append(frame)

    def separate(self) -> None:
        """A separator behind a head without lines: routers print it behind every section, so what follows is sooner outside."""
        self._closed = [self.stack.pop()]

    def within(self, frame: Frame) -> list[Frame]:
        """The frames around one, the innermost first."""
        return self.stack[: self.stack.index(frame)][::-1]

    def close(self, frame: Frame) -> None:
        """Closes all frames inside one."""
        del self.stack[self.stack.index(frame) + 1 :]

    def enter(self, frame: Frame) -> None:
        """Opens a frame; beyond all nesting that a router knows, lines stand beside each other."""
        if len(self.stack) < _DEEPEST:
            self.stack.append(frame)

    def back(self, tokens: list[str], text: str, *, negated: bool) -> Frame | None:
        """The frame that the line's indentation left, but whose mode has it in whole words; it is open again."""
        for at, frame in enumerate(self.left):
            if frame.mode is None:
                continue
            trie = frame.mode.trie
            found = trie.match_no(tokens, text) if negated else trie.match(tokens, text)
            if found is not None and exact(found[2], tokens):
                self.stack.extend(reversed(self.left[at:]))
                frame.flat = self._lost = True
                return frame
        return None

    def headed(self, frame: Frame) -> Frame:
        """Where a line that nothing matches is kept: behind a head without lines, in a text that has lost indentation."""
        if self._lost and self.left and self.left[0].base is None and self.left[0].mode is not None:
            self.stack.extend(reversed(self.left))
            self.left[0].flat = True
            return self.left[0]
        return frame

    def outward(self, frame: Frame, tokens: list[str], text: str, own: Match | None) -> tuple[Frame, Match | None]:
        """The innermost frame whose mode has the line: whole words of every mode before abbreviations of any (`own`: this frame's)."""
        abbreviated = (frame, own) if own is not None else None
        if frame.mode is not None and frame.mode.open and frame.inner is not None and frame.inner > frame.head and own is None:
            return frame, None
        for outer in self.within(frame):
            match = outer.mode.trie.match(tokens, text) if outer.mode is not None else None
            if match is None:
                continue
            if exact(match.tokens, tokens):
                return outer, match
            abbreviated = abbreviated or (outer, match)
        return abbreviated or (frame, None)

    def leaves(self, text: str, indent: int) -> bool:
        """Whether the line is the closing one of a mode that is open; that mode is left."""
        for frame in reversed(self.stack[1:]):
            if frame.mode is not None and frame.mode.leave == text:
                if indent > frame.head:
                    frame.section.offsets = {**(frame.section.offsets or {}), LEAVE: indent - frame.head}
                del self.stack[self.stack.index(frame) :]
                return True
        return False


def exact(found: list[str], tokens: list[str]) -> bool:
    """Whether canonical tokens are what was typed: no abbreviation among them."""
    return " ".join(found).lower().split() == " ".join(tokens).lower().split()
