"""Configuration that the router itself writes: a trustpoint that a server makes, the certificate that an enrolment brings.

The engine that writes it agrees with it already, so nothing is applied; the configuration counts as changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.tree import Section, Statement

if TYPE_CHECKING:
    from ioscli.device.device import Device


def section(device: Device, *heads: str) -> Section | None:
    """The section below lines of these texts, one in another; None where there is none."""
    where: Section | None = device.config
    for head in heads:
        found = where.find(head) if where is not None else None
        where = found.section if found is not None else None
    return where


def put(device: Device, *path: str, body: str | None = None) -> Statement:
    """Stores the last line of a path, and the sections around it that are not there. `body`: the lines that belong to it.

    A new section starts with nothing but what is put into it.
    """
    where = device.config
    for head in path[:-1]:
        statement = _put(where, head, None)
        if statement.section is None:
            assert statement.line is not None and statement.line.enters is not None, head  # noqa: PT018
            statement.section = Section(device.grammar.modes[statement.line.enters])
        where = statement.section
    device.changed()
    return _put(where, path[-1], body)


def _put(where: Section, text: str, body: str | None) -> Statement:
    assert where.mode is not None
    match = where.mode.trie.match(text.split(), text)
    assert match is not None, f"{text!r} is no command of {where.mode.name}"
    where.printed = False
    return where.put(match.end.key(match.tokens, match.text), Statement(match.end.line, match.text, body=body))


def drop(device: Device, *path: str) -> bool:
    """Removes the line at the end of a path. Returns whether it was there."""
    where = section(device, *path[:-1])
    if where is None:
        return False
    for key, statement in list(where.statements.items()):
        if statement.text == path[-1]:
            del where.statements[key]
            device.changed()
            return True
    return False
