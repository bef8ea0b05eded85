"""`show processes cpu`, `show memory statistics`: what the process of the router takes of its host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.load import Load
from ioscli.features.core.hardware import Chassis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def cpu(session: Session) -> Iterator[str]:
    """`show processes cpu`: everything is done by one process."""
    import resource

    load, spent = session.device[Load], int(session.device.clock.spent() * 1000)
    turns = max(resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw, 1)
    yield f"CPU utilization for five seconds: {load}"
    yield " PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process "
    shares = "".join(f"{load.over(seconds):>6.2f}%" for seconds in (5, 60, 300))
    yield f"{1:>4}{spent:>12}{turns:>12}{spent * 1000 // turns:>11}{shares}{session.number:>4} Exec             "


def cpu_sorted(session: Session) -> Iterator[str]:
    """`show processes cpu sorted`."""
    return cpu(session)


def memory_statistics(session: Session) -> Iterator[str]:
    """`show memory statistics`: of a 2911's memory, what the process takes."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    total = session.device[Chassis].model.memory[0] * 1024
    free = total - most
    yield "                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)"
    yield f"Processor{id(session.device) & 0xFFFFFFFF:>11X}{total:>12}{most:>12}{free:>12}{free:>12}{free:>12}"
