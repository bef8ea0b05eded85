"""`show version`: image, uptime, machine and licences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.clock import written
from ioscli.features.core import hardware, license
from ioscli.features.core.hardware import Chassis
from ioscli.features.core.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

RELEASE = "15.7(3)M3"
_FILE = "SPA.157-3.M3"
# Twelve lines of a maker's notice stand here on a router; these are ours.
_NOTICE = """This product contains cryptographic features and is subject to United
States and local country laws, and to those of the country that it is used
in. It is ioscli, a model of a router that was written for learning: the
commands and the looks are those of a router, the software is not.

"""


def image(device: Device) -> str:
    """The file that the router runs."""
    return f"flash0:{device[Chassis].model.series.lower()}-universalk9-mz.{_FILE}.bin"


def software(device: Device) -> str:
    """The first line of `show version`."""
    series = device[Chassis].model.series
    return f"Cisco IOS Software, {series} Software ({series}-UNIVERSALK9-M), Version {RELEASE}, RELEASE SOFTWARE (fc2)"


def banner(device: Device) -> Iterator[str]:
    """Who the software is, as at a start."""
    yield software(device)
    yield "Technical Support: http://www.cisco.com/techsupport"
    yield "Copyright (c) 1986-2018 by Cisco Systems, Inc."
    yield "Compiled Wed 01-Aug-18 16:45 by prod_rel_team"


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
    when = f" at {written(clock.local(device.halt.moment))}" if device.halt.moment is not None else ""
    yield f"System returned to ROM by {device.halt.how}{when}"
    if clock.source is not None:
        yield f"System restarted at {written(clock.local(clock.started))}"
    yield f'System image file is "{image(device)}"'
    yield "Last reload type: Normal Reload"
    yield f"Last reload reason: {device.halt.reason or device.halt.how}"
    yield from ("", "", "")
    yield from _NOTICE.split("\n")[:-1]
    processor, io = chassis.model.memory
    yield f"Cisco {chassis.model.pid} (revision 1.0) with {processor}K/{io}K bytes of memory."
    yield f"Processor board ID {chassis.serial}"
    yield from hardware.ports(device)
    yield "1 Virtual Private Network (VPN) Module"
    yield from hardware.memory_lines(device)
    yield from ("", "")
    yield from license.table(device)
    yield ""
    yield f"Configuration register is {device[Register]}"
    yield ""
