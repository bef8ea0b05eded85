"""What PKI engines did, continued: trustpoints, the validation of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.features.pki.events import Event, Syslog

if TYPE_CHECKING:
    from datetime import datetime

    from ioscli.wire.x509 import Certificate

# ---- trustpoints: what a router does as a client


@dataclass(frozen=True, slots=True)
class SessionStarted(Event):
    """Somebody began to use PKI: an enrolment, or the validation of a chain."""

    number: int


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    number: int


@dataclass(frozen=True, slots=True)
class HttpSent(Event):
    """A request goes to a server. `head`: its lines, without what they carry."""

    trustpoint: str
    operation: str
    head: str


@dataclass(frozen=True, slots=True)
class HttpAnswered(Event):
    """`head`: status line and headers; `size`: octets of the body."""

    trustpoint: str
    head: str
    size: int


@dataclass(frozen=True, slots=True)
class ServerUnreachable(Event):
    """`reason`: why, for debugging; the log does not tell it."""

    trustpoint: str
    reason: str

    def syslog(self) -> Syslog:
        return Syslog(3, "SOCKETSEND", "Failed to send out message to CA server.")


@dataclass(frozen=True, slots=True)
class AuthorityReceived(Event):
    """GetCACert brought a certificate."""

    trustpoint: str


@dataclass(frozen=True, slots=True)
class AuthorityRefused(Event):
    """What GetCACert brought is no certificate."""

    trustpoint: str
    reason: str

    def syslog(self) -> Syslog:
        return Syslog(3, "INVALIDCACERT", "Failed to process CA certificate.")


@dataclass(frozen=True, slots=True)
class CapabilitiesReceived(Event):
    """`words`: as GetCACaps has them."""

    trustpoint: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScepSent(Event):
    """A pkiMessage goes out. `kind`: `PKCSReq`, `GetCertInitial` ...; `data`: its DER."""

    trustpoint: str
    kind: str
    transaction: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ScepReceived(Event):
    """A CertRep was verified. `status`: its pkiStatus, `word`: `GRANTED`, `PENDING`, `REJECTED`."""

    trustpoint: str
    status: int
    word: str
    transaction: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CertificateReceived(Event):
    """The router's own certificate came, and is stored."""

    trustpoint: str
    serial: int

    def syslog(self) -> Syslog:
        return Syslog(6, "CERTRET", "Certificate received from Certificate Authority")


@dataclass(frozen=True, slots=True)
class EnrolmentRejected(Event):
    """`fail`: the word of the answer's failInfo."""

    trustpoint: str
    fail: str

    def syslog(self) -> Syslog:
        return Syslog(6, "CERTREJECT", "Certificate enrollment request was rejected by Certificate Authority")


@dataclass(frozen=True, slots=True)
class EnrolmentFailed(Event):
    """It ended without an answer that helps: an unreadable one, or no more polls."""

    trustpoint: str
    reason: str

    def syslog(self) -> Syslog:
        return Syslog(3, "CERTRETFAIL", "Certificate enrollment failed.")


@dataclass(frozen=True, slots=True)
class NotSaved(Event):
    """Certificates or keys are new, and only in the running-config."""

    def syslog(self) -> Syslog:
        return Syslog(4, "NOCONFIGAUTOSAVE", 'Configuration was modified.  Issue "write memory" to save new IOS PKI configuration')


@dataclass(frozen=True, slots=True)
class ExpiryNear(Event):
    """A certificate of the router ends soon (wording by memory). `kind`: `ID` for its own, `CA` for that of its certificate server."""

    trustpoint: str
    certificate: Certificate
    renewed: bool
    now: datetime
    kind: str = "ID"

    def syslog(self) -> Syslog:
        own, left = self.certificate, self.certificate.not_after - self.now
        hours, seconds = divmod(left.seconds, 3600)
        when = f"{left.days} Days {hours} hours {seconds // 60} mins {seconds % 60} secs"
        lines = [
            f"{self.kind} Certificate belonging to trustpoint {self.trustpoint} will expire in {when}.",
            f"Issuer-name  : {own.issuer}",
            f"Subject-name : {own.subject}",
            f"Serial-number: {own.serial_hex}",
            f"Auto-Renewal : {'Enabled' if self.renewed else 'Not Enabled'}",
        ]
        return Syslog(4, "CERT_EXPIRY_WARNING", f"\n{' ' * 22}".join(lines))


@dataclass(frozen=True, slots=True)
class ClockMissing(Event):
    """The time was not set when PKI began."""

    def syslog(self) -> Syslog:
        text = "PKI functions can not be initialized until an authoritative time source, like NTP, can be obtained."
        return Syslog(2, "NON_AUTHORITATIVE_CLOCK", text)


@dataclass(frozen=True, slots=True)
class ClockSet(Event):
    def syslog(self) -> Syslog:
        return Syslog(6, "AUTHORITATIVE_CLOCK", "The system clock has been set.")


@dataclass(frozen=True, slots=True)
class RenewalDue(Event):
    trustpoint: str


@dataclass(frozen=True, slots=True)
class SuccessorReceived(Event):
    """GetNextCACert brought the certificate that follows the authority's."""

    trustpoint: str
    serial: int


@dataclass(frozen=True, slots=True)
class AuthoritySucceeded(Event):
    """The authority's next certificate took the place of the one that expired."""

    trustpoint: str


# ---- validation


@dataclass(frozen=True, slots=True)
class ValidationBegun(Event):
    subject: str
    serial: str


@dataclass(frozen=True, slots=True)
class TrustpointTried(Event):
    """`reason`: why its authority does not vouch for the chain, "" where it does."""

    trustpoint: str
    reason: str


@dataclass(frozen=True, slots=True)
class ValidationSucceeded(Event):
    trustpoint: str


@dataclass(frozen=True, slots=True)
class ValidationBypassed(Event):
    """Revocation was not asked for."""

    trustpoint: str


@dataclass(frozen=True, slots=True)
class ValidationFailed(Event):
    """`serial`: of the certificate at fault, in hexadecimal; `text`: what the log says behind it."""

    mnemonic: str
    serial: str
    text: str

    def syslog(self) -> Syslog:
        return Syslog(3, self.mnemonic, f"Certificate chain validation has failed.  {self.text}")


@dataclass(frozen=True, slots=True)
class CrlChecked(Event):
    serial: str


@dataclass(frozen=True, slots=True)
class CrlWanted(Event):
    """A revocation list is being fetched. `source`: its URL, `SCEP` for GetCRL."""

    trustpoint: str
    source: str


@dataclass(frozen=True, slots=True)
class CrlFetched(Event):
    trustpoint: str
    size: int


@dataclass(frozen=True, slots=True)
class CrlFetchFailed(Event):
    trustpoint: str
    reason: str

    def syslog(self) -> Syslog:
        return Syslog(3, "CRL_FETCH_FAIL", f"CRL fetch for trustpoint {self.trustpoint} failed\n{' ' * 22}Reason : {self.reason}")


@dataclass(frozen=True, slots=True)
class OcspAsked(Event):
    trustpoint: str
    url: str


@dataclass(frozen=True, slots=True)
class OcspAnswered(Event):
    """`status`: `good`, `revoked`, `unknown`."""

    trustpoint: str
    status: str


@dataclass(frozen=True, slots=True)
class OcspFailed(Event):
    trustpoint: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportFailed(Event):
    """A PKCS #12 file could not be taken."""

    trustpoint: str
    reason: str

    def syslog(self) -> Syslog:
        return Syslog(3, "PKCS12_IMPORT_FAILURE", f"PKCS #12 import failed for trustpoint: {self.trustpoint}. Reason: {self.reason}")
