"""From characters to keys: what a terminal sends for one key is one string."""

from __future__ import annotations

import re

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
HOME, END, DELETE = "\x1b[H", "\x1b[F", "\x1b[3~"
# Cursor keys in application mode (SS3), and the names that VT220 and Linux consoles have for Home and End.
_SAME = {
    "\x1bOA": UP,
    "\x1bOB": DOWN,
    "\x1bOC": RIGHT,
    "\x1bOD": LEFT,
    "\x1bOH": HOME,
    "\x1bOF": END,
    "\x1b[1~": HOME,
    "\x1b[4~": END,
    "\x1b[7~": HOME,
    "\x1b[8~": END,
}
_BRACKETS = ("\x1b[200~", "\x1b[201~")  # around a paste, where the terminal marks it
# Compiled when a key comes: re remembers them.
_SEQUENCE = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|[^\x00-\x1f\x7f[O])"
_BEGUN = r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}|O)?\Z"
_PLAIN = r"[^\x00-\x1f\x7f-\x9f?]+"
_PLAIN_OR_QUESTION = r"[^\x00-\x1f\x7f-\x9f]+"


class Keys:
    """Characters that came and were not yet taken. A carriage return, a newline, or both are one Return; NUL is nothing."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._returned = False  # a carriage return was the last character

    def feed(self, text: str) -> None:
        """More characters have come."""
        self._text = self._text[self._at :] + text
        self._at = 0

    @property
    def waiting(self) -> int:
        """How many characters were not yet taken."""
        return len(self._text) - self._at

    def run(self, *, question: bool = False) -> str:
        """The printable characters up to the next key that is none; `question`: a question mark is one."""
        found = re.compile(_PLAIN_OR_QUESTION if question else _PLAIN).match(self._text, self._at)
        if found is None:
            return ""
        self._returned = False
        self._at = found.end()
        return found[0]

    def next(self) -> str | None:
        r"""The next key, None where it has not come, or not wholly: a character, `\r`, or an escape sequence."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "\x1b":
                if re.compile(_BEGUN).match(self._text, self._at):
                    return None
                self._returned = False
                found = re.compile(_SEQUENCE).match(self._text, self._at)
                self._at = found.end() if found else self._at + 1
                if found and found[0] not in _BRACKETS:
                    return _SAME.get(found[0], found[0])
                continue
            self._at += 1
            second = char == "\n" and self._returned
            self._returned = char == "\r"
            if char != "\0" and not second:
                return "\r" if char == "\n" else char
        return None

    def forget(self) -> None:
        """What was typed ahead is of no interest any more."""
        self._text = ""
        self._at = 0
