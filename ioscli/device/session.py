"""A user at a router: privilege, place, history and terminal settings, and what becomes of a line that was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.binding import call, resolve
from ioscli.device.clock import written
from ioscli.device.dispatch import dispatch
from ioscli.device.load import Load
from ioscli.device.output import Pager
from ioscli.device.place import Place
from ioscli.device.terminal import Disconnected, Interrupted, Refused
from ioscli.device.turn import settled
from ioscli.grammar.arguments import arguments

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from ioscli.device.device import Device
    from ioscli.device.terminal import Terminal
    from ioscli.grammar.line import Line
    from ioscli.grammar.modes import Mode

_FIELD = 30  # characters of the host name and the mode in a prompt (CF CR, `hostname`)
_HOST_IN_CONFIG = 20


class Session:
    """One user on one line of a router.

    `name`: the line, as the log writes it (`console`, `vty0`); `number`: its absolute number. `place`: None in EXEC mode.
    `length`, `width`: of the screen, 0 for no limit. `closed`: the user has left. `typed`: its lines come from somebody at a terminal,
    not from a file.
    """

    typed = True

    def __init__(self, device: Device, terminal: Terminal, name: str = "console", number: int = 0) -> None:
        self.device = device
        self.terminal = terminal
        self.name = name
        self.number = number
        self.user = ""
        self.level = 1
        self.cli_view = ""  # `enable view`
        self.place_or_none: Place | None = None
        self.length = 24
        self.width = 80
        self.monitor = name == "console"
        self.sized = False  # the user has said how large the screen is
        self.editing = True
        self.history_size = 10
        self.exec_history: list[str] = []
        self.config_history: list[str] = []
        self.closed = False
        self.command = ""  # the command at hand, its words whole
        self.began = self.active = device.clock.uptime  # seconds since the router started
        self.settings: dict[str, str] = {}  # `terminal ...` that nothing else reads, as `show terminal` prints it

    @property
    def patience(self) -> float | None:
        """Seconds without a key after which it is closed, None for no limit (`exec-timeout`)."""
        minutes, seconds = self.settings.get("exec-timeout", "10 0").split()
        return int(minutes) * 60 + int(seconds) or None

    @property
    def synchronous(self) -> bool:
        """Whether a message of the log has the line at hand shown again behind it (`logging synchronous`)."""
        return self.settings.get("logging synchronous") == "on"

    def sees(self, severity: int) -> bool:
        """Whether a message of the log is shown here."""
        log = self.device.log
        return log.console.takes(severity) if self.name == "console" else self.monitor and log.monitor.takes(severity)

    @property
    def history(self) -> list[str]:
        """The lines that were typed, the oldest first: EXEC and configuration have a history each."""
        return self.config_history if self.configuring else self.exec_history

    @property
    def place(self) -> Place:
        """Where it is in the configuration."""
        assert self.place_or_none is not None
        return self.place_or_none

    @place.setter
    def place(self, place: Place) -> None:
        self.place_or_none = place

    @property
    def configuring(self) -> bool:
        return self.place_or_none is not None

    @property
    def mode(self) -> Mode:
        """The mode whose commands it may type."""
        if self.place_or_none is not None:
            return self.view(self.place_or_none.mode)
        return self.device.mode("exec", self.level, self.cli_view)

    def view(self, mode: Mode) -> Mode:
        """A mode with the commands that this session's privilege level, or its view, allows."""
        return self.device.mode(mode.name, self.level, self.cli_view)

    @property
    def prompt(self) -> str:
        """The prompt, without a blank behind it."""
        host = self.device.hostname
        if self.place_or_none is None:
            return f"{host}{'#' if self.level > 1 else '>'}"
        return self.prompt_of(self.place.prompt or self.place.mode.prompt_of(self.place.head))

    def prompt_of(self, mode: str) -> str:
        """The host name and what a mode prints behind it, `(config-pubkey)#`, each as far as there is room."""
        host = self.device.hostname[:_HOST_IN_CONFIG]
        inner = mode.removeprefix("(").removesuffix(")#")
        return f"{host}({inner[: max(_FIELD - len(host) - 3, 0)]})#"

    @property
    def who(self) -> str:
        """Who it is, as the log and the header of show-run write it: `console`, `admin on vty0 (10.1.1.9)`."""
        where = f"{self.name} ({self.terminal.location})" if self.terminal.location else self.name
        return f"{self.user} on {where}" if self.user else where

    def end(self) -> None:
        """The router ends the session, whatever its user does."""
        self.closed = True
        self.terminal.wake()

    def write(self, text: str) -> None:
        """Prints a text as it is, past the pager."""
        self.terminal.write(text)

    async def execute(self, line: str, *, reprint: bool = False) -> bool:
        """Does what was typed. Nothing that goes wrong leaves this method except Disconnected. Returns whether it was taken.

        `reprint`: it does not stand on the screen, so a refusal prints it.
        """
        self.active = self.device.clock.uptime
        self.device[Load].sample()
        try:
            return await dispatch(self, line, reprint=reprint)
        except Refused as refused:
            self.write(f"{refused}\n" if str(refused) else "")
        except Interrupted:
            self.write("\n")
        except Disconnected:
            raise
        except Exception as error:  # noqa: BLE001 - a traceback never reaches a session
            self.device.crashed(error, line)
            self.write("% Internal error: the command was not completed; see crashinfo\n")
        return False

    def stamp(self) -> None:
        """Prints what stands above the answers of `show` with `exec prompt timestamp`."""
        clock = self.device.clock
        self.write(f"Load for five secs: {self.device[Load]}\n")
        source = clock.source or "not set"
        self.write(f"Time source is {source}, {clock.mark}{written(clock.local(), milliseconds=True)}\n\n")

    async def act(self, line: Line, text: str, pager: Pager | None = None) -> None:
        """Runs the action of a command and prints what it gives."""
        assert line.action is not None
        function = resolve(line.action)
        if function is None:
            raise Refused(f"% {text} is not available yet")
        self.command = text
        if self.settings.get("exec prompt timestamp") == "on" and text.startswith("show "):
            self.stamp()
        result = await settled(call(function, self, arguments(line, text)))
        if result is not None:
            await self.print(result, pager)

    async def print(self, lines: Iterable[str] | AsyncIterable[str], pager: Pager | None = None) -> None:
        """Prints lines page by page; stops where the user does not want more."""
        pager = pager or Pager(self)
        if hasattr(lines, "__aiter__"):
            async for line in lines:
                if not await pager.line(line):
                    return
        else:
            for line in lines:
                if not await pager.line(line):
                    return
        await pager.end()

    async def ask(self, prompt: str, *, echo: bool = True) -> str:
        """Asks and reads an answer, without its blanks. Raises Interrupted."""
        return (await self.terminal.line(prompt, echo=echo)).strip()

    async def confirm(self, prompt: str) -> bool:
        """Asks `prompt [confirm]`: Return or `y` is yes, any other key no."""
        self.write(f"{prompt} [confirm]".lstrip(" "))
        key = await self.terminal.key()
        if key == "\x03":
            raise Interrupted
        agreed = key in ("\r", "\n", "y", "Y")
        self.write("\n" if key in "\r\n" else f"{key}\n")
        return agreed

    async def yes_or_no(self, prompt: str, *, default: bool | None = None) -> bool:
        """Asks until the answer is yes or no; an empty one is the default where there is one."""
        while True:
            answer = (await self.ask(prompt)).lower()
            if not answer and default is not None:
                return default
            if answer and "yes".startswith(answer):
                return True
            if answer and "no".startswith(answer):
                return False
            self.write("% Please answer 'yes' or 'no'.\n")

    def enter_configuration(self) -> None:
        """Goes to global configuration mode."""
        self.place = Place(self.device.grammar.modes["config"], self.device.config)

    def leave_to(self, place: Place) -> None:
        """Goes outward to a place."""
        self.place = place

    def leave_configuration(self) -> None:
        """Goes back to EXEC mode, which the log tells."""
        self.place_or_none = None
        self.device.log.message("SYS", 5, "CONFIG_I", f"Configured from console by {self.who}")

    def remember(self, line: str) -> None:
        """Puts a line into the history of the mode at hand."""
        if line.strip() and self.history[-1:] != [line]:
            self.history.append(line)
            self.trim_history()

    def trim_history(self) -> None:
        """Forgets the oldest lines, where there are more than `terminal history size` allows."""
        for history in (self.exec_history, self.config_history):
            del history[: max(len(history) - self.history_size, 0)]
