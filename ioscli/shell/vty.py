"""A session's terminal: keys become lines, answers and interruptions; messages of the log find their place between them.

One for all: the console, `ioscli attach`, SSH and a file of commands differ only in where characters come from and go to.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING

from ioscli.device.output import ERASE
from ioscli.device.terminal import Disconnected, Finished, Interrupted
from ioscli.shell.keys import Keys
from ioscli.shell.lineedit import Event, LineEditor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ioscli.device.session import Session

BREAK = "\x1e"  # Ctrl-Shift-6
HANG_UP = "\x04"  # Ctrl-D where nobody is logged in: leaves the line, and on the console ends the program


class Asked(Enum):
    """What the user is asked for."""

    NOTHING = auto()
    COMMAND = auto()
    LINE = auto()
    SECRET = auto()  # a line that is not echoed
    KEY = auto()


class Expired(Disconnected):
    """Nobody typed anything for as long as `exec-timeout` allows."""


class Ended(Disconnected):
    """The router has ended the session."""


async def _nothing() -> None:
    """No pause."""


class Vty:
    """A terminal of characters (ioscli.device.terminal).

    `write(text)`: where text goes; its lines end in a newline. `more(seconds)`: waits until `feed` was called, and says
    whether it was within these seconds (None: for ever); raises Disconnected where nobody is there any more.
    """

    def __init__(self, write: Callable[[str], object], more: Callable[[float | None], Awaitable[bool]], location: str = "") -> None:
        self.location = location
        self.session: Session | None = None
        self.editor: LineEditor | None = None
        self.waiting = False
        self.asked = Asked.NOTHING
        self.keys = Keys()
        self.leavable = False  # whether Ctrl-D instead of an answer hangs up: at a login
        self.rest: Callable[[], Awaitable[None]] = _nothing  # lets others have their turn, between two commands
        self.wake: Callable[[], object] = lambda: None  # ends a wait for keys
        self.interrupted: Callable[[], bool] = lambda: False  # whether a break stopped the command at hand; asked once
        self._out = write
        self._more = more
        self._fresh = True  # the cursor stands at the start of a row
        self._cuts: list[str] = []
        self._messages: list[str] = []

    def feed(self, text: str) -> None:
        """The user has typed something."""
        self.keys.feed(text)

    def write(self, text: str) -> None:
        if text:
            self._fresh = text[-1] == "\n" or text == ERASE
            self._out(text)

    def fresh(self) -> None:
        """Goes to the start of a row, where it does not stand there."""
        if not self._fresh:
            self.write("\n")

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        """Asks for a line, without help or history."""
        outer, self.editor = self.editor, LineEditor(prompt, self.write, width=self.width, echo=echo, cuts=self._cuts)
        try:
            event = await self._event(self.editor, Asked.LINE if echo else Asked.SECRET)
            text = self.editor.text
        finally:
            self.editor = outer
        if event is Event.LEAVE:
            self.write("^Z\n" if echo else "\n")
            raise Finished(text)
        if event is not Event.ENTER:
            raise Interrupted
        self.write("\n")
        return text

    async def key(self) -> str:
        """One key: a character, or an escape sequence."""
        while (key := self.keys.next()) is None:
            await self.wait(Asked.KEY)
        return key

    async def command(self, session: Session) -> tuple[Event, str]:
        """Reads a command at the session's prompt: what ended it, and its text."""
        self.editor = LineEditor(
            session.prompt,
            self.write,
            width=self.width,
            editing=session.editing,
            commands=True,
            history=session.history,
            cuts=self._cuts,
        )
        self.show_messages()
        try:
            while True:
                event = await self._event(self.editor, Asked.COMMAND)
                if event is Event.HELP:
                    await self._help(session, self.editor)
                elif event is Event.COMPLETE:
                    self._complete(session, self.editor)
                else:
                    text = self.editor.text
                    self.write({Event.INTERRUPT: "^C\n", Event.LEAVE: "^Z\n"}.get(event, "\n"))
                    return event, text
        finally:
            self.editor = None

    async def _event(self, editor: LineEditor, asked: Asked) -> Event:
        """Gives keys to an editor until one is not its own."""
        taken = self.keys
        question = not editor.commands
        while True:
            run = taken.run(question=question)
            if run:
                editor.insert(run)
            key = taken.next()
            if key is None:
                await self.wait(asked)
            elif key == HANG_UP and self.leavable and not editor.text:
                raise Disconnected
            elif (event := editor.press(key)) is not None:
                return event

    async def _help(self, session: Session, editor: LineEditor) -> None:
        from ioscli.shell.help import show_help  # a script does not ask

        self.write("?\n")
        text, at = editor.text, editor.at
        try:
            shown = await show_help(session, text[:at])
        except Interrupted:
            shown = text[:at]
        editor.put(shown + text[at:], len(shown) + len(text) - at)
        self.fresh()
        editor.redraw()

    def _complete(self, session: Session, editor: LineEditor) -> None:
        from ioscli.shell.help import completed

        typed = editor.text[: editor.at]
        if not typed.strip():
            return
        found = completed(session, typed)
        if found is None:
            self.write("\a")
        else:
            editor.put(found + editor.text[editor.at :].lstrip(), len(found))
        self.write("\n")
        editor.redraw()

    @property
    def width(self) -> int:
        """Columns for a line that is typed, 0 for no limit."""
        return self.session.width if self.session is not None else 0

    async def wait(self, asked: Asked, seconds: float | None = None) -> None:
        """Waits for keys. Raises Expired, Ended and Disconnected. Without a session, `seconds` is how long at most."""
        self.show_messages()
        self.waiting, self.asked = True, asked
        try:
            came = await self._more(seconds if self.session is None else self.session.patience)
        finally:
            self.waiting, self.asked = False, Asked.NOTHING
        if self.session is not None:
            if self.session.closed:
                raise Ended
            if not came:
                raise Expired

    def logged(self, severity: int, text: str) -> None:
        """A message of the log: shown at once where a user is waited for, else when the next prompt stands."""
        session = self.session
        if session is None or not session.sees(severity):
            return
        self._messages.append(text)
        if self.waiting:
            self.show_messages()

    def show_messages(self) -> None:
        """Shows the messages that wait; with `logging synchronous` the line that they tear apart is shown again."""
        if not self._messages:
            return
        messages, self._messages = self._messages, []
        self.write(("" if self._fresh else "\n") + "".join(f"{text}\n" for text in messages))
        if self.editor is not None and self.session is not None and self.session.synchronous:
            self.editor.redraw()

    @contextmanager
    def of(self, session: Session) -> Iterator[None]:
        """Makes it a session's terminal while that lasts: the session stands in the router's list, and sees the log."""
        device = session.device
        self.session = session
        session.terminal = self
        device.sessions.append(session)
        device.log.subscribers.append(self.logged)
        try:
            yield
        finally:
            self.show_messages()
            device.sessions.remove(session)
            if self.logged in device.log.subscribers:
                device.log.subscribers.remove(self.logged)
            self.session = None


async def converse(session: Session, vty: Vty) -> None:
    """A user at a prompt, until he leaves. Raises Disconnected, Expired where `exec-timeout` ends it, Ended where the router does."""
    while not session.closed:
        await vty.rest()
        event, line = await vty.command(session)
        if event is Event.ENTER or (event is Event.LEAVE and session.configuring):
            # "If you use Ctrl-Z at the end of a line with a valid command, it will be added" (CF CG).
            session.remember(line)
            await _execute(session, vty, line)
        if event is not Event.ENTER and session.configuring:
            session.leave_configuration()


async def _execute(session: Session, vty: Vty, line: str) -> None:
    try:
        await session.execute(line)
    except BaseException:  # what a break raises depends on what the command waited for: a cancellation, or a disconnection on its way
        if not vty.interrupted():
            raise
        vty.write("\n")
