r"""Transcripts: a screen as a file. Somebody types what stands behind its prompts, key by key; the screen must come out the same.

The first lines, behind `#`, say where the transcript's knowledge comes from. Blocks at the end are files of the router:
`-- nvram:startup-config --`, then their lines.

A line of the transcript that begins as the screen's last line is what the user types next: its letters one by one, `?` among
them, then Return. Where he wants another line than what stands there (after `?`), he rubs it out first. `^Z` and `^C` behind a
prompt are these keys. Keys that leave nothing on the screen stand in guillemets: `Password: «cisco»` (Return follows), one
key at --More-- or [confirm]: `« »`, `«\r»`, `«^C»`; and `«Tab»`, `«Up»`, `«Esc»`, `«^W»` inside a line, where Tab needs no Return. A message of the
log stands where it came: behind the prompt, so that the next command is typed without one.

After `reload` the console shows what the router does as it starts, and the next prompt is that of a privileged user.

A Return takes a second of the router's time, anything else none.

`# log in on vty0 from 10.1.1.9` among the first lines: the transcript begins before the login.
"""

from __future__ import annotations

import random
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.output import ERASE, MORE
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.device.turn import run
from ioscli.features.core.boot import start
from ioscli.features.core.line import settle
from ioscli.features.core.login import login
from ioscli.net import MemoryNet
from ioscli.shell import keys
from ioscli.shell.vty import Asked, Ended, Vty, converse
from tests.stored_keys import StoredKeys

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 11, 26, 9, 0, 0, tzinfo=UTC).timestamp()
_FILE = re.compile(r"^-- (\S+) --$", re.MULTILINE)
RUBBED = "\b \b"
_PARTS = re.compile(f"{ERASE}|{RUBBED}|[^\n\r\b\a]+|[\n\r\b\a]")
_MARK = re.compile(r"«(.*?)»")
_NAMED = {"Tab": "\t", "Up": keys.UP, "Down": keys.DOWN, "Left": keys.LEFT, "Right": keys.RIGHT, "Esc": "\x1b", "\\r": "\r", "\\x03": "\x03"}
_MESSAGE = re.compile(r"%[A-Z_0-9]+-[0-7]-[A-Z_0-9]+: ")
_CONTROL = re.compile(r"\^[A-Z^]")
_SHOWN_KEYS = {"^Z": "\x1a", "^C": "\x03"}
_LOGIN = re.compile(r"^# log in on (\S+)(?: from (\S+))?$", re.MULTILINE)


class Screen:
    """What a terminal shows: rows, a cursor that backspaces move to the left, characters that replace others."""

    def __init__(self) -> None:
        self.rows = [""]
        self.column = 0

    def write(self, text: str) -> None:
        for part in _PARTS.findall(text):
            row = self.rows[-1]
            if part == RUBBED and self.column == len(row):
                self.column -= 1
                self.rows[-1] = row[:-1]
            elif part == "\n" or (part == ERASE and row.startswith(MORE)):
                self.rows.append("")
                self.column = 0
            elif part[0] == "\b":
                self.column = max(self.column - 1, 0)
                self.write(part[1:])
            elif part == "\r":
                self.column = 0
            elif part != "\a":
                self.rows[-1] = row[: self.column] + part + row[self.column + len(part) :]
                self.column += len(part)

    def mark(self, text: str) -> None:
        """Notes a key that leaves nothing on the screen."""
        self.rows[-1] = self.rows[-1][: self.column] + text + self.rows[-1][self.column :]
        self.column += len(text)


class Paper(Vty):
    """A terminal so wide that no line is scrolled: a transcript has what was typed."""

    width = 0


class Typist:
    """The user: looks at the screen and at the transcript, and presses the next key."""

    def __init__(self, transcript: str) -> None:
        self.screen = Screen()
        self.vty = Paper(self.screen.write, self._more)
        self.seconds = 0.0
        self._rows = transcript.split("\n")[:-1]
        self._at = 0  # the row of the transcript that comes next
        self._seen = 0  # rows of the screen that have been looked at
        self._row: str | None = None  # the row that is being typed, None where the next has to be found
        self._place = 0  # the row of the screen where that is

    async def _more(self, _: float | None) -> bool:
        key = self._key()
        self.seconds += key.endswith("\r")
        if self.vty.session is not None:
            self.vty.session.device.timers.run()
        self.vty.feed(key)
        return True

    def _key(self) -> str:
        shown = self.screen.rows[-1]
        if self._row is None or self._place != len(self.screen.rows) - 1:
            self._row = self._look(shown)
            self._place = len(self.screen.rows) - 1
        row, editor = self._row, self.vty.editor
        if not row.startswith(shown) and self.vty.asked is Asked.COMMAND and editor is not None and editor.text:
            return "\x7f"
        rest = row[len(shown) :] if row.startswith(shown) else ""
        if not rest:
            self._row = None
            return "\r"
        if rest in _SHOWN_KEYS and self.vty.asked is Asked.COMMAND and editor is not None and not editor.text:
            self._row = None
            return _SHOWN_KEYS[rest]
        mark = _MARK.match(rest)
        if mark is None:
            return rest[0]
        self.screen.mark(mark[0])
        key = self._pressed(mark[1])
        if self.vty.asked is Asked.KEY or (mark[0] == rest and key[-1] in "\t\r\x03\x1a"):
            self._row = None
        return key

    def _pressed(self, name: str) -> str:
        """The key of a mark, or its text and Return."""
        control = chr(ord(name[1]) & 0x1F) if _CONTROL.fullmatch(name) else None
        if self.vty.asked is Asked.SECRET and control is None:
            return f"{name}\r"
        return _NAMED.get(name) or control or name

    def _look(self, shown: str) -> str:
        """The row of the transcript that begins as the screen's last one does. Raises Disconnected where there is none."""
        for row in self.screen.rows[self._seen : -1]:
            if self._at < len(self._rows) and self._rows[self._at] == row:
                self._at += 1
        self._seen = len(self.screen.rows)
        editor = self.vty.editor
        prompt = editor.prompt.rpartition("\n")[2] if editor is not None and self.vty.asked is not Asked.KEY else shown
        for number in range(self._at, len(self._rows)):
            row = self._rows[number]
            if row.startswith(prompt):
                self._at = number + 1
                return row if shown else row[len(prompt) :]
            # A message of the log tore the prompt away.
            if number == self._at and not shown and not _MESSAGE.search(row):
                self._at = number + 1
                return row
        raise Disconnected


def parse(path: Path) -> tuple[str, str, dict[str, str]]:
    """The provenance, the transcript and the router's files of a .session file."""
    text = path.read_text(encoding="utf-8")
    provenance = re.match(r"(?:#.*\n)+", text)
    assert provenance, f"{path}: the first lines say where this is known from"
    parts = _FILE.split(text[provenance.end() :])
    return provenance[0], parts[0], dict(zip(parts[1::2], (part.lstrip("\n") for part in parts[2::2]), strict=True))


def play(transcript: str, files: dict[str, str], state: Path, line: tuple[str, str] | None = None) -> str:
    """What a terminal shows when a transcript's user types. `line`: the line and the address to log in from, None for a user who is in."""
    return run(_play(transcript, files, state, line))


def line_of(provenance: str) -> tuple[str, str] | None:
    """The line, and the address, of `# log in on LINE [from ADDRESS]`."""
    found = _LOGIN.search(provenance)
    return (found[1], found[2] or "") if found else None


async def _play(transcript: str, files: dict[str, str], state: Path, line: tuple[str, str] | None) -> str:
    typist = Typist(transcript)
    clock = Clock(START, lambda: typist.seconds)
    device = Device(state, clock=clock, entropy=random.Random(1).randbytes, key_source=StoredKeys(), net=MemoryNet())
    for url, text in files.items():
        device.files.write(url, text.encode())
    with suppress(Disconnected):
        await start(device)
        while True:
            name, typist.vty.location = line or ("console", "")
            session = Session(device, typist.vty, name)
            if line is None:
                settle(session)
            session.level = 1 if re.match(r"\S+>", transcript) else 15
            with typist.vty.of(session), suppress(Ended):
                if line is None or await login(session):
                    await converse(session, typist.vty)
            if not device.reloading:
                break
            device = device.successor()
            typist.screen.write("".join(f"{row}\n" for row in await start(device)))
    # The row at which the user has nothing more to type is no part of it.
    return "".join(f"{row}\n" for row in typist.screen.rows[:-1])
