"""The client's half of SCEP: a transaction that makes its messages and reads the answers.

caps = Capabilities.parse(body of GetCACaps); ca = parse_ca_reply(content type, body of GetCACert)
enrolment = Transaction.enrol(request, signer, ca, random, terms=Terms.for_server(caps))
enrolment.message() goes out as PKIOperation; enrolment.receive(body, now) is Issued, Pending or Rejected
after Pending: enrolment.poll() goes out, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ioscli.wire import cms, der
from ioscli.wire.algorithms import DIGESTS, cipher_named, digest_named
from ioscli.wire.errors import LocalError, RemoteError, SignatureError
from ioscli.wire.scep import messages as m
from ioscli.wire.scep.codec import build_message, parse_certificates, parse_message, verified_signer
from ioscli.wire.x509 import extensions as ext
from ioscli.wire.x509.certificate import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.wire.identity import Identity
    from ioscli.wire.x509.crl import Crl
    from ioscli.wire.x509.request import Request


@dataclass(frozen=True, slots=True)
class CaCertificates:
    """What GetCACert gave: the CA, who signs replies, whom requests are enciphered for (all one without an RA), and all of them in order."""

    ca: Certificate
    signer: Certificate
    recipient: Certificate
    all: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """Success. `certificate` is ours if we asked for one; `crl` is what GetCRL asked for."""

    certificate: Certificate | None
    certificates: tuple[Certificate, ...]
    crl: Crl | None


@dataclass(frozen=True, slots=True)
class Pending:
    """Ask again later, with poll()."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """No. fail_info may be a number that RFC 8894 does not know, or missing."""

    fail_info: int | None
    text: str | None = None

    @property
    def word(self) -> str:
        return next((each.word for each in m.FailInfo if each == self.fail_info), f"unknown ({self.fail_info})")


Answer = Issued | Pending | Rejected


def parse_ca_reply(content_type: str, body: bytes) -> CaCertificates:
    """From GetCACert. Bare DER or certs-only is told by the octets, not by content_type, which servers get wrong. RemoteError."""
    _ = content_type
    try:
        certificates = [Certificate.parse(body)]
    except RemoteError:
        certificates, _crls = parse_certificates(body)
    if not certificates:
        raise RemoteError("there is no certificate in the answer")
    authorities = [each for each in certificates if each.extensions.ca or each.self_issued] or certificates
    others = [each for each in certificates if each not in authorities]
    # The order means nothing (RFC 8894 4.2.1.2). Ours is the CA that the others are issued by; among CAs the lowest.
    above = [each for each in authorities if any(each is not other and other.issuer.matches(each.subject) for other in authorities)]
    lowest = next((each for each in authorities if each not in above), authorities[0])
    ca = next((each for each in authorities if any(other.issued_by(each) for other in others)), lowest)
    agents = [each for each in others if each.issued_by(ca)]
    signer = next((each for each in agents if _may(each, ext.DIGITAL_SIGNATURE)), ca)
    recipient = next((each for each in agents if _may(each, ext.KEY_ENCIPHERMENT)), ca)
    return CaCertificates(ca, signer, recipient, tuple(certificates))


def _may(certificate: Certificate, usage: int) -> bool:
    return certificate.extensions.key_usage is None or bool(certificate.extensions.key_usage & usage)


def parse_next_ca_reply(body: bytes, ca: CaCertificates, *, legacy: bool = False) -> list[Certificate]:
    """From GetNextCACert: the shadow certificates, after the present CA's (or RA's) signature is verified. SignatureError, RemoteError."""
    signed = cms.parse_signed(body)
    if len(signed.signers) != 1 or signed.content is None:
        raise RemoteError("the answer is not signed")
    info = signed.signers[0]
    signer = next((each for each in (ca.ca, ca.signer) if info.is_of(each)), None)
    if signer is None:
        raise SignatureError("the answer is signed by somebody else")
    cms.verify_signed(signed, info, signer.public_key, legacy=legacy)
    return parse_certificates(signed.content)[0]


def transaction_of(spki: bytes) -> str:
    """The transaction identifier that IOS makes: MD5 of the public key, 32 hex digits (a name, not a protection)."""
    return DIGESTS["md5"].of(spki).hex().upper()


@dataclass(frozen=True, slots=True)
class Terms:
    """Digest and cipher of our messages, by name; legacy allows single DES and MD5, in ours and in answers."""

    digest: str = "sha256"
    cipher: str = "aes128"
    legacy: bool = False

    @classmethod
    def for_server(cls, capabilities: m.Capabilities, *, legacy: bool = False) -> Terms:
        return cls(capabilities.digest, capabilities.cipher, legacy)


DEFAULT_TERMS = Terms()


@dataclass(slots=True)
class Transaction:
    """One exchange, from a request to its end. Make it with enrol, get_cert or get_crl.

    Only sender nonces change between its messages (RFC 8894 3.2.1.1).
    """

    kind: m.MessageType
    identifier: str
    signer: Identity
    ca: CaCertificates
    random: Callable[[int], bytes] = field(repr=False)
    terms: Terms
    content: bytes = field(repr=False)
    request: Request | None = None
    serial: int | None = None
    nonce: bytes | None = field(default=None, repr=False)

    @classmethod
    def enrol(
        cls,
        request: Request,
        signer: Identity,
        ca: CaCertificates,
        random: Callable[[int], bytes],
        *,
        kind: m.MessageType = m.MessageType.PKCS_REQ,
        identifier: str | None = None,
        terms: Terms = DEFAULT_TERMS,
    ) -> Transaction:
        """signer: a self-signed certificate of the request's key, or for RENEWAL_REQ the certificate that is renewed."""
        return cls(kind, identifier or transaction_of(request.spki), signer, ca, random, terms, request.der, request=request)

    @classmethod
    def get_cert(cls, serial: int, signer: Identity, ca: CaCertificates, random: Callable[[int], bytes], terms: Terms = DEFAULT_TERMS) -> Transaction:
        """The certificate of that serial number; signer holds a certificate of the CA."""
        content = der.sequence(ca.ca.subject.der, der.integer(serial))
        return cls(m.MessageType.GET_CERT, transaction_of(signer.certificate.spki), signer, ca, random, terms, content, serial=serial)

    @classmethod
    def get_crl(
        cls, certificate: Certificate, signer: Identity, ca: CaCertificates, random: Callable[[int], bytes], terms: Terms = DEFAULT_TERMS
    ) -> Transaction:
        """The CRL that covers certificate."""
        content = der.sequence(certificate.issuer.der, der.integer(certificate.serial))
        return cls(m.MessageType.GET_CRL, transaction_of(signer.certificate.spki), signer, ca, random, terms, content)

    def message(self) -> bytes:
        """The first message, DER for PKIOperation. Each call makes a new nonce."""
        return self._message(self.kind, self.content)

    def poll(self) -> bytes:
        """CertPoll after Pending (RFC 8894 3.3.3). LocalError if this is no enrolment."""
        if self.request is None:
            raise LocalError("only an enrolment can be asked after")
        return self._message(m.MessageType.CERT_POLL, der.sequence(self.ca.ca.subject.der, self.request.subject.der))

    def _message(self, kind: m.MessageType, content: bytes) -> bytes:
        self.nonce = self.random(m.NONCE)
        cipher = cipher_named(self.terms.cipher, legacy=self.terms.legacy)
        return build_message(
            kind,
            self.identifier,
            self.signer,
            digest_named(self.terms.digest, legacy=self.terms.legacy),
            sender_nonce=self.nonce,
            envelope=cms.build_enveloped(content, self.ca.recipient, cipher, self.random),
            certificates=[self.signer.certificate],
        )

    def receive(self, data: bytes) -> Answer:
        """The answer to the latest message. SignatureError if it is not the CA's or not for this message; RemoteError if it makes no sense."""
        message = parse_message(data)
        signer = self.ca.signer if message.signed.signers[0].is_of(self.ca.signer) else self.ca.ca
        verified_signer(message, signer, legacy=self.terms.legacy)
        if message.message_type != m.MessageType.CERT_REP:
            raise RemoteError("the answer is no CertRep")
        if message.transaction != self.identifier:
            raise SignatureError("the answer belongs to another transaction")
        if self.nonce is None or message.recipient_nonce != self.nonce:
            raise SignatureError("the answer belongs to another message")  # RFC 8894 3.2.1.5: no replays
        if message.status == m.PkiStatus.PENDING:
            return Pending()
        if message.status == m.PkiStatus.FAILURE:
            return Rejected(message.fail_info, message.fail_text)
        if message.status != m.PkiStatus.SUCCESS or message.envelope is None:
            raise RemoteError("the answer has no status")
        envelope = cms.parse_enveloped(message.envelope)
        content = cms.open_enveloped(envelope, [self.signer], legacy=self.terms.legacy)
        certificates, crls = parse_certificates(content)
        return self._success(certificates, crls)

    def _success(self, certificates: list[Certificate], crls: list[Crl]) -> Issued:
        if self.kind == m.MessageType.GET_CRL:
            if not crls:
                raise RemoteError("there is no CRL in the answer")
            return Issued(None, tuple(certificates), crls[0])
        if self.request is not None:
            spki = self.request.spki
            found = next((each for each in certificates if each.spki == spki), None)
        else:
            found = next((each for each in certificates if each.serial == self.serial), None)
        if found is None:
            raise RemoteError("the certificate that was asked for is not in the answer")
        found.verify_issued_by(self.ca.ca)
        return Issued(found, tuple(certificates), crls[0] if crls else None)
