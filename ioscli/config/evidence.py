"""Whether a router printed a text: then it stands as it was printed, otherwise it is put into our own words.

A text from `version` to `end` without an abbreviation is a router's own. Of such a text the order inside a section, the
indentation, the spelling, the delimiters of banners and lines that say no more than a default are that image's, and stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.config.tree import Key, Section, Statement


class Evidence:
    """What a reader notes on the way, to be settled when the text ends."""

    def __init__(self) -> None:
        self.ended = False  # `end` was read
        self.typed = False  # an abbreviation was read
        self.sections: list[Section] = []  # of the modes that were entered
        self.banners: list[tuple[Statement, str]] = []  # with the bodies that they had
        self.respelled: list[tuple[Statement, str]] = []  # with the text that they had
        self.provisional: list[tuple[Section, Key, Statement]] = []  # what a router would not print unasked

    def settle(self, config: Section) -> None:
        """Leaves the tree as the router printed it, or as our router would print it."""
        if self.ended and not self.typed and any(statement.text.startswith("version ") for statement in config):
            self._trust()
        else:
            self._normalise()

    def _trust(self) -> None:
        for section in self.sections:
            section.printed = True
        for statement, text in self.respelled:
            statement.text = text
        for statement, body in self.banners:
            statement.body = body

    def _normalise(self) -> None:
        for section, key, statement in self.provisional:
            if section.statements.get(key) is statement:
                del section.statements[key]
        for inner in self.sections:
            inner.offsets = None
            if inner.mode is not None and inner.indent not in inner.mode.indents:
                inner.indent = inner.mode.indents[0]
