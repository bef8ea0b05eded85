"""`show running-config` and `show startup-config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.writer import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def running(session: Session) -> Iterator[str]:
    """`show running-config`."""
    lines = list(write(session.device.config))
    yield "Building configuration..."
    yield ""
    yield f"Current configuration : {sum(len(line) + 1 for line in lines)} bytes"
    yield "!"
    yield from lines
    yield ""
