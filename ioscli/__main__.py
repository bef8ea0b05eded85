"""The command line: `ioscli check`, `print`, `diff`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.config.reader import read
from ioscli.config.reading import Reading, Unknown, Wrong
from ioscli.config.tree import collection_paused
from ioscli.config.writer import write
from ioscli.grammar.command import GrammarError
from ioscli.grammar.loader import installed

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 100
_EXAMPLES = """examples:
  ioscli check router.cfg                what a router would refuse, with the caret under the character
  ioscli check --json *.cfg              the same for programs
  ioscli print router.cfg                the configuration as `show running-config` prints it
  ioscli diff router.cfg wanted.cfg      the commands that turn the first into the second

A configuration is what `show running-config` prints, a startup-config, or lines to paste; `-` reads standard input.
Exit status: 0 all well, 1 a router would refuse a line (check), 2 a file could not be read.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="surrogateescape")
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except (GrammarError, FileError) as error:
        print(f"ioscli: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output has gone (`ioscli print x | head`): nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ioscli", description=__doc__, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    check = commands.add_parser("check", help="check configurations line by line", description="Checks configurations line by line.")
    check.add_argument("--json", action="store_true", help="print the result as JSON")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.set_defaults(run=_check)
    show = commands.add_parser("print", help="print a configuration as a router would", description="Prints a configuration as a router would.")
    show.add_argument("file", metavar="FILE")
    show.set_defaults(run=_print)
    compare = commands.add_parser("diff", help="the commands that turn A into B", description="Prints the commands that turn A into B.")
    compare.add_argument("before", metavar="A")
    compare.add_argument("after", metavar="B")
    compare.set_defaults(run=_diff)
    return parser


class FileError(Exception):
    """A file that cannot be read; the text says which and why."""


def _read(name: str) -> Reading:
    """Reads a configuration file. Bytes that are no UTF-8 pass through unchanged."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise FileError(f"{name}: {error.strerror}") from None
    text = data.decode("utf-8-sig", errors="surrogateescape")
    with collection_paused():
        reading = read(text.replace("\r\n", "\n"), installed())
        gc.freeze()  # it stays to the end, and the end comes soon: nothing in it is garbage
    return reading


def _check(options: argparse.Namespace) -> int:
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
        "wrong": [asdict(entry) for entry in reading.wrong],
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


def _print(options: argparse.Namespace) -> int:
    sys.stdout.write("\n".join(write(_read(options.file).config)) + "\n")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from ioscli.config.diff import diff

    before, after = _read(options.before), _read(options.after)
    for line in diff(before.config, after.config):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
