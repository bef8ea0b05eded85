"""`show crypto pki certificates`: layouts of captures (pki-cli 3.5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa

from ioscli.device.clock import written
from ioscli.features.pki.certificates import CA, CA_ROLLOVER, OWN, SELF_SIGNED, Certificates, Held
from ioscli.features.pki.enrolment import Enrolments
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.timers import PkiTimers
from ioscli.wire.errors import RemoteError
from ioscli.wire.keys import fingerprint
from ioscli.wire.names import COMMON_NAME, SERIAL_NUMBER, UNSTRUCTURED_ADDRESS, UNSTRUCTURED_NAME
from ioscli.wire.x509 import extensions as ext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.features.pki.enrolment import Enrolment
    from ioscli.wire.names import Name
    from ioscli.wire.x509 import Certificate

_TITLES = {
    OWN: "Certificate",
    CA: "CA Certificate",
    SELF_SIGNED: "Router Self-Signed Certificate",
    "rollover": "Certificate (Rollover)",
    CA_ROLLOVER: "CA Certificate (Rollover)",
    "ra-sign": "RA Signature Certificate",
    "ra-encrypt": "RA KeyEncipher Certificate",
    "ra-general": "RA General Purpose Certificate",
}
_USAGES = {
    ext.DIGITAL_SIGNATURE: "Digital Signature",
    ext.NON_REPUDIATION: "Non Repudiation",
    ext.KEY_ENCIPHERMENT: "Key Encipherment",
    ext.DATA_ENCIPHERMENT: "Data Encipherment",
    ext.KEY_AGREEMENT: "Key Agreement",
    ext.KEY_CERT_SIGN: "Key Cert Sign",
    ext.CRL_SIGN: "CRL Signature",
    ext.ENCIPHER_ONLY: "Encipher Only",
}
_PURPOSES = {oid: " ".join(word.capitalize() for word in name.split("-")) for name, oid in ext.PURPOSES.items()}


def lines(device: Device, name: str | None, *, verbose: bool) -> Iterator[str]:
    """Every certificate of a trustpoint (None: of all), once for all trustpoints that have it, and the requests that wait."""
    held = device[Certificates]
    shown: set[bytes] = set()
    for each in held.all() if name is None else held.of(name):
        if each.certificate.der in shown:
            continue
        shown.add(each.certificate.der)
        yield from _certificate(device, each, verbose=verbose)
        yield ""
    for enrolment in tuple(device[Enrolments].active.values()):
        if name in (None, enrolment.trustpoint):
            yield ""
            yield from _request(enrolment)
            yield ""


def authority(device: Device, certificate: Certificate, holder: str) -> Iterator[str]:
    """The lines of an authority that no trustpoint has."""
    return _certificate(device, Held(holder, CA, certificate), verbose=True)


def _certificate(device: Device, held: Held, *, verbose: bool) -> Iterator[str]:
    certificate = held.certificate
    own = held.kind in (OWN, SELF_SIGNED)
    yield _TITLES.get(held.kind, "Certificate")
    yield f"  Status: {'Available' if certificate.valid_at(_now(device)) else 'Not Available'}"
    if verbose:
        yield "  Version: 3"
    yield f"  Certificate Serial Number (hex): {certificate.serial_hex}"
    yield f"  Certificate Usage: {certificate.usage}"
    yield "  Issuer: "
    yield from (f"    {line}" for line in certificate.issuer.lines)
    yield "  Subject:" if own else "  Subject: "
    if own:
        yield from _identity(certificate.subject)
    yield from (f"    {line}" for line in certificate.subject.lines)
    if certificate.extensions.cdp:
        yield "  CRL Distribution Points: "
        yield from (f"    {url}" for url in certificate.extensions.cdp)
    yield "  Validity Date: "
    yield f"    start date: {spelled(device, certificate.not_before)}"
    yield f"    end   date: {spelled(device, certificate.not_after)}"
    if held.kind == OWN and (moment := device[PkiTimers].get(f"RENEW {held.trustpoint}")) is not None:
        yield f"    renew date: {spelled(device, datetime.fromtimestamp(moment, UTC))}"
    if verbose:
        yield from _verbose(certificate)
    yield f"  Associated Trustpoints: {' '.join(_holders(device, certificate) or [held.trustpoint])} "
    if verbose and own and (label := _label(device, certificate)):
        yield f"  Key Label: {label}"


def _identity(name: Name) -> Iterator[str]:
    """What a router put into its name beside what was typed."""
    yield f"    Name: {name.get(UNSTRUCTURED_NAME) or name.get(COMMON_NAME) or ''}"
    for oid, title in ((UNSTRUCTURED_ADDRESS, "IP Address"), (SERIAL_NUMBER, "Serial Number")):
        if value := name.get(oid):
            yield f"    {title}: {value}"


def _verbose(certificate: Certificate) -> Iterator[str]:
    yield "  Subject Key Info:"
    try:
        key = certificate.public_key
        kind, label = ("rsaEncryption", "RSA Public Key") if isinstance(key, rsa.RSAPublicKey) else ("ecEncryption", "EC Public Key")
        yield f"    Public Key Algorithm: {kind}"
        yield f"    {label}: ({key.key_size} bit)" if kind == "rsaEncryption" else f"    {label}:  ({key.key_size} bit)"
    except RemoteError:
        yield "    Public Key Algorithm: unknown"
    yield f"  Signature Algorithm: {certificate.signature_label}"
    yield f"  Fingerprint MD5: {fingerprint(certificate.der)} "
    yield f"  Fingerprint SHA1: {fingerprint(certificate.der, 'sha1')} "
    yield "  X509v3 extensions:"
    found = certificate.extensions
    if found.key_usage is not None:
        yield f"    X509v3 Key Usage: {found.key_usage:02X}000000"
        yield from (f"      {text}" for bit, text in _USAGES.items() if found.key_usage & bit)
    if found.subject_key_id is not None:
        yield f"    X509v3 Subject Key ID: {_words(found.subject_key_id)} "
    if found.get(ext.BASIC_CONSTRAINTS) is not None:
        yield "    X509v3 Basic Constraints:"
        yield f"        CA: {'TRUE' if found.ca else 'FALSE'}"
    if found.alt_names:
        yield "    X509v3 Subject Alternative Name:"
        yield from (f"        {'IP Address : ' if kind == 'ip' else ''}{value}" for kind, value in found.alt_names)
    if found.authority_key_id is not None:
        yield f"    X509v3 Authority Key ID: {_words(found.authority_key_id)} "
    yield "    Authority Info Access:"
    yield from (f"        OCSP URL: {url}" for url in found.ocsp)
    if found.purposes:
        yield "    Extended Key Usage:"
        yield from (f"        {_PURPOSES.get(oid, oid)}" for oid in found.purposes)


def _request(enrolment: Enrolment) -> Iterator[str]:
    """A request that waits; other indents, and a singular, than a certificate's."""
    yield "Certificate"
    yield "  Subject:"
    yield from _identity(enrolment.request.subject)
    yield "   Status: Pending"
    yield f"   Key Usage: {enrolment.pair.usage.replace('general-keys', 'general purpose').title()}"
    for digest in ("md5", "sha1"):
        yield f"   Certificate Request Fingerprint {digest.upper()}: {fingerprint(enrolment.request.der, digest)} "
    yield f"   Associated Trustpoint: {enrolment.trustpoint} "


def _holders(device: Device, certificate: Certificate) -> list[str]:
    return list(dict.fromkeys(each.trustpoint for each in reversed(device[Certificates].all()) if each.certificate == certificate))


def _label(device: Device, certificate: Certificate) -> str:
    pair = device[KeyRing].holding(certificate.spki)
    return "" if pair is None else pair.label


def _words(data: bytes) -> str:
    text = data.hex().upper()
    return " ".join(text[at : at + 8] for at in range(0, len(text), 8))


def _now(device: Device) -> datetime:
    return datetime.fromtimestamp(device.clock.now(), UTC)


def spelled(device: Device, moment: datetime) -> str:
    """`03:08:21 UTC Sep 21 2025`, in the router's zone."""
    return written(device.clock.local(moment.timestamp()), weekday=False)
