"""What reading a configuration gives: the tree, and what every line of it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.config.tree import Section


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
    """A configuration read: the tree, how many lines are what, and what is wrong. Blanks, `!` lines and `header` do not count."""

    config: Section
    lines: int = 0
    modelled: int = 0
    accepted: int = 0
    unknown: list[Unknown] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    header: list[str] = field(default_factory=list)

    def count(self, lines: int, *, accepted: bool) -> None:
        """Counts lines as modelled or accepted."""
        if accepted:
            self.accepted += lines
        else:
            self.modelled += lines
