"""`configure`: into configuration mode, or a configuration from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.device.session import Session


def terminal(session: Session) -> None:
    """`configure terminal`."""
    session.write("Enter configuration commands, one per line.  End with CNTL/Z.\n")
    session.enter_configuration()
