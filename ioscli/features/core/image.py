"""The software that the router says it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.features.core.hardware import Chassis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device

RELEASE = "15.7(3)M3"
_FILE = "SPA.157-3.M3"


def image(device: Device) -> str:
    """The file that the router runs."""
    return f"flash0:{device[Chassis].model.series.lower()}-universalk9-mz.{_FILE}.bin"


def software(device: Device) -> str:
    """The first line of `show version`."""
    series = device[Chassis].model.series
    return f"Cisco IOS Software, {series} Software ({series}-UNIVERSALK9-M), Version {RELEASE}, RELEASE SOFTWARE (fc2)"


def banner(device: Device) -> Iterator[str]:
    """The software, as at a start."""
    yield software(device)
    yield "Technical Support: http://www.cisco.com/techsupport"
    yield "Copyright (c) 1986-2018 by Cisco Systems, Inc."
    yield "Compiled Wed 01-Aug-18 16:45 by prod_rel_team"
