"""Leaving modes and sessions, and EXEC commands from configuration modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device import dispatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


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
