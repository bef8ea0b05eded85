"""From a connection to the first prompt: banners, who it is, what the line and the user are allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.device import HIGHEST
from ioscli.device.turn import loop
from ioscli.features.core import aaa, attempts, line
from ioscli.features.core.access_list import permits
from ioscli.features.core.banner import print_banner, print_text, text_of
from ioscli.features.core.line import settle
from ioscli.features.core.user import Account, account, forget_user

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.device.session import Session

TELNET = 23
_TRIES = 3


async def login(session: Session, *, port: int | None = None) -> bool:
    """Lets somebody in on a session's line, or not: then the connection ends. `port`: at which the router was called (0: the console).

    The user's level, history and terminal are as the line and the user have them then; an automatic command has been done, and
    `session.closed` where it was all.
    """
    device = session.device
    at = port if port is not None else 0 if session.name == "console" else TELNET
    session.user, session.level, session.cli_view = "", 1, ""
    settle(session)
    if not admits(device, session.name, session.terminal.location):
        return False
    if line.said(device, session.name, "motd-banner", "on") == "on":
        print_banner(session, "motd")
    found = await _dialogue(session, at)
    if found is None:
        return False
    allowed, level = aaa.authorize_exec(device, session.name, found) if aaa.enabled(device) else (True, found.level)
    if not allowed:
        session.write("% Authorization failed.\n")
        return False
    return await enter(session, found, level)


def admits(device: Device, name: str, source: str) -> bool:
    """Whether a connection from an address to a line is taken at all: by its access class, and while logins are refused."""
    if name == "console":
        return True
    for section in line.sections(device, name):
        for statement in device.statements("access-class", section):
            words = statement.text.split()
            if "in" in words and not permits(device, words[1], source):
                return False
    if attempts.quiet(device):
        acl = device.said("login quiet-mode access-class")
        return bool(acl) and permits(device, acl, source)
    return True


async def enter(session: Session, found: Account, level: int | None) -> bool:
    """Makes a session its user's, who has been let in. Returns whether there is a session. `level`: None for that of the line."""
    device = session.device
    if line.said(device, session.name, "exec", "on") == "off":
        return False
    session.user = found.name
    session.level = line.level(device, session.name) if level is None else level
    if found.view in device.views:
        session.cli_view, session.level = found.view, HIGHEST
    if found.one_time:
        forget_user(device, found.name)
    if line.said(device, session.name, "exec-banner", "on") == "on":
        print_banner(session, "exec")
    command = found.autocommand or line.said(device, session.name, "autocommand")
    if command:
        await session.execute(command)
        stays = found.nohangup or "nohangup" in line.said(device, session.name, "autocommand-options").split()
        session.closed = session.closed or not stays
    return True


async def again(session: Session) -> None:
    """`login` at the prompt: somebody else sits down at the line."""
    session.closed = not await login(session)


def check(device: Device, name: str, user: str, password: str, source: str = "") -> Account | None:
    """Who somebody is that gave a name and a password at once, as SSH does. `name`: the line (`vty0`); `source`: the address."""
    if aaa.enabled(device):
        found = aaa.authenticate(device, name, aaa.login_methods(device, name), user, password)
        if found is None or not _allowed_from(device, found, source):
            return None
        allowed, found.level = aaa.authorize_exec(device, name, found)
        return found if allowed else None
    known = account(device, user)
    if known is None or not known.fits(password):
        return None
    return known if _allowed_from(device, known, source) else None


def _allowed_from(device: Device, found: Account, source: str) -> bool:
    """Whether a user may come from an address: `username X access-class N`."""
    return not found.access_class or not source or permits(device, found.access_class, source)


async def _dialogue(session: Session, port: int) -> Account | None:
    """The questions that a line asks; None where they were not answered well."""
    device, name = session.device, session.name
    if aaa.enabled(device):
        return await _aaa(session, port)
    said = line.said(device, name, "login", "off" if name in ("console", "aux") else "on")
    if said.split()[0] == "off":
        return Account("")
    if said == "local":
        print_banner(session, "login")
        session.write("\nUser Access Verification\n\n")
        return await _local(session, port)
    if line.password(device, name) is None:
        if name == "console":  # `login` without a password lets anybody in there
            return Account("")
        session.write("\n\nPassword required, but none set\n")
        return None
    print_banner(session, "login")
    session.write("\nUser Access Verification\n\n")
    return await _line(session, port)


async def _line(session: Session, port: int) -> Account | None:
    secret = line.password(session.device, session.name)
    for _ in range(_TRIES):
        typed = await session.ask("Password: ", echo=False)
        if secret is None or secret.fits(typed):
            attempts.passed(session, "", port)
            return Account("")
        await _failed(session, "", port)
    session.write("% Bad passwords\n")
    return None


async def _local(session: Session, port: int) -> Account | None:
    for _ in range(_TRIES):
        user = await _name(session, "Username: ")
        found = account(session.device, user)
        if found is not None and found.open:
            attempts.passed(session, found.name, port)
            return found
        typed = await session.ask("Password: ", echo=False)
        if found is not None and found.fits(typed) and _allowed_from(session.device, found, session.terminal.location):
            attempts.passed(session, found.name, port)
            return found
        session.write("% Login invalid\n\n")
        await _failed(session, user, port)
    return None


async def _aaa(session: Session, port: int) -> Account | None:
    device = session.device
    chosen = aaa.login_methods(device, session.name)
    named, proven = aaa.asks(chosen)
    if not proven:
        return Account("")
    print_banner(session, "login")
    print_text(session, _text(device, "banner") or "\nUser Access Verification\n\n")
    for _ in range(int(device.said("aaa authentication attempts login", default="3"))):
        user = await _name(session, _prompt(device, "username", "Username: ")) if named else ""
        typed = await session.ask(_prompt(device, "password", "Password: "), echo=False)
        found = aaa.authenticate(device, session.name, chosen, user, typed)
        if found is not None and _allowed_from(device, found, session.terminal.location):
            attempts.passed(session, user, port)
            return found
        print_text(session, _text(device, "fail-message") or "% Authentication failed\n\n")
        await _failed(session, user, port)
    return None


def _text(device: Device, kind: str) -> str:
    return next((text_of(statement) for statement in device.statements(f"aaa authentication {kind}")), "")


def _prompt(device: Device, kind: str, default: str) -> str:
    said = device.said(f"aaa authentication {kind}-prompt")
    return said.strip('"') or default


async def _name(session: Session, prompt: str) -> str:
    """The name of a user; an empty line asks again."""
    while True:
        name = await session.ask(prompt)
        if name:
            return name


async def _failed(session: Session, user: str, port: int) -> None:
    seconds = attempts.failed(session, user, port)
    if seconds and session.name != "console":
        import asyncio

        await loop()
        await asyncio.sleep(seconds)
