"""`show version`: image, uptime, machine and licences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.clock import written
from ioscli.features.core import hardware
from ioscli.features.core.hardware import Chassis
from ioscli.features.core.image import banner, image
from ioscli.features.core.license import table
from ioscli.features.core.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session

# Twelve lines of a maker's notice stand here on a router; these are ours.
_NOTICE = """This product contains cryptographic features and is subject to United
States and local country laws, and to those of the country that it is used
in. It is ioscli, a model of a router that was written for learning: the
commands and the looks are those of a router, the software is not.

"""


def uptime(seconds: float) -> str:
    """`2 weeks, 2 days, 18 hours, 23 minutes`: parts that are zero are left out, except the minutes."""
    minutes = int(seconds) // 60
    parts = []
    for name, size in (("year", 365 * 1440), ("week", 7 * 1440), ("day", 1440), ("hour", 60), ("minute", 1)):
        count, minutes = divmod(minutes, size)
        if count or name == "minute":
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts)


def show(session: Session) -> Iterator[str]:
    """`show version`."""
    device = session.device
    clock = device.clock
    chassis = device[Chassis]
    yield from banner(device)
    yield ""
    yield "ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)"
    yield ""
    yield f"{device.hostname} uptime is {uptime(clock.uptime)}"
    halt = device.halt
    fallen = f" at {written(clock.local(halt.moment))}" if halt.moment is not None else ""
    yield f"System returned to ROM by {halt.how}{fallen}"
    if clock.source is not None:
        yield f"System restarted at {written(clock.local(clock.started))}"
    yield f'System image file is "{image(device)}"'
    yield "Last reload type: Normal Reload"
    yield f"Last reload reason: {halt.reason or halt.how}"
    yield from ("", "", "")
    yield from _NOTICE.split("\n")[:-1]
    processor, io = chassis.model.memory
    yield f"Cisco {chassis.model.pid} (revision 1.0) with {processor}K/{io}K bytes of memory."
    yield f"Processor board ID {chassis.serial}"
    yield from hardware.ports(device)
    yield "1 Virtual Private Network (VPN) Module"
    yield from hardware.memory_lines(device)
    yield from ("", "")
    yield from table(device)
    yield ""
    yield f"Configuration register is {device[Register]}"
    yield ""
