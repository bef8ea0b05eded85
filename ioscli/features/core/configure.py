"""`configure`: into configuration mode, or a configuration from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core import copy
from ioscli.features.core.archive import Archive
from ioscli.features.core.merge import merge
from ioscli.features.core.nvram import saved_startup
from ioscli.features.core.rollback import Pending

if TYPE_CHECKING:
    from ioscli.device.session import Session


async def ask(session: Session) -> None:
    """`configure`."""
    answer = (await session.ask("Configuring from terminal, memory, or network [terminal]? ")).lower() or "terminal"
    if "terminal".startswith(answer):
        await terminal(session)
    elif "memory".startswith(answer):
        await memory(session)
    elif "network".startswith(answer):
        await network(session, source=None)
    else:
        raise Refused("?Must be 'terminal', 'memory' or 'network'")


async def terminal(session: Session, *, until: str | None = None, minutes: str | None = None) -> None:
    """`configure terminal [revert timer MINUTES]`."""
    if until is not None and minutes is not None:
        if not session.device[Archive].said("path"):
            raise Refused("%Turn config archive on before using Rollback Confirmed Change")
        await session.device[Pending].keep(session, int(minutes))
    session.write("Enter configuration commands, one per line.  End with CNTL/Z.\n")
    session.enter_configuration()


async def memory(session: Session) -> None:
    """`configure memory`: merges the startup-config."""
    data = saved_startup(session.device)
    if not data:
        raise Refused("%% Non-volatile configuration memory invalid or not present")
    await merge(session, data.decode("utf-8", "surrogateescape"), "memory")


async def network(session: Session, *, source: str | None) -> None:
    """`configure network [URL]`: its successor says what it does."""
    session.write("This command has been replaced by the command:\n         'copy <url> system:/running-config'\n")
    await copy.copy(session, whence=source or "tftp:", whither=copy.RUNNING)


async def overwrite_network(session: Session, *, source: str | None) -> None:
    """`configure overwrite-network [URL]`."""
    session.write("This command has been replaced by the command:\n         'copy <url> nvram:/startup-config'\n")
    await copy.copy(session, whence=source or "tftp:", whither=copy.STARTUP)
