"""A terminal whose user answers every question with Return, and what he sees."""

from __future__ import annotations


class Screen:
    location = ""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    async def line(self, prompt: str, *, echo: bool = True) -> str:  # noqa: ARG002
        self.write(f"{prompt}\n")
        return ""

    async def key(self) -> str:
        return "\n"

    def wake(self) -> None:
        """He never waits."""
