"""A line that was refused: why, and where the caret stands. ioscli.grammar.ask finds it out."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """The three ways to refuse a line."""

    INVALID = "% Invalid input detected at '^' marker."
    INCOMPLETE = "% Incomplete command."
    AMBIGUOUS = "% Ambiguous command: "


class Refusal:
    """Why a line was refused. `column`: of the caret, from 0, in the line as typed. `word`: the token that it stands in."""

    __slots__ = ("column", "fault", "word")

    def __init__(self, fault: Fault, column: int, word: int) -> None:
        self.fault = fault
        self.column = column
        self.word = word

    def message(self, line: str) -> str:
        """The line that a router prints for it."""
        return f'{self.fault.value} "{line}"' if self.fault is Fault.AMBIGUOUS else self.fault.value
