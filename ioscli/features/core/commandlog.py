"""The log of configuration commands: `log config` of the archive."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ioscli.features.core.archive import Archive
from ioscli.features.core.password import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.grammar.line import Line


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as it was understood: its number, its session's, who typed it and where. Secrets are left out of it."""

    index: int
    session: int
    user: str
    line: str
    command: str

    def __str__(self) -> str:
        return f"{self.index:5}{self.session:6}      {f'{self.user}@{self.line}':^19}|{self.command}"


class CommandLog:
    """What was configured, while `logging enable` stands in `log config`."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.entries: deque[Entry] = deque()
        self._count = 0
        self._sessions: WeakKeyDictionary[Session, int] = WeakKeyDictionary()
        self._notify = False
        self._size = 100

    def settle(self) -> None:
        """Agrees with the configuration."""
        archive = self.device[Archive].section
        section = next((found.section for found in archive if found.text == "log config"), None) if archive is not None else None
        texts = {found.text for found in section} if section is not None else set()
        self._notify = any(text.startswith("notify syslog") for text in texts)
        self._size = next((int(text.split()[-1]) for text in texts if text.startswith("logging size")), 100)
        self.device.configured = self.record if "logging enable" in texts else None

    def record(self, session: Session, line: Line, text: str) -> None:
        """Takes a command that was done."""
        if line.secret and not text.startswith("no "):
            text = masked(line, text)
        self._count += 1
        number = self._sessions.setdefault(session, len(self._sessions) + 1)
        self.entries.append(Entry(self._count, number, session.user or session.name, session.name, text))
        while len(self.entries) > self._size:
            self.entries.popleft()
        if self._notify:
            self.device.log.message("PARSER", 5, "CFGLOG_LOGGEDCMD", f"User:{session.user or session.name}  logged command:{text}")


def show(
    session: Session,
    *,
    first: str | None,
    last: str | None,
    user: str | None,
    provisioning: str | None,
) -> Iterator[str]:
    """`show archive log config {all | FIRST [LAST] | user U}`."""
    entries = list(session.device[CommandLog].entries)
    if first is not None:
        entries = [entry for entry in entries if int(first) <= entry.index <= int(last or entry.index)]
    if user is not None:
        entries = [entry for entry in entries if entry.user == user]
    if provisioning:
        yield from (entry.command for entry in entries)
        return
    yield " idx   sess           user@line      Logged command"
    yield from map(str, entries)
