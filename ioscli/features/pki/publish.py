"""Copies of a certificate server's files, put where others can read them (`database url ... publish`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.files import NETWORKS
from ioscli.device.terminal import Refused
from ioscli.features.core.transfer import Remote, send
from ioscli.features.pki.events import PublishFailed, emit

if TYPE_CHECKING:
    from ioscli.device.device import Device

_SECRET = (".p12", ".pem")


def is_remote(url: str) -> bool:
    """Whether a URL leads to another host."""
    return url.partition(":")[0].lower() in NETWORKS


def publish(device: Device, server: str, url: str, data: bytes) -> None:
    """Puts a copy there, to another host while the router goes on. That it cannot be put is told, and stands against nothing."""
    if is_remote(url):
        device.timers.start(_sent(device, server, url, data))
        return
    try:
        device.files.write(url, data, private=url.endswith(_SECRET))
    except Refused as refused:
        emit(device, PublishFailed(server, url, str(refused)))


async def _sent(device: Device, server: str, url: str, data: bytes) -> None:
    try:
        await send(device, Remote(url), data)
    except Refused as refused:
        emit(device, PublishFailed(server, url, str(refused)))
