"""CDP and LLDP, which nothing here speaks: every show says so, as where they are off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def cdp(session: Session) -> Iterator[str]:
    """`show cdp ...`, `clear cdp ...`."""
    yield "% CDP is not enabled"


def lldp(session: Session) -> Iterator[str]:
    """`show lldp ...`, `clear lldp ...`."""
    yield "% LLDP is not enabled"
