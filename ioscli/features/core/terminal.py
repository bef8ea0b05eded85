"""`terminal ...` and `show terminal`: the screen and the keys of this session. Nothing of it is kept in the configuration."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ioscli.device.log import uptime
from ioscli.device.lookup import Lookup
from ioscli.device.terminal import Refused
from ioscli.features.core import line
from ioscli.features.core.users import BAUD, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session

_LENGTH, _WIDTH, _HISTORY = 24, 80, 10


def length(session: Session, *, lines: str) -> None:
    """`terminal length N`, 0 for no pauses."""
    session.length, session.sized = int(lines), True


def width(session: Session, *, columns: str) -> None:
    """`terminal width N`, 0 for no wrapping."""
    session.width, session.sized = int(columns), True


def monitor(session: Session) -> None:
    """`terminal monitor`."""
    if session.name == "console":
        raise Refused("% Console already monitors")
    session.monitor = True


def history(session: Session, *, lines: str | None) -> None:
    """`terminal history [size N]`."""
    session.history_size = int(lines) if lines is not None else session.history_size or _HISTORY
    session.trim_history()


def type(session: Session, *, type: str) -> None:
    """`terminal type NAME`."""
    session.settings["terminal-type"] = type


def set(session: Session) -> None:
    """Every other setting: the last word is its value where it has one."""
    words = session.command.split()[1:]
    if words == ["exec", "prompt", "timestamp"]:
        words = [session.command.removeprefix("terminal ")]
    name, value = (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (words[0], "on")
    if name == "editing":
        session.editing = True
    session.settings[name] = value


def unset(session: Session, *, setting: str) -> None:
    """`terminal no ...`."""
    match setting:
        case "editing":
            session.editing = False
        case "history":
            session.history_size = 0
            session.trim_history()
        case "history size":
            session.history_size = _HISTORY
        case "length":
            session.length = _LENGTH
        case "width":
            session.width = _WIDTH
        case "monitor":
            session.monitor = False
        case _:
            session.settings.pop(setting, None)


def show(session: Session) -> Iterator[str]:
    """`show terminal`."""
    device, said = session.device, session.settings.get
    of_line = partial(line.said, device, session.name)
    idle = _interval(session.patience)
    speeds = said("txspeed", said("speed", BAUD)), said("rxspeed", said("speed", BAUD))
    yield f'Line {number_of(session.name)}, Location: "{session.terminal.location or said("location", "")}", Type: "{said("terminal-type", "")}"'
    yield f"Length: {session.length} lines, Width: {session.width} columns"
    yield (
        f"Baud rate (TX/RX) is {speeds[0]}/{speeds[1]}, {said('parity', 'none').replace('none', 'no')} parity, "
        f"{said('stopbits', '1')} stopbits, {said('databits', '8')} databits"
    )
    yield "Status: PSI Enabled, Ready, Active, No Exit Banner, Automore On"
    yield f"Capabilities: {'Receives Logging Output' if session.monitor and session.name != 'console' else 'none'}"
    yield "Modem state: Ready"
    yield "Group codes:    0"
    yield "Special Chars: Escape  Hold  Stop  Start  Disconnect  Activation"
    yield f"                {_escape(said('escape-character', of_line('escape-character'))):<7}none   -     -       none         "
    yield "Timeouts:      Idle EXEC    Idle Session   Modem Answer  Session   Dispatch"
    closed = int(of_line("session-timeout", "0").split()[0]) * 60
    yield f"               {idle:<14}{uptime(closed) if closed else 'never':<30}none     not set"
    yield "                            Idle Session Disconnect Warning"
    yield "                              never "
    yield "                            Login-sequence User Response"
    yield f"                             {uptime(int(of_line('timeout login response', '30')))}"
    yield "                            Autoselect Initial Wait"
    yield "                              not set "
    yield "Modem type is unknown."
    limit = of_line("session-limit")
    yield f"Session limit is {limit or 'not set'}."
    yield f"Time since activation: {uptime(session.device.clock.uptime - session.began)}"
    yield f"Editing is {'enabled' if session.editing else 'disabled'}."
    if session.history_size:
        yield f"History is enabled, history size is {session.history_size}."
    else:
        yield "History is disabled."
    yield f"DNS resolution in show commands is {'enabled' if device[Lookup].on else 'disabled'}"
    yield f"Full user help is {'enabled' if 'full-help' in session.settings else 'disabled'}"
    yield f"Allowed input transports are {_transports(of_line('transport input', 'none'))}."
    yield f"Allowed output transports are {_transports(of_line('transport output', 'pad telnet rlogin ssh'))}."
    yield f"Preferred transport is {said('transport preferred', 'telnet')}."
    yield "No output characters are padded"
    yield "No special data dispatching characters"


def _escape(said: str) -> str:
    """The character that leaves a connection, as the table of `show terminal` has it."""
    return "^^x" if said.lower() in ("", "default") else said.lower()


def _transports(said: str) -> str:
    return "none" if said == "off" else said


def _interval(seconds: float | None) -> str:
    """A time-out, as the table of `show terminal` has it."""
    return " never" if seconds is None else uptime(seconds)
