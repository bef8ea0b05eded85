"""The command line: a router on this terminal, its commands from a script, configurations without one."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from ioscli.grammar.command import GrammarError
from ioscli.shell.commandline import COMMANDS, options_of
from ioscli.shell.source import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 128 + 2  # as a shell reports SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    options = options_of(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="surrogateescape")
    try:
        command = COMMANDS[options.command]
        status: int = getattr(import_module(f"ioscli.shell.{command.module}"), command.function)(options)
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


if __name__ == "__main__":
    sys.exit(main())
