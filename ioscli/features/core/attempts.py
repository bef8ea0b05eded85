"""Attempts to log in: `login block-for`, `login delay`, `login on-failure`, `security authentication failure rate`, and what the log has of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.device.clock import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

_PAUSE = 15  # seconds after too many failures in a row (Security CR, `security authentication failure rate`)


@dataclass(slots=True)
class Failure:
    """Failed logins of a user from an address at a port; `moment` is that of the last one, seconds since 1970."""

    user: str
    source: str
    port: int
    count: int = 0
    moment: float = 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """`login block-for SECONDS attempts N within WINDOW`."""

    seconds: int
    attempts: int
    within: int


class Watch:
    """The failed logins of a router. `quiet_until`: the end of a time without logins, by the uptime, or 0."""

    def __init__(self, _: Device) -> None:
        self.failures: dict[tuple[str, str, int], Failure] = {}
        self.window: deque[float] = deque()
        self.in_a_row = 0
        self.total = 0
        self.successes = 0
        self.quiet_until = 0.0


def block(device: Device) -> Block | None:
    """What `login block-for` says."""
    words = device.said("login block-for").split()
    return Block(int(words[0]), int(words[2]), int(words[4])) if words else None


def quiet(device: Device) -> bool:
    """Whether logins are refused for the moment."""
    watch = device[Watch]
    if not watch.quiet_until:
        return False
    if device.clock.uptime < watch.quiet_until:
        return True
    watch.quiet_until = 0.0
    watch.window.clear()
    device.log.message("SEC_LOGIN", 5, "QUIET_MODE_OFF", f"Quiet Mode is OFF, because block period timed out at {_stamp(device)}")
    return False


def delay(device: Device) -> int:
    """Seconds between two attempts: those of `login delay`, one where `login block-for` is on."""
    return int(device.said("login delay") or (1 if block(device) else 0))


def failed(session: Session, user: str, port: int, reason: str = "Login Authentication Failed") -> int:
    """Counts a failed login and tells the log. Returns how many seconds the next one has to wait."""
    device = session.device
    watch, now = device[Watch], device.clock.uptime
    source = session.terminal.location or "LOCAL"
    failure = watch.failures.setdefault((user, source, port), Failure(user, source, port))
    failure.count += 1
    failure.moment = device.clock.now()
    watch.total += 1
    watch.in_a_row += 1
    details = f"[user: {user}] [Source: {source}] [localport: {port}]"
    if _told(device, "on-failure", watch.total):
        device.log.message("SEC_LOGIN", 4, "LOGIN_FAILED", f"Login failed {details} [Reason: {reason}] at {_stamp(device)}")
    wanted = block(device)
    if wanted is not None:
        watch.window.append(now)
        while watch.window[0] < now - wanted.within:
            watch.window.popleft()
        if len(watch.window) >= wanted.attempts:
            left = max(int(wanted.within - (now - watch.window[0])), 0)
            watch.quiet_until = now + wanted.seconds
            acl = device.said("login quiet-mode access-class") or "sl_def_acl"
            text = f"Still timeleft for watching failures is {left} secs, {details} [Reason: {reason}] [ACL: {acl}] at {_stamp(device)}"
            device.log.message("SEC_LOGIN", 1, "QUIET_MODE_ON", text)
    return delay(device) + _paused(device, watch)


def _paused(device: Device, watch: Watch) -> int:
    words = device.said("security authentication failure rate", default="10").split()
    if watch.in_a_row < int(words[0]):
        return 0
    watch.in_a_row = 0
    if words[-1] == "log":
        device.log.message("SEC", 5, "TOOMANY_AUTHFAILS", f"Too many login failures have occurred in the last one minute, at {_stamp(device)}")
    return _PAUSE


def passed(session: Session, user: str, port: int) -> None:
    """Counts a login and tells the log."""
    device = session.device
    watch = device[Watch]
    watch.in_a_row = 0
    watch.successes += 1
    if _told(device, "on-success", watch.successes):
        source = session.terminal.location or "LOCAL"
        text = f"Login Success [user: {user}] [Source: {source}] [localport: {port}] at {_stamp(device)}"
        device.log.message("SEC_LOGIN", 5, "LOGIN_SUCCESS", text)


def _told(device: Device, event: str, count: int) -> bool:
    """Whether `login on-failure|on-success [log] [every N]` tells of the attempt of this number."""
    said = device.said(f"login {event}")
    words = said.split()
    if not said or said == "off" or "trap" in words:
        return False
    every = int(words[-1]) if "every" in words else 1
    return count % every == 0


def _stamp(device: Device, moment: float | None = None) -> str:
    return written(device.clock.local(moment))


def clear(session: Session) -> None:
    """`clear login failures`."""
    watch = session.device[Watch]
    watch.failures.clear()
    watch.window.clear()
    watch.total = 0


def show(session: Session, *, failures: str | None) -> Iterator[str]:
    """`show login [failures]` (Security CR)."""
    device = session.device
    yield from _failures(device) if failures else _state(device)


def _failures(device: Device) -> Iterator[str]:
    found = tuple(device[Watch].failures.values())
    if not found:
        yield "*** No logged failed login attempts with the device.***"
        return
    yield "Information about login failure's with the device"
    yield ""
    yield "Username        SourceIPAddr    lPort Count TimeStamp"
    for failure in found:
        stamp = _stamp(device, failure.moment)
        yield f"{failure.user:<15} {failure.source:<15} {failure.port:<5} {failure.count:<5} {stamp}"


def _state(device: Device) -> Iterator[str]:
    watch, wanted, pause = device[Watch], block(device), delay(device)
    configured = device.said("login delay")
    if configured:
        yield f"     A login delay of {pause} seconds is applied."
    elif pause:
        yield f"     A default login delay of {pause} seconds is applied."
    else:
        yield "     No login delay has been applied."
    acl = device.said("login quiet-mode access-class")
    yield f"     Quiet-Mode access list {acl} is applied." if acl else "     No Quiet-Mode access list has been configured."
    for event, name in (("on-success", "successful"), ("on-failure", "failed")):
        said = device.said(f"login {event}")
        if said and said != "off":
            how = "generate SNMP traps" if "trap" in said.split() else "is logged"
            yield f"     All {name} login {how}."
    yield ""
    quiet(device)
    if wanted is None:
        yield "     Router NOT enabled to watch for login Attacks"
        return
    yield "     Router enabled to watch for login Attacks."
    yield f"     If more than {wanted.attempts} login failures occur in {wanted.within} seconds or less,"
    yield f"     logins will be disabled for {wanted.seconds} seconds."
    yield ""
    now = device.clock.uptime
    if watch.quiet_until:
        yield f"     Router presently in Quiet-Mode, will remain in Quiet-Mode for {int(watch.quiet_until - now)} seconds."
        yield f"     {'Restricted logins filtered by applied ACL ' + acl if acl else 'Denying logins from all sources'}."
        return
    inside = [moment for moment in watch.window if moment >= now - wanted.within]
    left = int(inside[0] + wanted.within - now) if inside else wanted.within
    yield "     Router presently in Normal-Mode."
    yield "     Current Watch Window"
    yield f"         Time remaining: {left} seconds."
    yield f"         Login failures for current window: {len(inside)}."
    yield f"     Total login failures: {watch.total}."
