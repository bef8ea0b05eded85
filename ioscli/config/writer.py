"""A tree to configuration text: in the order of grammar/ORDER and of the modes' files, one blank of indentation a level."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.config.body import body_lines
from ioscli.config.tree import LEAVE, collection_paused
from ioscli.grammar import interfaces
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Key, Section, Statement
    from ioscli.grammar.order import Place


def write(config: Section) -> list[str]:
    """The lines of the configuration as `show running-config` prints them, from `version` to `end`, separators between sections."""
    out: list[str] = []
    with collection_paused():
        _section(config, "", version_of(config), out)
    out += ("!", "end")
    return out


def version_of(config: Section) -> str:
    """The release whose order of sections the configuration follows: that of its `version` line, "" where it has none."""
    version = next((statement.text.split()[1] for statement in config if statement.text.startswith("version ")), "")
    order = config.mode.order if config.mode is not None else None
    return order.release(version, (statement.text for statement in config)) if order is not None else version


def _section(section: Section, indent: str, version: str, out: list[str]) -> None:
    if not indent:
        _at_margin(section, version, out)
        return
    for key, statement, _ in ordered(section, version):
        if statement.section is None and statement.body is None and not section.offsets:
            out.append(indent + statement.text)
        else:
            _statement(statement, _moved(section, key, indent), version, out)


def _at_margin(section: Section, version: str, out: list[str]) -> None:
    """Lines that stand at the margin have separators between them."""
    gap: int | None = None
    closed = True
    entered = False
    for key, statement, place in ordered(section, version):
        here = place.gap if place is not None else gap
        # A kept line behind a section without lines would be taken for one of it.
        if (here != gap or (entered and statement.line is None)) and not closed:
            out.append("!")
        gap = here
        _statement(statement, _moved(section, key, ""), version, out)
        entered = statement.section is not None
        closed = (statement.section is not None and bool(statement.section.statements)) or (place is not None and place.closes)
        if closed:
            out.append("!")


def _moved(section: Section, key: Key, indent: str) -> str:
    """The indentation of a statement that may stand further in or out than the others."""
    further = section.offsets.get(key, 0) if section.offsets else 0
    return indent + " " * further if further >= 0 else indent[:further]


def statement_lines(statement: Statement, indent: str, version: str) -> list[str]:
    """The lines of a statement: its text, its body, what stands under it."""
    out: list[str] = []
    _statement(statement, indent, version, out)
    return out


def _statement(statement: Statement, indent: str, version: str, out: list[str]) -> None:
    line = statement.line
    if statement.body is not None and line is not None and line.body is not None:
        if line.body.span is Span.REST_AND_LINES:
            out += f"{indent}{statement.text} {statement.body}".split("\n")
            return
        out.append(indent + statement.text)
        out += body_lines(line.body.name, statement.body, indent)
        return
    out.append(indent + statement.text)
    section = statement.section
    if section is None:
        return
    if section.statements:
        _section(section, indent + " " * section.indent, version, out)
    if section.mode is not None and section.mode.leave is not None:
        out.append(_moved(section, LEAVE, indent) + section.mode.leave)


def ordered(section: Section, version: str) -> Iterator[tuple[Key, Statement, Place | None]]:
    """The statements in the order of show-run. One that has no place of its own stays behind the one that it followed."""
    if section.printed:
        return ((key, statement, None) for key, statement in section.statements.items())
    mode = section.mode
    order = mode.order if mode is not None else None
    tables = order.tables(version) if order is not None else []
    ranked: list[tuple[tuple[float, float, tuple[object, ...]], Key, Statement, Place | None]] = []
    last: tuple[float, float, tuple[object, ...]] = (-1, -1, ())
    last_place: Place | None = None
    for key, statement in section.statements.items():
        line = statement.line
        place: Place | None = None
        if line is not None and order is not None:
            place = order.place(statement.text.split(None, 4), tables)
            if place is not None:
                last = (place.rank, 0, _sort_key(key, line.sorted))
                last_place = place
        elif line is not None:
            rank = 0 if mode is None or line.accepted or mode.open else line.order
            last = (0, rank, _sort_key(key, line.sorted))
        ranked.append((last, key, statement, last_place))
    ranked.sort(key=lambda entry: entry[0])
    return ((key, statement, place) for _, key, statement, place in ranked)


def _sort_key(key: Key, count: int) -> tuple[tuple[int, object], ...]:
    """Orders instances by their first `count` keys: numbers as numbers, interfaces as show-run lists them."""
    if not count:
        return ()
    assert isinstance(key, tuple)
    found: list[tuple[int, object]] = []
    for part in key[1 : count + 1]:
        text = part.strip()
        if text.isdecimal():
            found.append((0, (int(text),)))
        elif text[:1].isdecimal():
            found.append((0, tuple(int(number) for number in re.findall(r"\d+", text))))
        elif interfaces.canonical(text):
            found.append((1, interfaces.sort_key(text)))
        else:
            found.append((2, text))
    return tuple(found)
