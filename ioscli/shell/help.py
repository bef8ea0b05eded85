"""What `?` prints and what Tab completes, for a session: its mode, the modes around it, EXEC behind `do`, filters behind `|`.

Three layouts (ios-shell.md A3): a table of words and texts, the same under the mode's title, and words alone, four in a row.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ioscli.device.dispatch import DEBUG, expand_alias, takes_pipe
from ioscli.device.output import FILTERS, Pager
from ioscli.grammar import ask
from ioscli.grammar.ask import FORMS, Row, explain
from ioscli.grammar.refusal import Fault, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session
    from ioscli.grammar.modes import Mode

_COLUMNS = 4  # words in a row
_UNKNOWN = "% Unrecognized command"
_WIDEST = 80
_FORMS = {"no": "Negate a command or set its defaults", "default": "Set a command to its defaults"}
_CR = "<cr>"


async def show_help(session: Session, line: str) -> str:
    """Prints the help on what was typed up to the cursor. Returns the line as it is shown again: an alias is written out."""
    if " " in line and (alias := expand_alias(session, line)) is not None:
        line = alias
    await session.print(_lines(session, line), Pager(session))
    return line


def completed(session: Session, line: str) -> str | None:
    """What Tab makes of a line; None where no single keyword fits."""
    do, rest = _undone(session, line)
    for mode in _modes(session, exec_mode=bool(do)):
        found = ask.complete(mode, rest)
        if found is not None:
            return do + found
    return None


def _undone(session: Session, line: str) -> tuple[str, str]:
    """The `do` in front of an EXEC command, and the command."""
    rest = line.lstrip()
    if session.configuring and rest[:3].lower() == "do ":
        inner = rest[3:].lstrip()
        return line[: len(line) - len(inner)], inner
    return "", line


def _modes(session: Session, *, exec_mode: bool) -> Iterator[Mode]:
    """The modes that a line may be of, in the order in which they are tried."""
    if exec_mode or not session.configuring:
        yield session.device.mode("exec", session.level)
        return
    place = session.place_or_none
    yield session.mode
    yield session.device.mode("any", session.level)
    while place is not None and (place := place.parent) is not None:
        yield session.view(place.mode)


def _lines(session: Session, line: str) -> Iterator[str]:
    do, rest = _undone(session, line)
    modes = list(_modes(session, exec_mode=bool(do)))
    command, bar, filtered = rest.partition("|")
    if bar and command[-1:].isspace() and (piped := _pipe_help(filtered)) is not None:
        yield from piped
        return
    before = rest.rstrip() if rest[-1:].isspace() else rest.rsplit(None, 1)[0] if len(rest.split()) > 1 else ""
    if rest and not rest[-1:].isspace():
        yield from _word_help(session, modes, line, rest, before)
        return
    found = _rows(session, modes, before)
    if isinstance(found, Refusal):
        yield found.message(line) if found.fault is Fault.AMBIGUOUS else _UNKNOWN
        return
    if not before and not do and modes[0].title:
        yield modes[0].title
    yield from table(found, session.width)
    yield ""


def _rows(session: Session, modes: list[Mode], before: str) -> list[Row] | Refusal:
    """The rows behind some words: of the mode at hand and of what is understood everywhere, or else of the modes around."""
    grammar = session.device.grammar
    tokens = before.split()
    if not tokens or (len(tokens) == 1 and _is_form(modes[0], tokens[0])):
        own = ask.rows(grammar, modes[0], "")
        rows = [] if isinstance(own, Refusal) else [row for row in own if row.label != _CR]
        if tokens and modes[0].name == "exec":
            rows = [row for row in rows if row.label == DEBUG]
        if not tokens:
            for mode in modes[1:2]:
                more = ask.rows(grammar, mode, "")
                rows += [] if isinstance(more, Refusal) else more
            rows += [Row(form, _FORMS[form]) for form in FORMS if len(modes) > 1]
        unique = {row.label: row for row in reversed(rows)}
        return sorted(unique.values(), key=lambda row: ask.collate(row.label))
    best: Refusal | None = None
    for mode in modes:
        found = ask.rows(grammar, mode, before)
        if not isinstance(found, Refusal):
            if found and found[-1].label == _CR and takes_pipe(tokens, mode):
                found.insert(-1, Row("|", "Output modifiers"))
            return found
        if best is None or found.word > best.word:
            best = found
    assert best is not None
    return best


def _is_form(mode: Mode, word: str) -> bool:
    return word.lower() in FORMS and explain(mode, word) is not None


def _word_help(session: Session, modes: list[Mode], line: str, rest: str, before: str) -> Iterator[str]:
    partial = rest.rsplit(maxsplit=1)[-1].lower()
    found: dict[str, None] = {}
    first = not before or (len(rest.split()) == 2 and _is_form(modes[0], before))
    for mode in modes[:2] if first else modes:
        found.update(dict.fromkeys(ask.words(mode, rest)))
        if found and not first:
            break
    if not before and len(modes) > 1:
        found.update(dict.fromkeys(form for form in FORMS if form.startswith(partial)))
    aliases = []
    if not before and line == rest and line[0] != " ":
        for name, command in sorted(session.device.aliases(session.mode.name).items()):
            if name.startswith(partial):
                aliases.append(f'*{name}="{command}"' if " " in command else f"*{name}={command}")
    labels = aliases + sorted(found, key=str.lower)
    if labels:
        yield from grid(labels, session.width)
        yield ""
        return
    rows = _rows(session, modes, before)
    if isinstance(rows, Refusal):
        yield rows.message(line) if rows.fault is Fault.AMBIGUOUS else _UNKNOWN
        return
    if any((refusal := explain(mode, rest)) is None or refusal.fault is Fault.INCOMPLETE for mode in modes):
        yield from grid([row.label for row in rows if row.label[0] == "<" != row.label[:3] or row.label[0].isupper()], session.width)
        yield ""
        return
    yield _UNKNOWN


def _pipe_help(filtered: str) -> list[str] | None:
    """The help behind the bar of a command."""
    words = filtered.split(None, 1)
    if not words and (not filtered or filtered.isspace()):
        return [*table([Row(word, text) for word, text in FILTERS.items()], _WIDEST), ""]
    kinds = [kind for kind in FILTERS if kind.startswith(words[0].lower())]
    if len(words) == 1 and not filtered[-1].isspace():
        return [*grid(kinds, _WIDEST), ""] if kinds else [_UNKNOWN]
    if len(kinds) != 1:
        return [_UNKNOWN]
    if len(words) == 1 and kinds[0] in ("redirect", "append", "tee", "format"):
        return [*table([Row("WORD", "URL of the file")], _WIDEST), ""]
    return [*table([Row("LINE", "Regular Expression")], _WIDEST), *([_CR] if len(words) > 1 else []), ""]


def table(rows: list[Row], width: int) -> Iterator[str]:
    """Words and texts in two columns, texts wrapped under each other."""
    column = max((len(row.label) for row in rows if row.label != _CR), default=0) + 4
    room = (width or _WIDEST) - column - 1
    for label, text in rows:
        if not text:
            yield f"  {label}"
            continue
        first, *more = textwrap.wrap(text, room) if len(text) > room >= 10 else [text]
        yield f"  {label:<{column - 2}}{first}"
        for piece in more:
            yield " " * column + piece


def grid(words: list[str], width: int) -> Iterator[str]:
    """Words in rows of four, each column as wide as its longest word and two blanks; fewer where they do not fit."""
    columns = _COLUMNS
    while columns > 1 and sum(max(map(len, words[at::columns]), default=0) + 2 for at in range(columns)) > (width or _WIDEST):
        columns -= 1
    widths = [max(map(len, words[at::columns]), default=0) + 2 for at in range(columns)]
    for start in range(0, len(words), columns):
        yield "".join(f"{word:<{widths[at]}}" for at, word in enumerate(words[start : start + columns])).rstrip()
