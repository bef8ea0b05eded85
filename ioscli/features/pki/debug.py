"""Events of PKI engines as debugging output: what a line says, an engine did."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

from ioscli.device.device import Device
from ioscli.features.pki import events

SERVER, SCEP = "pki.server", "pki.scep"


@singledispatch
def lines(event: events.Event, device: Device) -> Iterator[tuple[str, str]]:
    """The lines of an event: flag and text."""
    return iter(())


# The certificate server (pki-cli 3.9; wording of the manual's samples, by memory, unless a capture has it).


@lines.register
def _(event: events.Signalled, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: enter FSM: input state {event.state}, input signal {event.signal}"
    yield SERVER, f"CRYPTO_CS: exit FSM: new state {event.new}"


@lines.register
def _(event: events.ServerEnabled, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: Certificate server '{event.name}' now enabled"


@lines.register
def _(event: events.ServerDisabled, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: Certificate server '{event.name}' now disabled"


@lines.register
def _(event: events.ServerCheckFailed, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, "CRYPTO_CS: starting enabling checks"
    if event.reason.startswith("HTTP"):
        yield SERVER, "CRYPTO_CS: HTTP server not enabled, initialization failed."
    else:
        yield SERVER, f"CRYPTO_CS: {event.reason}"


@lines.register
def _(event: events.SerialWritten, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: serial number 0x{event.serial:X} written."


@lines.register
def _(event: events.CrlIssued, device: Device) -> Iterator[tuple[str, str]]:
    from ioscli.features.pki.dump import dump

    text = "\n".join(dump(event.data))
    yield SERVER, f"CRYPTO_CS: updated crl in memory .. \n{text}"


@lines.register
def _(event: events.ScepRequested, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, "CRYPTO_CS: received a SCEP request"
    yield SERVER, f"CRYPTO_CS: received a SCEP {event.operation} request"
    yield SCEP, f"PKI-SCEP: {event.operation} from {event.peer}"


@lines.register
def _(event: events.ScepMessageRead, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: scep msg type - {event.kind}"
    yield SERVER, f"CRYPTO_CS: trans id - {event.transaction}"


@lines.register
def _(event: events.ScepMessageRefused, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: failed to process SCEP message: {event.reason} ({event.fail})"


@lines.register
def _(event: events.ScepUnreadable, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: failed to read SCEP request: {event.reason}"


@lines.register
def _(event: events.RequestOpened, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: scep: opened, reqID={event.number} state=initial"


@lines.register
def _(event: events.RequestChanged, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: reqID={event.number} {event.state}, fingerprint={event.fingerprint}"


@lines.register
def _(event: events.RequestExpired, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: reqID={event.number} expired"


@lines.register
def _(event: events.CertificateRevoked, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: certificate 0x{event.serial:X} revoked"


@lines.register
def _(event: events.ShadowMade, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: shadow certificate of '{event.name}' generated, serial number 0x{event.serial:X}"


@lines.register
def _(event: events.RolledOver, device: Device) -> Iterator[tuple[str, str]]:
    yield SERVER, f"CRYPTO_CS: '{event.name}' now uses its rollover certificate"
