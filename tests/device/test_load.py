"""How busy a router has been."""

from __future__ import annotations

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.load import Load


def test_shares_of_the_last_seconds() -> None:
    times = {"now": 0.0, "spent": 0.0}
    clock = Clock(monotonic=lambda: times["now"])
    clock.spent = lambda: times["spent"]
    load = Device(clock=clock)[Load]
    for now, spent in ((10, 1), (96, 10), (98, 11)):
        times.update(now=now, spent=spent)
        load.sample()
    times.update(now=100, spent=12)
    assert (load.over(5), load.over(60), load.over(300)) == (50, 50, 12)
    assert str(load) == "50%/0%; one minute: 50%; five minutes: 12%"
    times.update(spent=99)
    assert load.over(5) == 100
