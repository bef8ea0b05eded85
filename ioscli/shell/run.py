"""A router in this process: `ioscli run`, `ioscli exec`."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.device.lock import InUse
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.device.turn import run
from ioscli.shell.lineedit import UNLIMITED
from ioscli.shell.router import Router, attend
from ioscli.shell.script import Script
from ioscli.shell.source import FileError, state_folder, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ioscli.shell.commandline import Options

_CONSOLE = "console", 0


def run_router(options: Options) -> int:
    """`ioscli run`: a router whose console is this terminal; without a terminal, the lines of standard input are typed."""
    state = options.state or state_folder()
    if not sys.stdin.isatty():
        router = _router(state, options)
        vty = Script(sys.stdin.buffer, sys.stdout).vty

        async def rest() -> None:
            router.device.timers.run()  # no event loop does

        vty.rest = rest
        run(attend(router, vty, *_CONSOLE, pressed=True, fit=_endless))
        vty.fresh()
        return 0
    from ioscli.shell.attach import Attachments
    from ioscli.shell.console import Console

    with Console() as console:
        router = _router(state, options)
        console.write(f"ioscli: a router, its files in {router.device.files.root}. Leave it with `exit`, then Ctrl-D.\n")
        with Attachments(router) as attachments:
            console.at_start.append(attachments.open)
            console.at_start.append(lambda _: router.device.timers.arm())
            console.at_start.append(router.running)
            run(attend(router, console.vty, *_CONSOLE, fit=console.fit))
            console.vty.fresh()
    return 0


def _endless(session: Session) -> None:
    """Paper has no end, nobody to press a key at --More--, and no column at which a line is scrolled."""
    if not session.sized:
        session.length, session.width = 0, UNLIMITED


def run_commands(options: Options) -> int:
    """`ioscli exec`: EXEC commands, one an argument, and what a terminal shows for them. 1 where one was refused."""
    router = _router(options.state, options)
    done = run(_executed(router, options.commands, quiet=options.json))
    if options.json:
        import json

        print(json.dumps({"commands": done}, indent=1))
    return 0 if all(command["taken"] for command in done) else 1


async def _executed(router: Router, commands: Sequence[str], *, quiet: bool) -> list[dict[str, object]]:
    await router.up()
    target = io.StringIO() if quiet else sys.stdout
    vty = Script(None if sys.stdin.isatty() else sys.stdin.buffer, target).vty
    session = Session(router.device, vty, *_CONSOLE)
    # There is no prompt that a caret could stand under, and nobody to press a key.
    session.level, session.length, session.width = 15, 0, 0
    done: list[dict[str, object]] = []
    with vty.of(session):
        for command in commands:
            try:
                taken = await session.execute(command)
            except Disconnected:
                taken = False
            vty.fresh()
            vty.show_messages()
            done.append({"command": command, "taken": taken})
            if isinstance(target, io.StringIO):
                done[-1]["output"] = target.getvalue()
                target.truncate(target.seek(0))
            if session.closed:
                break
    return done


def _router(state: str | Path | None, options: Options) -> Router:
    configs = [(name, text_of(name)) for name in options.config]
    try:
        now = None if options.clock == "unset" else time.time()
        return Router(Path(state) if state is not None else None, configs, now, net=options.net)
    except InUse as error:
        raise FileError(str(error)) from None
    except OSError as error:
        raise FileError(f"{error.filename or state}: {error.strerror}") from None
