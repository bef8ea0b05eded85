"""What certificates, requests and CRLs share: SEQUENCE { what is signed, AlgorithmIdentifier, BIT STRING } (RFC 5280 4.1.1)."""

from __future__ import annotations

from ioscli.wire import der
from ioscli.wire.algorithms import Digest, PrivateKey, PublicKey, digest_of, sign, signature_identifier, verify
from ioscli.wire.errors import RemoteError


def seal(tbs: bytes, key: PrivateKey, digest: Digest) -> tuple[bytes, str, bytes]:
    """(the whole, identifier of the algorithm, signature)."""
    identifier, signature = signature_identifier(key, digest), sign(key, digest, tbs)
    return der.sequence(tbs, identifier, der.bits(signature)), der.whole(identifier).oid(), signature


def unseal(data: bytes) -> tuple[bytes, str, bytes]:
    """(what is signed, identifier of the algorithm, signature)."""
    reader = der.whole(data)
    tbs = reader.raw(der.SEQUENCE)
    algorithm = reader.enter().oid()
    signature = reader.bits()
    reader.finish()
    return tbs, algorithm, signature


def check(key: PublicKey, algorithm: str, signature: bytes, tbs: bytes, *, legacy: bool = False) -> None:
    """SignatureError if the signature does not fit, UnsupportedAlgorithmError if it is of an unknown or disallowed kind."""
    verify(key, digest_of(algorithm, legacy=legacy), signature, tbs)


def algorithm_label(algorithm: str, *, ec: bool) -> str:
    """As IOS shows it: `SHA256 with RSA Encryption`."""
    try:
        label = digest_of(algorithm, legacy=True).label
    except RemoteError:
        return algorithm
    return f"{label} with {'ECDSA' if ec else 'RSA Encryption'}"
