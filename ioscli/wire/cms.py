"""CMS (RFC 5652): SignedData by one signer, certs-only SignedData, EnvelopedData for one RSA recipient. What SCEP and PKCS#7 files need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from ioscli.wire import der
from ioscli.wire.algorithms import ContentCipher, Digest, PublicKey, cipher_of, digest_of, sign, verify
from ioscli.wire.errors import LocalError, RemoteError, SignatureError, UnsupportedAlgorithmError, WrongRecipientError
from ioscli.wire.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ioscli.wire.identity import Identity
    from ioscli.wire.x509.certificate import Certificate

_PKCS7, _PKCS9 = "1.2.840.113549.1.7.", "1.2.840.113549.1.9."
DATA, SIGNED_DATA, ENVELOPED_DATA = _PKCS7 + "1", _PKCS7 + "2", _PKCS7 + "3"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = _PKCS9 + "3", _PKCS9 + "4", _PKCS9 + "5"
_RSA_ENCRYPTION, _ECDSA = "1.2.840.113549.1.1.1", "1.2.840.10045."


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signer. `name` and `serial`, or `key_id`, say whose certificate it is; `attributes` are DER values by identifier."""

    name: Name | None
    serial: int | None
    key_id: bytes | None
    digest: str
    algorithm: str
    attributes: Mapping[str, bytes]
    signed: bytes | None = field(repr=False)  # the signed attributes as they are hashed; None if there are none
    signature: bytes = field(repr=False)

    def is_of(self, certificate: Certificate) -> bool:
        if self.name is None:
            return self.key_id == certificate.key_id
        return self.serial == certificate.serial and self.name.matches(certificate.issuer)


@dataclass(frozen=True, slots=True)
class SignedData:
    """content is None if there is none (then it was signed as if it were empty). Certificates and CRLs are DER, as sent."""

    content_type: str
    content: bytes | None = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    crls: tuple[bytes, ...] = field(repr=False)
    signers: tuple[SignerInfo, ...]


def _content_info(content_type: str, content: bytes) -> bytes:
    return der.sequence(der.oid(content_type), der.tlv(0xA0, content))


def _inside(data: bytes, content_type: str) -> der.Reader:
    """Into the content of a ContentInfo of that type. Data that is BER is rewritten."""
    reader = der.whole(data)
    if reader.oid() != content_type:
        raise RemoteError("the message is of another type")
    inner = reader.enter(0xA0).enter()
    reader.finish()
    return inner


# ---- SignedData


def parse_signed(data: bytes) -> SignedData:
    """RemoteError if data is not SignedData. Nothing is verified."""
    try:
        return _parse_signed(data)
    except RemoteError:
        return _parse_signed(der.normalise(data))


def _parse_signed(data: bytes) -> SignedData:
    reader = _inside(data, SIGNED_DATA)
    reader.integer()
    reader.raw(der.SET)
    encapsulated = reader.enter()
    content_type = encapsulated.oid()
    wrapped = encapsulated.optional(0xA0)
    content = wrapped.body(der.OCTET_STRING) if wrapped else None
    certificates = reader.optional(0xA0)
    crls = reader.optional(0xA1)
    signers = tuple(_signer_info(each) for each in reader.enter(der.SET).readers())
    # Certificates of other kinds than X.509 ([0] to [3]) are left out.
    return SignedData(content_type, content, _sequences(certificates), _sequences(crls), signers)


def _sequences(reader: der.Reader | None) -> tuple[bytes, ...]:
    return tuple(each for each in reader.each() if each[0] == der.SEQUENCE) if reader else ()


def _identified(reader: der.Reader) -> tuple[Name | None, int | None, bytes | None]:
    """SignerIdentifier and RecipientIdentifier: issuer and serial number, or [0] the key's identifier."""
    if reader.peek() == 0x80:
        return None, None, reader.body(0x80)
    pair = reader.enter()
    name = Name(pair.raw(der.SEQUENCE))
    _ = name.rdns
    return name, pair.integer(), None


def _signer_info(reader: der.Reader) -> SignerInfo:
    reader.integer()
    name, serial, key_id = _identified(reader)
    digest = reader.enter().oid()
    signed, attributes = None, {}
    if reader.peek() == 0xA0:
        raw = reader.raw()
        # RFC 5652 5.4: hashed as a SET OF, not as the [0] that was sent. The order stays that of the sender.
        signed = bytes((der.SET,)) + raw[1:]
        for attribute in der.whole(raw, 0xA0).readers():
            oid = attribute.oid()
            if oid in attributes:
                raise RemoteError("a signed attribute stands twice")
            attributes[oid] = attribute.enter(der.SET).raw()
    algorithm = reader.enter().oid()
    signature = reader.body(der.OCTET_STRING)
    return SignerInfo(name, serial, key_id, digest, algorithm, attributes, signed, signature)


def verify_signed(data: SignedData, signer: SignerInfo, key: PublicKey, *, legacy: bool = False) -> Digest:
    """The digest that was used. SignatureError if content or attributes were changed; UnsupportedAlgorithmError."""
    digest = digest_of(signer.digest, legacy=legacy)
    # digestEncryptionAlgorithm is rsaEncryption in theory; micromdm writes sha1WithRSAEncryption (wire formats 5.5).
    if signer.algorithm != _RSA_ENCRYPTION and digest_of(signer.algorithm, legacy=legacy) is not digest:
        raise UnsupportedAlgorithmError("a signature is made with two digests")
    if isinstance(key, rsa.RSAPublicKey) == signer.algorithm.startswith(_ECDSA):
        raise SignatureError("the signature is of another kind than its key")
    content = data.content or b""
    if signer.signed is None:
        verify(key, digest, signer.signature, content)
        return digest
    expected, kind = signer.attributes.get(MESSAGE_DIGEST), signer.attributes.get(CONTENT_TYPE)
    if expected is None or der.Reader(expected).body(der.OCTET_STRING) != digest.of(content):
        raise SignatureError("the content is not what was signed")
    if kind is not None and der.Reader(kind).oid() != data.content_type:
        raise SignatureError("the type of the content is not what was signed")
    verify(key, digest, signer.signature, signer.signed)
    return digest


def build_signed(
    content: bytes | None, identity: Identity, digest: Digest, attributes: Iterable[tuple[str, bytes]], certificates: Iterable[Certificate] = ()
) -> bytes:
    """ContentInfo of SignedData of type data, signed by identity, with those signed attributes besides contentType and messageDigest.

    No content: eContent is left out and the empty string is hashed, as SCEP wants it (RFC 8894 3.2.2).
    """
    all_attributes = (
        (CONTENT_TYPE, der.oid(DATA)),
        (MESSAGE_DIGEST, der.octets(digest.of(content or b""))),
        *attributes,
    )
    signed = der.set_of(der.sequence(der.oid(oid), der.tlv(der.SET, value)) for oid, value in all_attributes)
    certificate, key = identity.certificate, identity.key
    is_rsa = isinstance(key, rsa.RSAPrivateKey)
    signer = der.sequence(
        der.integer(1),
        der.sequence(certificate.issuer.der, der.integer(certificate.serial)),
        digest.identifier,
        b"\xa0" + signed[1:],
        # Plain rsaEncryption: strongSwan refuses sha1WithRSAEncryption here (wire formats 5.3).
        der.sequence(der.oid(_RSA_ENCRYPTION), der.null) if is_rsa else der.sequence(der.oid(digest.with_ecdsa or digest.oid)),
        der.octets(sign(key, digest, signed)),
    )
    encapsulated = der.sequence(der.oid(DATA), b"" if content is None else der.tlv(0xA0, der.octets(content)))
    sent = der.set_of((each.der for each in certificates), 0xA0)
    return _content_info(
        SIGNED_DATA,
        der.sequence(der.integer(1), der.tlv(der.SET, digest.identifier), encapsulated, sent if len(sent) > 2 else b"", der.tlv(der.SET, signer)),
    )


def build_certificates(certificates: Iterable[bytes], crls: Iterable[bytes] = ()) -> bytes:
    """certs-only: degenerate SignedData without content and signers (RFC 8894 3.4), in the order given, which readers rely on."""
    sent, lists = b"".join(certificates), b"".join(crls)
    body = der.sequence(
        der.integer(1),
        der.tlv(der.SET, b""),
        der.sequence(der.oid(DATA)),
        der.tlv(0xA0, sent) if sent else b"",
        der.tlv(0xA1, lists) if lists else b"",
        der.tlv(der.SET, b""),
    )
    return _content_info(SIGNED_DATA, body)


# ---- EnvelopedData


def build_enveloped(content: bytes, recipient: Certificate, cipher: ContentCipher, random: Callable[[int], bytes]) -> bytes:
    """ContentInfo of EnvelopedData for one recipient, who must have an RSA key of 512 bits or more (else LocalError).

    random(n) gives n octets for key and IV; the padding of the RSA encryption is the library's own.
    """
    public = recipient.public_key
    if not isinstance(public, rsa.RSAPublicKey):
        raise LocalError("the recipient's key cannot encipher")
    key, iv = random(cipher.key_size), random(cipher.block)
    try:
        enciphered = public.encrypt(key, PKCS1v15())
    except ValueError as error:
        raise LocalError("the recipient's key is too small") from error
    info = der.sequence(
        der.integer(0),
        der.sequence(recipient.issuer.der, der.integer(recipient.serial)),
        der.sequence(der.oid(_RSA_ENCRYPTION), der.null),
        der.octets(enciphered),
    )
    encrypted = der.sequence(der.oid(DATA), der.sequence(der.oid(cipher.oid), der.octets(iv)), der.tlv(0x80, cipher.encrypt(key, iv, content)))
    return _content_info(ENVELOPED_DATA, der.sequence(der.integer(0), der.tlv(der.SET, info), encrypted))


@dataclass(frozen=True, slots=True)
class Envelope:
    """EnvelopedData with the key transport recipients of it: (issuer, serial, key id, algorithm, enciphered key)."""

    recipients: tuple[tuple[Name | None, int | None, bytes | None, str, bytes], ...]
    algorithm: str
    iv: bytes
    content: bytes = field(repr=False)

    def cipher(self, *, legacy: bool = False) -> ContentCipher:
        """UnsupportedAlgorithmError if it is unknown, or old and not allowed."""
        return cipher_of(self.algorithm, legacy=legacy)


def parse_enveloped(data: bytes) -> Envelope:
    """RemoteError if data is not EnvelopedData."""
    try:
        return _parse_enveloped(data)
    except RemoteError:
        return _parse_enveloped(der.normalise(data))


def _parse_enveloped(data: bytes) -> Envelope:
    reader = _inside(data, ENVELOPED_DATA)
    reader.integer()
    reader.skip(0xA0)  # originatorInfo
    recipients = []
    for raw in reader.enter(der.SET).each():
        if raw[0] == der.SEQUENCE:  # the other kinds are tagged
            info = der.whole(raw)
            info.integer()
            recipients.append((*_identified(info), info.enter().oid(), info.body(der.OCTET_STRING)))
    encrypted = reader.enter()
    encrypted.oid()
    algorithm = encrypted.enter()
    oid = algorithm.oid()
    iv = algorithm.body(der.OCTET_STRING) if algorithm.peek() == der.OCTET_STRING else b""
    if encrypted.peek() == 0xA0:  # in pieces, after BER
        content = b"".join(der.Reader(piece).body(der.OCTET_STRING) for piece in encrypted.enter(0xA0).each())
    else:
        content = encrypted.body(0x80)
    return Envelope(tuple(recipients), oid, iv, content)


def open_enveloped(envelope: Envelope, identities: Iterable[Identity], *, legacy: bool = False) -> bytes:
    """The content. WrongRecipientError if none of us is meant; UnsupportedAlgorithmError; SignatureError if it does not open.

    A bad key and bad padding are told apart by nothing that a peer can see (Bleichenbacher's attack, RFC 3218).
    """
    cipher = envelope.cipher(legacy=legacy)
    for name, serial, key_id, algorithm, enciphered in envelope.recipients:
        for identity in identities:
            certificate, key = identity.certificate, identity.key
            mine = key_id == certificate.key_id if name is None else serial == certificate.serial and name.matches(certificate.issuer)
            if not mine or not isinstance(key, rsa.RSAPrivateKey):
                continue
            if algorithm != _RSA_ENCRYPTION:
                raise UnsupportedAlgorithmError("the key is enciphered in an unknown way")
            try:
                content_key = key.decrypt(enciphered, PKCS1v15())
                return cipher.decrypt(content_key, envelope.iv, envelope.content)
            except ValueError as error:
                raise SignatureError("the message does not open") from error
    raise WrongRecipientError("the message is enciphered for somebody else")
