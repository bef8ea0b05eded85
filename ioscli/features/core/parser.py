"""What the parser knows: `show aliases`, `show parser ...`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core.command_mode import mode_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Section
    from ioscli.device.session import Session
    from ioscli.grammar.modes import Mode


def aliases(session: Session, *, mode: str | None) -> Iterator[str]:
    """`show aliases [MODE]`."""
    device = session.device
    wanted = mode_named(device, mode) if mode is not None else None
    if mode is not None and wanted is None:
        raise Refused(f"% Unknown mode: {mode}")
    first = True
    for name, table in device.alias_table.items():
        if not table or (wanted is not None and name != wanted.name):
            continue
        if not first:
            yield ""
        first = False
        yield f"{_called(device.grammar.modes[name])} mode aliases:"
        for alias, command in table.items():
            yield f"  {alias:<22}{command}"
    yield ""


def _called(mode: Mode) -> str:
    if mode.name == "config":
        return "Global configuration"
    return mode.title.removesuffix(" commands:") or mode.name


def dump(session: Session, *, mode: str, extend: str | None) -> Iterator[str]:
    """`show parser dump MODE`: its commands with the level that each needs. `extend`: with what they explain."""
    device = session.device
    known = mode_named(device, mode) or device.grammar.modes.get(mode)
    if known is None:
        raise Refused(f"% Unknown mode: {mode}")
    yield f"Mode Name :{mode}"
    for command in known.commands:
        yield f"{command.level} {command.text}"
        if extend is not None and (first := command.first) is not None:
            yield f"  {device.grammar.help(known, (first,)) or ''}"


def unknown(session: Session) -> Iterator[str]:
    """`show parser unknown`: the lines of the configuration that no command matches, and that are kept as they are."""
    yield from _unknown(session.device.config, "")


def _unknown(section: Section, indent: str) -> Iterator[str]:
    for statement in tuple(section):
        below = list(_unknown(statement.section, f"{indent} ")) if statement.section is not None else []
        if statement.line is None or below:
            yield indent + statement.text
        yield from below
