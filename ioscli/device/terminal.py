"""What a session needs of a terminal, and how a terminal says that it was interrupted or has gone."""

from __future__ import annotations

from typing import Protocol


class Interrupted(Exception):  # noqa: N818 - what happened, not a mistake
    """Ctrl-C, or Ctrl-Shift-6, while something was asked or printed."""


class Finished(Interrupted):
    """Ctrl-Z, where a line was asked for. `text`: what stood before it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Disconnected(Exception):  # noqa: N818
    """There is nobody at the terminal any more."""


class Refused(Exception):  # noqa: N818
    """A command that cannot be done. The text is what the router prints, one line or several."""


class Terminal(Protocol):
    """Keys in, text out. Lines end in a newline on both ways; a terminal that needs a carriage return adds it."""

    location: str  # where its user sits, as `show users` prints it; "" on the console

    def write(self, text: str) -> None:
        """Prints a text as it is."""

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        """Prints a prompt and reads a line, without its end. Raises Interrupted and Disconnected."""

    async def key(self) -> str:
        """Reads one key, unechoed: a character. Raises Disconnected."""

    def wake(self) -> object:
        """Ends a wait for keys: the session has been ended."""
