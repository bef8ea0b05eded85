"""A router with stored keys, and a console at which a test types lines and reads what they print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.features.core.boot import start
from tests.stored_keys import StoredKeys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CONFIG = "hostname R1\nip domain name example.com\nend\n"


class Console:
    """A privileged session of a router, and its terminal."""

    location = ""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.lines: list[str] = []
        self.shown: list[str] = []
        self.session = Session(device, self)
        self.session.level = 15
        self.session.length = 0

    def write(self, text: str) -> None:
        self.shown.append(text)

    async def line(self, prompt: str, *, echo: bool = True) -> str:  # noqa: ARG002 - there is no screen
        if not self.lines:
            raise Disconnected
        self.write(f"{prompt}\n")
        return self.lines.pop(0)

    async def key(self) -> str:
        return await self.line("")

    def wake(self) -> None:
        """Nobody waits here."""

    async def type(self, command: str, answers: Iterable[str] = ()) -> str:
        """Types a line, and what it asks for. Returns what was shown."""
        del self.shown[:]
        self.lines[:] = answers
        await self.session.execute(command)
        assert not self.lines, f"{command}: did not ask for {self.lines}"
        return "".join(self.shown)


async def console(state: Path) -> Console:
    """A console in configuration mode of a router that has a name."""
    device = Device(state, key_source=StoredKeys())
    await start(device, [("test", CONFIG)])
    found = Console(device)
    await found.type("configure terminal")
    return found


async def reloaded(device: Device) -> Console:
    """A console of the router after a reload."""
    again = device.successor()
    await start(again)
    found = Console(again)
    await found.type("configure terminal")
    return found
