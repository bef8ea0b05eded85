"""Privilege levels: `enable`, `disable`, `show privilege`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def show(session: Session) -> Iterator[str]:
    """`show privilege`."""
    yield f"Current privilege level is {session.level}"


async def enable(session: Session, *, level: str | None) -> None:
    """`enable [level]`."""
    session.level = int(level or 15)
