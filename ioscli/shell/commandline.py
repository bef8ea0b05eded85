"""What follows `ioscli` on the command line.

The options and operands stand in one table. A command line that is plain is read by it at once; for help, for a mistake and for
anything else argparse is made from the same table: importing it takes longer than a short command.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_ABOUT = "The command line: a router on this terminal, its commands from a script, configurations without one."
_HELP = ("-h", "--help")
_EXAMPLES = """examples:
  ioscli                                 a router on this terminal
  ioscli run --config router.cfg         the same, started from a configuration
  ioscli < commands.txt                  types the lines of a file at its console
  ioscli exec 'show version'             what a terminal shows for a command
  ioscli attach router                   another terminal on a router that runs
  ioscli check router.cfg                what a router would refuse, with the caret under the character
  ioscli check --json *.cfg              the same for programs
  ioscli print router.cfg                the configuration as `show running-config` prints it
  ioscli diff router.cfg wanted.cfg      the commands that turn the first into the second

A configuration is what `show running-config` prints, a startup-config, or lines to paste; `-` reads standard input
(check, print, diff). Exit status: 0 all well, 1 a router would refuse a line (check, exec), 2 a file could not be read.
"""


class Options(SimpleNamespace):
    """The command and what it was given, by the names of its options and operands."""


class Command(NamedTuple):
    """A command of the program: the module of ioscli.shell and the function that does it; what argparse is told of options and operands."""

    module: str
    function: str
    help: str
    about: str
    options: dict[str, dict[str, Any]]
    operands: dict[str, dict[str, Any]]


_ROUTER: dict[str, dict[str, Any]] = {
    "config": {"action": "append", "default": [], "metavar": "FILE", "help": "start from this configuration (several: merged in order)"},
    "state": {"metavar": "DIR", "help": "the folder of its nvram: and flash: (run: ~/.local/state/ioscli/router unless said)"},
    "net": {
        "choices": ["loopback", "host", "memory"],
        "default": "loopback",
        "help": "where its addresses are: in 127.0.0.0/8 with a map of ports, on this host as they are, or nowhere outside this process",
    },
    "clock": {"choices": ["host", "unset"], "default": "host", "help": "unset: its time has to be set first, as without a battery"},
}
_JSON: dict[str, dict[str, Any]] = {"json": {"action": "store_true", "default": False, "help": "print the result as JSON"}}
COMMANDS = {
    "run": Command(
        "run", "run_router", "a router on this terminal (also without COMMAND)", "Runs a router whose console is this terminal.", _ROUTER, {}
    ),
    "exec": Command(
        "run",
        "run_commands",
        "run EXEC commands",
        "Runs EXEC commands and prints what a terminal would show.",
        _ROUTER | _JSON,
        {"commands": {"nargs": "+", "metavar": "CMD", "help": "a command, in quotes"}},
    ),
    "attach": Command(
        "attach",
        "attach",
        "another terminal on a router that runs",
        "Opens another terminal on a router that runs.",
        {},
        {"router": {"metavar": "NAME|DIR", "help": "its state folder, or that folder's name beside the default one"}},
    ),
    "check": Command(
        "offline",
        "check",
        "check configurations line by line",
        "Checks configurations line by line.",
        _JSON,
        {"files": {"nargs": "+", "metavar": "FILE"}},
    ),
    "print": Command(
        "offline",
        "print_file",
        "print a configuration as a router would",
        "Prints a configuration as a router would.",
        {},
        {"file": {"metavar": "FILE"}},
    ),
    "diff": Command(
        "offline",
        "diff_files",
        "the commands that turn A into B",
        "Prints the commands that turn A into B.",
        {},
        {"before": {"metavar": "A"}, "after": {"metavar": "B"}},
    ),
}


def options_of(given: Sequence[str]) -> Options:
    """The options of a command line. Without a command it is `run`. Ends the program where help was asked for or something is wrong."""
    whole = list(given) if given and given[0] in (*COMMANDS, *_HELP) else ["run", *given]
    return plain(whole) or _parsed(whole)


def plain(given: Sequence[str]) -> Options | None:
    """The options where all are written out and their values stand in words of their own, behind them the operands; else None."""
    if given[0] not in COMMANDS:
        return None
    command = COMMANDS[given[0]]
    found: dict[str, Any] = {name: about.get("default") for name, about in command.options.items()}
    words = list(given[1:])
    while words and _is_option(words[0]):
        name = words.pop(0).removeprefix("--")
        about = command.options.get(name)
        if about is None:
            return None
        if about.get("action") == "store_true":
            found[name] = True
            continue
        if not words or _is_option(words[0]) or words[0] not in about.get("choices", words[:1]):
            return None
        value = words.pop(0)
        found[name] = [*found[name], value] if about.get("action") == "append" else value
    several = any("nargs" in about for about in command.operands.values())
    if any(map(_is_option, words)) or not (words if several else len(words) == len(command.operands)):
        return None
    found |= dict.fromkeys(command.operands, words) if several else dict(zip(command.operands, words, strict=True))
    return Options(command=given[0], **found)


def _is_option(word: str) -> bool:
    return word[:1] == "-" and word != "-"


def _parsed(given: Sequence[str]) -> Options:
    import argparse

    parser = argparse.ArgumentParser(prog="ioscli", description=_ABOUT, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for name, command in COMMANDS.items():
        inner = commands.add_parser(name, help=command.help, description=command.about)
        for option, about in command.options.items():
            inner.add_argument(f"--{option}", **about)
        for operand, about in command.operands.items():
            inner.add_argument(operand, **about)
    return parser.parse_args(given, Options())
