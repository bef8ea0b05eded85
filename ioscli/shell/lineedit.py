"""The line editor: keys in, what the terminal has to show out.

It writes as routers do, for a terminal that knows a backspace and nothing else: programs read what it writes and look for the
echo of what they typed (ios-shell.md A4). It does no I/O and knows no command.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from ioscli.shell import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UNLIMITED = 511  # columns from which on a line is not scrolled: clients set it to be rid of `$`
SHIFT = 10  # columns by which a line is scrolled (CF CG, "Editing Command Lines that Wrap")
_LEAST = 2 * SHIFT  # columns that scrolling needs
_LONG = 512  # characters at once from which on scrolling shows their end only
_CUTS = 10  # texts that are kept to be put back
_BELL = "\a"
_LEFT = r"\S+\s*\Z|\s+\Z"
_RIGHT = r"\W*\w+|\W+"


class Event(Enum):
    """What a key means to the reader of the line."""

    ENTER = auto()
    HELP = auto()
    COMPLETE = auto()
    INTERRUPT = auto()  # ^C
    LEAVE = auto()  # ^Z


class LineEditor:
    """A line that is being typed behind a prompt.

    `width`: columns of the terminal, 0 for no limit. `keys`: whether the editing keys work (`terminal editing`). `history`: the lines that
    ^P recalls, the oldest first. `cuts`: the texts that ^Y puts back, the latest last; they outlive the line. `commands`: whether it is a
    command, where `?` and Tab ask for help.
    """

    def __init__(
        self,
        prompt: str,
        write: Callable[[str], object],
        *,
        width: int = 0,
        echo: bool = True,
        editing: bool = True,
        commands: bool = False,
        history: Sequence[str] = (),
        cuts: list[str] | None = None,
    ) -> None:
        self.prompt = prompt
        self.text = ""
        self.at = 0
        self.commands = commands
        self._write = write
        self._echo = echo
        self._editing = editing
        self._history = history
        self._recalled = len(history)
        self._typed = ""  # what stood there before the history was looked into
        self._cuts = [] if cuts is None else cuts
        self._cut_at = -1  # the cut that ^Y put there last
        self._yanked: tuple[int, int] | None = None
        self._quoting = False
        room = width - len(prompt.rpartition("\n")[2]) - 1
        self._room = room if 0 < width < UNLIMITED and room >= _LEAST else 0  # columns for the text, 0 for no limit
        self._start = 0  # the first character that is shown
        self._write(prompt)

    def insert(self, text: str) -> None:
        """Puts printable characters at the cursor."""
        self._yanked = None
        self._quoting = False
        if self.at < len(self.text) or not self._room or len(text) > _LONG:
            self._edit(self.at, self.at, text, self.at + len(text))
            return
        done = 0
        while done < len(text):
            fits = max(self._room - (self.at - self._start), 1)
            piece = text[done : done + fits]
            self._edit(self.at, self.at, piece, self.at + len(piece))
            done += len(piece)

    def press(self, key: str) -> Event | None:
        """Takes a key (ioscli.shell.keys)."""
        if self._quoting:
            self._quoting = False
            if len(key) == 1 and key != "\r":
                self.insert(key)
                return None
        event = _EVENTS.get(key)
        if event in (Event.HELP, Event.COMPLETE) and not self.commands:
            self.insert(key)
            return None
        if event is not None:
            return event
        if len(key) == 1 and key.isprintable():
            self.insert(key)
            return None
        yanked, self._yanked = self._yanked, None
        if key == "\x1by":
            self._yank_earlier(yanked)
        elif (action := _PLAIN_KEYS.get(key)) is not None or (self._editing and (action := _EDITING_KEYS.get(key)) is not None):
            action(self)
        return None

    def redraw(self) -> None:
        """Shows prompt and line anew, from the start of a row."""
        self._write(self.prompt)
        if self._echo:
            shown = self._shown()
            self._write(shown + "\b" * (len(shown) - (self.at - self._start)))

    def put(self, text: str, at: int) -> None:
        """Makes it another line, without showing it."""
        self.text, self.at, self._start = text, at, 0
        self._scroll()

    def _shown(self) -> str:
        if not self._room:
            return _visible(self.text)
        shown = self.text[self._start : self._start + self._room]
        if self._start:
            shown = f"${shown[1:]}"
        if len(self.text) > self._start + self._room:
            shown = f"{shown[:-1]}$"
        return _visible(shown)

    def _scroll(self) -> bool:
        """Scrolls so far that the cursor is seen; whether that was needed."""
        start = self._start
        if self._room:
            while self.at - self._start > self._room:
                self._start += SHIFT
            while self._start and self.at <= self._start:
                self._start -= SHIFT
        return self._start != start

    def _edit(self, begin: int, end: int, new: str, at: int) -> None:
        """Replaces characters, moves the cursor, and shows it: from the first character that changed."""
        appended = begin == len(self.text)
        before, column = "" if appended and not self._room else self._shown(), self.at - self._start
        self.text = self.text + new if appended else self.text[:begin] + new + self.text[end:]
        self.at = at
        if not self._echo:
            return
        scrolled = self._scroll()
        if appended and not scrolled:
            # The cursor stood at the end: what is new is all there is to write.
            self._write(_visible(new))
            return
        after = self._shown()
        same = 0 if scrolled else min(begin - self._start, len(before), len(after))
        self._write(_moved(before, column, same) + self._rest(before, after, same))

    def _rest(self, before: str, after: str, same: int) -> str:
        """What makes the row `after` of `before`, which are the same up to the cursor; then the cursor goes where it belongs."""
        tail = len(before) - len(after)
        blank = " " * tail + "\b" * tail if tail > 0 else ""
        return after[same:] + blank + _moved(after, len(after), self.at - self._start)

    def go(self, at: int) -> None:
        at = min(max(at, 0), len(self.text))
        if not self._echo:
            self.at = at
            return
        before, column = self._shown(), self.at - self._start
        self.at = at
        if not self._scroll():
            self._write(_moved(before, column, at - self._start))
            return
        self._write("\b" * column + self._rest(before, self._shown(), 0))

    def cut(self, begin: int, end: int) -> None:
        if begin < end:
            self._cuts.append(self.text[begin:end])
            del self._cuts[:-_CUTS]
            self._edit(begin, end, "", begin)

    def word_left(self) -> int:
        found = re.search(_LEFT, self.text[: self.at])
        return found.start() if found else 0

    def word_right(self) -> int:
        found = re.compile(_RIGHT).match(self.text, self.at)
        return found.end() if found else self.at

    def recall(self, step: int) -> None:
        to = self._recalled + step
        if not 0 <= to <= len(self._history):
            self._write(_BELL)
            return
        if self._recalled == len(self._history):
            self._typed = self.text
        self._recalled = to
        text = self._history[to] if to < len(self._history) else self._typed
        self._edit(0, len(self.text), text, len(text))

    def yank(self) -> None:
        if self._cuts:
            self._cut_at = len(self._cuts) - 1
            self._yank_here(self.at, self.at)

    def _yank_earlier(self, yanked: tuple[int, int] | None) -> None:
        if yanked is not None and self._editing:
            self._cut_at = (self._cut_at - 1) % len(self._cuts)
            self._yank_here(*yanked)

    def _yank_here(self, begin: int, end: int) -> None:
        text = self._cuts[self._cut_at]
        self._edit(begin, end, text, begin + len(text))
        self._yanked = begin, begin + len(text)

    def change_word(self, change: Callable[[str], str]) -> None:
        end = self.word_right()
        self._edit(self.at, end, change(self.text[self.at : end]), end)

    def backspace(self) -> None:
        if self.at:
            self._edit(self.at - 1, self.at, "", self.at - 1)

    def delete(self) -> None:
        if self.at < len(self.text):
            self._edit(self.at, self.at + 1, "", self.at)

    def transpose(self) -> None:
        at = min(self.at, len(self.text) - 1)
        if at > 0:
            self._edit(at - 1, at + 1, self.text[at] + self.text[at - 1], at + 1)

    def quote(self) -> None:
        self._quoting = True

    def again(self) -> None:
        self._write("\n")
        self.redraw()


def _moved(shown: str, column: int, to: int) -> str:
    """What moves the cursor: backspaces to the left, the characters themselves to the right."""
    return "\b" * (column - to) if to < column else shown[column:to]


def _visible(text: str) -> str:
    """A quoted control character takes one column."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "^" for char in text)


_EVENTS = {"\r": Event.ENTER, "?": Event.HELP, "\t": Event.COMPLETE, "\x03": Event.INTERRUPT, "\x1a": Event.LEAVE}
# What works with `terminal no editing`, too.
_PLAIN_KEYS: dict[str, Callable[[LineEditor], None]] = {
    "\x08": LineEditor.backspace,
    "\x7f": LineEditor.backspace,
    "\x15": lambda line: line.cut(0, line.at),
    "\x17": lambda line: line.cut(line.word_left(), line.at),
    "\x12": LineEditor.again,
    "\x0c": LineEditor.again,
    "\x16": LineEditor.quote,
}
_EDITING_KEYS: dict[str, Callable[[LineEditor], None]] = {
    "\x01": lambda line: line.go(0),
    "\x05": lambda line: line.go(len(line.text)),
    "\x02": lambda line: line.go(line.at - 1),
    "\x06": lambda line: line.go(line.at + 1),
    "\x1bb": lambda line: line.go(line.word_left()),
    "\x1bf": lambda line: line.go(line.word_right()),
    "\x04": LineEditor.delete,
    "\x1bd": lambda line: line.cut(line.at, line.word_right()),
    "\x0b": lambda line: line.cut(line.at, len(line.text)),
    "\x18": lambda line: line.cut(0, line.at),
    "\x19": LineEditor.yank,
    "\x14": LineEditor.transpose,
    "\x10": lambda line: line.recall(-1),
    "\x0e": lambda line: line.recall(1),
    "\x1bc": lambda line: line.change_word(lambda word: word.capitalize()),
    "\x1bl": lambda line: line.change_word(str.lower),
    "\x1bu": lambda line: line.change_word(str.upper),
    "\x1bq": LineEditor.quote,
    keys.UP: lambda line: line.recall(-1),
    keys.DOWN: lambda line: line.recall(1),
    keys.LEFT: lambda line: line.go(line.at - 1),
    keys.RIGHT: lambda line: line.go(line.at + 1),
    keys.HOME: lambda line: line.go(0),
    keys.END: lambda line: line.go(len(line.text)),
    keys.DELETE: LineEditor.delete,
}
