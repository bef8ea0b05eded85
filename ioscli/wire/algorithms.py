"""Digests, ciphers and signatures by name and by object identifier. Old ones (MD5, single DES) only where the caller allows them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from ioscli.wire import der
from ioscli.wire.errors import LocalError, RemoteError, SignatureError, UnsupportedAlgorithmError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import CipherAlgorithm

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Digest:
    """A hash with the identifiers it goes by: alone, with RSA, with ECDSA (None: not defined). `label` is what IOS shows."""

    name: str
    oid: str
    with_rsa: str
    with_ecdsa: str | None
    hash: hashes.HashAlgorithm
    label: str
    legacy: bool = False

    def of(self, data: bytes) -> bytes:
        # Several times faster than cryptography's, and an enrolment takes a dozen.
        return hashlib.new(self.name, data, usedforsecurity=False).digest()

    @property
    def identifier(self) -> bytes:
        """AlgorithmIdentifier of the digest alone (NULL parameters, as every SCEP peer writes it)."""
        return der.sequence(der.oid(self.oid), der.null)


_PKCS1, _ECDSA, _NIST = "1.2.840.113549.1.1.", "1.2.840.10045.4.", "2.16.840.1.101.3.4.2."
DIGESTS = {
    digest.name: digest
    for digest in (
        Digest("md5", "1.2.840.113549.2.5", _PKCS1 + "4", None, hashes.MD5(), "MD5", legacy=True),  # noqa: S303 - behind `legacy`
        Digest("sha1", "1.3.14.3.2.26", _PKCS1 + "5", _ECDSA + "1", hashes.SHA1(), "SHA1"),  # noqa: S303 - SCEP's and IOS 15's own
        Digest("sha224", _NIST + "4", _PKCS1 + "14", _ECDSA + "3.1", hashes.SHA224(), "SHA224"),
        Digest("sha256", _NIST + "1", _PKCS1 + "11", _ECDSA + "3.2", hashes.SHA256(), "SHA256"),
        Digest("sha384", _NIST + "2", _PKCS1 + "12", _ECDSA + "3.3", hashes.SHA384(), "SHA384"),
        Digest("sha512", _NIST + "3", _PKCS1 + "13", _ECDSA + "3.4", hashes.SHA512(), "SHA512"),
    )
}
_DIGEST_BY_OID = {digest.oid: digest for digest in DIGESTS.values()}
_BY_RSA = {digest.with_rsa: digest for digest in DIGESTS.values()}
_BY_ECDSA = {digest.with_ecdsa: digest for digest in DIGESTS.values() if digest.with_ecdsa}


@dataclass(frozen=True, slots=True)
class ContentCipher:
    """A block cipher in CBC mode. Sizes in octets. `identifier` lacks the IV, which is the parameter."""

    name: str
    oid: str
    key_size: int
    block: int
    algorithm: type[algorithms.AES | TripleDES]
    legacy: bool = False

    def _cipher(self, key: bytes, iv: bytes) -> Cipher[modes.CBC]:
        # One 8-octet key makes EDE of three equal keys, which is single DES.
        algorithm: CipherAlgorithm = self.algorithm(key * 3 if self.legacy else key)
        return Cipher(algorithm, modes.CBC(iv))

    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        padder = padding.PKCS7(self.block * 8).padder()
        encryptor = self._cipher(key, iv).encryptor()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()

    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """ValueError if the size or the padding is wrong."""
        decryptor = self._cipher(key, iv).decryptor()
        unpadder = padding.PKCS7(self.block * 8).unpadder()
        return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()


CIPHERS = {
    cipher.name: cipher
    for cipher in (
        ContentCipher("des", "1.3.14.3.2.7", 8, 8, TripleDES, legacy=True),
        ContentCipher("3des", "1.2.840.113549.3.7", 24, 8, TripleDES),
        ContentCipher("aes128", "2.16.840.1.101.3.4.1.2", 16, 16, algorithms.AES),
        ContentCipher("aes192", "2.16.840.1.101.3.4.1.22", 24, 16, algorithms.AES),
        ContentCipher("aes256", "2.16.840.1.101.3.4.1.42", 32, 16, algorithms.AES),
    )
}
_CIPHER_BY_OID = {cipher.oid: cipher for cipher in CIPHERS.values()}


def digest_named(name: str, *, legacy: bool = False) -> Digest:
    """By its IOS keyword (`md5 sha1 sha224 sha256 sha384 sha512`). LocalError if unknown, or old and not allowed."""
    digest = DIGESTS.get(name)
    if digest is None or (digest.legacy and not legacy):
        raise LocalError(f"digest {name} is unknown or not allowed")
    return digest


def cipher_named(name: str, *, legacy: bool = False) -> ContentCipher:
    """By name (`des 3des aes128 aes192 aes256`). LocalError if unknown, or old and not allowed."""
    cipher = CIPHERS.get(name)
    if cipher is None or (cipher.legacy and not legacy):
        raise LocalError(f"cipher {name} is unknown or not allowed")
    return cipher


def digest_of(oid: str, *, legacy: bool = False) -> Digest:
    """By object identifier, from a peer. Takes a signature's identifier too: some clients write that (wire formats 5.5)."""
    digest = _DIGEST_BY_OID.get(oid) or _BY_RSA.get(oid) or _BY_ECDSA.get(oid)
    if digest is None or (digest.legacy and not legacy):
        raise UnsupportedAlgorithmError(f"digest {digest.name if digest else oid} is {'not allowed' if digest else 'unknown'}")
    return digest


def cipher_of(oid: str, *, legacy: bool = False) -> ContentCipher:
    cipher = _CIPHER_BY_OID.get(oid)
    if cipher is None or (cipher.legacy and not legacy):
        raise UnsupportedAlgorithmError(f"cipher {cipher.name if cipher else oid} is {'not allowed' if cipher else 'unknown'}")
    return cipher


def signature_identifier(key: PrivateKey, digest: Digest) -> bytes:
    """AlgorithmIdentifier of a certificate's, request's or CRL's signature (RFC 3279 2.2, RFC 5758 3.2: no parameters for ECDSA)."""
    if isinstance(key, rsa.RSAPrivateKey):
        return der.sequence(der.oid(digest.with_rsa), der.null)
    if digest.with_ecdsa is None:
        raise LocalError(f"{digest.name} does not go with an EC key")
    return der.sequence(der.oid(digest.with_ecdsa))


def sign(key: PrivateKey, digest: Digest, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, PKCS1v15(), digest.hash)
    return key.sign(data, ec.ECDSA(digest.hash))


def verify(key: PublicKey, digest: Digest, signature: bytes, data: bytes) -> None:
    """SignatureError if it does not fit."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, PKCS1v15(), digest.hash)
        else:
            key.verify(signature, data, ec.ECDSA(digest.hash))
    except (InvalidSignature, ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError("the signature is wrong") from error


def load_public_key(spki: bytes) -> PublicKey:
    """From SubjectPublicKeyInfo DER. RemoteError if it is broken, UnsupportedAlgorithmError if it is neither RSA nor ECDSA."""
    try:
        key = load_der_public_key(spki)
    except UnsupportedAlgorithm as error:
        raise UnsupportedAlgorithmError("the type of a public key is unknown") from error
    except (ValueError, TypeError) as error:
        raise RemoteError("a public key is broken") from error
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise UnsupportedAlgorithmError("a public key is neither RSA nor ECDSA")
    return key


def spki_of(key: PublicKey | PrivateKey) -> bytes:
    """SubjectPublicKeyInfo DER of a key."""
    public = key.public_key() if isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) else key
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
