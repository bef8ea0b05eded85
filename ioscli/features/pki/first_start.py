"""The first `no shutdown` of a certificate server: a passphrase, a key, a certificate, and the files of its database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.terminal import Refused
from ioscli.features.core.http import HttpServer
from ioscli.features.pki import authority
from ioscli.features.pki.certificates import CA, Certificates
from ioscli.features.pki.keygen import generate
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.keys import SHORTEST
from ioscli.wire.identity import Identity
from ioscli.wire.names import NameTextError

if TYPE_CHECKING:
    from ioscli.device.session import Session
    from ioscli.features.pki.certificate_server import CertificateServer

SETTLED = "%Some server settings cannot be changed after CA certificate generation.\n"


async def first_start(session: Session, server: CertificateServer) -> bool:
    """The dialogue. Returns whether the server may be enabled now, as far as it is concerned. Raises Refused."""
    settings = server.configured()
    if server.certificate() is not None and server.key() is not None:
        _enabled(session)  # restored from an archive, or from another router
        return True
    if settings.agent:
        from ioscli.features.pki.subordinate import enrol_agent

        return await enrol_agent(session, server)
    if server.passphrase is None:
        session.write(SETTLED)
        passphrase = settings.archive_password or await _passphrase(session)
        if passphrase is None:
            session.write("% Aborted.\n")
            return False
        server.passphrase = passphrase
    if session.device.clock.source is None:
        session.write("% Time has not been set. Cannot start the Certificate server\n")
        return True
    if settings.role != "ca":
        from ioscli.features.pki.subordinate import enrol

        return await enrol(session, server)
    await make(session, server)
    _enabled(session)
    return True


async def _passphrase(session: Session) -> str | None:
    """Asks for the passphrase, twice the same; None for none."""
    session.write("% Please enter a passphrase to protect the private key\n% or type Return to exit\n")
    while True:
        passphrase = await session.ask("Password: ", echo=False)
        if not passphrase:
            return None
        if len(passphrase) < SHORTEST:
            session.write(f"% The passphrase must have at least {SHORTEST} characters.\n")
            continue
        session.write("\n")
        if await session.ask("Re-enter password: ", echo=False) == passphrase:
            return passphrase
        session.write("% The passwords do not match.\n")


async def make_key(session: Session, server: CertificateServer) -> bool:
    """Makes the server's key where there is none. Returns whether it was made."""
    label = server.key_label()
    if label in session.device[KeyRing]:
        return False
    await generate(session, label)
    return True


async def make(session: Session, server: CertificateServer) -> None:
    """Makes the key, the root certificate, the trustpoint that holds it, and the files. Raises Refused; then there is no authority."""
    settings, device = server.configured(), session.device
    fresh = await make_key(session, server)
    pair = server.key()
    assert pair is not None
    serial = settings.serial + 1
    try:
        certificate = authority.make_root(settings, pair.private, serial, server.now())
    except NameTextError as error:
        raise Refused("\n".join(error.lines)) from None
    identity = Identity(certificate, pair.private)
    server.depot.write_serial(serial)
    server.depot.store(certificate)
    server.identity, server.serial = identity, serial
    server.revocations.renew()
    if settings.archive is not None and (fresh or pair.exportable):
        assert server.passphrase is not None
        session.write("% Exporting Certificate Server signing certificate and keys...\n")
        server.depot.archive(identity, server.passphrase)
    server.passphrase = None
    trustpoint = f"crypto pki trustpoint {settings.name}"
    if edit.section(device, trustpoint) is None:
        edit.put(device, trustpoint, "revocation-check crl")
        edit.put(device, trustpoint, f"rsakeypair {pair.label}")
    device[Certificates].put(settings.name, CA, certificate)


def _enabled(session: Session) -> None:
    """What is said at the end, where nothing else keeps it from being enabled."""
    if session.device[HttpServer].running:
        session.write("\n% Certificate Server enabled.\n")
