"""`show history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def show(session: Session, *, all_: str | None) -> Iterator[str]:
    """`show history [all]`: the EXEC commands that were typed, the oldest first; `all`: those of configuration modes, too."""
    for line in session.exec_history:
        yield f"  {line}"
    if all_ is not None:
        for line in session.config_history:
            yield f"  {line}"
