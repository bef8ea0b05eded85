"""Certificate revocation lists (RFC 5280 5), with the octets of each entry made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ioscli.wire import der
from ioscli.wire.algorithms import DIGESTS, PrivateKey, signature_identifier
from ioscli.wire.errors import LocalError, RemoteError
from ioscli.wire.names import Name
from ioscli.wire.x509 import extensions as ext
from ioscli.wire.x509.extensions import Extension, Extensions
from ioscli.wire.x509.signed import check, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ioscli.wire.x509.certificate import Certificate

REASONS = (
    "unspecified",
    "key-compromise",
    "ca-compromise",
    "affiliation-changed",
    "superseded",
    "cessation",
    "hold",
    None,
    "remove",
    "withdrawn",
    "aa-compromise",
)


@dataclass(frozen=True, slots=True)
class Revoked:
    """One revoked certificate. IOS gives no reason; with one (RFC 5280 5.3.1) the CRL becomes v2."""

    serial: int
    when: datetime
    reason: int | None = None
    der: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        reason = b"" if self.reason is None else der.sequence(Extension(ext.REASON_CODE, bytes((0x0A, 1, self.reason))).der)
        object.__setattr__(self, "der", der.sequence(der.integer(self.serial), der.time(self.when), reason))


@dataclass(frozen=True)
class Crl:
    """One CRL. `entries` is read when it is first asked for, and may raise RemoteError then; `parse` has it read."""

    der: bytes = field(repr=False)
    tbs: bytes = field(repr=False, compare=False)
    issuer: Name = field(compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime | None = field(compare=False)
    extensions: Extensions = field(repr=False, compare=False)
    algorithm: str = field(compare=False)
    signature: bytes = field(repr=False, compare=False)
    revoked: bytes = field(repr=False, compare=False)  # the inside of revokedCertificates

    @classmethod
    def parse(cls, data: bytes) -> Crl:
        """RemoteError if data is not exactly one CRL."""
        crl = cls._outline(data)
        _ = crl.issuer.rdns, crl.entries
        return crl

    @classmethod
    def _outline(cls, data: bytes) -> Crl:
        tbs, algorithm, signature = unseal(data)
        reader = der.whole(tbs)
        if reader.peek() == der.INTEGER and reader.integer() != 1:
            raise RemoteError("the version of a CRL is unknown")
        reader.raw(der.SEQUENCE)
        issuer = Name(reader.raw(der.SEQUENCE))
        this_update = reader.time()
        next_update = reader.time() if reader.peek() in {der.UTC_TIME, der.GENERALIZED_TIME} else None
        revoked = reader.body(der.SEQUENCE) if reader.peek() == der.SEQUENCE else b""
        wrapped = reader.optional(0xA0)
        extensions = Extensions.parse(wrapped.enter()) if wrapped else Extensions()
        reader.finish()
        return cls(data, tbs, issuer, this_update, next_update, extensions.check(), algorithm, signature, revoked)

    @cached_property
    def entries(self) -> dict[int, datetime]:
        """Serial number → time of revocation, in the order of the CRL."""
        found = {}
        for entry in der.Reader(self.revoked).readers():
            serial = entry.integer()
            found[serial] = entry.time()
        return found

    @property
    def number(self) -> int | None:
        value = self.extensions.get(ext.CRL_NUMBER)
        return None if value is None else der.Reader(value).integer()

    def verify(self, issuer: Certificate, *, legacy: bool = True) -> None:
        """SignatureError unless the issuer signed it; RemoteError if it is somebody else's."""
        if not self.issuer.matches(issuer.subject):
            raise RemoteError("the CRL is another issuer's")
        check(issuer.public_key, self.algorithm, self.signature, self.tbs, legacy=legacy)


def build_crl(
    *,
    issuer: Certificate,
    key: PrivateKey,
    this_update: datetime,
    next_update: datetime,
    revoked: Iterable[Revoked] = (),
    digest: str = "sha256",
    number: int | None = None,
) -> Crl:
    """A CRL of issuer, signed with key.

    Without a number it is v1 and without extensions, as IOS 15 writes it (reading of real ones: their sizes). With a number it is what RFC 5280 5.2
    asks for: v2 with authorityKeyIdentifier and cRLNumber.
    """
    if digest not in DIGESTS:
        raise LocalError(f"digest {digest} is unknown")
    listed = list(revoked)
    v2 = number is not None or any(entry.reason is not None for entry in listed)
    extensions = b""
    if number is not None:
        identifier = Extension(ext.AUTHORITY_KEY_ID, der.sequence(der.tlv(0x80, issuer.key_id)))
        extensions = der.tlv(0xA0, der.sequence(identifier.der, Extension(ext.CRL_NUMBER, der.integer(number)).der))
    tbs = der.sequence(
        b"\x02\x01\x01" if v2 else b"",
        signature_identifier(key, DIGESTS[digest]),
        issuer.subject.der,
        der.time(this_update),
        der.time(next_update),
        der.sequence(*(entry.der for entry in listed)) if listed else b"",  # absent if empty: RFC 5280 5.1.2.6
        extensions,
    )
    return Crl._outline(seal(tbs, key, DIGESTS[digest])[0])  # noqa: SLF001 - our own; the entries need not be read back
