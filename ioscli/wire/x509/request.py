"""Certification requests (PKCS#10, RFC 2986) as routers write them, and as anybody does."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ioscli.wire import der
from ioscli.wire.algorithms import DIGESTS, PrivateKey, PublicKey, load_public_key, spki_of
from ioscli.wire.errors import LocalError, RemoteError
from ioscli.wire.names import Name
from ioscli.wire.x509.extensions import Extension, Extensions
from ioscli.wire.x509.signed import check, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHALLENGE_PASSWORD, _EXTENSION_REQUEST = "1.2.840.113549.1.9.7", "1.2.840.113549.1.9.14"
_MS_EXTENSION_REQUEST = "1.3.6.1.4.1.311.2.1.14"


@dataclass(frozen=True)
class Request:
    """One request. `challenge` is its challengePassword, kept out of the repr."""

    der: bytes = field(repr=False)
    info: bytes = field(repr=False, compare=False)  # CertificationRequestInfo, what is signed
    subject: Name = field(compare=False)
    spki: bytes = field(repr=False, compare=False)
    challenge: str | None = field(repr=False, compare=False)
    extensions: Extensions = field(repr=False, compare=False)
    algorithm: str = field(compare=False)
    signature: bytes = field(repr=False, compare=False)

    @classmethod
    def parse(cls, data: bytes) -> Request:
        """RemoteError if data is not exactly one request. The signature is not looked at: `verify`."""
        info, algorithm, signature = unseal(data)
        reader = der.whole(info)
        if reader.integer() != 0:
            raise RemoteError("the version of a request is unknown")
        subject = Name(reader.raw(der.SEQUENCE))
        spki = reader.raw(der.SEQUENCE)
        challenge, extensions = None, Extensions()
        attributes = reader.optional(0xA0)  # some writers leave the empty set out
        for attribute in attributes.readers() if attributes else ():
            oid = attribute.oid()
            values = attribute.enter(der.SET)
            if oid == _CHALLENGE_PASSWORD:
                challenge = values.string()
            elif oid in {_EXTENSION_REQUEST, _MS_EXTENSION_REQUEST}:
                extensions = Extensions.parse(values.enter())
        reader.finish()
        _ = subject.rdns
        return cls(data, info, subject, spki, challenge, extensions.check(), algorithm, signature)

    @cached_property
    def public_key(self) -> PublicKey:
        """RemoteError if the key is broken or of a kind that we do not know."""
        return load_public_key(self.spki)

    @property
    def key_bits(self) -> int:
        """The size of the public key."""
        return self.public_key.key_size

    def verify(self, *, legacy: bool = False, key: PublicKey | None = None) -> None:
        """Proof of possession: SignatureError if the request is not signed with its own key (`key`: that one, if it is already loaded)."""
        check(key or self.public_key, self.algorithm, self.signature, self.info, legacy=legacy)


def build_request(
    *,
    subject: Name,
    key: PrivateKey,
    challenge: str | None = None,
    extensions: Iterable[Extension] = (),
    digest: str = "sha256",
) -> Request:
    """A request signed with key. `challenge`: the password that is asked for at `crypto pki enroll`; None or empty: none."""
    if digest not in DIGESTS:
        raise LocalError(f"digest {digest} is unknown")
    attributes = []
    if challenge:
        text = der.string(der.PRINTABLE_STRING if challenge.isascii() else der.UTF8_STRING, challenge)
        attributes.append(der.sequence(der.oid(_CHALLENGE_PASSWORD), der.set_of([text])))
    if parts := [each.der for each in extensions]:
        attributes.append(der.sequence(der.oid(_EXTENSION_REQUEST), der.set_of([der.sequence(*parts)])))
    info = der.sequence(der.integer(0), subject.der, spki_of(key), der.set_of(attributes, 0xA0))
    return Request.parse(seal(info, key, DIGESTS[digest])[0])
