"""`line con 0`, `line vty 0 4`: what a line asks for, and what it gives the sessions on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.line import said, sections
from ioscli.features.core.password import secret_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.password import Secret


class Settings:
    """What each session was given by its line when it was last looked, to see what has changed since."""

    def __init__(self, _: Device) -> None:
        self.given: dict[int, dict[str, str]] = {}


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
    """What a line says of its terminal, defaults included."""
    history = said(device, name, "history", "size 10").removeprefix("size ")
    return {
        "length": said(device, name, "length", "24"),
        "width": said(device, name, "width", "80"),
        "history size": {"on": "10", "off": "0"}.get(history, history),
        "editing": said(device, name, "editing", "on"),
        "monitor": said(device, name, "monitor", "on" if name == "console" else "off"),
        "transport preferred": said(device, name, "transport preferred", "telnet"),
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
