"""Keys as text and files: PKCS#8, OpenSSL's traditional PEM as `crypto key export rsa ... pem` writes it, and what `show crypto key` prints."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, load_der_private_key

from ioscli.wire.algorithms import CIPHERS, DIGESTS, ContentCipher, PrivateKey, PublicKey, load_public_key, spki_of
from ioscli.wire.errors import LocalError, PassphraseError, RemoteError, UnsupportedAlgorithmError
from ioscli.wire.pem import Block, decode_pem, encode_pem

if TYPE_CHECKING:
    from collections.abc import Callable

# DEK-Info's names (OpenSSL's) for the ciphers.
_DEK = {"DES-EDE3-CBC": "3des", "DES-CBC": "des", "AES-128-CBC": "aes128", "AES-192-CBC": "aes192", "AES-256-CBC": "aes256"}
_DEK_OF = {name: dek for dek, name in _DEK.items()}
_TRADITIONAL = {"RSA PRIVATE KEY", "EC PRIVATE KEY"}


# ---- what IOS prints


def fingerprint(data: bytes, digest: str = "md5") -> str:
    """MD5 or SHA-1 of a certificate or request, as IOS prints it: `6E6AE0A6 5C3E3B41 ...`."""
    return " ".join(_words(DIGESTS[digest].of(data)))


def hex_lines(data: bytes) -> list[str]:
    """Eight words a line, as `show crypto key mypubkey rsa` prints the DER of a public key; without indent.

    Where less than a word is left for the last line, it stands at the end of the line before (seen in 1024-bit keys of 15.x).
    """
    words = _words(data)
    lines = [" ".join(words[at : at + 8]) for at in range(0, len(words), 8)]
    if len(lines) > 1 and len(lines[-1]) < 8:
        lines[-2:] = [" ".join(lines[-2:])]
    return lines


def parse_hex(text: str) -> bytes:
    """Hex words back to octets, whatever blanks divide them. RemoteError if it is no hex."""
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise RemoteError("this is not hexadecimal") from error


def _words(data: bytes) -> list[str]:
    text = data.hex().upper()
    return [text[at : at + 8] for at in range(0, len(text), 8)]


# ---- public keys


def encode_public_pem(key: PublicKey | PrivateKey) -> str:
    """SubjectPublicKeyInfo, `BEGIN PUBLIC KEY`."""
    return encode_pem("PUBLIC KEY", spki_of(key))


def decode_public_pem(text: str) -> PublicKey:
    """RemoteError if there is no public key in it."""
    for block in decode_pem(text):
        if block.label == "PUBLIC KEY":
            return load_public_key(block.data)
    raise RemoteError("there is no public key")


# ---- private keys


def encode_pkcs8(key: PrivateKey, passphrase: str | None = None) -> bytes:
    """DER of PKCS#8; with a passphrase enciphered by AES-256 (the store in nvram)."""
    protection = BestAvailableEncryption(_octets(passphrase)) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, protection)


def decode_pkcs8(data: bytes, passphrase: str | None = None) -> PrivateKey:
    """PKCS#8, or a bare RSAPrivateKey or ECPrivateKey. PassphraseError, RemoteError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of keys that are too short for these days: what to do with them is the caller's
            key = load_der_private_key(data, _octets(passphrase) if passphrase else None)
    except TypeError as error:
        if passphrase:  # given, but the key is not enciphered
            return decode_pkcs8(data)
        raise PassphraseError("the key needs its passphrase") from error
    except UnsupportedAlgorithm as error:
        raise UnsupportedAlgorithmError("the type or cipher of the key is unknown") from error
    except ValueError as error:
        if passphrase and _enciphered(data):
            raise PassphraseError("the passphrase is wrong") from error
        raise RemoteError("the key is broken") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UnsupportedAlgorithmError("the key is neither RSA nor EC")
    return key


def _enciphered(data: bytes) -> bool:
    """True of EncryptedPrivateKeyInfo: SEQUENCE { SEQUENCE ..., OCTET STRING }, where the others begin with a version."""
    from ioscli.wire import der

    try:
        return der.whole(data).peek() == der.SEQUENCE
    except RemoteError:
        return False


def encode_private_pem(key: PrivateKey, passphrase: str, random: Callable[[int], bytes], cipher: str = "3des") -> str:
    """`BEGIN RSA PRIVATE KEY` with `Proc-Type: 4,ENCRYPTED`, as IOS exports: cipher `3des` or `des` (`aes256` and others too).

    The key of the cipher is one round of MD5 (OpenSSL's traditional way): as weak as the passphrase. LocalError without one.
    """
    if not passphrase or cipher not in _DEK_OF:
        raise LocalError("a private key is exported with a passphrase and a known cipher")
    used = CIPHERS[cipher]
    iv = random(used.block)
    plain = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    data = used.encrypt(_stretch(passphrase, iv, used), iv, plain)
    label = "RSA PRIVATE KEY" if isinstance(key, rsa.RSAPrivateKey) else "EC PRIVATE KEY"
    return encode_pem(label, data, {"Proc-Type": "4,ENCRYPTED", "DEK-Info": f"{_DEK_OF[cipher]},{iv.hex().upper()}"})


def decode_private_pem(text: str, passphrase: str | None = None) -> PrivateKey:
    """The first private key of a text, of any form. PassphraseError if the passphrase is wrong or missing; RemoteError."""
    for block in decode_pem(text):
        if block.label in _TRADITIONAL and "ENCRYPTED" in block.headers.get("Proc-Type", ""):
            return _decode_traditional(block, passphrase)
        if block.label in _TRADITIONAL | {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}:
            return decode_pkcs8(block.data, passphrase)
    raise RemoteError("there is no private key")


def _decode_traditional(block: Block, passphrase: str | None) -> PrivateKey:
    dek, _, salt = block.headers.get("DEK-Info", "").partition(",")
    cipher = CIPHERS.get(_DEK.get(dek.strip().upper(), ""))
    if cipher is None:
        raise UnsupportedAlgorithmError("the cipher of the key is unknown")
    iv = parse_hex(salt)
    if len(iv) != cipher.block:
        raise RemoteError("DEK-Info is wrong")
    if not passphrase:
        raise PassphraseError("the key needs its passphrase")
    try:
        # A wrong passphrase shows in the padding, or (once in 256 times) in that what comes out is no key.
        return decode_pkcs8(cipher.decrypt(_stretch(passphrase, iv, cipher), iv, block.data))
    except (ValueError, RemoteError) as error:
        raise PassphraseError("the passphrase is wrong") from error


def _stretch(passphrase: str, iv: bytes, cipher: ContentCipher) -> bytes:
    """OpenSSL's EVP_BytesToKey with MD5, one round, the first eight octets of the IV as salt."""
    key = part = b""
    while len(key) < cipher.key_size:
        part = DIGESTS["md5"].of(part + _octets(passphrase) + iv[:8])
        key += part
    return key[: cipher.key_size]


def _octets(passphrase: str) -> bytes:
    return passphrase.encode("utf-8", "surrogateescape")
