"""`aaa local authentication attempts max-fail`: local users who are locked out, and who knows how often each failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.clock import written
from ioscli.device.device import HIGHEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.core.user import Account


class Lockouts:
    """How often each user failed since he last got in, and since when (seconds since 1970) he is locked out."""

    def __init__(self, _: Device) -> None:
        self.failures: dict[str, int] = {}
        self.locked: dict[str, float] = {}


def judge(device: Device, found: Account, *, passed: bool) -> bool:
    """Counts an attempt of a local user. Returns whether he may come in. Users of the highest level are never locked out."""
    state = device[Lockouts]
    if found.name in state.locked:
        return False
    if passed:
        state.failures.pop(found.name, None)
        return True
    state.failures[found.name] = state.failures.get(found.name, 0) + 1
    limit = device.said("aaa local authentication attempts max-fail")
    if limit and state.failures[found.name] >= int(limit) and found.level != HIGHEST:
        state.locked[found.name] = device.clock.now()
        device.log.message("AAA", 5, "USER_LOCKED", f"User {found.name} locked out on authentication failure")
    return False


def show(session: Session) -> Iterator[str]:
    """`show aaa local user lockout` (Security CR)."""
    yield ""
    yield "        Local-user                  Lock time"
    clock = session.device.clock
    for name, moment in tuple(session.device[Lockouts].locked.items()):
        yield f"        {name:<28}{written(clock.local(moment))}"
    yield ""


def clear(session: Session, *, lockout: str | None, user: str | None) -> None:
    """`clear aaa local user {fail-attempts | lockout} {all | username X}`."""
    state = session.device[Lockouts]
    names = list(state.failures) if user is None else [user]
    for name in names:
        if lockout is not None and state.locked.pop(name, None) is not None:
            session.device.log.message("AAA", 5, "USER_UNLOCKED", f"User {name} unlocked by {session.who}")
        state.failures.pop(name, None)
