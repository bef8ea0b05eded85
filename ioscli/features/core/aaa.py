"""AAA: method lists, and what each method says of who wants to come in.

Servers are beyond this router: their methods answer as servers that cannot be reached, and the next method is asked.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ioscli.features.core import line, lockout
from ioscli.features.core.password import enable_secret_of
from ioscli.features.core.user import Account, account

if TYPE_CHECKING:
    from ioscli.device.device import Device

_SERVED = ("group", "cache")  # the methods that a name follows
_NO_METHOD = ("passwd-expiry", "if-needed")


class Answer(Enum):
    """What a method says. After an error the next one is asked."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"


def enabled(device: Device) -> bool:
    """Whether `aaa new-model` is on."""
    return device.said("aaa new-model") == "on"


def methods(device: Device, service: str, name: str = "default") -> list[str] | None:
    """The methods of a list, in their order; None where there is no such list. `service`: `authentication login`, `authorization exec`."""
    said = device.said(f"aaa {service} {name}")
    if not said:
        return None
    found: list[str] = []
    words = iter(said.split())
    for word in words:
        if word in _SERVED:
            found.append(f"{word} {next(words, '')}")
        elif word not in _NO_METHOD:
            found.append(word)
    return found


def login_methods(device: Device, name: str) -> list[str]:
    """How users of a line prove who they are (Security CR, `aaa authentication login`: without a default list, the local users;
    the console asks nothing then).
    """
    chosen = line.said(device, name, "login authentication", "default")
    found = methods(device, "authentication login", chosen)
    if found is None:
        return ["none"] if name == "console" else ["local"]
    return found


def asks(chosen: list[str]) -> tuple[bool, bool]:
    """Whether these methods need a user's name, and a password."""
    first = chosen[0] if chosen else ""
    return first not in ("none", "enable", "line"), first != "none"


def authenticate(device: Device, name: str, chosen: list[str], user: str, typed: str) -> Account | None:
    """Who somebody on a line is, by the first method that can tell; None for nobody."""
    for method in chosen:
        answer, found = _ask(device, name, method, user, typed)
        if answer is Answer.PASS:
            return found or Account(user)
        if answer is Answer.FAIL:
            return None
    return None


def _ask(device: Device, name: str, method: str, user: str, typed: str) -> tuple[Answer, Account | None]:
    match method:
        case "local" | "local-case":
            found = account(device, user, case=method == "local-case")
            if found is None:
                return Answer.ERROR, None
            passed = lockout.judge(device, found, passed=found.fits(typed))
            return (Answer.PASS if passed else Answer.FAIL), found
        case "enable":
            secret = enable_secret_of(device, 15, "secret") or enable_secret_of(device, 15, "password")
        case "line":
            secret = line.password(device, name)
        case "none":
            return Answer.PASS, None
        case _:
            return Answer.ERROR, None
    if secret is None:
        return Answer.ERROR, None
    return (Answer.PASS if secret.fits(typed) else Answer.FAIL), None


def authorize_exec(device: Device, name: str, found: Account) -> tuple[bool, int | None]:
    """Whether a user may have an EXEC session on a line, and the level that the authorization gives; None for the line's.

    The console is authorized only by `aaa authorization console` (Security CR).
    """
    if name == "console" and device.said("aaa authorization console") != "on":
        return True, None
    chosen = line.said(device, name, "authorization exec", "default")
    for method in methods(device, "authorization exec", chosen) or ["none"]:
        match method:
            case "local":
                known = account(device, found.name)
                if known is not None:
                    return True, known.level
            case "if-authenticated" | "none":
                return True, None
            case _:
                continue
    return False, None
