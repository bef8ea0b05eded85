"""The router of this process: it starts, people sit down at its lines, it reloads and they find it as it comes up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected, Interrupted
from ioscli.features.core.boot import start
from ioscli.shell.vty import HANG_UP, Asked, Ended, Expired, Vty, converse

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from pathlib import Path

_CALLED = {"console": "con0", "aux": "aux0"}
_GLANCE = 1.0  # seconds after which somebody who has no session looks whether the router is still there
_IDLE = 0.2  # seconds after which a router that has started looks around for others
_STARTED = "\n\nPress RETURN to get started!\n\n\n"
_AVAILABLE = "\n\n\n\n{host} {line} is now available\n\n\n\n\n\nPress RETURN to get started.\n\n\n\n\n\n\n\n\n"  # ios-shell.md A6


class Router:
    """A device, and after a reload its successor. `configs`: names and texts that it starts from the first time.

    `net`: where its addresses are, `loopback`, `host` or `memory`.
    """

    def __init__(self, state: Path | None, configs: Sequence[tuple[str, str]] = (), now: float | None = None, *, net: str = "loopback") -> None:
        self.device = Device(state, clock=Clock(now), addresses_in=net)
        self._configs = configs
        self._up = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def up(self) -> list[str]:
        """Starts it where it is down. Returns what its console prints."""
        if self.device.reloading:
            self.device = self.device.successor()
            self._configs = ()
            self._up = False
        if self._up:
            return []
        self._up = True
        shown = await start(self.device, self._configs)
        self._join_soon()
        return shown

    def running(self, loop: asyncio.AbstractEventLoop) -> None:
        """An event loop runs: the router may be found by others."""
        self._loop = loop
        self._join_soon()

    def _join_soon(self) -> None:
        """Shows its addresses to other routers, once it has nothing better to do: nobody waits for that."""
        if self._loop is not None:
            self._loop.call_later(_IDLE, self.device.join)


async def attend(router: Router, vty: Vty, name: str, number: int, *, pressed: bool = False, fit: Callable[[Session], object] | None = None) -> None:
    """Somebody at the console or at a line, one session after another, until he hangs up.

    `pressed`: he does not have to press Return for the first one. `fit`: gives a session the size of its screen.
    """
    while True:
        shown = await router.up()
        vty.write("".join(f"{line}\n" for line in shown))
        if not pressed:
            vty.write(_STARTED)
        device = router.device
        while not device.reloading:
            if not pressed and not await _pressed(device, vty):
                return
            pressed = False
            session = Session(device, vty, name, number)
            if not await _session(session, vty, fit):
                return
            if not device.reloading:
                vty.write(_AVAILABLE.format(host=device.hostname, line=_CALLED.get(name, name)))


async def _pressed(device: Device, vty: Vty) -> bool:
    """Waits for Return; whether it came before the user hung up. A reload is taken for one."""
    while not device.reloading:
        key = vty.keys.next()
        if key == "\r":
            vty.write("\n")
            return True
        if key == HANG_UP:
            return False
        if key is None:
            try:
                await vty.wait(Asked.KEY, _GLANCE)
            except Disconnected:
                return False
    return True


async def _session(session: Session, vty: Vty, fit: Callable[[Session], object] | None) -> bool:
    """One session, from the login to its end. Returns whether its user is still there."""
    from ioscli.features.core.line import forget  # nobody logs in before Return was pressed
    from ioscli.features.core.login import login
    from ioscli.features.core.users import Uses

    if session.device.reloading:
        return True
    try:
        with vty.of(session):
            session.device[Uses].begin(session.name)
            vty.leavable = True
            entered = await login(session)
            vty.leavable = False
            if entered:
                if fit is not None:
                    fit(session)
                await converse(session, vty)
    except (Expired, Ended, Interrupted):
        vty.write("\n")
    except Disconnected:
        return False
    finally:
        forget(session)
    return True
