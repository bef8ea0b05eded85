"""`show archive config`: what differs between configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.reader import read
from ioscli.config.writer import ordered, statement_lines, version_of
from ioscli.features.core import copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Section, Statement
    from ioscli.device.session import Session


async def tree(session: Session, url: str) -> Section:
    """The configuration in a file; the running one itself. Raises Refused."""
    if url in ("running-config", "system:running-config", "system:/running-config"):
        return session.device.config
    return read(await copy.read(session, url), session.device.grammar).config


async def differences(session: Session, *, old: str | None, new: str | None) -> Iterator[str]:
    """`show archive config differences [OLD [NEW]]`: without NEW the running-config, without OLD the startup-config."""
    before = await tree(session, old or "startup-config")
    after = await tree(session, new or "system:running-config")
    lines = list(differing(before, after, version_of(after)))
    return iter(["!Contextual Config Diffs:", *lines, ""] if lines else ["!Contextual Config Diffs:", "!No changes were found", ""])


def differing(before: Section, after: Section, version: str, indent: str = "") -> Iterator[str]:
    """What stands only after (`+`) or only before (`-`), under the heads that it stands in."""
    for key, new, _ in ordered(after, version):
        old = before.statements.get(key)
        if old is not None and old.same(new):
            if old.section is not None and new.section is not None:
                inner = list(differing(old.section, new.section, version, f"{indent} "))
                if inner:
                    yield indent + new.text
                    yield from inner
            continue
        yield from _signed("+", new, version, indent)
    for key, old, _ in ordered(before, version):
        other = after.statements.get(key)
        if other is None or not other.same(old):
            yield from _signed("-", old, version, indent)


def _signed(sign: str, statement: Statement, version: str, indent: str) -> Iterator[str]:
    for line in statement_lines(statement, "", version):
        text = line.lstrip(" ")
        if text != "!":
            yield f"{indent}{' ' * (len(line) - len(text))}{sign}{text}"


async def incremental(session: Session, *, file: str) -> Iterator[str]:
    """`show archive config incremental-diffs FILE`: the commands of a file that the running-config does not have."""
    wanted = await tree(session, file)
    lines = list(_lacking(session.device.config, wanted, version_of(wanted), ""))
    return iter(["!List of Commands:", *lines, "end", ""] if lines else ["!List of Commands:", "!No changes were found", ""])


def _lacking(present: Section, wanted: Section, version: str, indent: str) -> Iterator[str]:
    for key, new, _ in ordered(wanted, version):
        old = present.statements.get(key)
        if old is None or not old.same(new):
            yield from (line for line in statement_lines(new, indent, version) if line.strip() != "!")
        elif old.section is not None and new.section is not None:
            inner = list(_lacking(old.section, new.section, version, f"{indent} "))
            if inner:
                yield indent + new.text
                yield from inner
