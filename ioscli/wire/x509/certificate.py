"""Certificates (RFC 5280 4.1): any is read; those written have the profile of the IOS certificate server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING

from ioscli.wire import der
from ioscli.wire.algorithms import DIGESTS, PrivateKey, PublicKey, load_public_key, signature_identifier
from ioscli.wire.errors import LocalError, RemoteError, WireError
from ioscli.wire.names import Name
from ioscli.wire.x509 import extensions as ext
from ioscli.wire.x509.extensions import Extension, Extensions
from ioscli.wire.x509.signed import algorithm_label, check, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True)
class Certificate:
    """One certificate; equal to another if its octets are. Times are in UTC."""

    der: bytes = field(repr=False)
    tbs: bytes = field(repr=False, compare=False)
    serial: int = field(compare=False)
    issuer: Name = field(compare=False)
    subject: Name = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    spki: bytes = field(repr=False, compare=False)  # SubjectPublicKeyInfo
    extensions: Extensions = field(repr=False, compare=False)
    algorithm: str = field(compare=False)  # dotted identifier of the signature's algorithm
    signature: bytes = field(repr=False, compare=False)

    @classmethod
    def parse(cls, data: bytes) -> Certificate:
        """RemoteError if data is not exactly one certificate."""
        tbs, algorithm, signature = unseal(data)
        reader = der.whole(tbs)
        version = reader.optional(0xA0)
        if version is not None and version.integer() not in {0, 1, 2}:
            raise RemoteError("the version of a certificate is unknown")
        serial = reader.integer()
        if reader.enter().oid() != algorithm:
            raise RemoteError("a certificate names two signature algorithms")
        issuer = Name(reader.raw(der.SEQUENCE))
        validity = reader.enter()
        not_before, not_after = validity.time(), validity.time()
        subject = Name(reader.raw(der.SEQUENCE))
        spki = reader.raw(der.SEQUENCE)
        reader.skip(0x81)  # unique identifiers: nobody uses them
        reader.skip(0x82)
        wrapped = reader.optional(0xA3)
        extensions = Extensions.parse(wrapped.enter()) if wrapped else Extensions()
        reader.finish()
        _ = issuer.rdns, subject.rdns
        return cls(data, tbs, serial, issuer, subject, not_before, not_after, spki, extensions.check(), algorithm, signature)

    @cached_property
    def public_key(self) -> PublicKey:
        """RemoteError if the key is broken or of a kind that we do not know."""
        return load_public_key(self.spki)

    @property
    def key_bits(self) -> int:
        """The size of the public key."""
        return self.public_key.key_size

    @property
    def serial_hex(self) -> str:
        """As IOS shows it: whole octets, upper case: `02`, `793B5727`."""
        return serial_hex(self.serial)

    @property
    def key_id(self) -> bytes:
        return self.extensions.subject_key_id or ext.key_id(self.spki)

    @property
    def signature_label(self) -> str:
        """`SHA256 with RSA Encryption`."""
        return algorithm_label(self.algorithm, ec=self.algorithm.startswith("1.2.840.10045."))

    @property
    def self_issued(self) -> bool:
        return self.issuer.der == self.subject.der

    @property
    def usage(self) -> str:
        """`General Purpose`, `Signature` or `Encryption`, as IOS shows it (0x86 of a CA counts as Signature)."""
        usage = self.extensions.key_usage
        if usage is None:
            return "General Purpose"
        signs = usage & (ext.DIGITAL_SIGNATURE | ext.NON_REPUDIATION | ext.KEY_CERT_SIGN | ext.CRL_SIGN)
        enciphers = usage & (ext.KEY_ENCIPHERMENT | ext.DATA_ENCIPHERMENT | ext.KEY_AGREEMENT)
        return "General Purpose" if (signs and enciphers) or not signs | enciphers else "Signature" if signs else "Encryption"

    def valid_at(self, now: datetime) -> bool:
        return self.not_before <= now <= self.not_after

    def verify_issued_by(self, issuer: Certificate, *, legacy: bool = True) -> None:
        """SignatureError unless the issuer's name and key fit. MD5 passes unless legacy is False: what a CA signs with is its owner's choice."""
        if not self.issuer.matches(issuer.subject):
            raise RemoteError("the issuer has another name")
        check(issuer.public_key, self.algorithm, self.signature, self.tbs, legacy=legacy)

    def issued_by(self, issuer: Certificate) -> bool:
        """verify_issued_by as a question."""
        try:
            self.verify_issued_by(issuer)
        except WireError:
            return False
        return True


def serial_hex(serial: int) -> str:
    digits = f"{abs(serial):X}"
    return ("-" if serial < 0 else "") + digits.zfill(len(digits) + len(digits) % 2)


def build_certificate(
    *,
    serial: int,
    issuer: Name,
    subject: Name,
    spki: bytes,
    not_before: datetime,
    not_after: datetime,
    extensions: Iterable[Extension],
    key: PrivateKey,
    digest: str = "sha256",
) -> Certificate:
    """A v3 certificate signed with key. `digest` is an IOS `hash` keyword; sha1 and md5 are made if asked for.

    LocalError if the serial number is not positive or the end is before the beginning.
    """
    if serial <= 0 or not_after < not_before or digest not in DIGESTS:
        raise LocalError("a certificate needs a positive serial number, an end behind its beginning, and a known digest")
    not_before, not_after = (time.astimezone(UTC).replace(microsecond=0) for time in (not_before, not_after))
    listed = tuple(extensions)
    tbs = der.sequence(
        b"\xa0\x03\x02\x01\x02",  # v3
        der.integer(serial),
        signature_identifier(key, DIGESTS[digest]),
        issuer.der,
        der.sequence(der.time(not_before), der.time(not_after)),
        subject.der,
        spki,
        der.tlv(0xA3, der.sequence(*(each.der for each in listed))) if listed else b"",
    )
    whole, algorithm, signature = seal(tbs, key, DIGESTS[digest])
    return Certificate(whole, tbs, serial, issuer, subject, not_before, not_after, spki, Extensions(listed), algorithm, signature)
