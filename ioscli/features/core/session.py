"""Leaving modes and sessions, EXEC commands from configuration modes, messages between lines, a lock on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device import dispatch
from ioscli.device.terminal import Finished, Interrupted, Refused
from ioscli.features.core.line import said
from ioscli.features.core.users import all_lines, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session

_NONE_OPEN = "% No connections open"


async def do(session: Session, *, command: str) -> None:
    """`do COMMAND`: an EXEC command from a configuration mode."""
    await dispatch.do(session, command)


def end(session: Session) -> None:
    """`end`: from any configuration mode to EXEC mode."""
    session.leave_configuration()


def exit(session: Session) -> None:
    """`exit`: to the mode above; from EXEC mode, the end of the session."""
    if not session.configuring:
        session.closed = True
    elif session.place.parent is not None:
        session.leave_to(session.place.parent)
    else:
        session.leave_configuration()


def help(session: Session) -> Iterator[str]:
    """`help`: how the interactive help works, in our words."""
    yield "Help may be requested at any point in a command by entering a question mark '?'."
    yield "If nothing matches, the list is empty and you must back up until a '?' shows the"
    yield "options that there are. There are two styles of help:"
    yield "1. Full help, when you are ready to enter a word: 'show ?' lists each word"
    yield "   that may follow, and what it means."
    yield "2. Partial help, when you have entered part of a word: 'show pr?' lists the"
    yield "   words that begin so."
    yield ""


async def lock(session: Session) -> None:
    """`lock`: the screen, until the password is given that was chosen for it (`lockable` on the line)."""
    if said(session.device, session.name, "lockable") != "on":
        raise Refused("% Lock not enabled on this line")
    while True:
        password = await session.ask("Password: ", echo=False)
        if await session.ask("Again: ", echo=False) == password:
            break
        session.write("% Passwords do not match\n")
    session.write("\n         Locked\n\n")
    while True:
        try:
            if await session.ask("Password: ", echo=False) == password:
                return
        except Interrupted:
            session.write("\n")
        session.write("% Bad password\n")


async def send(session: Session, *, line: str | None, aux: str | None, console: str | None, tty: str | None, vty: str | None) -> None:
    """`send {* | N | aux 0 | console 0 | tty N | vty N}`: a message to the sessions on other lines."""
    lines = all_lines(session.device)
    kind = next((word for word, given in (("aux", aux), ("con", console), ("tty", tty), ("vty", vty)) if given is not None), None)
    if kind is not None:
        lines = [known for known in lines if known.kind == kind and known.relative == int(line or 0)]
    elif line is not None:
        lines = [known for known in lines if known.number == int(line)]
    if not lines:
        raise Refused("% Invalid line number")
    text = await _message(session)
    if not await session.confirm("Send message?"):
        return
    everybody = kind is None and line is None
    to = "all lines" if everybody else f"line {lines[0].number}"
    names = {known.name for known in lines}
    for other in session.device.sessions:
        if other.name in names:
            other.write(f"\n\n***\n***\n*** Message from tty{number_of(session.name)} to {to}:\n***\n{text}\n\n")


async def _message(session: Session) -> str:
    """Lines up to Ctrl-Z. Raises Interrupted."""
    session.write("Enter message, end with CTRL/Z; abort with CTRL/C:\n")
    rows: list[str] = []
    while True:
        try:
            rows.append(await session.terminal.line(""))
        except Finished as finished:
            return "\n".join([*rows, finished.text]).rstrip("\n")


def send_log(session: Session, *, text: str, severity: str | None, facility: str | None, mnemonic: str | None) -> None:
    """`send log [N] [facility F] [mnemonics M] TEXT`: a message of the log."""
    session.device.log.message(facility or "SYS", int(severity or 7), mnemonic or "USERLOG", f"Message from {session.who}: {text}")


def where(session: Session) -> Iterator[str]:
    """`where`: the connections to other hosts from this session."""
    yield _NONE_OPEN


def show(session: Session) -> Iterator[str]:
    """`show sessions`."""
    return where(session)


def resume(session: Session, *, connection: str) -> None:
    """`N`: the connection of that number."""
    raise Refused(f"% {connection} is not an open connection")


def resume_named(session: Session, *, connection: str | None) -> None:
    """`resume [CONNECTION]`."""
    raise Refused("% No current connection" if connection is None else f"% {connection} is not an open connection")


def disconnect(session: Session, *, connection: str | None, line: str | None) -> None:
    """`disconnect [CONNECTION]`, `disconnect ssh [vty] N`: ends the session on that line."""
    if line is None:
        raise Refused("% No current connection" if connection is None else f"% {connection} is not an open connection")
    known = [found for found in all_lines(session.device) if int(line) in (found.number, found.relative) and found.kind == "vty"]
    others = [other for other in session.device.sessions for found in known if other.name == found.name]
    if not others:
        raise Refused("% No connection on that line")
    for other in others:
        other.end()


def name(session: Session) -> None:
    """`name-connection`."""
    raise Refused(_NONE_OPEN)
