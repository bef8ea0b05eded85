"""Configurations without a router: `ioscli check`, `print`, `diff`; files in, text out."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from ioscli.config.reader import read
from ioscli.config.reading import Reading, Unknown, Wrong
from ioscli.config.tree import collection_paused
from ioscli.config.writer import write
from ioscli.grammar.loader import installed
from ioscli.shell.source import text_of

if TYPE_CHECKING:
    from ioscli.shell.commandline import Options

_WIDTH = 100


def _read(name: str) -> Reading:
    with collection_paused():
        reading = read(text_of(name), installed())
        gc.freeze()  # it stays to the end, and the end comes soon: nothing in it is garbage
    return reading


def check(options: Options) -> int:
    """`ioscli check`: 1 where a router would refuse a line."""
    readings = [(name, _read(name)) for name in options.files]
    if options.json:
        import json

        print(json.dumps({"files": [_as_json(name, reading) for name, reading in readings]}, indent=1))
    else:
        for name, reading in readings:
            _report(name, reading)
    return 1 if any(reading.wrong for _, reading in readings) else 0


def _as_json(name: str, reading: Reading) -> dict[str, object]:
    return {
        "file": name,
        "lines": reading.lines,
        "modelled": reading.modelled,
        "accepted": reading.accepted,
        "unknown": [{"line": entry.line, "text": entry.text, "reason": entry.reason} for entry in reading.unknown],
        "wrong": [entry._asdict() for entry in reading.wrong],
        "findings": [],
    }


def _report(name: str, reading: Reading) -> None:
    entries: list[Unknown | Wrong] = [*reading.unknown, *reading.wrong]
    for entry in sorted(entries, key=lambda entry: entry.line):
        if isinstance(entry, Unknown):
            print(f"{name}:{entry.line}: unknown: {_visible(entry.text)}\n  {entry.reason}")
            continue
        start = max(0, entry.column - _WIDTH)
        before, shown = _visible(entry.text[start : entry.column - 1]), _visible(entry.text[start:])
        print(f"{name}:{entry.line}:{entry.column}: refused\n  {shown}\n  {' ' * len(before)}^\n  {_visible(entry.message)}")
    print(
        f"{name}: {reading.lines} lines: {reading.modelled} modelled, {reading.accepted} accepted, "
        f"{len(reading.unknown)} unknown, {len(reading.wrong)} wrong"
    )


def _visible(text: str) -> str:
    """A line for a terminal: cut, control characters spelled out."""
    shown = text if len(text) <= 2 * _WIDTH else text[: 2 * _WIDTH] + "..."
    return "".join(char if char.isprintable() or "\udc80" <= char <= "\udcff" else f"\\x{ord(char):02x}" for char in shown)


def print_file(options: Options) -> int:
    """`ioscli print`."""
    sys.stdout.write("\n".join(write(_read(options.file).config)) + "\n")
    return 0


def diff_files(options: Options) -> int:
    """`ioscli diff`."""
    from ioscli.config.diff import diff

    before, after = _read(options.before), _read(options.after)
    for line in diff(before.config, after.config):
        print(line)
    return 0
