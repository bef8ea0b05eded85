"""Where a session is in the configuration: a mode, and the sections of it that a line goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.config.tree import Key, Section, Statement
    from ioscli.grammar.modes import Mode


class Place:
    """A mode that a session has entered.

    `heads`: the statements that opened it, with their keys; none for the configuration as a whole, several for an
    interface range. `parent`: the place that they stand in. `prompt`: instead of the mode's.
    """

    __slots__ = ("heads", "mode", "parent", "prompt", "root")

    def __init__(
        self, mode: Mode, root: Section, heads: list[tuple[Key, Statement]] | None = None, parent: Place | None = None, prompt: str = ""
    ) -> None:
        self.mode = mode
        self.root = root
        self.heads = heads or []
        self.parent = parent
        self.prompt = prompt

    @property
    def sections(self) -> list[Section]:
        """The sections that a line goes to. One that another session removed meanwhile is there again."""
        if self.parent is None:
            return [self.root]
        holders = self.parent.sections
        found = []
        for key, statement in self.heads:
            for holder in holders:
                if key not in holder.statements:
                    holder.statements[key] = statement
            if statement.section is not None:
                found.append(statement.section)
        return found

    @property
    def section(self) -> Section:
        """The first of them, to be looked at: one that was removed does not come back by that."""
        held = self.heads[0][1].section if self.heads else None
        return self.root if held is None else held

    @property
    def head(self) -> str:
        """The text of the line that opened it, "" for the configuration as a whole."""
        return self.heads[0][1].text if self.heads else ""
