"""A file that is typed: `copy X running-config`, `configure memory`, the commands of `configure replace`.

It is merged line by line as on a router: what a line says is added or replaced, a line that is refused is printed with its
caret, and the next one is taken. Nothing is asked; every question is answered with yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class _Feed:
    """A terminal whose user is a file, and whose screen is that of the user who loads it."""

    def __init__(self, session: Session, lines: Iterator[str]) -> None:
        self.location = session.terminal.location
        self._session = session
        self._lines = lines

    def write(self, text: str) -> None:
        self._session.write(text)

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        """The next line of the file: a row of a certificate or a banner."""
        line = next(self._lines, None)
        if line is None:
            raise Disconnected
        return line

    async def key(self) -> str:
        return "\n"

    def wake(self) -> None:
        """A file never waits."""


class Loader(Session):
    """The session of a file. It has the rights of the user who loads it. `refused`: the lines that were not taken."""

    typed = False

    def __init__(self, session: Session, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        super().__init__(session.device, _Feed(session, self._lines), session.name, session.number)
        self.user, self.level, self.cli_view = session.user, session.level, session.cli_view
        self.length = 0
        self.refused: list[str] = []
        self.enter_configuration()

    async def load(self) -> None:
        """Types every line, up to `end`."""
        try:
            for line in self._lines:
                if not await self.execute(line, reprint=True):
                    self.refused.append(line.strip())
                if not self.configuring:
                    return
        except Disconnected:
            self.refused.append("the text that the last line begins")

    async def ask(self, prompt: str, *, echo: bool = True) -> str:
        return ""

    async def confirm(self, prompt: str) -> bool:
        return True

    async def yes_or_no(self, prompt: str, *, default: bool | None = None) -> bool:
        return True

    def leave_configuration(self) -> None:
        """The log is told by who loads it."""
        self.place_or_none = None


async def merge(session: Session, text: str, source: str) -> list[str]:
    """Merges a text into the running-config; `source`: what the log calls it. Returns the lines that were refused."""
    loader = Loader(session, text.split("\n"))
    await loader.load()
    session.device.log.message("SYS", 5, "CONFIG_I", f"Configured from {source} by {session.who}")
    return loader.refused
