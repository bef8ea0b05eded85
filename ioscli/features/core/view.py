"""`parser view`: roles with commands of their own (Security CR, "Role-Based CLI Access")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core import aaa
from ioscli.features.core.command_mode import mode_named, spelled
from ioscli.features.core.password import secret_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Section, Statement
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.password import Secret
    from ioscli.grammar.command import Command
    from ioscli.grammar.modes import Mode

ROOT = "root"
# What everybody may type in EXEC mode, whatever the view.
_EVERYWHERE = {"enable", "end", "exit", "help", "logout", "quit", "do", "no"}


class View:
    """A view: for each mode, the words that it includes and excludes, `True` where all commands that begin so are meant."""

    def __init__(self, *, inclusive: bool) -> None:
        self.inclusive = inclusive
        self.included: dict[str, dict[tuple[str, ...], bool]] = {}
        self.excluded: dict[str, dict[tuple[str, ...], bool]] = {}

    def narrowed(self, mode: Mode) -> Mode:
        """A mode with the commands of the view."""
        return mode.having([command for command in mode.commands if self._has(mode.name, command)])

    def _has(self, mode: str, command: Command) -> bool:
        words = command.leading
        if mode == "any" or (words and words[0] in _EVERYWHERE):
            return True
        if _named(words, self.excluded.get(mode, {}), inside=False):
            return False
        included = self.included.get(mode, {})
        # A mode that nothing is said of has all its commands for those who may come into it.
        if mode not in ("exec", "config") and not included:
            return True
        return self.inclusive or _named(words, included, inside=True)


def _named(words: tuple[str, ...], named: dict[tuple[str, ...], bool], *, inside: bool) -> bool:
    """Whether a command is one of those named. `inside`: one that begins as a named one goes on is too: it leads there."""
    for said, everything in named.items():
        if words == said or (everything and words[: len(said)] == said) or (inside and said[: len(words)] == words and words):
            return True
    return False


def _section(device: Device, name: str) -> tuple[Statement, Section] | None:
    for statement in device.statements(f"parser view {name}"):
        if statement.section is not None:
            return statement, statement.section
    return None


def secret(device: Device, name: str) -> Secret | None:
    """The secret of a view."""
    found = _section(device, name)
    statements = device.statements("secret", found[1]) if found is not None else []
    return secret_of(statements[0]) if statements else None


def apply(device: Device, _: Touched) -> None:
    """Makes the router's views those of the configuration."""
    device.views = {}
    for statement in device.statements("parser view"):
        name = device.arguments(statement)["view"]
        device.views[name] = _made(device, statement)
    device.forget_levels()
    for session in device.sessions:
        if session.cli_view not in ("", ROOT, *device.views):  # whose view has gone has no more than anybody
            session.cli_view, session.level = "", 1


def _made(device: Device, statement: Statement) -> View:
    words = statement.text.split()
    made = View(inclusive=words[-1] == "inclusive")
    sections = [statement.section]
    if words[-1] == "superview" and statement.section is not None:
        names = [found.text.split()[1] for found in device.statements("view", statement.section)]
        sections = [found[1] for name in names if (found := _section(device, name)) is not None]
    for section in sections:
        for command in device.statements("commands", section) if section is not None else []:
            given = device.arguments(command)
            mode = mode_named(device, given["mode"])
            if mode is not None:
                table = made.excluded if given["way"] == "exclude" else made.included
                text = spelled(mode, given["command"]) if "command" in given else ""
                table.setdefault(mode.name, {})[tuple(text.lower().split())] = "all_" in given or not text
    return made


async def open_view(session: Session, *, text: str, negated: str | None) -> str:
    """Before a view is made or removed: only the root view may, and only with AAA. Raises Refused."""
    if not aaa.enabled(session.device):
        raise Refused("% AAA must be configured.")
    if session.cli_view != ROOT:
        raise Refused("% You must be in root view to configure views.")
    return text


async def spell(session: Session, *, text: str, negated: str | None, mode: str, command: str | None) -> str:
    """Before `commands ...` is stored: the view needs a secret first, and the command whole words. Raises Refused."""
    device = session.device
    if not negated and session.place.mode.name == "view" and not device.statements("secret", session.place.section):
        raise Refused("% Password not set for the view.")
    known = mode_named(device, mode)
    if known is None:
        raise Refused(f"% Unknown mode: {mode}")
    return text if command is None or negated else f"{text.removesuffix(command)}{spelled(known, command)}"


def show(session: Session, *, all_: str | None) -> Iterator[str]:
    """`show parser view [all]`."""
    if not session.cli_view:
        yield "No view is active ! Currently in Privilege Level Context"
    else:
        yield f"Current view is '{session.cli_view}'"
    if all_:
        yield "Views/SuperViews Present in System:"
        for statement in session.device.statements("parser view"):
            words = statement.text.split()
            yield f" {words[2]} {'*' if words[-1] == 'superview' else ''}".rstrip()
        yield ""
        yield "-------(*) represent superview-------"
