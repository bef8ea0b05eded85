"""A router with a certificate server, in memory, whose clock a test steps."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ioscli.device.clock import Clock
from ioscli.features.core.save import save
from ioscli.features.pki.certificate_server import CertificateServer
from ioscli.net import MemoryNet
from tests.pki.live import CONFIG, LiveRouter, booted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ioscli.device.device import Device

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
DAY = 86400.0


class Steps:
    """A count of seconds that a test steps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def server(state: Path, *lines: str) -> AsyncIterator[tuple[Device, Steps]]:
    """A router with a certificate server, and the clock that it goes by."""
    steps = Steps()
    device = await booted(state, CONFIG.format(port=80), MemoryNet(), Clock(NOW.timestamp(), steps))
    await LiveRouter(device).configure("crypto pki server CA", *lines, "no shutdown", answers=("cisco123", "cisco123"))
    assert device[CertificateServer].state == "enabled", device[CertificateServer].reason
    yield device, steps
    device.close()


async def reloaded(device: Device, steps: Steps) -> Device:
    """The router after `write memory` and `reload`."""
    from ioscli.features.core.boot import start

    list(save(device, ""))
    again = device.successor()
    await start(again)
    return again


async def typed(device: Device, *commands: str) -> str:
    return await LiveRouter(device).type(*commands)
