"""The archive of configurations: copies of the running-config on a file system, by hand, on a save, or every so often."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ioscli.device.files import NETWORKS
from ioscli.device.terminal import Refused
from ioscli.features.core import config
from ioscli.features.core.transfer import Remote, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Section
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.device.timers import Timer


class Archive:
    """Which copies there are since the start, the oldest first. `count`: the number of the next one."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.names: list[str] = []
        self.count = 0
        self._timer: Timer | None = None

    @property
    def section(self) -> Section | None:
        return next((found.section for found in self.device.statements("archive")), None)

    def said(self, head: str) -> str:
        """What the archive's configuration says: `path`, `maximum`, `time-period`, `write-memory`; "" for nothing."""
        section = self.section
        return self.device.said(head, section=section) if section is not None else ""

    @property
    def maximum(self) -> int:
        return int(self.said("maximum") or 10)

    def next_name(self) -> str:
        """`flash:R1-Mar-18-20-30-52.969-CDT-10`: the path, the time, the number (a show archive of 15.x)."""
        device = self.device
        local = device.clock.local()
        stamp = f"{local:%b}-{local.day:->2}-{local:%H-%M-%S}.{local.microsecond // 1000:03d}"
        if device.clock.zone[0] != "UTC":
            stamp += f"-{local.tzname()}"
        path = self.said("path").replace("$h", device.hostname)
        path = path.replace("$t", stamp) if "$t" in path else f"{path}-{stamp}"
        return f"{path}-{self.count}"

    async def store(self) -> str:
        """Makes a copy of the running-config; the oldest goes where there are too many. Returns its name. Raises Refused."""
        if not self.said("path"):
            raise Refused(" Archive feature not enabled")
        device = self.device
        name = self.next_name()
        data = "".join(f"{line}\n" for line in config.printed(device)).encode("utf-8", "surrogateescape")
        if name.partition(":")[0].lower() in NETWORKS:
            await send(device, Remote(name), data)
        else:
            device.files.write(name, data)
        self.count += 1
        self.names.append(name)
        while len(self.names) > self.maximum:
            oldest = self.names.pop(0)
            with suppress(Refused):
                device.files.delete(oldest)
        return name

    def settle(self) -> None:
        """Starts and stops the clockwork of `time-period`."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        minutes = self.said("time-period")
        if minutes:
            self._timer = self.device.timers.after(int(minutes) * 60, self._again)

    def _again(self) -> None:
        self.device.timers.start(self._stored())
        self.settle()

    async def _stored(self) -> None:
        try:
            await self.store()
        except Refused as refused:
            self.device.log.message("ARCHIVE", 3, "FAILED", str(refused).strip())


def settle(device: Device, _: Touched) -> None:
    """`archive`: its clockwork and its log agree with what it says."""
    from ioscli.features.core.commandlog import CommandLog

    device[Archive].settle()
    device[CommandLog].settle()


async def config_(session: Session) -> None:
    """`archive config`."""
    await session.device[Archive].store()


async def on_save(device: Device) -> None:
    """After `write memory`, where `write-memory` stands in the archive. Raises Refused."""
    archive = device[Archive]
    if archive.said("write-memory") == "on" and archive.said("path"):
        await archive.store()


def show(session: Session) -> Iterator[str]:
    """`show archive`."""
    archive = session.device[Archive]
    if not archive.said("path"):
        yield " Archive feature not enabled"
        return
    count = len(archive.names)
    yield f"The maximum archive configurations allowed is {archive.maximum}."
    yield f"There are currently {count or 'no'} archive configurations saved."
    yield f"The next archive file will be named {archive.next_name()}"
    yield " Archive #  Name"
    for number in range(1, archive.maximum + 1):
        name = archive.names[number - 1] if number <= count else ""
        yield f"   {number:<9}{name}{' <- Most Recent' if number == count else ''}".rstrip()
