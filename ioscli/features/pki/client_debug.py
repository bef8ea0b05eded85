"""Events of trustpoints as debugging output (pki-cli 3.9: names of steps as a captured event trace has them, wording of 15.x by memory)."""

from __future__ import annotations

from collections.abc import Iterator

from ioscli.device.device import Device
from ioscli.features.pki import client_events as events
from ioscli.features.pki.debug import SCEP, lines
from ioscli.wire.keys import hex_lines

__all__ = ["lines"]
TRANSACTIONS, MESSAGES, VALIDATION = "pki.transactions", "pki.messages", "pki.validation"
CALLBACKS, API = "pki.callbacks", "pki.api"


@lines.register
def _(event: events.SessionStarted, _device: Device) -> Iterator[tuple[str, str]]:
    yield API, f"CRYPTO_PKI_API: session {event.number} started"


@lines.register
def _(event: events.SessionEnded, _device: Device) -> Iterator[tuple[str, str]]:
    yield API, f"CRYPTO_PKI_API: session {event.number} ended"


@lines.register
def _(event: events.HttpSent, _device: Device) -> Iterator[tuple[str, str]]:
    if event.operation == "GetCACert":
        yield TRANSACTIONS, f"CRYPTO_PKI: Sending CA Certificate Request: \n{event.head}"
    else:
        yield TRANSACTIONS, f"CRYPTO_PKI: Sending {event.operation} request: \n{event.head}"
    yield TRANSACTIONS, "CRYPTO_PKI: http connection opened"


@lines.register
def _(event: events.HttpAnswered, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"CRYPTO_PKI:  received msg of {event.size} bytes"
    yield TRANSACTIONS, f"CRYPTO_PKI: HTTP response header:\n {event.head}"


@lines.register
def _(event: events.ServerUnreachable, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"CRYPTO_PKI: {event.trustpoint}: {event.reason}"
    yield TRANSACTIONS, "CRYPTO_PKI: status = 65535: failed to send out the pki message"


@lines.register
def _(event: events.AuthorityReceived, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, "CRYPTO_PKI: transaction GetCACert completed"
    yield TRANSACTIONS, "CRYPTO_PKI: CA certificate received."
    yield SCEP, f"PKI:{event.trustpoint}:Client received CA certificate."


@lines.register
def _(event: events.AuthorityRefused, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"CRYPTO_PKI: CA certificate cannot be read: {event.reason}"


@lines.register
def _(event: events.CapabilitiesReceived, _device: Device) -> Iterator[tuple[str, str]]:
    yield SCEP, f"PKI:{event.trustpoint}:Capabilities received : {', '.join(event.words)}"


@lines.register
def _(event: events.ScepSent, _device: Device) -> Iterator[tuple[str, str]]:
    yield SCEP, f"PKI:{event.trustpoint}:Client sending {event.kind}"
    yield MESSAGES, f"CRYPTO_PKI: {event.kind} of transaction {event.transaction}, {len(event.data)} bytes:\n" + "\n".join(hex_lines(event.data))


@lines.register
def _(event: events.ScepReceived, _device: Device) -> Iterator[tuple[str, str]]:
    told = {0: "100: certificate is granted", 2: "101: certificate request is rejected", 3: "102: certificate request pending"}
    yield SCEP, f"PKI:{event.trustpoint}:Client received CertRep - {event.word}."
    yield MESSAGES, f"CRYPTO_PKI: CertRep, {len(event.data)} bytes:\n" + "\n".join(hex_lines(event.data))
    yield TRANSACTIONS, "CRYPTO_PKI: signed attr: pki-message-type:\n 13 01 33"
    yield TRANSACTIONS, f"CRYPTO_PKI: signed attr: pki-status:\n 13 01 3{event.status}"
    yield TRANSACTIONS, f"CRYPTO_PKI: signed attr: pki-transaction-id: {event.transaction}"
    yield TRANSACTIONS, f"CRYPTO_PKI: status = {told[event.status]}"


@lines.register
def _(event: events.CertificateReceived, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, "CRYPTO_PKI: All enrollment requests completed."
    yield CALLBACKS, f"CRYPTO_PKI: trustpoint {event.trustpoint} has certificate {event.serial:02X}"


@lines.register
def _(event: events.EnrolmentRejected, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"CRYPTO_PKI: failInfo {event.fail}"
    yield TRANSACTIONS, "CRYPTO_PKI: All enrollment requests completed."


@lines.register
def _(event: events.EnrolmentFailed, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"CRYPTO_PKI: enrollment with {event.trustpoint} failed: {event.reason}"


@lines.register
def _(event: events.RenewalDue, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"PKI:{event.trustpoint}:renewal timer expired"


@lines.register
def _(event: events.SuccessorReceived, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"PKI:{event.trustpoint}:shadow CA certificate received, serial number {event.serial:02X}"


@lines.register
def _(event: events.AuthoritySucceeded, _device: Device) -> Iterator[tuple[str, str]]:
    yield TRANSACTIONS, f"PKI:{event.trustpoint}:rollover CA certificate is active"


@lines.register
def _(event: events.ValidationBegun, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: (peer) validating certificate {event.serial}, subject {event.subject}"


@lines.register
def _(event: events.TrustpointTried, _device: Device) -> Iterator[tuple[str, str]]:
    if event.reason:
        yield VALIDATION, f"CRYPTO_PKI: trustpoint {event.trustpoint} is not suitable: {event.reason}"
    else:
        yield VALIDATION, f"CRYPTO_PKI: Found a issuer match, trustpoint {event.trustpoint}"


@lines.register
def _(event: events.ValidationSucceeded, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: Certificate validated by trustpoint {event.trustpoint}"
    yield CALLBACKS, "CRYPTO_PKI: validation status: success"


@lines.register
def _(event: events.ValidationBypassed, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, "CRYPTO_PKI: Certificate validated without revocation check"


@lines.register
def _(event: events.ValidationFailed, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: Certificate {event.serial} not validated: {event.text}"
    yield CALLBACKS, "CRYPTO_PKI: validation status: failure"


@lines.register
def _(event: events.CrlChecked, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: Starting CRL revocation check of certificate {event.serial}"


@lines.register
def _(event: events.CrlWanted, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: Retrieving CRL of trustpoint {event.trustpoint} from {event.source}"


@lines.register
def _(event: events.CrlFetched, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: CRL of {event.size} bytes received and verified"


@lines.register
def _(event: events.CrlFetchFailed, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: CRL could not be retrieved: {event.reason}"


@lines.register
def _(event: events.OcspAsked, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: OCSP: asking {event.url}"


@lines.register
def _(event: events.OcspAnswered, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: OCSP: status is {event.status}"


@lines.register
def _(event: events.OcspFailed, _device: Device) -> Iterator[tuple[str, str]]:
    yield VALIDATION, f"CRYPTO_PKI: OCSP: no status: {event.reason}"
