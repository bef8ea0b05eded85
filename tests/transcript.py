r"""Transcripts: a terminal as a file. What was typed is found by its prompt; all the rest must come out the same, byte for byte.

The first lines, behind `#`, say where the transcript's knowledge comes from. What is typed without an echo stands in
guillemets: `Password: «cisco»`, a key at --More-- or [confirm] as `«\\r»` or `« »`. Blocks at the end are files of the router:
`-- nvram:startup-config --`, then their lines. A line with `?` at its end is not followed by Return.
`# log in on vty0 from 10.1.1.9` among the first lines: the transcript begins before the login.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.device.turn import run
from ioscli.features.core.boot import start
from ioscli.features.core.login import login

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 11, 26, 9, 0, 0, tzinfo=UTC).timestamp()
_FILE = re.compile(r"^-- (\S+) --$", re.MULTILINE)
_LOGIN = re.compile(r"^# log in on (\S+)(?: from (\S+))?$", re.MULTILINE)
_HIDDEN = re.compile(r"«(.*?)»")
_KEYS = {"\\r": "\r", "\\x03": "\x03"}


class Ticking:
    """A count of seconds that goes on by a millisecond whenever it is looked at."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 0.001
        return self.seconds


class Typist:
    """A terminal whose user types what a transcript says where its prompts stand."""

    def __init__(self, text: str) -> None:
        self.location = ""
        self.text = text
        self.at = 0
        self.out = ""
        self.seen = 0  # how much of `out` has been looked for in the transcript

    def write(self, text: str) -> None:
        self.out += text

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        self.write(prompt)
        typed = self._typed()
        hidden = _HIDDEN.fullmatch(typed)
        self.write(f"{typed}\n")
        assert echo or hidden or not typed, "what is not echoed stands in guillemets"
        return hidden[1] if hidden else typed

    async def key(self) -> str:
        typed = self._typed()
        found = _HIDDEN.match(typed)
        assert found, f"no key in {typed!r} for {self.out[-60:]!r}"
        self.write(found[0])
        self.at += 0 if found[0] == typed else len(found[0]) - len(typed) - 1
        return _KEYS.get(found[1], found[1])

    def _typed(self) -> str:
        """What stands behind the text that the terminal shows last, at its next place in the transcript."""
        *shown, last = self.out[self.seen :].split("\n")
        self.seen = len(self.out) - len(last)
        for line in shown:
            if self.text.startswith(f"{line}\n", self.at):
                self.at += len(line) + 1
        for found in re.finditer(f"^{re.escape(last)}", self.text[self.at :], re.MULTILINE):
            start = self.at + found.end()
            end = self.text.find("\n", start)
            if end < 0:
                break
            self.at = end + 1
            return self.text[start:end]
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
    device = Device(state, clock=Clock(START, Ticking()), entropy=random.Random(1).randbytes)
    for url, text in files.items():
        device.files.write(url, text.encode())
    await start(device)
    typist = Typist(transcript)
    name, typist.location = line or ("console", "")
    session = Session(device, typist, name)
    session.level = 1 if re.match(r"\S+>", transcript) else 15
    device.log.subscribers.append(lambda _, text: typist.write(f"{text}\n") if session.monitor and line else None)
    try:
        if line is not None and not await login(session):
            return typist.out
        while not session.closed:
            await session.execute(await typist.line(session.prompt))
    except Disconnected:
        pass
    # The prompt at which the user has nothing more to type is no part of it.
    return typist.out.removesuffix(session.prompt)
