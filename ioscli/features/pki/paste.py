"""What somebody pastes at the terminal: certificates and requests in base64 or PEM."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.device.session import Session

_LONGEST = 1 << 16  # characters; what comes behind them is read and forgotten


async def pasted(session: Session, *, blank_ends: bool = True) -> str:
    """Lines up to `quit`, or up to an empty one. Raises Interrupted."""
    lines: list[str] = []
    size = 0
    while (line := (await session.terminal.line("")).strip()) != "quit" and (line or not blank_ends):
        size += len(line)
        if size < _LONGEST:
            lines.append(line)
    return "\n".join(lines)
