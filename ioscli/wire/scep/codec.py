"""pkiMessage (RFC 8894 3): SignedData with SCEP's attributes around EnvelopedData."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, unquote_to_bytes

from ioscli.wire import cms, der
from ioscli.wire.errors import RemoteError, SignatureError
from ioscli.wire.scep import messages as m
from ioscli.wire.x509.certificate import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ioscli.wire.algorithms import Digest, PublicKey
    from ioscli.wire.identity import Identity
    from ioscli.wire.x509.crl import Crl

_ESCAPES = (("%0A", "\n"), ("%2B", "+"), ("%2F", "/"), ("%3D", "="), ("%0D", "\r"))
_ALPHABET = bytes.maketrans(b"-_ ", b"+/+")
_TEXT_LENGTH = 1024  # of attributes that are text; certmonger's transaction identifiers have 77 digits


@dataclass(frozen=True, slots=True)
class PkiMessage:
    """One pkiMessage, read but not verified. `signers` are the certificates that it carries and that its signer is; none if that is missing."""

    message_type: int
    transaction: str
    sender_nonce: bytes | None
    recipient_nonce: bytes | None
    status: int | None
    fail_info: int | None
    fail_text: str | None
    signing_time: datetime | None
    signer: Certificate | None
    envelope: bytes | None = field(repr=False)  # DER of the EnvelopedData
    signed: cms.SignedData = field(repr=False)

    def verify(self, key: PublicKey, *, legacy: bool = False) -> Digest:
        """The digest used. SignatureError, UnsupportedAlgorithmError."""
        return cms.verify_signed(self.signed, self.signed.signers[0], key, legacy=legacy)


def parse_message(data: bytes) -> PkiMessage:
    """RemoteError if it is no pkiMessage with type, transaction identifier and one signer."""
    signed = cms.parse_signed(data)
    if len(signed.signers) != 1:
        raise RemoteError("a message has not exactly one signer")
    info = signed.signers[0]
    attributes = info.attributes

    def text(oid: str) -> str | None:
        value = attributes.get(oid)
        if value is None:
            return None
        if len(value) > _TEXT_LENGTH:
            raise RemoteError("an attribute is too long")
        return der.Reader(value).string()

    def number(oid: str) -> int | None:
        found = text(oid)
        if found is not None and not (found.isascii() and found.isdigit() and len(found) < 4):
            raise RemoteError("an attribute is no number")
        return None if found is None else int(found)

    def octets(oid: str) -> bytes | None:
        value = attributes.get(oid)
        return None if value is None else der.Reader(value).body(der.OCTET_STRING)

    message_type, transaction, time = number(m.MESSAGE_TYPE), text(m.TRANSACTION_ID), attributes.get(cms.SIGNING_TIME)
    if message_type is None or not transaction:
        raise RemoteError("a message lacks its type or its transaction")
    return PkiMessage(
        message_type=message_type,
        transaction=transaction,
        sender_nonce=octets(m.SENDER_NONCE),
        recipient_nonce=octets(m.RECIPIENT_NONCE),
        status=number(m.PKI_STATUS),
        fail_info=number(m.FAIL_INFO),
        fail_text=text(m.FAIL_INFO_TEXT),
        signing_time=None if time is None else der.Reader(time).time(),
        signer=_signer(signed.certificates, info),
        envelope=signed.content or None,
        signed=signed,
    )


def _signer(certificates: tuple[bytes, ...], info: cms.SignerInfo) -> Certificate | None:
    for each in certificates:
        certificate = Certificate.parse(each)
        if info.is_of(certificate):
            return certificate
    return None


def build_message(
    message_type: m.MessageType,
    transaction: str,
    identity: Identity,
    digest: Digest,
    *,
    sender_nonce: bytes,
    recipient_nonce: bytes | None = None,
    status: m.PkiStatus | None = None,
    fail_info: m.FailInfo | None = None,
    fail_text: str | None = None,
    envelope: bytes | None = None,
    certificates: Iterable[Certificate] = (),
) -> bytes:
    """DER of a pkiMessage, signed by identity, carrying those certificates."""
    attributes = [
        (m.MESSAGE_TYPE, der.string(der.PRINTABLE_STRING, str(int(message_type)))),
        (m.TRANSACTION_ID, der.string(der.PRINTABLE_STRING if transaction.isascii() else der.UTF8_STRING, transaction)),
        (m.SENDER_NONCE, der.octets(sender_nonce)),
    ]
    if recipient_nonce is not None:
        attributes.append((m.RECIPIENT_NONCE, der.octets(recipient_nonce)))
    if status is not None:
        attributes.append((m.PKI_STATUS, der.string(der.PRINTABLE_STRING, str(int(status)))))
    if fail_info is not None:
        attributes.append((m.FAIL_INFO, der.string(der.PRINTABLE_STRING, str(int(fail_info)))))
    if fail_text is not None:
        attributes.append((m.FAIL_INFO_TEXT, der.string(der.UTF8_STRING, fail_text)))
    return cms.build_signed(envelope, identity, digest, attributes, certificates)


def parse_certificates(data: bytes) -> tuple[list[Certificate], list[Crl]]:
    """What a certs-only SignedData carries. RemoteError."""
    from ioscli.wire.x509.crl import Crl

    signed = cms.parse_signed(data)
    return [Certificate.parse(each) for each in signed.certificates], [Crl.parse(each) for each in signed.crls]


# ---- HTTP (RFC 8894 4)


@dataclass(frozen=True, slots=True)
class Query:
    """One request as HTTP carries it. `message` is DER for PKIOperation, else the CA's identifier as octets."""

    operation: m.Operation
    message: bytes = field(repr=False)


def parse_query(target: str, body: bytes | None = None) -> Query:
    """From a request target (`/cgi-bin/pkiclient.exe?operation=...`) and the body of a POST. RemoteError if it makes no sense."""
    _, _, text = target.partition("?")
    parameters: dict[str, str] = {}
    for pair in text.split("&"):
        name, _, value = pair.partition("=")  # base64 ends in "=" too: only the first one divides
        parameters.setdefault(name.lower(), value)
    wanted = unquote_to_bytes(parameters.get("operation", "")).decode("latin-1").lower()
    operation = next((each for each in m.Operation if each.value.lower() == wanted), None)
    if operation is None:
        raise RemoteError("the operation is unknown")
    if body is not None and operation is m.Operation.PKI_OPERATION and body:
        return Query(operation, body)
    message = parameters.get("message", "")
    if operation is m.Operation.PKI_OPERATION:
        return Query(operation, decode_base64(_unescaped(message)))
    return Query(operation, unquote_to_bytes(message))


def _unescaped(text: str) -> bytes:
    """As unquote_to_bytes, faster for what is escaped of base64."""
    for escape, letter in _ESCAPES:
        text = text.replace(escape, letter)
    return unquote_to_bytes(text)


def decode_base64(text: bytes) -> bytes:
    """Tolerant: line breaks, missing padding, the URL alphabet, and a `+` that somebody made a blank. RemoteError if it is none."""
    text = text.strip().translate(_ALPHABET, b"\r\n\t").rstrip(b"=")
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise RemoteError("the message is not base64") from error


def query_target(path: str, operation: m.Operation, message: bytes = b"", *, in_body: bool = False) -> str:
    """The request target for an operation; for PKIOperation the message in base64, 64 letters a line and all escaped, as IOS sends it.

    in_body: the message goes into a POST's body instead.
    """
    if in_body:
        return f"{path}?operation={operation.value}"
    if operation is m.Operation.PKI_OPERATION:
        text = base64.b64encode(message)
        message = b"\n".join(text[at : at + 64] for at in range(0, len(text), 64)) + b"\n"
    return f"{path}?operation={operation.value}&message={quote_from_bytes(message, safe='')}"


def verified_signer(message: PkiMessage, certificate: Certificate, *, legacy: bool) -> Digest:
    """SignatureError unless certificate signed the message."""
    if not message.signed.signers[0].is_of(certificate):
        raise SignatureError("the message is signed by somebody else")
    return message.verify(certificate.public_key, legacy=legacy)
