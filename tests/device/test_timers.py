"""What waits is done when the router's clock says so: reloads, replacements that nobody confirms, archives."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.timers import Timers
from ioscli.device.turn import run
from ioscli.features.core.boot import start
from tests.device.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path


class Hand:
    """A count of seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Router:
    """A router whose time a test moves, and what its user sees."""

    def __init__(self, state: Path) -> None:
        self.hand = Hand()
        self.device = Device(state, clock=Clock(1e9, self.hand))
        run(start(self.device))
        self.screen = Screen()
        self.session = Session(self.device, self.screen)
        self.session.level, self.session.length = 15, 0
        self.device.sessions.append(self.session)

    def is_down(self) -> bool:
        return self.device.reloading

    def type(self, *commands: str) -> str:
        before = len(self.screen.text)
        for command in commands:
            run(self.session.execute(command))
        return self.screen.text[before:]

    def wait(self, seconds: float) -> str:
        before = len(self.screen.text)
        self.hand.seconds += seconds
        self.device.timers.run()
        return self.screen.text[before:]


@pytest.fixture
def router(tmp_path: Path) -> Router:
    return Router(tmp_path)


def test_in_their_order_and_once() -> None:
    hand = Hand()
    timers = Timers(Clock(0.0, hand), lambda error, _: pytest.fail(str(error)))
    done: list[str] = []
    timers.after(5, lambda: done.append("b"))
    timers.after(1, lambda: done.append("a"))
    timers.after(5, lambda: done.append("c"))
    timers.after(3, lambda: done.append("never")).cancel()
    hand.seconds = 4.9
    timers.run()
    assert done == ["a"]
    hand.seconds = 5
    timers.run()
    timers.run()
    assert done == ["a", "b", "c"]
    timers.after(1, lambda: done.append("never"))
    timers.clear()
    hand.seconds = 9
    timers.run()
    assert done == ["a", "b", "c"]


def test_one_that_fails_stops_no_other(router: Router) -> None:
    done: list[str] = []

    async def fails() -> None:
        raise ValueError

    def wrong() -> None:
        raise IndexError

    router.device.timers.after(1, wrong)
    router.device.timers.after(2, lambda: router.device.timers.start(fails()))
    router.device.timers.after(3, lambda: done.append("done"))
    router.wait(5)
    assert done == ["done"]
    shown = router.type("show logging")
    assert "%SYS-3-INTERNAL: IndexError in 'timer', traceback in flash:crashinfo_" in shown
    assert "%SYS-3-INTERNAL: ValueError in 'timer', traceback in flash:crashinfo_" in shown


def test_what_is_under_way_ends_with_the_router(router: Router) -> None:
    done: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("never")

    async def reload() -> None:
        router.device.timers.start(work())
        router.device.successor()
        await asyncio.sleep(0.01)

    asyncio.run(reload())
    assert done == []


def test_a_scheduled_reload_warns_and_comes(router: Router) -> None:
    router.type("reload in 31 because of it")
    assert "SHUTDOWN" not in router.wait(59)
    assert "*** --- SHUTDOWN in 0:30:00 ---" in router.wait(1)
    assert "*** --- SHUTDOWN in 0:05:00 ---" in router.wait(25 * 60)
    assert "*** --- SHUTDOWN in 0:01:00 ---" in router.wait(4 * 60)
    assert not router.is_down()
    router.wait(60)
    assert router.is_down()
    assert router.session.closed
    again = router.device.successor()
    assert again.halt.reason == "because of it"
    assert again.clock.uptime == 0


def test_a_cancelled_reload_does_not_come(router: Router) -> None:
    router.type("reload in 5", "reload cancel")
    router.wait(600)
    assert not router.is_down()


def test_a_reload_at_a_time_of_the_day(router: Router) -> None:
    # 1e9 seconds: 01:46:40 UTC Sun Sep 9 2001
    assert "in 13 minutes" in router.type("reload at 02:00")
    assert "in 23 hours and 43 minutes" in router.type("reload at 01:30")
    assert "in 37 hours and 13 minutes" in router.type("reload at 15:00 10 Sep")
    assert "at most 24 days" in router.type("reload at 15:00 8 Sep")
    router.wait(37 * 3600 + 14 * 60)
    assert router.is_down()


def test_a_change_that_nobody_confirms_is_taken_back(router: Router) -> None:
    router.type("configure terminal", "hostname R1", "archive", "path flash:back", "end")
    router.type("configure terminal revert timer 2", "hostname R2", "interface Loopback7", "end")
    router.wait(119)
    assert router.device.hostname == "R2"
    router.wait(2)
    assert router.device.hostname == "R1"
    assert "Loopback7" not in router.type("show running-config")
    assert "%No Rollback Confirmed Change pending" in router.type("configure confirm")


def test_an_archive_every_so_often(router: Router) -> None:
    router.type("configure terminal", "archive", "path flash:back", "maximum 2", "time-period 10", "end")
    for _ in range(3):
        router.wait(600)
    assert "There are currently 2 archive configurations saved." in router.type("show archive")
    router.type("configure terminal", "archive", "no time-period", "end")
    router.wait(6000)
    assert len(router.device.files.list("flash:")) == 2
