"""System messages: `%FACILITY-SEVERITY-MNEMONIC: text`, where they go, and the buffer that keeps them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Disconnected

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.device.clock import Clock

SEVERITIES = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")
WARNINGS, INFORMATIONAL, DEBUGGING = 4, 6, 7


class Message(NamedTuple):
    """A message as it was logged.

    `moment`: seconds since 1970. `facility`, `mnemonic`, `body`: its parts, the first two "" for a line of debugging
    output. `text`: all of it, with what stands before; `stamp`: that alone.
    """

    moment: float
    severity: int
    text: str
    facility: str = ""
    mnemonic: str = ""
    body: str = ""
    stamp: str = ""


# Plain classes, no dataclasses: making those takes a tenth of the time of a short command.
class Rate:
    """At most so many messages a second. `debugs`: debugging output counts too; messages up to severity `spared` never do."""

    def __init__(self, limit: int, *, debugs: bool = False, spared: int = -1) -> None:
        self.limit, self.debugs, self.spared = limit, debugs, spared
        self.second = 0
        self.passed = 0

    def exceeded(self, message: Message) -> bool:
        if message.severity <= self.spared or (not message.facility and not self.debugs):
            return False
        if self.second != int(message.moment):
            self.second, self.passed = int(message.moment), 0
        self.passed += 1
        return self.passed > self.limit


class Destination:
    """Where messages go.

    `level`: the highest severity that goes there, None where it is off; `count`: how many went. `name`, `discriminator`: what
    it lets pass; `dropped`: how many it did not. `rate`, `limited`: at most so many a second, and how many were more.
    `muted`: the message at hand does not go there, for one of these two.
    """

    def __init__(self, level: int | None = DEBUGGING, name: str = "", discriminator: Callable[[Message], bool] | None = None) -> None:
        self.level = level
        self.name = name
        self.discriminator = discriminator
        self.rate: Rate | None = None
        self.count = self.dropped = self.limited = 0
        self.muted = False

    def takes(self, severity: int) -> bool:
        """Whether the message at hand, of this severity, goes there."""
        return self.level is not None and severity <= self.level and not self.muted

    def consider(self, message: Message) -> bool:
        """Whether a message goes there, counted."""
        self.muted = False
        if not self.takes(message.severity):
            return False
        if self.discriminator is not None and not self.discriminator(message):
            self.dropped += 1
            self.muted = True
        elif self.rate is not None and self.rate.exceeded(message):
            self.limited += 1
            self.muted = True
        else:
            self.count += 1
        return not self.muted


class Stamps:
    """`service timestamps log|debug`: what stands before a message. `kind`: `datetime`, `uptime` or None for nothing."""

    def __init__(self, kind: str | None = "datetime", *, msec: bool = True, localtime: bool = False, zone: bool = False, year: bool = False) -> None:
        self.kind, self.msec, self.localtime, self.zone, self.year = kind, msec, localtime, zone, year


class Tally:
    """How often a message came, and the time stamp of the last one."""

    def __init__(self) -> None:
        self.count = 0
        self.last = ""


class Log:
    """The messages of a router and where they go.

    Lines of terminals are `subscribers`, called with severity and text; syslog servers are `followers`, called with what `trap` takes.
    `monitors`: whether a terminal other than the console shows messages. `limited`: messages that the rate limit of all kept away.
    `size`: bytes of the buffer, of which `used` are taken; `kept`: messages of the history, `past`.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.console, self.monitor, self.buffered = Destination(), Destination(), Destination()
        self.trap, self.history = Destination(INFORMATIONAL), Destination(WARNINGS)
        self.size = 8192
        self.kept = 1
        self.enabled = True
        self.sequence = False
        self.stamps = {"log": Stamps(), "debug": Stamps()}
        self.rate: Rate | None = None
        self.counting = False
        self.monitors: Callable[[], bool] = bool
        self.buffer: deque[Message] = deque()
        self.past: deque[Message] = deque()
        self.used = 0
        self.number = 0
        self.limited = 0
        self.tallies: dict[tuple[str, str, int], Tally] = {}
        self.subscribers: list[Callable[[int, str], None]] = []
        self.followers: list[Callable[[Message], None]] = []

    def message(self, facility: str, severity: int, mnemonic: str, text: str) -> None:
        """Logs a system message."""
        self._put("log", severity, facility, mnemonic, text)

    def debug(self, text: str) -> None:
        """Logs a line of debugging output."""
        self._put("debug", DEBUGGING, "", "", text)

    def clear(self) -> None:
        """Empties the buffer."""
        self.buffer.clear()
        self.used = 0

    def _put(self, kind: str, severity: int, facility: str, mnemonic: str, body: str) -> None:
        moment = self.clock.now()
        stamp = self._stamp(kind, moment)
        self.number += 1
        number = f"{self.number:06d}: " if self.sequence else ""
        text = f"{number}{f'{stamp}: ' if stamp else ''}{f'%{facility}-{severity}-{mnemonic}: ' if facility else ''}{body}"
        message = Message(moment, severity, text, facility, mnemonic, body, stamp)
        if self.rate is not None and self.rate.exceeded(message):
            self.limited += 1
            return
        if self.counting and facility:
            tally = self.tallies.setdefault((facility, mnemonic, severity), Tally())
            tally.count += 1
            tally.last = stamp
        if not self.enabled:  # `no logging on`: only the console is left (CF CR, `logging on`)
            self.console.consider(message)
            self.buffered.muted = self.monitor.muted = True
        else:
            self._deliver(message)
        for subscriber in tuple(self.subscribers):
            try:
                subscriber(severity, text)
            except Disconnected:
                self.subscribers.remove(subscriber)

    def _deliver(self, message: Message) -> None:
        self.console.consider(message)
        if self.monitors():
            self.monitor.consider(message)
        if self.buffered.consider(message):
            self.buffer.append(message)
            self.used += len(message.text) + 1
            while self.used > self.size and len(self.buffer) > 1:
                self.used -= len(self.buffer.popleft().text) + 1
        if message.facility and self.history.consider(message):
            self.past.append(message)
            while len(self.past) > self.kept:
                self.past.popleft()
        if self.trap.consider(message):
            for follower in tuple(self.followers):
                follower(message)

    def _stamp(self, kind: str, moment: float) -> str:
        stamps = self.stamps[kind]
        if stamps.kind is None:
            return ""
        if stamps.kind == "uptime":
            return uptime(self.clock.uptime)
        local = self.clock.local(moment)
        name = local.tzname() if stamps.zone else ""
        if not stamps.localtime:
            utc = local.utcoffset()
            local = local - utc if utc is not None else local
            name = "UTC" if stamps.zone else ""
        text = f"{local:%b} {local.day:2d} " + (f"{local.year} " if stamps.year else "") + f"{local:%H:%M:%S}"
        if stamps.msec:
            text += f".{local.microsecond // 1000:03d}"
        return f"{self.clock.mark}{text}{f' {name}' if name else ''}"


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
