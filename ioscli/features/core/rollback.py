"""`configure replace`, and changes that are taken back unless they are confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.config.diff import diff
from ioscli.config.reader import read
from ioscli.config.tree import Statement
from ioscli.device.clock import written
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected, Refused
from ioscli.device.turn import loop
from ioscli.features.core import copy, interface
from ioscli.features.core.archive import Archive
from ioscli.features.core.merge import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Section
    from ioscli.device.device import Device
    from ioscli.device.timers import Timer

_PASSES = 5
_WARNING = (
    "This will apply all necessary additions and deletions",
    "to replace the current running configuration with the",
    "contents of the specified configuration file, which is",
    "assumed to be a complete configuration, not a partial",
    "configuration. Enter Y if you are sure you want to proceed. ? [no]: ",
)


class Nobody:
    """A terminal that nobody sits at."""

    location = ""

    def write(self, text: str) -> None:
        """Nobody sees it."""

    async def line(self, prompt: str, *, echo: bool = True) -> str:
        raise Disconnected

    async def key(self) -> str:
        raise Disconnected

    def wake(self) -> None:
        """Nobody waits."""


class Outcome(NamedTuple):
    """What a replacement came to: the commands of each pass, and those that were still wanted when no pass was left."""

    passes: list[list[str]]
    left: list[str]


async def replace(
    session: Session,
    *,
    source: str,
    force: str | None,
    list: str | None,
    trigger: str | None,
    time: str | None,
    timer: str | None,
    minutes: str | None,
) -> None:
    """`configure replace URL [force] [list] [revert trigger [error] [timer N]] [time N]`."""
    device = session.device
    pending = device[Pending]
    if (time or timer or trigger) and not device[Archive].said("path"):
        raise Refused("%Turn config archive on before using Rollback Confirmed Change")
    text = await copy.read(session, source)
    target = _target(device, text)
    if force is None:
        session.write("".join(f"{line}\n" for line in _WARNING[:-1]))
        if (await session.ask(_WARNING[-1])).lower() not in ("y", "yes"):
            return
        session.write("\n")
    device.log.debug("Rollback:Acquired Configuration lock.")
    if (time or timer) and minutes is not None:
        await pending.keep(session, int(minutes))
    before = "\n".join(copy.local(device, copy.End(copy.RUNNING, "")).decode("utf-8", "surrogateescape").splitlines())
    outcome = await become(session, target)
    for number, commands in enumerate(outcome.passes if list else (), 1):
        session.write("".join(f"{line}\n" for line in (f"!Pass {number}", "!List of Commands:", *commands, "end", "")))
    if outcome.left:
        session.write("".join(f"{line}\n" for line in _aborted(outcome)))
        if trigger is not None:
            session.write("Rollback failed.Reverting back to the original configuration\n")
            await become(session, _target(device, before))
        return
    session.write(f"Total number of passes: {len(outcome.passes)}\nRollback Done\n\n")
    device.log.message("SYS", 5, "CONFIG_R", "Config Replace is Done ")


def _target(device: Device, text: str) -> Section:
    """A complete configuration, with a section for each physical interface that the router has. Raises Refused."""
    if not any(line.strip() == "end" for line in text.split("\n")):
        raise Refused("%The input file is not a valid config file.")
    target = read(text, device.grammar).config
    for key, statement in device.config.statements.items():
        if interface.is_physical(statement) and key not in target.statements:
            fresh = interface.fresh(device, statement.text)
            target.statements[key] = Statement(statement.line, statement.text, fresh)
    return target


async def become(session: Session, target: Section) -> Outcome:
    """Makes the running-config as a target, in up to five passes of commands that are typed.

    Commands that are taken and are still wanted afterwards say what is so already (a default, a secret that is hashed): they count as done.
    """
    device = session.device
    passes: list[list[str]] = []
    refused: list[str] = []
    while commands := list(diff(device.config, target)):
        if (passes and commands == passes[-1] and not refused) or len(passes) == _PASSES:
            break
        silent = Session(device, Nobody(), session.name, session.number)
        silent.user, silent.level, silent.cli_view = session.user, session.level, session.cli_view
        loader = Loader(silent, commands)
        await loader.load()
        refused = loader.refused
        passes.append(commands)
    device.config.printed = False
    return Outcome(passes, commands if refused else [])


def _aborted(outcome: Outcome) -> Iterator[str]:
    yield "The rollback configlet from the last pass is listed below:"
    yield "********"
    yield "!List of Rollback Commands:"
    yield from outcome.left
    yield "end"
    yield "********"
    yield ""
    yield ""
    yield f"Rollback aborted after {len(outcome.passes)} passes"


class Pending:
    """A change that is taken back unless it is confirmed: the copy to go back to, who made it, and how long he has."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.name = ""
        self.who = ""
        self.minutes = 0
        self.since = 0.0
        self._timers: list[Timer] = []

    async def keep(self, session: Session, minutes: int) -> None:
        """Keeps the running-config, and begins to wait. Raises Refused."""
        if self.name:
            raise Refused("%Rollback Confirmed Change is already pending")
        await loop()
        self.name = await self.device[Archive].store()
        self._log("BACKUP", f"Backing up current running config to {self.name}")
        self.wait(session, minutes)

    def wait(self, session: Session, minutes: int) -> None:
        """Begins to wait, or to wait anew."""
        self._stop()
        self.who, self.minutes, self.since = session.user or session.name, minutes, self.device.clock.now()
        when = f"{minutes} minute{'s' if minutes != 1 else ''}"
        who = f"User: {self.who}(Priv: {session.level}, View: 0)"
        self._log("START_ABSTIMER", f"{who}: Scheduled to rollback to config {self.name} in {when}")
        timers = self.device.timers
        if minutes > 1:
            self._timers.append(timers.after(minutes * 60 - 60, self._warn))
        self._timers.append(timers.after(minutes * 60, lambda: timers.start(self.revert())))

    def _warn(self) -> None:
        text = f'System will rollback to config {self.name} in one minute. Enter "configure confirm" if you wish to keep what you\'ve configured'
        self._log("WARNING_ABSTIMER", text)

    def _log(self, mnemonic: str, text: str) -> None:
        self.device.log.message("ARCHIVE_DIFF", 5, f"ROLLBK_CNFMD_CHG_{mnemonic}", text)

    def _stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def confirm(self, session: Session) -> None:
        """The change stays. Raises Refused where there is none."""
        self.check()
        self._log("CONFIRM", f"User: {session.user or session.name}: Confirm the configuration change")
        self._stop()
        self.name = ""

    def check(self) -> None:
        """Raises Refused where no change waits."""
        if not self.name:
            raise Refused("%No Rollback Confirmed Change pending")

    async def revert(self) -> None:
        """Takes the change back."""
        name, self.name = self.name, ""
        self._stop()
        self._log("ROLLBACK_START", f"Start rolling to: {name}")
        nobody = Session(self.device, Nobody())
        nobody.level = 15
        try:
            outcome = await become(nobody, _target(self.device, await copy.read(nobody, name)))
        except Refused as refused:
            self.device.log.message("ARCHIVE_DIFF", 3, "DIFF_NOT_RECORDED", str(refused))
            return
        if outcome.left:
            self.device.log.message("SYS", 3, "CONFIG_R", f"Rollback aborted after {len(outcome.passes)} passes")
        else:
            self.device.log.message("SYS", 5, "CONFIG_R", "Config Replace is Done ")


def confirm(session: Session) -> None:
    """`configure confirm`."""
    session.device[Pending].confirm(session)


async def revert(session: Session, *, now: str | None, minutes: str | None) -> None:
    """`configure revert {now | timer N}`."""
    pending = session.device[Pending]
    pending.check()
    if now is not None or minutes is None:
        await pending.revert()
    else:
        await loop()
        pending.wait(session, int(minutes))


def timer(session: Session) -> Iterator[str]:
    """`show archive config rollback timer`."""
    pending = session.device[Pending]
    pending.check()
    yield f"Time configured(or reconfigured): {written(session.device.clock.local(pending.since))}"
    yield "Timer type: absolute timer"
    yield f"Timer value: {pending.minutes} min"
    yield f"User: {pending.who}"
