"""What holds for every text and every line, whatever it is: tests and the fuzzer try to break it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.reader import read
from ioscli.config.reading import Wrong
from ioscli.config.writer import write
from ioscli.grammar.ask import HIGHEST, complete, explain, rows, words
from ioscli.grammar.loader import installed
from ioscli.grammar.refusal import Refusal

if TYPE_CHECKING:
    from ioscli.config.reading import Unknown
    from ioscli.grammar.modes import Mode


def printed(text: str) -> str:
    """What a text prints as."""
    return "\n".join(write(read(text, installed()).config)) + "\n"


def prints_itself_again(text: str) -> None:
    """What is printed prints as it stands."""
    once = printed(text)
    again = printed(once)
    if once != again:
        first = next(pair for pair in zip([*once.split("\n"), None], [*again.split("\n"), None], strict=False) if pair[0] != pair[1])
        raise AssertionError(f"{first[0]!r} prints as {first[1]!r}")


def printed_rows(lines: list[str]) -> set[str]:
    """The lines that these lines print as, without indentation."""
    return {line.strip() for line in printed("\n".join(lines)).split("\n")}


def loses_nothing(text: str) -> None:
    """Every line counts once, and what no command matches or a router refuses is in the output.

    Lines that take others back are left out first: they may well take back what is unknown. A certificate that comes again takes the
    place of the first one, so rows of its body that are refused need be there only until then.
    """
    kept = "\n".join(line for line in text.split("\n") if line.split(None, 1)[:1] not in (["no"], ["default"]))
    reading = read(kept, installed())
    typed = kept.split("\n")
    out = printed_rows(typed)
    told: list[Unknown | Wrong] = [*reading.unknown, *reading.wrong]
    missing = {
        entry.text.strip()
        for entry in told
        if entry.text.strip() not in out
        and not (isinstance(entry, Wrong) and "hexadecimal" in entry.message and entry.text.strip() in printed_rows(typed[: entry.line]))
    }
    # Of a body that is not closed only the statement's own words are told; its text goes on from them.
    assert [text for text in missing if not any(line.startswith(text) for line in out)] == []
    wanted = [line.strip() for line in typed]
    assert [entry for entry in reading.unknown if wanted[entry.line - 1] != entry.text] == []
    assert all(0 < entry.line <= len(wanted) and entry.column > 0 for entry in reading.wrong)


def is_answered(mode: Mode, line: str, level: int = HIGHEST) -> None:
    """A line of a mode is a command or refused at a place within it, and `?` and Tab have an answer."""
    refusal = explain(mode, line, level)
    if refusal is not None:
        assert 0 <= refusal.column <= len(line)
        assert refusal.message(line)
    elif level == HIGHEST and line.split():
        text = line.strip()
        forms = text.split(None, 1)
        negative = len(forms) == 2 and forms[0].lower() in ("no", "default") and mode.trie.match_no(forms[1].split(), forms[1])
        assert mode.trie.match(text.split(), text) or negative, f"{mode.name}: {line!r} is a command, and is not"
    listed = rows(installed(), mode, line, level)
    assert isinstance(listed, Refusal) or all(row.label for row in listed)
    completed = complete(mode, line, level)
    found = words(mode, line, level)
    if completed is not None:
        assert completed.rsplit(None, 1)[-1] in found
