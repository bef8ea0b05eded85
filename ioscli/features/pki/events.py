"""What PKI engines did, in the words of the system log. Engines speak through these only.

`emit` writes the log's line where an event has one, has it rendered for debugging flags that are on, and counts it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.device.device import Device


class Syslog(NamedTuple):
    """A line of the system log: `%PKI-severity-mnemonic: text`."""

    severity: int
    mnemonic: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """What an engine did."""

    def syslog(self) -> Syslog | None:
        """What the log says of it; None for nothing."""
        return None


class Tally:
    """How often each kind of event was seen since the start, or since `clear crypto pki counters`."""

    def __init__(self, device: Device) -> None:
        self.counts: Counter[type[Event]] = Counter()
        self.listeners: list[Callable[[Event], None]] = []

    def __getitem__(self, kind: type[Event]) -> int:
        return self.counts[kind]


def emit(device: Device, event: Event) -> None:
    """Tells of an event."""
    tally = device[Tally]
    tally.counts[type(event)] += 1
    for listener in tally.listeners:
        listener(event)
    line = event.syslog()
    if line is not None:
        device.log.message("PKI", *line)
    if device.debugs:
        from ioscli.features.pki.client_debug import lines

        for flag, text in lines(event, device):
            if flag in device.debugs:
                device.log.debug(text)


# ---- the certificate server: what it is


@dataclass(frozen=True, slots=True)
class ServerEnabled(Event):
    name: str

    def syslog(self) -> Syslog:
        return Syslog(6, "CS_ENABLED", "Certificate server now enabled.")


@dataclass(frozen=True, slots=True)
class ServerDisabled(Event):
    name: str

    def syslog(self) -> Syslog:
        return Syslog(6, "CS_DISABLED", "Certificate server now disabled.")


@dataclass(frozen=True, slots=True)
class ServerCheckFailed(Event):
    """It should be enabled, and cannot be. `reason`: as `show crypto pki server` has it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class AllGranted(Event):
    """`grant auto` is in force."""

    def syslog(self) -> Syslog:
        return Syslog(6, "CS_GRANT_AUTO", "All enrollment requests will be automatically granted.")


@dataclass(frozen=True, slots=True)
class AgentsGranted(Event):
    """`grant ra-auto` is in force."""

    def syslog(self) -> Syslog:
        return Syslog(6, "CS_GRANT_RA", "All enrollment requests from RAs will be automatically granted.")


@dataclass(frozen=True, slots=True)
class StorageLost(Event):
    """Where the server must write, it cannot."""

    name: str
    place: str
    reason: str

    def syslog(self) -> Syslog:
        return Syslog(3, "CS_CRIT_STORAGE", f"Critical certificate server storage, {self.place}, is inaccessible, server disabled.")


@dataclass(frozen=True, slots=True)
class PublishFailed(Event):
    """A copy could not be put where it should be published."""

    name: str
    place: str
    reason: str

    def syslog(self) -> Syslog:
        return Syslog(4, "CS_PUBLISH_STORAGE", f"Publish certificate server storage, {self.place}, is inaccessible.")


# ---- the certificate server: what it does


@dataclass(frozen=True, slots=True)
class Signalled(Event):
    """Its state machine took a step."""

    state: str
    signal: str
    new: str


@dataclass(frozen=True, slots=True)
class SerialWritten(Event):
    serial: int


@dataclass(frozen=True, slots=True)
class CrlIssued(Event):
    """`data`: the CRL."""

    entries: int
    data: bytes


@dataclass(frozen=True, slots=True)
class ScepRequested(Event):
    """A SCEP operation came in over HTTP."""

    operation: str
    peer: str


@dataclass(frozen=True, slots=True)
class ScepMessageRead(Event):
    """A pkiMessage was verified and opened. `kind`: its number."""

    kind: int
    transaction: str


@dataclass(frozen=True, slots=True)
class ScepMessageRefused(Event):
    """A message that is not taken. `fail`: the word of its failInfo. The log's line is ours: routers tell the requester only."""

    transaction: str
    reason: str
    fail: str

    def syslog(self) -> Syslog:
        return Syslog(4, "CS_SCEP_REFUSED", f"SCEP message refused: {self.reason[:160]} ({self.fail})")


@dataclass(frozen=True, slots=True)
class ScepUnreadable(Event):
    """What came cannot even be answered."""

    reason: str


@dataclass(frozen=True, slots=True)
class RequestOpened(Event):
    number: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RequestChanged(Event):
    """`state`: the new one. `serial`: of the certificate, where one was issued."""

    number: int
    state: str
    fingerprint: str
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class RequestExpired(Event):
    number: int


@dataclass(frozen=True, slots=True)
class CertificateRevoked(Event):
    serial: int


@dataclass(frozen=True, slots=True)
class ShadowMade(Event):
    """The certificate that follows the authority's own one is there. `serial`: its number."""

    name: str
    serial: int


@dataclass(frozen=True, slots=True)
class RolledOver(Event):
    """The shadow certificate took the place of the authority's."""

    name: str
