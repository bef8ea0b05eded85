"""`crypto pki benchmark`: how long enrolments and validations take. The layout of its table is our own."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki import client_events as events
from ioscli.features.pki.events import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.events import Event


@dataclass(slots=True)
class Record:
    """One session. `began`, `took`: in seconds, of the time since the start."""

    number: int
    began: float
    took: float | None = None
    failed: bool = False


class Benchmarks:
    """The records of a router. `limit`: how many there may be; 0 for no limit. `wrap`: then the oldest goes."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.running = False
        self.limit = 0
        self.wrap = False
        self.records: deque[Record] = deque()
        device[Tally].listeners.append(self._heard)

    def _heard(self, event: Event) -> None:
        now = self.device.clock.uptime
        match event:
            case events.SessionStarted() if self.running and (self.wrap or not self.limit or len(self.records) < self.limit):
                if self.limit and len(self.records) == self.limit:
                    self.records.popleft()
                self.records.append(Record(event.number, now))
            case events.SessionEnded():
                for record in self.records:
                    if record.number == event.number:
                        record.took = now - record.began
            case events.ValidationFailed() | events.EnrolmentFailed() | events.EnrolmentRejected():
                if self.records:
                    self.records[-1].failed = True


def start(session: Session, *, records: str, wrap: str | None) -> None:
    """`crypto pki benchmark start`."""
    found = session.device[Benchmarks]
    if found.running:
        raise Refused("% PKI benchmarking is running already.")
    found.running, found.limit, found.wrap = True, int(records), wrap is not None
    found.records.clear()


def stop(session: Session) -> None:
    """`crypto pki benchmark stop`: what was recorded stays."""
    session.device[Benchmarks].running = False


def show(session: Session, *, failures: str | None) -> Iterator[str]:
    """`show crypto pki benchmarks`."""
    found = session.device[Benchmarks]
    done = [record for record in found.records if record.took is not None and (record.failed or failures is None)]
    yield f"PKI benchmarking is {'running' if found.running else 'stopped'}, {len(found.records)} records"
    yield f"{'Session':<10}{'Seconds':>10}  Result"
    yield from (f"{record.number:<10}{record.took:>10.3f}  {'failed' if record.failed else 'passed'}" for record in done)
