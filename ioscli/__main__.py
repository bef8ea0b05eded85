"""The command line: a router on this terminal, its commands from a script, configurations without one."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from ioscli.grammar.command import GrammarError
from ioscli.shell.source import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where each command is done, imported when it is wanted.
_COMMANDS = {
    "run": ("run", "run_router"),
    "exec": ("run", "run_commands"),
    "attach": ("attach", "attach"),
    "check": ("offline", "check"),
    "print": ("offline", "print_file"),
    "diff": ("offline", "diff_files"),
}
_INTERRUPTED = 128 + signal.SIGINT  # as a shell reports it
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given if given and given[0] in (*_COMMANDS, *_HELP) else ["run", *given])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="surrogateescape")
    try:
        module, function = _COMMANDS[options.command]
        status: int = getattr(import_module(f"ioscli.shell.{module}"), function)(options)
        sys.stdout.flush()
    except (GrammarError, FileError) as error:
        print(f"ioscli: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`ioscli print x | head`): nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ioscli", description=__doc__, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    run = commands.add_parser(
        "run", help="a router on this terminal (also without COMMAND)", description="Runs a router whose console is this terminal."
    )
    _router_options(run)
    do = commands.add_parser("exec", help="run EXEC commands", description="Runs EXEC commands and prints what a terminal would show.")
    _router_options(do)
    do.add_argument("--json", action="store_true", help="print the result as JSON")
    do.add_argument("commands", nargs="+", metavar="CMD", help="a command, in quotes")
    attach = commands.add_parser("attach", help="another terminal on a router that runs", description="Opens another terminal on a router that runs.")
    attach.add_argument("router", metavar="NAME|DIR", help="its state folder, or that folder's name beside the default one")
    check = commands.add_parser("check", help="check configurations line by line", description="Checks configurations line by line.")
    check.add_argument("--json", action="store_true", help="print the result as JSON")
    check.add_argument("files", nargs="+", metavar="FILE")
    show = commands.add_parser("print", help="print a configuration as a router would", description="Prints a configuration as a router would.")
    show.add_argument("file", metavar="FILE")
    compare = commands.add_parser("diff", help="the commands that turn A into B", description="Prints the commands that turn A into B.")
    compare.add_argument("before", metavar="A")
    compare.add_argument("after", metavar="B")
    return parser


def _router_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", action="append", default=[], metavar="FILE", help="start from this configuration (several: merged in order)")
    parser.add_argument("--state", metavar="DIR", help="the folder of its nvram: and flash: (run: ~/.local/state/ioscli/router unless said)")
    parser.add_argument("--clock", choices=["host", "unset"], default="host", help="unset: its time has to be set first, as without a battery")


if __name__ == "__main__":
    sys.exit(main())
