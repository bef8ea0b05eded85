"""PKCS#12 (RFC 7292): the archive of a certificate server, and `crypto pki export|import ... pkcs12`."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES, load_pkcs12, serialize_key_and_certificates

from ioscli.wire import der
from ioscli.wire.errors import LocalError, PassphraseError, RemoteError, UnsupportedAlgorithmError
from ioscli.wire.x509.certificate import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ioscli.wire.algorithms import PrivateKey
    from ioscli.wire.identity import Identity

_LARGEST = 1 << 22  # octets
_ROUNDS = 2048  # OpenSSL's and IOS's; what protects the file is its passphrase


@dataclass(frozen=True, slots=True)
class Archive:
    """What a file held. certificate is the one of the key, if it is there; chain are all others."""

    key: PrivateKey | None = field(repr=False)
    certificate: Certificate | None
    chain: tuple[Certificate, ...]
    name: str | None


def encode_pkcs12(identity: Identity, passphrase: str, *, chain: Iterable[Certificate] = (), name: str | None = None, modern: bool = False) -> bytes:
    """A file that IOS reads: triple DES and SHA-1 throughout (IOS knows no others); modern: AES-256 and SHA-256. LocalError without a passphrase."""
    if not passphrase:
        raise LocalError("a PKCS#12 file needs a passphrase")
    scheme, mac = (PBES.PBESv2SHA256AndAES256CBC, SHA256()) if modern else (PBES.PBESv1SHA1And3KeyTripleDESCBC, SHA1())  # noqa: S303
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(_ROUNDS).key_cert_algorithm(scheme).hmac_hash(mac)
    return serialize_key_and_certificates(
        name.encode() if name else None,
        identity.key,
        x509.load_der_x509_certificate(identity.certificate.der),
        [x509.load_der_x509_certificate(each.der) for each in chain],
        builder.build(passphrase.encode()),
    )


def decode_pkcs12(data: bytes, passphrase: str) -> Archive:
    """PassphraseError if it does not open; RemoteError if it is no PKCS#12 file; UnsupportedAlgorithmError."""
    if len(data) > _LARGEST:
        raise RemoteError("the file is too large")
    data = _checked(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of keys and serial numbers that are bad for these days
            found = load_pkcs12(data, passphrase.encode() if passphrase else None)
    except UnsupportedAlgorithm as error:
        raise UnsupportedAlgorithmError("the file uses an algorithm that is unknown here") from error
    except (ValueError, TypeError, OverflowError) as error:
        raise PassphraseError("the passphrase is wrong, or the file is damaged") from error
    key = found.key
    if key is not None and not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UnsupportedAlgorithmError("the key is neither RSA nor EC")
    own, others = found.cert, [_ours(each.certificate) for each in found.additional_certs]
    label = own.friendly_name if own is not None else None
    return Archive(key, None if own is None else _ours(own.certificate), tuple(others), None if label is None else label.decode("utf-8", "replace"))


def _checked(data: bytes) -> bytes:
    """As DER, if it is PFX ::= SEQUENCE { 3, ContentInfo, MacData OPTIONAL }: so that a wrong passphrase is told from a wrong file."""
    try:
        reader = der.whole(data)
    except RemoteError:
        data = der.normalise(data)
        reader = der.whole(data)
    if reader.integer() != 3:
        raise RemoteError("this is no PKCS#12 file")
    reader.enter().oid()
    return data


def _ours(certificate: x509.Certificate) -> Certificate:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Certificate.parse(certificate.public_bytes(Encoding.DER))
