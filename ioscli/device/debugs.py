"""Debugging flags: which are on, and the line that `show debugging` prints for each."""

from __future__ import annotations


class Debugs:
    """The flags that are on. Engines ask `flag in debugs` before they make a line of output."""

    def __init__(self) -> None:
        self._on: dict[str, str] = {}

    def __contains__(self, flag: str) -> bool:
        return flag in self._on

    def set(self, flag: str, text: str, *, on: bool) -> None:
        """Turns a flag on or off. `text`: what `show debugging` calls it."""
        if on:
            self._on[flag] = text
        else:
            self._on.pop(flag, None)

    def clear(self) -> None:
        self._on.clear()

    @property
    def listed(self) -> dict[str, str]:
        """Flags and texts, in the order in which they were turned on."""
        return dict(self._on)
