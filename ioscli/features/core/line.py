"""`line con 0`, `line vty 0 4`: what the configuration says of a router's lines, and how it reaches the sessions on them.

A line goes by the name that the log has for it: `console`, `aux`, `vty3`, `tty2`. Where several sections are of one line, the one of
the fewest lines leads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ioscli.features.core.password import secret_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.config.tree import Section
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.password import Secret

_KINDS = {"con": "console", "aux": "aux", "vty": "vty", "tty": "tty"}
_NAME = re.compile(r"([a-z]+)(\d*)")


class _Range(NamedTuple):
    """The lines that a section is of."""

    kind: str
    first: int
    last: int
    section: Section

    def has(self, kind: str, number: int) -> bool:
        return self.kind == kind and self.first <= number <= self.last


class Settings:
    """What each session was given by its line: the `settings` of the moment, to see later what changed."""

    def __init__(self, _: Device) -> None:
        self.given: dict[int, dict[str, str]] = {}


def sections(device: Device, name: str) -> list[Section]:
    """The sections of a line, that of the fewest lines first."""
    found = _NAME.fullmatch(name)
    if found is None:
        return []
    kind, number = found[1], int(found[2] or 0)
    ranges = [entry for entry in _ranges(device) if entry.has(kind, number)]
    return [entry.section for entry in sorted(ranges, key=lambda entry: entry.last - entry.first)]


def _ranges(device: Device) -> list[_Range]:
    ranges = []
    for statement in device.statements("line"):
        words = statement.text.split()[1:]
        kind = _KINDS.get(words[0], "tty")
        numbers = [int(word) for word in words if word.isdigit()]  # slot/port numbers are no lines of ours
        if statement.section is not None and numbers:
            ranges.append(_Range(kind, numbers[0], numbers[-1], statement.section))
    return ranges


def said(device: Device, name: str, head: str, default: str = "") -> str:
    """What a line's sections say behind these words: `on` and `off` for nothing and for `no`."""
    for section in sections(device, name):
        found = device.said(head, section=section)
        if found:
            return found
    return default


def password(device: Device, name: str) -> Secret | None:
    """The password of a line."""
    for section in sections(device, name):
        for statement in device.statements("password", section):
            return secret_of(statement)
    return None


def level(device: Device, name: str) -> int:
    """The privilege level that a line gives."""
    return int(said(device, name, "privilege level", "1"))


def settle(session: Session) -> None:
    """Gives a session what its line says, as it opens."""
    given = _settings(session.device, session.name)
    session.device[Settings].given[id(session)] = given
    for key, value in given.items():
        _give(session, key, value)


def follow(device: Device, _: Touched) -> None:
    """Gives open sessions what has changed; what a user set by `terminal` stays until then."""
    for session in device.sessions:
        before = device[Settings].given.get(id(session))
        if before is None:
            continue
        now = _settings(device, session.name)
        device[Settings].given[id(session)] = now
        for key, value in now.items():
            if before[key] != value:
                _give(session, key, value)


def forget(session: Session) -> None:
    """A session has ended."""
    session.device[Settings].given.pop(id(session), None)


def _settings(device: Device, name: str) -> dict[str, str]:
    """What a line says, defaults included. `exec-timeout` is minutes and seconds; `0 0` where there is none."""
    timeout = said(device, name, "exec-timeout", "10 0")
    synchronous = said(device, name, "logging synchronous", "off")
    history = said(device, name, "history", "size 10").removeprefix("size ")
    return {
        "length": said(device, name, "length", "24"),
        "width": said(device, name, "width", "80"),
        "history size": {"on": "10", "off": "0"}.get(history, history),
        "editing": said(device, name, "editing", "on"),
        "monitor": said(device, name, "monitor", "on" if name == "console" else "off"),
        "exec-timeout": "0 0" if timeout == "off" else timeout if " " in timeout else f"{timeout} 0",
        "logging synchronous": synchronous if synchronous == "off" else "on",
        "exec prompt timestamp": said(device, name, "exec prompt timestamp", "off"),
        "transport preferred": said(device, name, "transport preferred", "telnet"),
        "location": said(device, name, "location"),
    }


def _give(session: Session, key: str, value: str) -> None:
    attributes: dict[str, tuple[str, Callable[[str], object]]] = {
        "length": ("length", int),
        "width": ("width", int),
        "history size": ("history_size", int),
        "editing": ("editing", lambda value: value == "on"),
        "monitor": ("monitor", lambda value: value == "on"),
    }
    if key in attributes:
        name, made = attributes[key]
        setattr(session, name, made(value))
    else:
        session.settings[key] = value
