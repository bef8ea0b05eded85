"""Saving: `write`, `erase`, and what nvram: holds of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.files import NVRAM_SIZE, STARTUP
from ioscli.device.terminal import Refused
from ioscli.features.core import archive, config
from ioscli.features.core.nvram import compressed, saved_startup, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session


def save(device: Device, who: str) -> Iterator[str]:
    """Makes the running-config the startup-config: keys first, then its text, each file whole. Raises Refused, the old one kept."""
    before = device.saved_at, device.saved_by
    device.saved_at, device.saved_by = device.clock.now(), who
    yield "Building configuration..."
    try:
        text = "".join(f"{line}\n" for line in config.printed(device)).encode("utf-8", "surrogateescape")
        done = "[OK]"
        data = text
        if device.said("service compress-config") == "on":
            data = compressed(text)
            done = f"  Compressed configuration from {len(text)} bytes to {len(data)} bytes[OK]"
        device.private.save(device.files)
        store(device, data)
    except Refused:
        device.saved_at, device.saved_by = before
        raise
    device.saved_revision = device.revision
    yield done


async def memory(session: Session) -> None:
    """`write memory`."""
    await write(session)


async def write(session: Session) -> None:
    """Saves, and archives where the archive wants that. Raises Refused."""
    await session.print(save(session.device, session.user))
    await archive.on_save(session.device)


def terminal(session: Session) -> Iterator[str]:
    """`write terminal`."""
    return config.running(session)


async def erase(session: Session, *, what: str | None = None) -> None:
    """`erase startup-config`, `erase nvram:`, `write erase`: the configuration and its keys; `/all` every file of nvram:."""
    what = (what or "startup-config").lower()
    if what not in ("startup-config", "nvram:", "/all nvram:"):
        raise Refused(f"%Error erasing {what} (Function not implemented)" if what.startswith("flash") else f"%Error erasing {what} (No such device)")
    device = session.device
    if not await session.confirm("Erasing the nvram filesystem will remove all configuration files! Continue?"):
        return
    everything = [path.name for path in device.files.list("nvram:")]
    for name in everything if what == "/all nvram:" else ("startup-config", "private-config"):
        if name in everything:
            device.files.delete(f"nvram:{name}")
    device.saved_at = None
    session.write("[OK]\nErase of nvram: complete\n")
    device.log.message("SYS", 7, "NV_BLOCK_INIT", "Initialized the geometry of nvram")


def using(device: Device) -> str:
    """The first line of `show startup-config`. Raises Refused where there is none."""
    text = saved_startup(device)
    if not text:
        raise Refused("startup-config is not present")
    size = len(device.files.read(STARTUP))
    return f"Using {size} out of {NVRAM_SIZE} bytes" + (f", uncompressed size = {len(text)} bytes" if size != len(text) else "")


def startup(session: Session, *, linenum: str | None) -> Iterator[str]:
    """`show startup-config`."""
    yield using(session.device)
    lines = saved_startup(session.device).decode("utf-8", "surrogateescape").splitlines()
    yield from config.numbered(lines) if linenum else lines
    yield ""
