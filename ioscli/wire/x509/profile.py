"""The certificates of an IOS certificate server and of its clients: which extensions, in which order.

Reading of certificates from real routers. Legacy IOS signs with MD5 and SHA-1; here SHA-256 is what you get unless you ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.wire.algorithms import PrivateKey, spki_of
from ioscli.wire.x509 import extensions as ext
from ioscli.wire.x509.certificate import Certificate, build_certificate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ioscli.wire.names import Name
    from ioscli.wire.x509.extensions import Extension
    from ioscli.wire.x509.request import Request


def root_certificate(name: Name, key: PrivateKey, *, serial: int, not_before: datetime, not_after: datetime, digest: str = "sha256") -> Certificate:
    """The certificate server's own certificate."""
    spki = spki_of(key)
    return build_certificate(
        serial=serial,
        issuer=name,
        subject=name,
        spki=spki,
        not_before=not_before,
        not_after=not_after,
        extensions=authority_extensions(spki, spki),
        key=key,
        digest=digest,
    )


def authority_extensions(spki: bytes, signer_spki: bytes) -> list[Extension]:
    """Of a root or a subordinate CA."""
    return [ext.basic_constraints(ca=True), ext.key_usage(ext.CA_USAGE), ext.authority_key_id(signer_spki), ext.subject_key_id(spki)]


def issue_certificate(
    request: Request,
    *,
    issuer: Certificate,
    key: PrivateKey,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    digest: str = "sha256",
    cdp: Iterable[str] = (),
    purposes: Iterable[str] = (),
    authority: bool = False,
) -> Certificate:
    """What the server issues for a request: subject, keyUsage and subjectAltName from the request, clipped to the issuer's end.

    Key usage is digitalSignature and keyEncipherment unless the request asks otherwise, and never that of a CA, unless `authority`
    (a subordinate CA). `purposes` are words of `eku`; without them those of the request.
    """
    asked = request.extensions
    spki = request.spki
    extensions = [ext.crl_distribution_points(*urls)] if (urls := tuple(cdp)) else []
    if authority:
        extensions += authority_extensions(spki, issuer.spki)
    else:
        usage = (asked.key_usage or 0) & ~(ext.KEY_CERT_SIGN | ext.CRL_SIGN) or ext.GENERAL_USAGE
        extensions += [ext.key_usage(usage), ext.authority_key_id(issuer.spki), ext.subject_key_id(spki)]
    if wanted := tuple(purposes) or asked.purposes:
        extensions.append(ext.extended_key_usage(wanted))
    if alt := asked.get(ext.SUBJECT_ALT_NAME):
        # RFC 5280 4.2.1.6: critical if there is no subject.
        extensions.append(ext.Extension(ext.SUBJECT_ALT_NAME, alt, critical=not request.subject.rdns))
    return build_certificate(
        serial=serial,
        issuer=issuer.subject,
        subject=request.subject,
        spki=spki,
        not_before=not_before,
        not_after=min(not_after, issuer.not_after),
        extensions=extensions,
        key=key,
        digest=digest,
    )


def self_signed_certificate(
    name: Name, key: PrivateKey, *, serial: int, not_before: datetime, not_after: datetime, digest: str = "sha256", dns: str | None = None
) -> Certificate:
    """A router's self-signed certificate (`enrollment selfsigned`, HTTPS): basicConstraints CA, SAN, AKI, SKI, no keyUsage.

    (Decoded from one of IOS 12.2.)
    """
    spki = spki_of(key)
    extensions = [ext.basic_constraints(ca=True)]
    if dns:
        extensions.append(ext.subject_alt_name(dns=[dns]))
    extensions += [ext.authority_key_id(spki), ext.subject_key_id(spki)]
    return build_certificate(
        serial=serial,
        issuer=name,
        subject=name,
        spki=spki,
        not_before=not_before,
        not_after=not_after,
        extensions=extensions,
        key=key,
        digest=digest,
    )


def signer_certificate(
    name: Name, key: PrivateKey, *, not_before: datetime, not_after: datetime, serial: int = 1, digest: str = "sha256"
) -> Certificate:
    """The temporary self-signed certificate that signs a first SCEP request (RFC 8894 2.3): the request's subject and key."""
    return build_certificate(
        serial=serial,
        issuer=name,
        subject=name,
        spki=spki_of(key),
        not_before=not_before,
        not_after=not_after,
        extensions=[ext.key_usage(ext.GENERAL_USAGE)],
        key=key,
        digest=digest,
    )
