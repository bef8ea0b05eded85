"""`alias MODE NAME COMMAND`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.device import BUILT_IN_ALIASES
from ioscli.device.terminal import Refused
from ioscli.features.core.command_mode import mode_named

if TYPE_CHECKING:
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session


async def check(session: Session, *, text: str, mode: str) -> str:
    """Before an alias is stored: its mode must be one. Raises Refused."""
    if mode_named(session.device, mode) is None:
        raise Refused(f"% Unknown mode: {mode}")
    return text


def table(device: Device, _: Touched) -> None:
    """Makes the aliases those of the configuration, besides those that every router has."""
    device.alias_table = {"exec": dict(BUILT_IN_ALIASES)}
    for statement in device.statements("alias"):
        given = device.arguments(statement)
        mode = mode_named(device, given["mode"])
        if mode is not None:
            device.alias_table.setdefault(mode.name, {})[given["name"]] = given["command"]
