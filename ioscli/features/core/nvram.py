"""What nvram: holds of a configuration: its text, or its text compressed by zlib (`service compress-config`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.files import STARTUP
from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from ioscli.device.device import Device

_COMPRESSED = b"\x78\x9c"  # how zlib's data begins; no configuration does


def saved_startup(device: Device) -> bytes:
    """The startup-config, nothing where there is none. Raises Refused."""
    if not device.files.exists(STARTUP):
        return b""
    data = device.files.read(STARTUP)
    if not data.startswith(_COMPRESSED):
        return data
    import zlib

    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


def store(device: Device, data: bytes) -> None:
    """Replaces the startup-config. Raises Refused."""
    try:
        device.files.replace(device.files.locate(STARTUP), data)
    except OSError as error:
        raise Refused(f"startup-config file open failed ({error.strerror})") from None


def compressed(text: bytes) -> bytes:
    """What is kept of a text where the configuration is compressed."""
    import zlib

    return zlib.compress(text)
