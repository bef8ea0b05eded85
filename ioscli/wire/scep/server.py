"""The server's half of SCEP: messages in, events out; the caller decides, and has its decision made into a message.

Every message ends in exactly one event: a request that is verified and open, or a Refused that says why not. A message that cannot
even be answered (no transaction, no signer) raises RemoteError; HTTP then says 400.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from ioscli.wire import cms, der
from ioscli.wire.algorithms import DIGESTS, ContentCipher, Digest
from ioscli.wire.errors import LocalError, RemoteError, SignatureError, UnsupportedAlgorithmError, WrongRecipientError
from ioscli.wire.names import Name
from ioscli.wire.scep import messages as m
from ioscli.wire.scep.codec import PkiMessage, Query, build_message, parse_message
from ioscli.wire.x509.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ioscli.wire.identity import Identity
    from ioscli.wire.x509.certificate import Certificate
    from ioscli.wire.x509.crl import Crl


class Standing(Enum):
    """Who the signer of a request is to us."""

    SELF_SIGNED = "self-signed"  # a first enrolment (RFC 8894 2.3)
    ISSUED = "issued"  # holds a certificate of ours: renewal, query, or a registration authority
    FOREIGN = "foreign"  # holds somebody else's


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom a message is from, and how its answer must look. The cipher is None if the message did not get that far."""

    transaction: str
    message_type: int
    sender_nonce: bytes | None
    signing_time: datetime | None
    signer: Certificate
    standing: Standing
    digest: Digest
    cipher: ContentCipher | None


@dataclass(frozen=True, slots=True)
class PkcsReq:
    """PKCSReq, RenewalReq and UpdateReq: a request whose own signature is verified. origin.message_type tells them apart."""

    origin: Origin
    request: Request

    @property
    def same_key(self) -> bool:
        """True if the message is signed with the key of the request: the requester itself, not an authority, not a renewal with a new key."""
        return self.origin.signer.spki == self.request.spki


@dataclass(frozen=True, slots=True)
class CertPoll:
    """GetCertInitial: what became of origin.transaction?"""

    origin: Origin
    issuer: Name
    subject: Name


@dataclass(frozen=True, slots=True)
class GetCert:
    """GetCert: the certificate of that serial number."""

    origin: Origin
    issuer: Name
    serial: int


@dataclass(frozen=True, slots=True)
class GetCrl:
    """GetCRL: the CRL that covers the certificate of that issuer and serial number."""

    origin: Origin
    issuer: Name
    serial: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is not taken. Answer it with `failure(event)`, and count it."""

    origin: Origin
    refusal: m.Refusal
    detail: str


@dataclass(frozen=True, slots=True)
class CaQuery:
    """GetCACert, GetCACaps, GetNextCACert, or GetCRL without a pkiMessage. `ca` is the identifier that the client gave."""

    operation: m.Operation
    ca: str


Event = PkcsReq | CertPoll | GetCert | GetCrl | Refused | CaQuery
_OPEN = {m.MessageType.PKCS_REQ, m.MessageType.RENEWAL_REQ, m.MessageType.UPDATE_REQ}


@dataclass(frozen=True, slots=True)
class Reply:
    """What HTTP carries back, with status 200."""

    content_type: str
    body: bytes = field(repr=False)


class ScepServer:
    """One CA or RA. No state but who it is: transactions are the caller's.

    identity signs replies and opens requests; `chain` is what GetCACert hands out behind its certificate (an RA's CA first).
    encryption: a second identity that opens requests (an RA with two certificates). trusted: certificates whose holders count as ISSUED
    (default: the CA's own, or the first of the chain of an RA). random(n) gives n octets. legacy allows single DES and MD5.
    """

    def __init__(
        self,
        identity: Identity,
        random: Callable[[int], bytes],
        *,
        chain: Sequence[Certificate] = (),
        encryption: Identity | None = None,
        trusted: Sequence[Certificate] = (),
        capabilities: m.Capabilities = m.SERVER_CAPABILITIES,
        legacy: bool = False,
    ) -> None:
        self.identity = identity
        self.chain = tuple(chain)
        self.encryption = encryption
        is_ca = identity.certificate.extensions.ca
        self.trusted = tuple(trusted) or ((identity.certificate,) if is_ca else self.chain[:1])
        self.capabilities = capabilities
        self.legacy = legacy
        self._random = random

    def receive(self, query: Query, now: datetime) -> Event:
        """RemoteError if nothing in it can be answered."""
        if query.operation is m.Operation.PKI_OPERATION:
            return self.receive_message(query.message, now)
        return CaQuery(query.operation, query.message[:256].decode("latin-1"))

    def receive_message(self, data: bytes, now: datetime) -> Event:
        message = parse_message(data)
        signer = message.signer
        if signer is None:
            raise RemoteError("the signer's certificate is missing")
        key = signer.public_key  # a key that cannot be loaded cannot be answered either
        try:
            digest = message.verify(key, legacy=self.legacy)
        except UnsupportedAlgorithmError as error:
            return Refused(self._origin(message, signer, DIGESTS["sha256"], None), m.Refusal.UNKNOWN_ALGORITHM, str(error))
        except SignatureError as error:
            return Refused(self._origin(message, signer, DIGESTS["sha256"], None), m.Refusal.FORGED, str(error))
        if now > signer.not_after:
            return Refused(self._origin(message, signer, digest, None), m.Refusal.SIGNER_EXPIRED, f"not after {signer.not_after}")
        if now < signer.not_before:
            return Refused(self._origin(message, signer, digest, None), m.Refusal.SIGNER_NOT_YET_VALID, f"not before {signer.not_before}")
        return self._open(message, signer, digest)

    def _origin(self, message: PkiMessage, signer: Certificate, digest: Digest, cipher: ContentCipher | None) -> Origin:
        # Whether such a certificate's own signature fits is of no interest: its key has signed the message.
        if signer.self_issued:
            standing = Standing.SELF_SIGNED
        elif any(signer.issued_by(each) for each in self.trusted):
            standing = Standing.ISSUED
        else:
            standing = Standing.FOREIGN
        if signer in self.trusted:
            standing = Standing.ISSUED  # the CA itself
        return Origin(message.transaction, message.message_type, message.sender_nonce, message.signing_time, signer, standing, digest, cipher)

    def _open(self, message: PkiMessage, signer: Certificate, digest: Digest) -> Event:
        cipher = None
        try:
            if message.envelope is None:
                raise RemoteError("there is no content")
            envelope = cms.parse_enveloped(message.envelope)
            cipher = envelope.cipher(legacy=self.legacy)
            identities = [self.identity] if self.encryption is None else [self.encryption, self.identity]
            content = cms.open_enveloped(envelope, identities, legacy=self.legacy)
        except UnsupportedAlgorithmError as error:
            return Refused(self._origin(message, signer, digest, cipher), m.Refusal.UNKNOWN_ALGORITHM, str(error))
        except WrongRecipientError as error:
            return Refused(self._origin(message, signer, digest, cipher), m.Refusal.WRONG_RECIPIENT, str(error))
        except RemoteError as error:
            return Refused(self._origin(message, signer, digest, cipher), m.Refusal.UNREADABLE, str(error))
        return self._read(self._origin(message, signer, digest, cipher), content)

    def _read(self, origin: Origin, content: bytes) -> Event:
        try:
            if origin.message_type in _OPEN:
                request = Request.parse(content)
                # One key, loaded once, signs message and request in nearly all cases.
                key = origin.signer.public_key if request.spki == origin.signer.spki else None
                request.verify(legacy=self.legacy, key=key)
                return PkcsReq(origin, request)
            if origin.message_type == m.MessageType.CERT_POLL:
                return CertPoll(origin, *_issuer_and_subject(content))
            if origin.message_type == m.MessageType.GET_CERT:
                return GetCert(origin, *_issuer_and_serial(content))
            if origin.message_type == m.MessageType.GET_CRL:
                return GetCrl(origin, *_issuer_and_serial(content))
        except UnsupportedAlgorithmError as error:
            return Refused(origin, m.Refusal.UNKNOWN_ALGORITHM, str(error))
        except SignatureError as error:
            return Refused(origin, m.Refusal.NO_POSSESSION, str(error))
        except RemoteError as error:
            return Refused(origin, m.Refusal.BROKEN_CONTENT, str(error))
        return Refused(origin, m.Refusal.NOT_SUPPORTED, f"message type {origin.message_type}")

    # ---- replies

    def capabilities_reply(self) -> Reply:
        return Reply(m.CONTENT_TEXT, self.capabilities.format())

    def ca_reply(self) -> Reply:
        """One certificate as it is; with a chain, or a second one of an RA, all as certs-only (RFC 8894 4.2.1)."""
        all_certificates = [self.identity.certificate, *([self.encryption.certificate] if self.encryption else []), *self.chain]
        if len(all_certificates) == 1:
            return Reply(m.CONTENT_CA, all_certificates[0].der)
        return Reply(m.CONTENT_CA_RA, cms.build_certificates(each.der for each in all_certificates))

    def next_ca_reply(self, certificates: Sequence[Certificate], digest: str = "sha256") -> Reply:
        """GetNextCACert: the shadow certificates, signed by the present one (RFC 8894 4.7.1)."""
        content = cms.build_certificates(each.der for each in certificates)
        return Reply(m.CONTENT_NEXT_CA, cms.build_signed(content, self.identity, DIGESTS[digest], (), [self.identity.certificate]))

    def crl_reply(self, crl: Crl) -> Reply:
        """For a CaQuery of GetCRL (`cdp-url`)."""
        return Reply(m.CONTENT_CRL, crl.der)

    def success(self, event: PkcsReq | CertPoll | GetCert, certificates: Sequence[Certificate]) -> Reply:
        """The issued certificate first; the CA's may follow."""
        return self._success(event.origin, cms.build_certificates(each.der for each in certificates))

    def success_crl(self, event: GetCrl, crl: Crl) -> Reply:
        return self._success(event.origin, cms.build_certificates((), [crl.der]))

    def _success(self, origin: Origin, content: bytes) -> Reply:
        """RFC 8894 3.3.2.1: enciphered for the signer of the request, with the request's own cipher and digest."""
        if origin.cipher is None:
            raise LocalError("a refused message has no success")
        try:
            envelope = cms.build_enveloped(content, origin.signer, origin.cipher, self._random)
        except LocalError:
            # A signer with an EC key, or a tiny one, can be told nothing in secret.
            return self._reply(origin, m.PkiStatus.FAILURE, fail_info=m.FailInfo.BAD_ALG)
        return self._reply(origin, m.PkiStatus.SUCCESS, envelope=envelope)

    def pending(self, event: PkcsReq | CertPoll) -> Reply:
        return self._reply(event.origin, m.PkiStatus.PENDING)

    def failure(self, event: PkcsReq | CertPoll | GetCert | GetCrl | Refused, fail_info: m.FailInfo | None = None, text: str | None = None) -> Reply:
        """fail_info defaults to that of the refusal, else badRequest."""
        if fail_info is None:
            fail_info = event.refusal.fail_info if isinstance(event, Refused) else m.FailInfo.BAD_REQUEST
        return self._reply(event.origin, m.PkiStatus.FAILURE, fail_info=fail_info, fail_text=text)

    def _reply(
        self, origin: Origin, status: m.PkiStatus, *, envelope: bytes | None = None, fail_info: m.FailInfo | None = None, fail_text: str | None = None
    ) -> Reply:
        body = build_message(
            m.MessageType.CERT_REP,
            origin.transaction,
            self.identity,
            origin.digest,
            sender_nonce=self._random(m.NONCE),
            recipient_nonce=origin.sender_nonce,
            status=status,
            fail_info=fail_info,
            fail_text=fail_text,
            envelope=envelope,
            certificates=[self.identity.certificate],
        )
        return Reply(m.CONTENT_MESSAGE, body)


def _issuer_and_subject(content: bytes) -> tuple[Name, Name]:
    reader = der.whole(content)
    names = Name(reader.raw(der.SEQUENCE)), Name(reader.raw(der.SEQUENCE))
    _ = names[0].rdns, names[1].rdns
    return names


def _issuer_and_serial(content: bytes) -> tuple[Name, int]:
    reader = der.whole(content)
    name = Name(reader.raw(der.SEQUENCE))
    _ = name.rdns
    return name, reader.integer()
