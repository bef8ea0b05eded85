"""System messages: `%FACILITY-SEVERITY-MNEMONIC: text`, where they go, and the buffer that keeps them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ioscli.device.terminal import Disconnected

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.device.clock import Clock

SEVERITIES = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")
DEBUGGING = 7


@dataclass(slots=True)
class Destination:
    """Where messages go. `level`: the highest severity that goes there, None where it is off; `count`: how many went."""

    level: int | None = DEBUGGING
    count: int = 0

    def takes(self, severity: int) -> bool:
        return self.level is not None and severity <= self.level


@dataclass(slots=True)
class Stamps:
    """`service timestamps log|debug`: what stands before a message. `kind`: `datetime`, `uptime` or None for nothing."""

    kind: str | None = "datetime"
    msec: bool = True
    localtime: bool = False
    zone: bool = False
    year: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was logged: the moment (seconds since 1970), its severity, its text with all that stands before."""

    moment: float
    severity: int
    text: str


@dataclass
class Log:
    """The messages of a router and where they go. Lines of terminals are subscribers: `(severity, text)`."""

    clock: Clock
    console: Destination = field(default_factory=Destination)
    monitor: Destination = field(default_factory=Destination)
    buffered: Destination = field(default_factory=Destination)
    size: int = 8192  # bytes of the buffer
    enabled: bool = True
    sequence: bool = False
    stamps: dict[str, Stamps] = field(default_factory=lambda: {"log": Stamps(), "debug": Stamps()})

    def __post_init__(self) -> None:
        self.buffer: deque[Message] = deque()
        self.used = 0
        self.number = 0
        self.subscribers: list[Callable[[int, str], None]] = []

    def message(self, facility: str, severity: int, mnemonic: str, text: str) -> None:
        """Logs a system message."""
        self._put(severity, self._stamp("log") + f"%{facility}-{severity}-{mnemonic}: {text}")

    def debug(self, text: str) -> None:
        """Logs a line of debugging output."""
        self._put(DEBUGGING, self._stamp("debug") + text)

    def _put(self, severity: int, text: str) -> None:
        if not self.enabled:
            return
        if self.buffered.takes(severity):
            self.buffered.count += 1
            self.buffer.append(Message(self.clock.now(), severity, text))
            self.used += len(text) + 1
            while self.used > self.size and len(self.buffer) > 1:
                self.used -= len(self.buffer.popleft().text) + 1
        for subscriber in tuple(self.subscribers):
            try:
                subscriber(severity, text)
            except Disconnected:
                self.subscribers.remove(subscriber)

    def _stamp(self, kind: str) -> str:
        self.number += 1
        number = f"{self.number:06d}: " if self.sequence else ""
        stamps = self.stamps[kind]
        if stamps.kind is None:
            return number
        if stamps.kind == "uptime":
            return f"{number}{uptime(self.clock.uptime)}: "
        moment = self.clock.now()
        local = self.clock.local(moment)
        name = local.tzname() if stamps.zone else ""
        if not stamps.localtime:
            utc = local.utcoffset()
            local = local - utc if utc is not None else local
            name = "UTC" if stamps.zone else ""
        text = f"{local:%b} {local.day:2d} " + (f"{local.year} " if stamps.year else "") + f"{local:%H:%M:%S}"
        if stamps.msec:
            text += f".{local.microsecond // 1000:03d}"
        return f"{number}{self.clock.mark}{text}{f' {name}' if name else ''}: "


def uptime(seconds: float) -> str:
    """`hh:mm:ss` up to a day, then `1d02h`, `3w2d`, `1y4w`: as IOS abbreviates a time that passed."""
    whole = int(seconds)
    days = whole // 86400
    if days < 1:
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    if days < 7:
        return f"{days}d{whole // 3600 % 24:02d}h"
    if days < 365:
        return f"{days // 7}w{days % 7}d"
    return f"{days // 365}y{days % 365 // 7}w"
