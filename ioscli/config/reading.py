"""What reading a configuration gives: the tree, and what every line of it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ioscli.config.tree import Section


class Unknown(NamedTuple):
    """A kept line that no command matches. `line` counts from 1."""

    line: int
    text: str
    reason: str


class Wrong(NamedTuple):
    """A line that a router refuses, as it stands in the file. `line` and `column` count from 1; `message` is the router's."""

    line: int
    column: int
    text: str
    message: str


class Reading:
    """A configuration read: the tree, how many lines are what, and what is wrong. Blanks, `!` lines and `header` do not count."""

    __slots__ = ("accepted", "config", "header", "lines", "modelled", "unknown", "wrong")

    def __init__(self, config: Section) -> None:
        self.config = config
        self.lines = 0
        self.modelled = 0
        self.accepted = 0
        self.unknown: list[Unknown] = []
        self.wrong: list[Wrong] = []
        self.header: list[str] = []

    def count(self, lines: int, *, accepted: bool) -> None:
        """Counts lines as modelled or accepted."""
        if accepted:
            self.accepted += lines
        else:
            self.modelled += lines
