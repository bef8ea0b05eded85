"""The circle of `configure replace`: what one configuration prints, and the lines to the other, make the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.diff import diff
from ioscli.config.reader import read
from ioscli.config.writer import write
from ioscli.grammar.loader import installed

if TYPE_CHECKING:
    from ioscli.config.tree import Section, Statement


def typed(text: str) -> Section:
    """A configuration as if its lines were typed: what a router printed whole keeps its own order, and only then."""
    return read("\n".join(line for line in text.split("\n") if line.rstrip() != "end"), installed()).config


def printed(config: Section) -> list[str]:
    return [line for line in write(config) if line not in ("!", "end")]


def stays(statement: Statement) -> bool:
    """Whether no typed line can take the statement out."""
    return statement.line is not None and statement.line.negative == "-"


def comparable(config: Section, other: Section) -> Section:
    """A configuration without what is no difference: statements that say the default, those that stay once there, how far lines stand in."""
    if config.mode is not None:
        config.indent = config.mode.indents[0]
    for key, statement in list(config.statements.items()):
        default = statement.line is not None and statement.text == statement.line.default
        if default or (stays(statement) and key not in other.statements):
            del config.statements[key]
        elif statement.section is not None:
            twin = other.statements.get(key)
            empty = type(other)(statement.section.mode)
            comparable(statement.section, twin.section if twin is not None and twin.section is not None else empty)
    return config


def gone_round(before: str, after: str) -> tuple[list[str], list[str]]:
    """What the second configuration prints, and what the first one prints after the lines of the difference were typed."""
    lines = list(diff(typed(before), typed(after)))
    reached = typed("\n".join([*(line for line in write(typed(before)) if line != "end"), *lines]))
    return printed(comparable(typed(after), reached)), printed(comparable(reached, typed(after)))
