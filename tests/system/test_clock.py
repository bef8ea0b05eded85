"""The clock: zones, summer times of both halves of the earth, an unset clock, NTP, and what a successor keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ioscli.device.clock import Clock
from ioscli.features.core.clock import summer
from ioscli.features.core.version import uptime
from tests.system.router import Router
from tests.transcript import START

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("said", "standard", "name"),
    [
        ("CEST recurring last Sun Mar 2:00 last Sun Oct 3:00", "2026-03-29 01:59", None),
        ("CEST recurring last Sun Mar 2:00 last Sun Oct 3:00", "2026-03-29 02:00", "CEST"),
        ("CEST recurring last Sun Mar 2:00 last Sun Oct 3:00", "2026-10-25 01:59", "CEST"),
        ("CEST recurring last Sun Mar 2:00 last Sun Oct 3:00", "2026-10-25 02:00", None),
        ("PDT recurring", "2026-03-08 02:00", "PDT"),
        ("PDT recurring", "2026-11-01 01:00", None),
        ("NZDT recurring last Sun Sep 2:00 1 Sun Apr 3:00", "2026-01-15 12:00", "NZDT"),
        ("NZDT recurring last Sun Sep 2:00 1 Sun Apr 3:00", "2026-07-15 12:00", None),
        ("X date 1 Jun 2026 2:00 30 Jun 2026 2:00 30", "2026-06-15 12:00", "X"),
        ("X date Jun 1 2026 2:00 Jun 30 2026 2:00 30", "2027-06-15 12:00", None),
    ],
)
def test_summer_time(said: str, standard: str, name: str | None) -> None:
    found = summer(said.split())(datetime.fromisoformat(standard))
    assert (found[0] if found is not None else None) == name


def test_a_local_time_and_its_moment_agree(tmp_path: Path) -> None:
    router = Router(tmp_path, "clock timezone CET 1 0\nclock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00\n")
    clock = router.device.clock
    for moment in range(int(START), int(START) + 366 * 86400, 6 * 3600):
        local = clock.local(moment).replace(tzinfo=None)
        assert clock.moment(local) == moment


def test_an_unset_clock_starts_in_1993_and_says_that_it_has_no_source(tmp_path: Path) -> None:
    router = Router(tmp_path, "", set_clock=False)
    assert router.type("show clock detail") == "*00:00:00.000 UTC Mon Mar 1 1993\nNo time source\n"
    assert "System restarted" not in router.type("show version")


def test_ntp_gives_an_unset_clock_the_time_of_the_host_and_follows_it(tmp_path: Path) -> None:
    router = Router(tmp_path, "ntp server 10.1.1.123\n", set_clock=False)
    router.hands.seconds = 130
    assert router.device.clock.now() == START + 130
    assert router.type("show clock detail") == "09:02:10.000 UTC Thu Nov 26 2026\nTime source is NTP\n"
    assert "   2     64     7  " in router.type("show ntp associations")
    router.type("configure terminal", "no ntp server 10.1.1.123", "end")
    router.hands.seconds = 140
    assert router.type("show clock") == ".09:02:20.000 UTC Thu Nov 26 2026\n"


def test_a_clock_that_follows_can_be_set(tmp_path: Path) -> None:
    router = Router(tmp_path, "ntp server 10.1.1.123\n")
    router.type("clock set 10:00:00 1 Jan 2027")
    assert router.device.clock.local() == datetime(2027, 1, 1, 10, tzinfo=UTC)
    assert router.type("show ntp status").startswith("Clock is unsynchronized")


def test_the_calendar_outlives_a_reload_and_the_set_time_does_not() -> None:
    seconds = [0.0]
    clock = Clock(START, lambda: seconds[0])
    clock.set(START + 5000, "user configuration")
    seconds[0] = 60.0
    after = clock.successor()
    assert after.now() == START + 60
    assert (after.source, after.uptime) == ("hardware calendar", 0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 minutes"),
        (61, "1 minute"),
        (3600, "1 hour, 0 minutes"),
        (86400 * 8 + 7200 + 240, "1 week, 1 day, 2 hours, 4 minutes"),
        (86400 * (365 * 2 + 21), "2 years, 3 weeks, 0 minutes"),
    ],
)
def test_uptimes(seconds: float, said: str) -> None:
    assert uptime(seconds) == said
