"""What `show crypto pki` says of trustpoints, revocation lists, sessions and counters (pki-cli 3.6, 3.8)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki import certificate_show, subject
from ioscli.features.pki import client_events as events
from ioscli.features.pki.certificate_server import CertificateServer
from ioscli.features.pki.certificates import CA, OWN, SELF_SIGNED, Certificates
from ioscli.features.pki.crl import Crls
from ioscli.features.pki.enrolment import PENDING, Enrolments
from ioscli.features.pki.events import ScepMessageRefused, ScepRequested, ScepUnreadable, Tally
from ioscli.features.pki.keypair import USAGES
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.trustpoint import known, names
from ioscli.wire.keys import fingerprint
from ioscli.wire.pem import encode_pem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.crl import Kept
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.x509 import Certificate


def certificates(session: Session, *, view: str | None, name: str | None) -> Iterator[str]:
    """`show crypto pki certificates`."""
    if name is not None:
        known(session.device, name)
    if view == "pem":
        return _pem(session.device, name)
    return certificate_show.lines(session.device, name, verbose=view == "verbose")


def _pem(device: Device, name: str | None) -> Iterator[str]:
    held = device[Certificates]
    for trustpoint in held.trustpoints() if name is None else [name]:
        yield f"------Trustpoint: {trustpoint}------"
        for each in held.of(trustpoint):
            title = f"{each.certificate.usage} Certificate"
            if each.kind == CA:
                title = "Self-signed CA certificate" if each.certificate.self_issued else "CA certificate"
            yield f"% {title}:"
            yield from encode_pem("CERTIFICATE", each.certificate.der).splitlines()
            yield ""


def certificate_storage(session: Session) -> Iterator[str]:
    """`show crypto pki certificates storage` (wording of the manual's sample, by memory)."""
    place = session.device.said("crypto pki certificate storage", default="nvram:")
    yield f"Certificates will be stored in {place}"


def trustpoints(session: Session, *, name: str | None, status: str | None) -> Iterator[str]:
    """`show crypto pki trustpoints [NAME] [status]`."""
    device = session.device
    chosen = [known(device, each) for each in (names(device) if name is None else [name])]
    for trustpoint in chosen:
        yield f"Trustpoint {trustpoint.name}:"
        yield from _status(device, trustpoint) if status is not None else _trustpoint(device, trustpoint)
        yield from ("", "")


def _trustpoint(device: Device, trustpoint: Trustpoint) -> Iterator[str]:
    held = device[Certificates]
    ca, own = held.ca(trustpoint.name), held.find(trustpoint.name, SELF_SIGNED)
    if ca is not None:
        yield "    Subject Name: "
        yield from (f"    {line}" for line in ca.subject.lines)
        yield f"          Serial Number (hex): {ca.serial_hex}"
        yield "    Certificate configured."
        if trustpoint.enrollment == "url" and trustpoint.url.lower().startswith("http"):
            yield f"    SCEP URL: {_scep_url(trustpoint.url)}"
    elif own is not None:
        yield "    Subject Name: "
        yield from (f"    {line}" for line in own.subject.lines)
        yield f"          Serial Number (hex): {own.serial_hex}"
        yield "    Persistent self-signed certificate trust point"
        yield f"    Using key label {_label(device, trustpoint)}"


def _scep_url(url: str) -> str:
    """With its port, and the folder of its program: `http://10.1.255.12:80/cgi-bin`."""
    from ioscli.features.pki.web import UnreachableError, place

    try:
        where = place(url)
    except UnreachableError:
        return url
    path = where.path.rpartition("/")[0] if where.path.endswith(".exe") else where.path
    return f"http://{where.host}:{where.port}{'/cgi-bin' if path == '/' else path}"


def _label(device: Device, trustpoint: Trustpoint) -> str:
    try:
        return subject.key_label(device, trustpoint)
    except Refused:
        return ""


def _status(device: Device, trustpoint: Trustpoint) -> Iterator[str]:
    held, name = device[Certificates], trustpoint.name
    ca, own = held.ca(name), held.find(name, OWN) or held.find(name, SELF_SIGNED)
    yield from _configured("Issuing CA", ca)
    if own is not None:
        yield from _configured(f"Router {own.usage}", own)
    outcome = device[Enrolments].outcome.get(name, "")
    if outcome:
        yield f"  Last enrollment status: {outcome}"
    pair = device[KeyRing].get(_label(device, trustpoint))
    made = "No" if pair is None else f"Yes ({USAGES[pair.usage].removesuffix(' Key')}, {'' if pair.exportable else 'non-'}exportable)"
    yield "  State:"
    yield f"    Keys generated ............. {made}"
    yield f"    Issuing CA authenticated ....... {'No' if ca is None else 'Yes'}"
    waiting = device[Enrolments].active.get(name)
    if waiting is None:
        yield f"    Certificate request(s) ..... {'None' if own is None else 'Yes'}"
        return
    yield f"    Certificate request(s) ..... {PENDING}:"
    for digest in ("md5", "sha1"):
        yield f"      Certificate Request Fingerprint {digest.upper()}: {fingerprint(waiting.request.der, digest)} "


def _configured(title: str, certificate: Certificate | None) -> Iterator[str]:
    if certificate is None:
        yield f"  {title} certificate not configured."
        return
    yield f"  {title} certificate configured:"
    yield "    Subject Name:"
    yield f"     {certificate.subject}"
    for digest in ("md5", "sha1"):
        yield f"    Fingerprint {digest.upper()}: {fingerprint(certificate.der, digest)} "


def crls(session: Session, *, download: str | None) -> Iterator[str]:
    """`show crypto pki crls [download]`."""
    device = session.device
    if download is not None:
        yield from _downloads(device)
        return
    kept = device[Crls]
    for each in tuple(kept.kept.values()):
        yield from _crl(device, each)
        yield ""
        yield ""
    yield f"Parsed CRL cache current size is {kept.size} bytes"
    yield f"Parsed CRL cache maximum size is {kept.limit} bytes"


def _crl(device: Device, kept: Kept) -> Iterator[str]:
    crl = kept.crl
    yield "CRL Issuer Name:"
    yield f"    {crl.issuer}"
    yield f"    LastUpdate: {certificate_show.spelled(device, crl.this_update)}"
    if crl.next_update is not None:
        yield f"    NextUpdate: {certificate_show.spelled(device, crl.next_update)}"
    yield ""
    yield f"    CRL downloaded at: {certificate_show.spelled(device, datetime.fromtimestamp(kept.fetched, UTC))}"
    yield ""
    yield "    Retrieved from CRL Distribution Point:"
    yield f"      {'** CDP Not Published - Retrieved via SCEP' if kept.source == 'SCEP' else kept.source}"
    yield ""
    yield f" CRL DER is {len(crl.der)} bytes"
    yield " CRL is stored in parsed CRL cache"


def _downloads(device: Device) -> Iterator[str]:
    said = device.said("crypto pki crl download schedule retries", default="5 interval 30").split()
    yield "CRL download for trustpoints :"
    yield from (f"{' ' * 24}{found.text.split()[-1]}" for found in device.statements("crypto pki crl download trustpoint"))
    yield "CRL static time download entries"
    yield from (f"{' ' * 24}{' '.join(found.text.split()[6:])}" for found in device.statements("crypto pki crl download schedule time"))
    yield f"CRL prepublish time         : {device.said('crypto pki crl download schedule prepublish', default='0')} minutes"
    yield f"CRL maximum retry attempts  : {said[0]}"
    yield f"CRL retry time interval     : {said[2] if len(said) > 2 else 30} minutes"


def session(session: Session) -> Iterator[str]:
    """`show crypto pki session`: what uses PKI at the moment (own wording)."""
    active = tuple(session.device[Enrolments].active.values())
    yield f"PKI sessions active: {len(active)}"
    for enrolment in active:
        yield f"  Session {enrolment.session}: enrollment of trustpoint {enrolment.trustpoint}, {len(enrolment.request.der)} bytes"


def counters(session: Session) -> Iterator[str]:
    """`show crypto pki counters`."""
    tally = session.device[Tally]
    active = len(session.device[Enrolments].active)
    yield f"PKI Sessions Started: {tally[events.SessionStarted]}"
    yield f"PKI Sessions Ended: {tally[events.SessionEnded]}"
    yield f"PKI Sessions Active: {active}"
    yield f"Successful Validations: {tally[events.ValidationSucceeded]}"
    yield f"Failed Validations: {tally[events.ValidationFailed]}"
    yield f"Bypassed Validations: {tally[events.ValidationBypassed]}"
    done = tally[events.ValidationSucceeded] + tally[events.ValidationFailed]
    yield f"Pending Validations: {max(tally[events.ValidationBegun] - done, 0)}"
    yield f"CRLs checked: {tally[events.CrlChecked]}"
    yield f"CRL - fetch attempts: {tally[events.CrlWanted]}"
    yield f"CRL - failed attempts: {tally[events.CrlFetchFailed]}"
    yield "CRL - rejected busy fetching: 0"
    yield "AAA authorizations: 0"
    if session.device[CertificateServer].settings is not None:
        yield f"SCEP requests received: {tally[ScepRequested]}"
        yield f"SCEP requests refused: {tally[ScepMessageRefused]}"
        yield f"SCEP requests unreadable: {tally[ScepUnreadable]}"
