"""Secrets in the configuration: hashed or hidden as they are stored, compared with what somebody types.

Which line has a secret, and in which types it may be written, is the grammar's knowledge: an argument of type `secret` behind a choice
of numbers. Types that are hashes are made of clear text always, type 7 where `service password-encryption` says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.configure import configure
from ioscli.device.terminal import Refused
from ioscli.grammar.arguments import arguments, identifier
from ioscli.grammar.notation import Arg, Choice, Optional, Repeat, Word
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ioscli.config.tree import Statement
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.grammar.line import Line
    from ioscli.grammar.notation import Item

_STRONGEST_FIRST = ("9", "8", "5")
_MARK = "\0"
_WORDS = re.compile(r"\S+")


class Secret(NamedTuple):
    """A secret as the configuration holds it. `kind`: its type, `0` for clear text."""

    kind: str
    text: str

    def fits(self, typed: str) -> bool:
        """Whether somebody typed the secret."""
        from ioscli.features.core.secrets import HASHED, matches, reveal

        if self.kind in HASHED:
            return matches(self.kind, self.text, typed)
        if self.kind == "7":
            return reveal(self.text) == typed
        return self.kind == "0" and self.text == typed


class Form(NamedTuple):
    """A way in which a line writes a secret: the secret, the name of its type among the arguments, the types that may be, and the
    keyword before them ("" where an argument stands there). `kinds` is empty where it is always clear text.
    """

    secret: Arg
    kind: str
    kinds: tuple[str, ...]
    keyword: str


class Place(NamedTuple):
    """Where a text has its secret: that, the types that may be, and from where to where the type and the secret stand."""

    secret: Secret
    kinds: tuple[str, ...]
    start: int
    end: int


def _forms(line: Line) -> Iterator[Form]:
    for items in _sequences(line.items):
        for at, item in enumerate(items):
            if isinstance(item, Arg) and item.type.secret:
                kind, kinds = (_kinds(items[at - 1]) if at else None) or ("", ())
                before = items[at - 2 if kinds else at - 1] if at > bool(kinds) else None
                yield Form(item, kind, kinds, before.text if isinstance(before, Word) else "")


def _sequences(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    yield items
    for item in items:
        match item:
            case Choice():
                for branch in item.branches:
                    yield from _sequences(branch)
            case Optional():
                yield from _sequences(item.inner)
            case Repeat():
                yield from _sequences((item.item,))


def _kinds(item: Item) -> tuple[str, tuple[str, ...]] | None:
    """The name of a choice of types, and the types."""
    if isinstance(item, Optional) and len(item.inner) == 1:
        item = item.inner[0]
    if isinstance(item, Choice) and item.name is not None:
        kinds = tuple(branch[0].text for branch in item.branches if len(branch) == 1 and isinstance(branch[0], Word))
        return (item.name, kinds) if kinds and all(kind.isdigit() for kind in kinds) else None
    if isinstance(item, Arg) and item.name == "encryption":
        return item.name, ("0", "7")
    return None


def locate(line: Line, text: str) -> Place | None:
    """The place of the secret in a command; None where it has none.

    It stands where a mark in a word's place comes back as the argument.
    """
    words = list(_WORDS.finditer(text))
    for form in _forms(line):
        name = identifier(form.secret.name)
        given = arguments(line, text)
        for at in range(len(words) - 1, 0, -1) if name in given else ():
            start = words[at].start()
            end = len(text) if form.secret.type.span is Span.REST else words[at].end()
            if arguments(line, f"{text[:start]}{_MARK}{text[end:]}").get(name) == _MARK:
                first = at - 1 if form.kind in given else at
                if form.keyword in ("", words[first - 1][0]):
                    return Place(Secret(given.get(form.kind, "0"), given[name]), form.kinds, words[first].start(), end)
    return None


def secret_of(statement: Statement) -> Secret | None:
    """The secret of a statement, None where it says none."""
    found = locate(statement.line, statement.text) if statement.line is not None else None
    return found.secret if found is not None else None


def seal(device: Device, statements: Iterable[Statement]) -> list[str]:
    """Hashes and hides what statements say in clear text. Returns the refusals: of what claims to be a hash and is none."""
    refused = []
    for statement in statements:
        line = statement.line
        if line is None or line.whole or statement.negative:  # the text of a whole line is its key
            continue
        found = locate(line, statement.text)
        if found is None:
            continue
        try:
            written = _sealed(device, found)
        except Refused as error:
            refused.append(str(error))
            continue
        if written is not None:
            statement.text = f"{statement.text[: found.start]}{written.kind} {written.text}{statement.text[found.end :]}"
    return refused


def _sealed(device: Device, found: Place) -> Secret | None:
    """How the configuration keeps a secret; None: as it is."""
    secret = found.secret
    from ioscli.features.core.secrets import HASHED, digest, hide, is_hash, reveal

    if secret.kind in HASHED and not is_hash(secret.kind, secret.text):
        raise Refused(
            "ERROR: The secret you entered is not a valid encrypted secret.\n"
            f"To enter an UNENCRYPTED secret, do not specify type {secret.kind} encryption.\n"
            "When you properly enter an UNENCRYPTED secret, it will be encrypted."
        )
    # The CAPF and CTL commands call type 7 type 1.
    if (secret.kind == "7" or (secret.kind == "1" and "7" not in found.kinds)) and reveal(secret.text) is None:
        raise Refused(f"Invalid encrypted password: {secret.text}")
    if secret.kind != "0":
        return None
    hashed = next((kind for kind in _STRONGEST_FIRST if kind in found.kinds), None)
    if hashed is not None:
        return Secret(hashed, digest(hashed, secret.text, device.entropy))
    if "1" in found.kinds:
        return Secret("1", hide(secret.text, device.entropy))
    if "7" in found.kinds and device.said("service password-encryption") == "on":
        return Secret("7", hide(secret.text, device.entropy))
    return None


def masked(line: Line, text: str) -> str:
    """A command without its secret, as the log of commands has it."""
    found = locate(line, text)
    return text if found is None else f"{text[: found.start]}*****{text[found.end :]}"


def encryption(device: Device, _: Touched) -> None:
    """`service password-encryption`: what stands in the configuration is hidden too. Its `no` reveals nothing."""
    if device.said("service password-encryption") == "on":
        sections = [device.config, *device.config.sections()]
        seal(device, (statement for section in sections for statement in section if statement.line is not None and statement.line.secret))


def check_length(device: Device, clear: str) -> None:
    """Raises Refused for a password shorter than `security passwords min-length`."""
    shortest = int(device.said("security passwords min-length", default="0"))
    if len(clear) < shortest:
        raise Refused(f"% Password too short - must be at least {shortest} characters. Password configuration failed")


async def choose(session: Session, *, text: str, negated: str | None, kind: str | None, secret: str | None, password: str | None) -> str:
    """Before a password is stored: whether it is long enough, and what an engineer should know about it."""
    chosen = secret or password
    if negated or chosen is None:
        return text
    if kind in (None, "0"):
        check_length(session.device, chosen)
    if kind == "4":
        session.write("WARNING: Command has been added to the configuration but Type 4 passwords have been deprecated.\n")
        session.write("Migrate to a supported password type\n")
    if text.startswith("enable "):
        _compare(session, text, chosen)
    return text


def _compare(session: Session, text: str, chosen: str) -> None:
    """Says so where the enable secret and the enable password are the same."""
    this, other = ("secret", "password") if text.startswith("enable secret") else ("password", "secret")
    known = enable_secret_of(session.device, 15, other)
    if known is not None and known.fits(chosen) and " level " not in text:
        session.write(f"The enable {this} you have chosen is the same as your enable {other}.\n")
        session.write(f"This is not recommended.  Re-enter the enable {this}.\n")


def enable_secret_of(device: Device, level: int, word: str) -> Secret | None:
    """The secret of `enable secret` or `enable password` (`word`) for a level."""
    for statement in device.statements(f"enable {word}"):
        if int(device.arguments(statement).get("level", "15")) == level:
            return secret_of(statement)
    return None


async def enable_secret(session: Session, *, algorithm: str, level: str | None, secret: str) -> None:
    """`enable algorithm-type A secret X`."""
    at = f"level {level} " if level else ""
    await configure(session, f"enable secret {at}{_hashed(session, algorithm, secret)}")


async def user_secret(
    session: Session, *, name: str, privilege: str | None, level: str | None, view: str | None, one_time: str | None, algorithm: str, password: str
) -> None:
    """`username N algorithm-type A secret X`."""
    options = [f"privilege {level}" if privilege else "", f"view {view}" if view else "", "one-time" if one_time else ""]
    words = " ".join(["username", name, *filter(None, options)])
    await configure(session, f"{words} secret {_hashed(session, algorithm, password)}")


def _hashed(session: Session, algorithm: str, secret: str) -> str:
    from ioscli.features.core.secrets import ALGORITHMS, digest

    check_length(session.device, secret)
    kind = ALGORITHMS[algorithm]
    return f"{kind} {digest(kind, secret, session.device.entropy)}"
