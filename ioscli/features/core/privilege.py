"""Privilege levels: `enable`, `disable`, `show privilege`, and `privilege MODE level N WORDS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.tree import Section, Statement
from ioscli.device.device import HIGHEST
from ioscli.device.terminal import Refused
from ioscli.features.core import aaa, attempts, line, view
from ioscli.features.core.command_mode import mode_named, spelled
from ioscli.features.core.password import enable_secret_of
from ioscli.grammar.modes import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.password import Secret

_TRIES = 3


def show(session: Session) -> Iterator[str]:
    """`show privilege`."""
    if session.cli_view:
        yield f"Currently in View Context with view '{session.cli_view}'"
    else:
        yield f"Current privilege level is {session.level}"


async def enable(session: Session, *, level: str | None, view: str | None) -> None:
    """`enable [LEVEL | view [NAME]]`."""
    if view is not None:
        await _enable_view(session, "root" if view == "view" else view)
        return
    wanted = int(level or HIGHEST)
    if wanted > session.level or session.cli_view:
        await _prove(session, wanted)
    session.level = wanted
    session.cli_view = ""


def disable(session: Session, *, level: str | None) -> None:
    """`disable [LEVEL]`."""
    wanted = int(level or 1)
    if wanted > session.level:
        raise Refused("% New privilege level must be less than current privilege level")
    session.level = wanted
    session.cli_view = ""


async def _prove(session: Session, wanted: int) -> None:
    """Asks for the password of a level. Raises Refused."""
    device = session.device
    if aaa.enabled(device) and (chosen := aaa.methods(device, "authentication enable")):
        await _prove_by_aaa(session, wanted, chosen)
        return
    secret, complaint = _secret(session, wanted)
    if secret is None:
        if session.name == "console":
            return
        raise Refused("% No password set")
    for _ in range(_TRIES):
        if secret.fits(await session.ask("Password: ", echo=False)):
            return
    raise Refused(f"{complaint}\n")


def _secret(session: Session, wanted: int) -> tuple[Secret | None, str]:
    """The secret of a level, and what is said when it is missed.

    Without any, the password of the console is asked for on other lines (Security CR, `enable password`).
    """
    device = session.device
    secret = enable_secret_of(device, wanted, "secret")
    if secret is not None:
        return secret, "% Bad secrets"
    secret = enable_secret_of(device, wanted, "password")
    if secret is None and session.name != "console" and wanted == HIGHEST:
        secret = line.password(device, "console")
    return secret, "% Bad passwords"


async def _prove_by_aaa(session: Session, wanted: int, chosen: list[str]) -> None:
    device = session.device
    typed: str | None = None
    for method in chosen:
        if method == "none":
            return
        secret = _secret(session, wanted)[0] if method == "enable" else line.password(device, session.name) if method == "line" else None
        if typed is None:
            typed = await session.ask("Password: ", echo=False)
        if secret is None:  # a server that cannot be reached, a password that is not set
            continue
        if secret.fits(typed):
            return
        attempts.failed(session, session.user, 0)
        raise Refused("% Access denied\n")
    raise Refused("% Error in authentication.\n")


async def _enable_view(session: Session, name: str) -> None:
    """`enable view [NAME]`: the root view, which has all commands and may make views, needs the enable secret."""
    device = session.device
    if not aaa.enabled(device):
        raise Refused("% AAA must be configured.")
    secret = _secret(session, HIGHEST)[0] if name == "root" else view.secret(device, name)
    if secret is not None:
        if not secret.fits(await session.ask("Password: ", echo=False)):
            raise Refused("% Access denied\n")
    elif name != "root":
        raise Refused("% Access denied\n")
    session.level = HIGHEST
    session.cli_view = name
    device.log.message("PARSER", 6, "VIEW_SWITCH", f"successfully set to view '{name}'.")


def levels(device: Device, _: Touched) -> None:
    """`privilege MODE [all] level N WORDS`. The words before the last ones need the level too, unless they have one of their own
    (Security CR, `privilege`).
    """
    said: dict[str, dict[tuple[str, ...], int]] = {}
    for statement in device.statements("privilege"):
        given = device.arguments(statement)
        mode = mode_named(device, given["mode"])
        if mode is not None:
            words = tuple(given["command"].lower().split())
            said.setdefault(mode.name, {})[(*words, ALL) if "all_" in given else words] = int(given["level"])
    for mode_name, commands in said.items():
        said[mode_name] = {**_leading(commands), **commands}
    device.levels = said
    device.forget_levels()


def _leading(commands: dict[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    """The levels of the words before the last ones: that of the lowest command behind them."""
    found: dict[tuple[str, ...], int] = {}
    for words, level in commands.items():
        for length in range(1, len(words) - (words[-1] == ALL)):
            found[words[:length]] = min(level, found.get(words[:length], level))
    return found


def visible(session: Session, section: Section) -> Section:
    """A section with what a session may change, which is all that it sees of the configuration (Cisco 23383, privilege levels)."""
    if section.mode is None or (session.level >= HIGHEST and not session.cli_view):
        return section
    trie = session.view(section.mode).trie
    shown = Section(section.mode)
    shown.printed, shown.indent, shown.offsets = section.printed, section.indent, section.offsets
    for key, statement in section.statements.items():
        text = statement.text.removeprefix("no ")
        if statement.body is not None:
            text = f"{text} {statement.body.split(chr(10))[0]}"
        found = trie.match_no(text.split(), text) if statement.negative else trie.match(text.split(), text)
        if found is not None:
            inner = visible(session, statement.section) if statement.section is not None else None
            shown.statements[key] = Statement(statement.line, statement.text, inner, statement.body)
    return shown


async def spell(session: Session, *, text: str, negated: str | None, mode: str, command: str | None) -> str:
    """Before `privilege ...` is stored: the command in whole words. Raises Refused for a mode that there is not."""
    known = mode_named(session.device, mode)
    if known is None:
        raise Refused(f"% Unknown mode: {mode}")
    return text if command is None or negated else f"{text.removesuffix(command)}{spelled(known, command)}"


async def reset(session: Session, *, mode: str, command: str) -> None:
    """`privilege MODE reset WORDS`: as if nothing had ever been said of the command."""
    from ioscli.device.configure import configure

    known = mode_named(session.device, mode)
    if known is None:
        raise Refused(f"% Unknown mode: {mode}")
    wanted = spelled(known, command)
    for statement in session.device.statements(f"privilege {mode}"):
        if session.device.arguments(statement).get("command") == wanted:
            await configure(session, f"no {statement.text}")
