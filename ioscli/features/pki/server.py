"""The commands of the certificate server: its section, the questions of its first start, what an operator does with requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.pki import rollover
from ioscli.features.pki.certificate_server import CertificateServer, OneTime
from ioscli.features.pki.certificates import Certificates
from ioscli.features.pki.first_start import first_start
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.requests import PENDING
from ioscli.features.pki.server_settings import number, read, server_name
from ioscli.features.pki.transfer import load
from ioscli.wire.names import NameTextError, parse_name
from ioscli.wire.pem import encode_base64, encode_pem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.requests import Enrolment
    from ioscli.wire.x509 import Certificate

_PASSWORD = 60  # minutes that a one-time password is good for (pki-cli 4.3)


# ---- the section


async def remove(session: Session, *, text: str, negated: str | None, name: str) -> str | None:
    """Before `crypto pki server NAME` is opened or removed."""
    device = session.device
    known = server_name(device)
    if not negated:
        if known is not None and known != name:
            raise Refused(f"% Certificate server '{known}' is configured already, and there can be only one")
        return text
    if known != name:
        raise Refused(f"Certificate server '{name}' is not known")
    question = "CA certificate, Keypair, CRL and database files will be deleted. Do you wish to continue? [yes/no]: "
    if not await session.yes_or_no(question):
        return None
    for url in dissolve(device):
        session.write(f"% The server file {url} could not be deleted.\n% You need to delete it manually.\n")
    return text


def dissolve(device: Device) -> list[str]:
    """Removes all that a server has, except its section. Returns the URLs of files that could not be removed."""
    server = device[CertificateServer]
    server.settle()
    settings, label, certified = server.configured(), server.key_label(), server.certificate() is not None
    server.shut_down()
    requests, failed = server.requests, server.depot.remove()
    requests.journal.remove()
    if certified:
        edit.drop(device, f"crypto pki trustpoint {settings.name}")
        device[Certificates].remove_chain(settings.name)
        for name in (label, f"{label}#"):
            if name in device[KeyRing]:
                device[KeyRing].remove(name)
    return failed


async def apply(device: Device, touched: Touched) -> None:
    """Makes the engine agree with the section."""
    server = device[CertificateServer]
    name = server_name(device)
    wanted = None if name is None else read(device, name)
    if wanted is not None:
        server.check(wanted)
    server.settle()


def issuer_name(session: Session, *, text: str, negated: str | None, dn: str | None) -> str:
    """Before `issuer-name` is stored."""
    if not negated and dn is not None:
        try:
            parse_name(dn)
        except NameTextError as error:
            raise Refused("\n".join(error.lines)) from None
    return text


def serial_number(session: Session, *, text: str, negated: str | None, serial: str | None) -> str:
    """Before `serial-number` is stored."""
    if serial is not None:
        _serial(serial)
    return text


def database_url(session: Session, *, text: str, negated: str | None, location: str | None) -> str:
    """Before `database url` is stored: what is there is not moved."""
    server = session.device[CertificateServer]
    if server.settings is not None and server.certificate() is not None and server.state != "enabled" and location != server.settings.url:
        session.write("% Server database url was changed. You need to move the\n% existing database to the new location.\n")
    return text


async def enable(session: Session, *, text: str, negated: str | None) -> str | None:
    """Before `shutdown` is stored or removed: the first `no shutdown` makes the authority."""
    server = session.device[CertificateServer]
    server.settle()
    settings = server.configured()
    if server.starting:
        raise Refused("% The certificate server is being started by another session")
    if not negated:
        if not settings.shut:
            session.write("Certificate server 'shut' event has been queued for processing.\n")
        return text
    server.starting = True
    try:
        return await _start(session, server, text)
    finally:
        server.starting = False


async def _start(session: Session, server: CertificateServer, text: str) -> str | None:
    if server.started and (server.certificate() is not None or server.passphrase is not None):
        session.write("Certificate server 'no shut' event has been queued for processing.\n")
        if server.certificate() is None and server.passphrase is not None and session.device.clock.source is not None:
            await first_start(session, server)
        return text
    return text if await first_start(session, server) else None


# ---- the operator


def _named(session: Session, name: str) -> CertificateServer:
    server = session.device[CertificateServer]
    server.settle()
    server.named(name)
    return server


def _chosen(server: CertificateServer, which: str, *, all_of: list[Enrolment]) -> list[Enrolment]:
    """The requests that `all` or a number means."""
    if which == "all":
        return all_of
    found = server.requests.all.get(int(which))
    if found is None:
        raise Refused(f"% Request {which} is not in the enrollment request database.")
    return [found]


async def grant(session: Session, *, name: str, which: str) -> AsyncIterator[str]:
    """`crypto pki server NAME grant`."""
    server = _named(session, name)
    server.enabled()
    await loop()
    for enrolment in _chosen(server, which, all_of=server.requests.waiting()):
        if enrolment.state != PENDING:
            raise Refused(f"% Request {enrolment.number} is not pending; its state is {enrolment.state}.")
        certificate = await server.grant(enrolment)
        if certificate is not None and not enrolment.transaction:
            for line in _granted(certificate, pem=enrolment.pem):
                yield line


async def reject(session: Session, *, name: str, which: str) -> None:
    """`crypto pki server NAME reject`."""
    server = _named(session, name)
    await loop()
    for enrolment in _chosen(server, which, all_of=server.requests.waiting()):
        if enrolment.state != PENDING:
            raise Refused(f"% Request {enrolment.number} is not pending; its state is {enrolment.state}.")
        await server.reject(enrolment)


def remove_requests(session: Session, *, name: str, which: str) -> None:
    """`crypto pki server NAME remove`."""
    server = _named(session, name)
    for enrolment in _chosen(server, which, all_of=list(server.requests)):
        server.forget(enrolment.number)


def revoke(session: Session, *, name: str, serial: str) -> Iterator[str]:
    """`crypto pki server NAME revoke`."""
    server = _named(session, name)
    wanted = _serial(serial)
    server.revocations.revoke(wanted)
    yield f"% Certificate {_octets(wanted)} succesfully revoked."


def revoke_own(session: Session, *, serial: str) -> Iterator[str]:
    """`revoke` in the server's own mode."""
    return revoke(session, name=server_name(session.device) or "", serial=serial)


def unrevoke(session: Session, *, name: str, serial: str) -> Iterator[str]:
    """`crypto pki server NAME unrevoke`."""
    server = _named(session, name)
    wanted = _serial(serial)
    server.revocations.unrevoke(wanted)
    yield f"% Certificate {_octets(wanted)} succesfully unrevoked."


async def trim(session: Session, *, name: str, generate: str | None, url: str) -> AsyncIterator[str]:
    """`crypto pki server NAME trim url`: revoked certificates that have expired leave the list.

    `generate expired-list` writes their serial numbers into a file; without, the numbers of the file are taken off the list.
    """
    server = _named(session, name)
    server.enabled()
    if generate is not None:
        now = server.now()
        gone = sorted(entry.serial for entry in server.depot.entries() if entry.serial in server.revocations.revoked and entry.expires < now)
        session.device.files.write(url, "".join(f"{serial:X}\n" for serial in gone).encode())
        yield f"% {len(gone)} expired certificates written to {url}"
        return
    words = (await load(session, url)).decode("ascii", "replace").split()
    try:
        listed = {int(word, 16) for word in words}
    except ValueError:
        raise Refused(f"% {url} is no list of serial numbers") from None
    before = len(server.revocations.revoked)
    server.revocations.trim(listed)
    yield f"% {before - len(server.revocations.revoked)} certificates removed from the CRL"


def generate_password(session: Session, *, name: str, minutes: str | None) -> Iterator[str]:
    """`crypto pki server NAME password generate`."""
    server = _named(session, name)
    server.enabled()
    good = int(minutes or _PASSWORD)
    text = session.device.entropy(8).hex().upper()
    server.password = OneTime(text, session.device.clock.now() + good * 60)
    yield f"% New password is {text}, and is good for {good} minutes"


def start(session: Session, *, name: str) -> None:
    """`crypto pki server NAME start`: it checks again whether it can be enabled."""
    _named(session, name)


def stop(session: Session, *, name: str) -> None:
    """`crypto pki server NAME stop`: until the next start, or change of its section."""
    _named(session, name).pause()


async def roll_over(session: Session, *, name: str, cancel: str | None) -> None:
    """`crypto pki server NAME rollover [cancel]`."""
    server = _named(session, name)
    server.enabled()
    if cancel is not None:
        rollover.cancel(server)
    else:
        await rollover.generate(server)


async def request_pkcs10(
    session: Session,
    *,
    name: str,
    source: str,
    base64: str | None,
    pem: str | None,
) -> AsyncIterator[str]:
    """`crypto pki server NAME request pkcs10`."""
    from ioscli.features.pki.pasted_request import take

    server = _named(session, name)
    server.enabled()
    await loop()
    as_pem = True if pem is not None else False if base64 is not None else None
    enrolment, certificate = await take(session, server, source, as_pem=as_pem)
    if certificate is None:
        yield f"% Enrollment request pending, reqId={enrolment.number}"
        return
    for line in _granted(certificate, pem=enrolment.pem):
        yield line


def _granted(certificate: Certificate, *, pem: bool) -> Iterator[str]:
    yield "% Granted certificate:"
    text = encode_pem("CERTIFICATE", certificate.der) if pem else encode_base64(certificate.der)
    yield from text.splitlines()
    yield ""


def _serial(text: str) -> int:
    try:
        return number(text)
    except ValueError:
        raise Refused(f"% {text} is no serial number") from None


def _octets(serial: int) -> str:
    from ioscli.wire.x509.certificate import serial_hex

    return serial_hex(serial)
