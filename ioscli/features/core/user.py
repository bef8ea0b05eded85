"""`username`: the users of this router.

A user may stand on several lines. One of them says who he is: options, then a password or a secret; what a router prints on a line of
its own (`username X autocommand ...`) stays one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.terminal import Refused
from ioscli.features.core.password import check_length, secret_of

if TYPE_CHECKING:
    from ioscli.config.tree import Key, Statement
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.password import Secret

_OPTIONS = ("noescape", "nohangup", "one-time")


@dataclass(slots=True)
class Account:
    """Who logged in. `level`: the privilege level that the user has, None where nothing says one.

    `secret` is None for a user who cannot log in, unless `open`: who needs no password.
    """

    name: str
    level: int | None = None
    secret: Secret | None = None
    open: bool = False
    view: str = ""
    autocommand: str = ""
    access_class: str = ""
    nohangup: bool = False
    one_time: bool = False

    def fits(self, typed: str) -> bool:
        """Whether a password is the user's."""
        return self.open or (self.secret is not None and self.secret.fits(typed))


def account(device: Device, name: str, *, case: bool = False) -> Account | None:
    """The user of a name, its letters compared as they are (`case`) or not; None where there is none."""
    found: Account | None = None
    for statement in device.statements("username"):
        given = device.arguments(statement)
        user = given.get("name", "")
        if user != name and (case or user.lower() != name.lower()):
            continue
        found = found or Account(user)
        _add(found, statement, given)
    return found


def _add(found: Account, statement: Statement, given: dict[str, str]) -> None:
    if "level" in given:
        found.level = int(given["level"])
    found.secret = secret_of(statement) or found.secret
    found.open = found.open or "nopassword" in given
    found.view = given.get("view", found.view)
    found.access_class = given.get("acl", found.access_class)
    found.nohangup = found.nohangup or "nohangup" in statement.text.split()
    found.one_time = found.one_time or "one_time" in given
    if statement.text.split()[2:3] == ["autocommand"]:
        found.autocommand = given["command"]


def forget_user(device: Device, name: str) -> None:
    """A user of one time has been here."""
    for statement in device.statements(f"username {name}"):
        edit.drop(device, statement.text)


async def change(session: Session, *, text: str, negated: str | None, name: str) -> str | None:
    """Before a line of a user is stored or removed: what else is known of the user stays, and joins the line."""
    device = session.device
    if negated:
        if account(device, name) is None:
            return text
        prompt = "This operation will remove all username related configurations with same name.Do you want to continue?"
        return text if await session.confirm(prompt) else None
    typed = _Said(text)
    if not typed.whole:
        return text
    known = _known(device, name)
    if known is not None and known.word and typed.word and {known.word, typed.word} == {"password", "secret"}:
        raise Refused("ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.")
    if typed.clear is not None:
        check_length(device, typed.clear)
    return typed.joined(known)


def settle(device: Device, touched: Touched) -> None:
    """A user has one line that says who he is: shorter ones have joined it."""
    names = {statement.text.split()[1] for statement in touched.values() if statement is not None}
    lines: dict[str, list[tuple[Key, Statement]]] = {}
    for key, statement in device.config.statements.items():
        words = statement.text.split(None, 2)
        if words[0] == "username" and words[1] in names and _Said(statement.text).whole:
            lines.setdefault(words[1], []).append((key, statement))
    for entries in lines.values():
        said = [_Said(statement.text) for _, statement in entries]
        if len(said) > 1:
            full = next((one for one in reversed(said) if one.word), said[-1])
            for (key, statement), one in zip(entries, said, strict=True):
                if one is full:
                    statement.text = _joined(said, full)
                else:
                    del device.config.statements[key]
    _spell(device, names)


def _joined(said: list[_Said], full: _Said) -> str:
    for one in said:
        if one is not full:
            full = _Said(full.joined(one))
    return full.joined(None)


def _spell(device: Device, names: set[str]) -> None:
    """Clear passwords of users are printed with their type."""
    for statement in device.statements("username"):
        words = statement.text.split()
        if words[1] in names and "password" in words[2:] and (secret := secret_of(statement)) is not None and secret.kind == "0":
            head = statement.text.removesuffix(secret.text).removesuffix("0 ")
            if head.endswith("password "):
                statement.text = f"{head}0 {secret.text}"


def _known(device: Device, name: str) -> _Said | None:
    """What the configuration says of a user already, on lines that say who he is."""
    known: _Said | None = None
    for statement in device.statements(f"username {name}"):
        said = _Said(statement.text)
        if said.whole:
            known = said if known is None else _Said(said.joined(known))
    return known


class _Said:
    """A line of a user: its options, and how he proves who he is.

    `whole`: it has nothing that stands on a line of its own. `word`: `password`, `secret`, `nopassword` or "".
    """

    def __init__(self, text: str) -> None:
        words = text.split(None, 2)
        self.head = " ".join(words[:2])
        self.options: dict[str, str] = {}
        self.word = ""
        self.rest = ""
        self.whole = True
        rest = words[2] if len(words) > 2 else ""
        while rest and not self.word:
            word, _, after = rest.partition(" ")
            if word in ("password", "secret", "nopassword"):
                self.word, self.rest, rest = word, after, ""
            elif word in ("privilege", "view", "common-criteria-policy"):
                value, _, rest = after.partition(" ")
                self.options[word] = value
            elif word in _OPTIONS:
                self.options[word] = ""
                rest = after
            else:
                self.whole = False
                return

    @property
    def clear(self) -> str | None:
        """The password in clear text, None where it is hashed or there is none."""
        if self.word not in ("password", "secret"):
            return None
        kind, blank, text = self.rest.partition(" ")
        if blank and kind in ("0", "4", "5", "6", "7", "8", "9"):
            return text if kind == "0" else None
        return self.rest

    def joined(self, other: _Said | None) -> str:
        """The line with what another one says besides."""
        options = {**(other.options if other is not None else {}), **self.options}
        word, rest = (self.word, self.rest) if self.word or other is None else (other.word, other.rest)
        said = [f"{option} {value}".rstrip() for option, value in options.items()]
        return " ".join(filter(None, [self.head, *said, word, rest]))
