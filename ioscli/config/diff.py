"""The commands that turn one configuration into another: what `configure replace` types.

Nothing here knows a command: a statement is dropped by its `no` form up to its keys, put by its own text. Where the order
of entry matters (lists that print as they came), what stands behind the first difference is taken out and put anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.writer import ordered, statement_lines, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Key, Section, Statement


def diff(before: Section, after: Section) -> Iterator[str]:
    """The lines to type at `(config)#` so that `before` becomes `after`; indented where a section is entered."""
    yield from _section(before, after, "", version_of(after))


def _section(before: Section, after: Section, indent: str, version: str) -> Iterator[str]:
    again = _moved(before, after, version)
    # Entering or taking out a `no` form that stands beside its statement takes the statement with it.
    again |= {key[1] for key in before.statements.keys() ^ after.statements.keys() if isinstance(key, tuple) and key[0] == "no"}
    again |= {key for key, new in after.statements.items() if (old := before.statements.get(key)) and _twice(old, new)}
    for key, old in before.statements.items():
        if (key not in after.statements or key in again) and (line := _dropping(old)) is not None:
            yield indent + line
    for key, new, _ in ordered(after, version):
        old_or_none = None if key in again else before.statements.get(key)
        if old_or_none is not None and old_or_none.section is not None and new.section is not None:
            inner = list(_section(old_or_none.section, new.section, indent + " ", version))
            if inner or not old_or_none.same(new):
                yield indent + new.text
                yield from inner
                if new.section.mode is not None and new.section.mode.leave is not None:
                    yield indent + new.section.mode.leave
        elif old_or_none is None or not old_or_none.same(new):
            yield from statement_lines(new, indent, version)
            if new.section is not None and not new.section.statements and new.section.mode is not None and new.section.mode.leave is None:
                yield indent + " exit"  # else the next line could be taken for one of the section


def _twice(old: Statement, new: Statement) -> bool:
    """Whether the new statement comes to be only where the old one is gone."""
    # Entering a section by less of its head leaves the head as it is; the `no` of a whole line that is there takes it out, and no more.
    return old.text.startswith(new.text + " ") or (new.negative and not old.negative and new.line is not None and new.line.whole)


def _moved(before: Section, after: Section, version: str) -> set[Key]:
    """The keys of both sides that must be entered anew to stand in the order of `after`."""
    kept = [key for key in before.statements if key in after.statements]
    merged = kept + [key for key in after.statements if key not in before.statements]
    if merged == list(after.statements):
        return set()
    wanted = [key for key, _, _ in ordered(after, version)]
    trial = type(after)(after.mode)
    trial.statements = {key: after.statements[key] for key in merged}
    got = [key for key, _, _ in ordered(trial, version)]
    return _behind(got, wanted) & set(before.statements)


def _behind(got: list[Key], wanted: list[Key]) -> set[Key]:
    """What must leave `got` so that the rest stands as in `wanted` and all that is added comes behind it."""
    place = {key: at for at, key in enumerate(wanted)}
    moved: set[Key] = set()
    highest = -1
    for key in got:
        if place[key] < highest:
            moved.add(key)
        highest = max(highest, place[key])
    if moved:
        first = min(place[key] for key in moved)
        moved |= {key for key in got if place[key] >= first}
    return moved


def _dropping(statement: Statement) -> str | None:
    """The line that removes a statement, None where nothing does (`version`)."""
    line = statement.line
    if statement.negative:
        return f"default {statement.text[3:]}"
    if line is not None and line.negative is not None:
        return line.negative if line.negative != "-" else None
    # Where `no X` is kept as a state of its own, only `default X` leads back to nothing.
    stays = line is not None and line.keeps_no and not line.whole
    return f"{'default' if stays else 'no'} {statement.text}"
