"""A router. It owns its configuration, clock, files, log and sessions; what commands mean is the features' business."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from ioscli.config.reader import read
from ioscli.config.tree import Section, Statement
from ioscli.device.change import apply_all
from ioscli.device.clock import Clock
from ioscli.device.debugs import ALL, Debugs
from ioscli.device.files import Files
from ioscli.device.keygen import new_key
from ioscli.device.log import Log
from ioscli.device.private import Private
from ioscli.device.timers import Timers
from ioscli.grammar.arguments import arguments
from ioscli.grammar.loader import installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ioscli.config.reading import Reading
    from ioscli.device.keygen import KeySource
    from ioscli.device.session import Session
    from ioscli.grammar.command import Command
    from ioscli.grammar.line import Line
    from ioscli.grammar.modes import Mode
    from ioscli.net import Net

T = TypeVar("T")
HIGHEST = 15


class Halt(NamedTuple):
    """Why a router came down: `power-on` or `reload`, the reason that was given, the moment (seconds since 1970)."""

    how: str
    reason: str = ""
    moment: float | None = None


BUILT_IN_ALIASES = {"h": "help", "lo": "logout", "p": "ping", "r": "resume", "s": "show", "u": "undebug", "un": "undebug", "w": "where"}


class Narrowing(Protocol):
    """What leaves a mode some of its commands only: a view."""

    def narrowed(self, mode: Mode) -> Mode:
        """The mode with the commands that are left."""


class Device:
    """A router. Time, chance and the folder of its files come from outside, so that two in one process share nothing.

    `entropy(n)`: n random bytes. `key_source(kind, bits)`: a new private key. `net`: its way to other routers; without one it
    makes one of the kind `addresses_in`: `memory`, where it is alone, `loopback`, or `host`. `state`: the folder that holds nvram:
    and flash:, None for one that goes with the process. Raises InUse where another process has it. `files`: in place of `state`,
    those of the router before its reload.
    """

    def __init__(
        self,
        state: Path | None = None,
        *,
        clock: Clock | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
        files: Files | None = None,
        key_source: KeySource = new_key,
        net: Net | None = None,
        addresses_in: str = "memory",
    ) -> None:
        self.grammar = installed()
        self.clock = clock or Clock()
        self.entropy = entropy
        self.key_source = key_source
        self.files = files or Files(state)
        self.files.now = self.clock.now
        self.timers = Timers(self.clock, self.crashed)
        self._net = net
        self._joined = False
        self._addresses_in = addresses_in
        self.private = Private()
        self.log = Log(self.clock)
        self.debugs = Debugs(self._flags)
        self.sessions: list[Session] = []
        self.log.monitors = lambda: any(session.monitor and session.name != "console" for session in self.sessions)
        self.config = Section(self.grammar.modes["config"])
        self.hostname = "Router"
        self.alias_table: dict[str, dict[str, str]] = {"exec": dict(BUILT_IN_ALIASES)}
        self.revision = 0  # counts the changes of the running-config
        self.changed_at: float | None = None
        self.changed_by = ""
        self.saved_revision = 0
        self.saved_at: float | None = None  # since the start
        self.saved_by = ""
        self.reloading = False  # it goes down: sessions end, `successor` is the router after it
        self.halt = Halt("power-on")  # what it last came down by
        self.configured: Callable[[Session, Line, str], None] | None = None  # is told of each configuration command that was done
        self.reading: Reading | None = None  # of the configuration that it started from
        self.booting = False  # whether engines are being told of the configuration that it starts from
        self._features: dict[type, object] = {}
        self._modes: dict[tuple[str, int, str], Mode] = {}
        self._lacking: Callable[[Command], bool] | None = None
        self.levels: dict[str, dict[tuple[str, ...], int]] = {}  # `privilege MODE level N WORDS`
        self.views: dict[str, Narrowing] = {}  # `parser view`, by name

    def __getitem__(self, kind: type[T]) -> T:
        """A feature's own state, made when it is first asked for: `device[Interfaces]`."""
        found = self._features.get(kind)
        if found is None:
            found = self._features[kind] = kind(self)  # type: ignore[call-arg]
        assert isinstance(found, kind)
        return found

    @property
    def net(self) -> Net:
        """Its way to other routers. Sockets and their event loop are imported when it is first wanted."""
        if self._net is None:
            from ioscli.net import HostNet, LoopbackNet, MemoryNet

            if self._addresses_in == "host":
                self._net = HostNet(self.addresses())
            elif self._addresses_in == "loopback":
                # Routers whose state folders lie side by side are one lab.
                root = self.files.root
                self._net = LoopbackNet(root, self.addresses(), folder=root if self.files.temporary else root.parent, router=root.name)
            else:
                self._net = MemoryNet(None, self.addresses())
        return self._net

    def join(self) -> None:
        """Other routers of its net know its addresses from now on, though it may have nothing to say to them."""
        self._joined = True
        if not self.reloading:
            self.readdress()

    def addresses(self) -> list[str]:
        """The IPv4 addresses of its interfaces that are not shut, in the order of the configuration."""
        found = []
        for interface in self.statements("interface"):
            said = [statement.text.split() for statement in interface.section or ()]
            if ["shutdown"] not in said:
                found += [words[2] for words in said if words[:2] == ["ip", "address"] and len(words) > 3 and words[2][0].isdecimal()]
        return found

    def readdress(self) -> None:
        """Its interfaces have changed: what listens on all addresses listens on those that there are now."""
        addresses = self.addresses()
        if self._net is not None or (self._joined and addresses):
            from ioscli.net import NetError

            try:
                self.net.readdress(addresses)
                if self._joined:
                    self.net.join()
            except NetError as error:
                self.log.message("IP", 4, "DUPADDR", str(error))

    def mode(self, name: str, level: int = HIGHEST, view: str = "") -> Mode:
        """A mode with the commands that a privilege level, or a view, may use."""
        whole = self.grammar.modes[name]
        if view not in self.views:
            view = ""
            if level >= HIGHEST and self._lacking is None:
                return whole
        if (name, level, view) not in self._modes:
            mode = whole
            if view:
                mode = self.views[view].narrowed(whole)
            elif level < HIGHEST:
                mode = whole.allowed(level, self.levels.get(name, {}))
            if self._lacking is not None:
                lacking = self._lacking
                mode = mode.having([command for command in mode.commands if not lacking(command)])
            self._modes[name, level, view] = mode
        return self._modes[name, level, view]

    def lack(self, lacking: Callable[[Command], bool] | None) -> None:
        """The router has no command that `lacking` is true of: they are not licensed."""
        self._lacking = lacking
        self._modes.clear()

    def _flags(self) -> dict[str, str]:
        """Every debugging flag of the grammar, and its text."""
        return {toggle[0]: toggle[1] for line in self.grammar.modes["exec"].lines if (toggle := line.toggles) is not None and toggle[0] != ALL}

    def forget_levels(self) -> None:
        """The privilege levels of commands, or the views, have changed."""
        self._modes.clear()

    def aliases(self, mode: str) -> dict[str, str]:
        """The aliases of a mode."""
        return self.alias_table.get(mode, {})

    def statements(self, head: str, section: Section | None = None) -> list[Statement]:
        """The statements of a section (the whole configuration) that begin with these words."""
        start = f"{head} "
        where = self.config if section is None else section
        return [found for found in where.statements.values() if found.text == head or found.text.startswith(start)]

    def said(self, head: str, *, section: Section | None = None, default: str = "") -> str:
        """The first statement that begins with these words, or its `no` form: what follows the words, `on` and `off` for nothing."""
        for statement in self.statements(head, section):
            return statement.text[len(head) + 1 :] or "on"
        for _ in self.statements(f"no {head}", section):
            return "off"
        return default

    def arguments(self, statement: Statement) -> dict[str, str]:
        """The arguments of a statement."""
        text = statement.text
        if statement.line is None:
            return {}
        if statement.body is not None and statement.line.body is not None and statement.line.body.label == "LINE":
            text = f"{text} {statement.body.split(chr(10))[0]}"
        return arguments(statement.line, text.removeprefix("no ") if statement.negative else text)

    def name_servers(self) -> list[str]:
        """The addresses of `ip name-server`."""
        return [word for found in self.statements("ip name-server") for word in found.text.split()[2:]]

    def preferred_transport(self, session: Session) -> str:
        """The protocol that a bare host name at a session's line starts, `none` for none."""
        return session.settings.get("transport preferred", "telnet")

    def new_section(self, mode_name: str) -> Section:
        """A section with the statements that a fresh one starts with."""
        mode = self.grammar.modes[mode_name]
        section = Section(mode)
        for text in mode.new:
            tokens = text.split()
            match = mode.trie.match(tokens, text)
            if match is not None:
                section.put(match.end.key(match.tokens, match.text), Statement(match.end.line, match.text))
                continue
            negative = mode.trie.match_no(tokens[1:], text[3:])
            assert negative is not None, f"{mode_name}: a new section starts with {text!r}, which it does not have"
            section.negate(negative[0], negative[1], negative[2])
        return section

    def changed(self, who: str = "") -> None:
        """The running-config is being changed, by a user if not ""."""
        self.revision += 1
        self.changed_at = self.clock.now()
        self.changed_by = who

    @property
    def modified(self) -> bool:
        """Whether the running-config was changed since it was saved, or taken from the startup-config."""
        return self.revision != self.saved_revision

    def close(self) -> None:
        """The router is no more; another process may have its folder."""
        self._stop()
        self.files.close()

    def _stop(self) -> None:
        """Closes what engines and timers have open."""
        self.timers.clear()
        for feature in self._features.values():
            close = getattr(feature, "close", None)
            if close is not None:
                close()

    def successor(self) -> Device:
        """The router after a reload, not started yet: it has the files and the calendar of this one, and nothing else."""
        self._stop()
        again = Device(
            files=self.files,
            clock=self.clock.successor(),
            entropy=self.entropy,
            key_source=self.key_source,
            net=self._net,
            addresses_in=self._addresses_in,
        )
        again.files.directory = "flash0:/"
        again.halt = self.halt
        return again

    def crashed(self, error: BaseException, line: str) -> None:
        """Writes what went wrong in us to a crash file and the log. The line is cut to its first words: it may hold a secret."""
        import traceback

        words = " ".join(line.split()[:2])
        frames = "".join(traceback.format_exception(error))
        name = f"flash:crashinfo_{self.clock.local():%Y%m%d-%H%M%S}"
        try:
            self.files.write(name, f"{words}\n{frames}".encode("utf-8", "surrogateescape"))
        except Exception as failed:  # noqa: BLE001 - the log is told all the same
            name = f"nowhere: {failed}"
        self.log.message("SYS", 3, "INTERNAL", f"{type(error).__name__} in '{words}', traceback in {name}")

    async def boot(self, text: str) -> list[str]:
        """Takes a configuration as the one that it starts from. Returns what engines refused, as the console prints it."""
        self.reading = read(text, self.grammar)
        self.config = self.reading.config
        self.config.printed = False
        self.booting = True
        try:
            refused = await apply_all(self)
        finally:
            self.booting = False
        self.revision = self.saved_revision = 0
        self.changed_at = None
        return refused
