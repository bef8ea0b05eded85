"""Debugging flags: which are on, and what a router says when one is turned."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = "all"  # the flag of `debug all`


class Debugs:
    """The flags that are on. Engines ask `flag in debugs` before they make a line of output.

    `known`: every flag that there is and what `show debugging` calls it; asked only for `debug all`.
    """

    def __init__(self, known: Callable[[], dict[str, str]] = dict) -> None:
        self._known = known
        self._on: dict[str, str] = {}

    def __contains__(self, flag: str) -> bool:
        return flag in self._on

    def __bool__(self) -> bool:
        """Whether any is on."""
        return bool(self._on)

    def set(self, flag: str, text: str, *, on: bool) -> str:
        """Turns a flag on or off. `text`: what `show debugging` calls it. Returns the line that the router prints."""
        if flag == ALL:
            self._on = self._known() if on else {}
            return f"{text} has been turned {'on' if on else 'off'}"
        if on:
            self._on[flag] = text
        else:
            self._on.pop(flag, None)
        return f"{text} is {'on' if on else 'off'}"

    @property
    def listed(self) -> dict[str, str]:
        """Flags and texts, in the order in which they were turned on."""
        return dict(self._on)
