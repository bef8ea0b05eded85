"""The index of commands, from the grammar: per mode each command with its state, default and privilege level.

`python -m tests.measure.commands [--markdown FILE]` prints it, or writes it where `make docs` wants it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.device.binding import resolve
from ioscli.grammar.loader import installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.command import Command
    from ioscli.grammar.line import Line
    from ioscli.grammar.modes import Grammar, Mode

_WIDTH = 100
_STATES = {
    "stored": "modelled: parsed with types and help, negated, defaulted, kept in the running-config, printed",
    "applied": "the same, and an engine is told of it and of what stands below it",
    "acts": "an action, and the function behind it is there",
    "waits": "an action, modelled like the others; the function behind it is not there yet",
    "flag": "a debug flag, modelled like the others; its messages come from engines, where there are some behind it",
    "accepted": "parsed, negated, kept and printed, but nothing will act on it",
}
_INTRO = """# Commands

Written by `make docs` from the files of `grammar/`; their notation is explained in [grammar.md](grammar.md). A notation that ends
in `(...)` goes on in its file. A level stands where it is not the usual one (1 for EXEC, 15 for configuration); `=` is the default.

"""


def state(line: Line) -> str:
    """What becomes of a command that is typed."""
    if line.accepted:
        return "accepted"
    if line.toggles is not None:
        return "flag"
    if line.action is None:
        return "stored" if line.applies is None else "applied"
    return "acts" if resolve(line.action) is not None else "waits"


def index(grammar: Grammar) -> str:
    """The whole index as Markdown."""
    counts = Counter(state(line) for mode in grammar.modes.values() for line in mode.lines)
    rows = [f"| {name} | {counts[name]} | {text} |" for name, text in _STATES.items()]
    table = "\n".join(["| State | Commands | Meaning |", "|---|---|---|", *rows])
    modelled = {name: mode for name, mode in grammar.modes.items() if any(not line.accepted for line in mode.lines)}
    # What is configured comes first, what is typed at EXEC last: it is most of the list.
    sections = [section(name, modelled[name]) for name in sorted(modelled, key=lambda name: (name in ("any", "exec"), name != "config", name))]
    rest = [row(name, mode) for name, mode in sorted(grammar.modes.items()) if name not in modelled]
    accepted = "\n".join(["## Modes that are only accepted", "", "| Mode | Prompt | From | Commands | Files |", "|---|---|---|---|---|", *rest])
    return _INTRO + "\n\n".join([table, *sections, accepted]) + "\n"


def section(name: str, mode: Mode) -> str:
    """A mode with commands that are more than accepted."""
    where = f"`{mode.prompt}`" + (f", from {', '.join(mode.parents)}" if mode.parents else "") if mode.prompt else "In every mode below EXEC"
    out = [f"## {name}", "", where, "", "```text"]
    pairs = [(command, mode.trie.line(command)) for command in mode.commands]
    for file, group in groupby(sorted(pairs, key=lambda pair: file_of(pair[1])), key=lambda pair: file_of(pair[1])):
        members = list(group)
        out.append(file)
        out += (entry(command, line) for command, line in members if not line.accepted)
        accepted = sum(line.accepted for _, line in members)
        if accepted:
            out.append(f"  accepted {accepted}")
    return "\n".join([*out, "```"])


def file_of(line: Line) -> str:
    return line.source.rpartition(":")[0]


def entry(command: Command, line: Line) -> str:
    """A command on one line."""
    text = command.text if len(command.text) <= _WIDTH else command.text[:_WIDTH].rpartition(" ")[0] + " (...)"
    return f"  {state(line):8} {text}{''.join(f'   {note}' for note in notes(command, line))}"


def notes(command: Command, line: Line) -> Iterator[str]:
    """The default, the level where it is not the usual one, the mode that is entered."""
    yield from (attribute for attribute in command.attributes if attribute.startswith("= "))
    if line.level != command.default_level:
        yield f"@{line.level}"
    if line.enters is not None:
        yield f"-> {line.enters}"


def row(name: str, mode: Mode) -> str:
    files = ", ".join(sorted({file_of(line) for line in mode.lines}))
    return f"| {name} | `{mode.prompt}` | {', '.join(mode.parents)} | {len(mode.lines)} | {files} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    text = index(installed())
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
