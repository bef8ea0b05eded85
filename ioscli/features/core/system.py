"""The router's name and its aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.device.change import Touched
    from ioscli.device.device import Device


def hostname(device: Device, _: Touched) -> None:
    """`hostname`."""
    device.hostname = device.said("hostname", default="Router")
