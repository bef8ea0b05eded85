"""A terminal at which nobody sits."""

from __future__ import annotations

from ioscli.device.terminal import Disconnected


class Silent:
    location = ""

    def write(self, text: str) -> None:
        """Nobody reads it."""

    async def line(self, prompt: str, *, echo: bool = True) -> str:  # noqa: ARG002
        raise Disconnected

    async def key(self) -> str:
        raise Disconnected

    def wake(self) -> None:
        """Nobody sleeps."""
