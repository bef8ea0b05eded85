"""From a certificate up to one that is trusted: names, signatures, times, and who may issue (RFC 5280 6, without policies)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ioscli.wire.errors import RemoteError, WireError
from ioscli.wire.x509 import extensions as ext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ioscli.wire.x509.certificate import Certificate
    from ioscli.wire.x509.crl import Crl

_LONGEST = 16


class Fault(Enum):
    """What is wrong with a chain."""

    EXPIRED = "the certificate has expired"
    NOT_YET_VALID = "the certificate is not yet valid"
    NO_ISSUER = "the issuer is not known"
    BAD_SIGNATURE = "the issuer did not sign it"
    NOT_AN_AUTHORITY = "the issuer may not issue certificates"
    REVOKED = "the certificate is revoked"
    NO_CRL = "there is no valid CRL of the issuer"


class ChainError(RemoteError):
    """`certificate` is the one with the fault."""

    def __init__(self, fault: Fault, certificate: Certificate) -> None:
        super().__init__(f"{certificate.subject}: {fault.value}")
        self.fault, self.certificate = fault, certificate


def verify_chain(
    certificate: Certificate, trusted: Iterable[Certificate], now: datetime, *, others: Iterable[Certificate] = ()
) -> tuple[Certificate, ...]:
    """The chain from certificate to the trusted one at its end. `others` are not trusted but may stand between. ChainError."""
    anchors, between = list(trusted), list(others)
    chain = [certificate]
    while len(chain) < _LONGEST:
        last = chain[-1]
        _check_time(last, now)
        if last in anchors:
            return tuple(chain)
        chain.append(_issuer(last, [*anchors, *between]))
        if chain[-1] in chain[:-1]:
            break
    raise ChainError(Fault.NO_ISSUER, chain[-1])


def _check_time(certificate: Certificate, now: datetime) -> None:
    if now > certificate.not_after:
        raise ChainError(Fault.EXPIRED, certificate)
    if now < certificate.not_before:
        raise ChainError(Fault.NOT_YET_VALID, certificate)


def _issuer(certificate: Certificate, candidates: list[Certificate]) -> Certificate:
    named = [each for each in candidates if certificate.issuer.matches(each.subject)]
    if not named:
        raise ChainError(Fault.NO_ISSUER, certificate)
    signers = [each for each in named if certificate.issued_by(each)]
    if not signers:
        raise ChainError(Fault.BAD_SIGNATURE, certificate)
    for issuer in signers:
        usage = issuer.extensions.key_usage
        if issuer.extensions.ca and (usage is None or usage & ext.KEY_CERT_SIGN):
            return issuer
    raise ChainError(Fault.NOT_AN_AUTHORITY, signers[0])


def check_revoked(certificate: Certificate, issuer: Certificate, crl: Crl, now: datetime) -> None:
    """ChainError if the CRL is not the issuer's or not of now (NO_CRL), or lists the certificate (REVOKED)."""
    try:
        crl.verify(issuer)
    except WireError as error:
        raise ChainError(Fault.NO_CRL, certificate) from error
    if now < crl.this_update or (crl.next_update is not None and now > crl.next_update):
        raise ChainError(Fault.NO_CRL, certificate)
    if certificate.serial in crl.entries:
        raise ChainError(Fault.REVOKED, certificate)
