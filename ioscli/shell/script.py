"""A terminal that is no terminal: lines come from a text, what is printed goes to a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Disconnected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ioscli.device.session import Session


class Script:
    """A terminal whose user is a list of lines. `echo`: whether lines are printed as they are read, as a console does."""

    location = ""

    def __init__(self, lines: Iterator[str], write: Callable[[str], object], *, echo: bool) -> None:
        self._lines = lines
        self._write = write
        self._echo = echo

    def write(self, text: str) -> None:
        self._write(text)

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        """Reads the next line. Raises Disconnected where there is none."""
        line = next(self._lines, None)
        if line is None:
            raise Disconnected
        if self._echo or prompt:
            self._write(f"{prompt}{line if echo and self._echo else ''}\n")
        return line

    async def key(self) -> str:
        """The first character of the next line, Return for an empty one."""
        line = next(self._lines, None)
        if line is None:
            raise Disconnected
        return line[:1] or "\n"


async def play(session: Session, terminal: Script) -> None:
    """Gives a session every line of a script."""
    try:
        while not session.closed:
            await session.execute(await terminal.line(session.prompt))
    except Disconnected:
        return
