"""`show crypto pki server`, and the server's own `show` of its settings."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ioscli.device.clock import written
from ioscli.device.terminal import Refused
from ioscli.features.pki import rollover
from ioscli.features.pki.certificate_server import ENABLED, CertificateServer
from ioscli.features.pki.certificates import CA, CA_ROLLOVER, Certificates
from ioscli.features.pki.grant import Kind
from ioscli.features.pki.server_settings import spelled
from ioscli.features.pki.timers import PkiTimers
from ioscli.wire.algorithms import DIGESTS
from ioscli.wire.names import parse_name
from ioscli.wire.x509.certificate import serial_hex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.server_settings import ServerSettings
    from ioscli.wire.x509 import Crl

_LEVELS = {
    "minimum": "Minimum - no cert data written to storage",
    "names": "Names - subject name data written as <serialnum>.cnm",
    "complete": "Complete - all issued certs written as <serialnum>.cer",
}
_RULE = "-" * 62


def show(session: Session, *, name: str | None, what: str | None) -> Iterator[str]:
    """`show crypto pki server [NAME [certificates | crl | requests]]`."""
    server = session.device[CertificateServer]
    server.settle()
    if name is not None:
        server.named(name)
    if server.settings is None:
        return iter(())
    match what:
        case "requests":
            return requests(server)
        case "certificates":
            return certificates(server)
        case "crl":
            return crl(server)
    return status(server)


def info(session: Session, *, name: str, what: str) -> Iterator[str]:
    """`crypto pki server NAME info`."""
    return show(session, name=name, what=what)


def status(server: CertificateServer) -> Iterator[str]:
    """What it is, and how it does."""
    settings, device = server.configured(), server.device
    certificate = server.certificate()
    yield f"Certificate Server {settings.name}:"
    if server.state == ENABLED:
        yield "    Status: enabled"
    else:
        yield f"    Status: disabled{f', {server.reason}' if server.reason else ''}"
    yield f"    State: {server.state}"
    if not settings.shut:
        yield '    Server\'s configuration is locked  (enter "shut" to unlock it)'
    yield f"    Issuer name: {_issuer(server)}"
    if settings.role == "ca":
        if certificate is not None:
            yield f"    CA cert fingerprint: {fingerprint(certificate.der)} "
    else:
        yield from _role(server)
    yield f"    Granting mode is: {_granting(settings)}"
    if not settings.agent and certificate is not None:
        yield f"    Last certificate issued serial number (hex): {_last(server):X}"
        yield f"    CA certificate expiration timer: {_date(device, certificate.not_after.timestamp())}"
        known = _crl(server)
        if known is not None and known.next_update is not None:
            yield f"    CRL NextUpdate timer: {_date(device, known.next_update.timestamp())}"
    yield f"    Current primary storage dir: {settings.url}"
    for kind, place in settings.places:
        yield f"    Current storage dir for .{kind} files: {place}"
    for kind, place in settings.published:
        yield f"    Current publish dir for .{kind} files: {place}"
    yield f"    Database Level: {_LEVELS[settings.level]}"
    yield from _rollover(server)


def _crl(server: CertificateServer) -> Crl | None:
    """Its list: of a server that did not run yet, the one in its file, if that can be read."""
    with suppress(Refused):
        return server.revocations.crl or server.depot.crl()
    return None


def _last(server: CertificateServer) -> int:
    """The serial number of the last certificate: of a server that did not run yet, the one in its file."""
    return server.serial or server.depot.serial() or server.configured().serial


def _issuer(server: CertificateServer) -> str:
    settings = server.configured()
    certificate = server.certificate()
    if settings.role == "ca" or certificate is None or parse_name(settings.issuer).matches(certificate.subject):
        return settings.issuer
    return str(certificate.subject)


def _role(server: CertificateServer) -> Iterator[str]:
    settings, own = server.configured(), server.certificate()
    upper = server.device[Certificates].find(settings.name, CA)
    if settings.agent:
        if upper is not None:
            yield f"    CA cert fingerprint: {fingerprint(upper.der)} "
        yield "    Server configured in RA mode"
        if own is not None:
            yield f"    RA cert fingerprint: {fingerprint(own.der)} "
        return
    if own is not None:
        yield f"    CA cert fingerprint: {fingerprint(own.der)} "
    yield "    Server configured in subordinate server mode"
    if upper is not None:
        yield f"    Upper CA cert fingerprint: {fingerprint(upper.der)} "


def _granting(settings: ServerSettings) -> str:
    if settings.grant == "manual" and settings.grant_trustpoints:
        return f"auto-granting of reenrollments from trustpoint {', '.join(settings.grant_trustpoints)}, manual otherwise"
    return settings.grant


def _rollover(server: CertificateServer) -> Iterator[str]:
    settings, device = server.configured(), server.device
    shadow = device[Certificates].find(settings.name, CA_ROLLOVER)
    if shadow is not None:
        yield "    Rollover status: available for rollover"
        yield f"      Rollover CA cert fingerprint: {fingerprint(shadow.der)} "
        yield f"      Rollover CA certificate expiration time: {_date(device, shadow.not_after.timestamp())}"
    if settings.overlap is None:
        return
    yield f"    Auto-Rollover configured, overlap period {_period(settings.overlap)}"
    due = device[PkiTimers].get(rollover.GENERATE)
    if due is not None:
        yield f"    Autorollover timer: {_date(device, due)}"


def _period(overlap: timedelta) -> str:
    minutes = int(overlap.total_seconds()) // 60
    parts = [(minutes // 1440, "days"), (minutes // 60 % 24, "hours"), (minutes % 60, "minutes")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 days"


def fingerprint(data: bytes, digest: str = "md5") -> str:
    """As IOS writes it: words of eight hexadecimal digits."""
    return DIGESTS[digest].of(data).hex(" ", -4).upper()


def _date(device: Device, moment: float) -> str:
    """`07:24:39 UTC Mar 24 2028`."""
    return written(device.clock.local(moment), weekday=False)


def requests(server: CertificateServer) -> Iterator[str]:
    """The request database."""
    yield "Enrollment Request Database:"
    yield ""
    listed = list(server.requests)
    for kind in Kind:
        yield kind.value
        yield "ReqID  State      Fingerprint                      SubjectName"
        yield _RULE
        for each in listed:
            if each.kind is kind:
                yield f"{each.number:<6} {each.state:<10} {each.fingerprint} {each.subject}"
        yield ""


def certificates(server: CertificateServer) -> Iterator[str]:
    """What it issued, as far as the database has it; read as it is shown."""
    yield "Serial Issued date              Expire date               Subject Name"
    for entry in server.depot.entries():
        issued = "" if entry.issued is None else _date(server.device, entry.issued.timestamp())
        yield f"{entry.serial:<7X} {issued:<24} {_date(server.device, entry.expires.timestamp()):<24}  {entry.subject}"


def crl(server: CertificateServer) -> Iterator[str]:
    """The revocation list."""
    known = server.revocations.crl or server.depot.crl()
    if known is None:
        raise Refused("% There is no CRL.")
    device = server.device
    yield "Certificate Revocation List:"
    yield f"    Issuer: {' '.join(known.issuer.lines)}"
    yield f"    This Update: {_date(device, known.this_update.timestamp())}"
    if known.next_update is not None:
        yield f"    Next Update: {_date(device, known.next_update.timestamp())}"
    yield f"    Number of CRL entries: {len(known.entries)}"
    yield f"    CRL size: {len(known.der)} bytes"
    for serial, when in known.entries.items():
        yield f"    Serial Number (hex): {serial_hex(serial)}"
        yield f"    Revocation Date: {_date(device, when.timestamp())}"


def settings(session: Session) -> Iterator[str]:
    """`show` in the server's mode: its settings, defaults too."""
    server = session.device[CertificateServer]
    server.settle()
    wanted = server.configured()
    yield f" serial-number 0x{_last(server):X}"
    yield f" database level {wanted.level}"
    yield " no database archive" if wanted.archive is None else f" database archive {wanted.archive}"
    yield f" issuer-name {wanted.issuer}"
    if wanted.grant != "manual":
        yield f" grant {wanted.grant}"
    if len(wanted.grant_trustpoints) == 1:
        yield f" grant auto trustpoint {wanted.grant_trustpoints[0]}"
    elif wanted.grant_trustpoints:
        yield f" grant auto tp-list {' '.join(wanted.grant_trustpoints)}"
    for certificate in wanted.grant_rollover:
        yield f" grant auto rollover {certificate}"
    if wanted.digest != "sha256":
        yield f" hash {wanted.digest}"
    yield f" lifetime crl {spelled(wanted.crl_lifetime, hours=True)}"
    yield f" lifetime certificate {spelled(wanted.certificate_lifetime)}"
    yield f" lifetime ca-certificate {spelled(wanted.ca_lifetime)}"
    yield f" lifetime enrollment-request {int(wanted.request_lifetime.total_seconds()) // 3600}"
    if wanted.role != "ca":
        yield f" mode {wanted.role}"
    if wanted.purposes:
        yield f" eku {' '.join(wanted.purposes)}"
    if wanted.overlap is not None:
        yield f" auto-rollover {spelled(wanted.overlap)}"
    if wanted.cdp is not None:
        yield f" cdp-url {wanted.cdp}"
    if wanted.url != "nvram:":
        yield f" database url {wanted.url}"
    for kind, place in wanted.places:
        yield f" database url {kind} {place}"
    for kind, place in wanted.published:
        yield f" database url {kind} publish {place}"
