"""The first start of a server that is no root: it asks the authority above it for its own certificate, as a trustpoint of its name does.

What it can do before that certificate has come is nothing; it is enabled when it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.pki import trustpoint
from ioscli.features.pki.certificates import Certificates
from ioscli.features.pki.enroll import request_certificate, trusted
from ioscli.features.pki.enrolment import Enrolment, Enrolments
from ioscli.features.pki.first_start import SETTLED, make_key
from ioscli.features.pki.grant import is_agent
from ioscli.wire.names import NameTextError, parse_name
from ioscli.wire.x509 import build_request
from ioscli.wire.x509 import extensions as ext

if TYPE_CHECKING:
    from ioscli.device.session import Session
    from ioscli.features.pki.certificate_server import CertificateServer
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.x509 import Request


async def enrol(session: Session, server: CertificateServer) -> bool:
    """The rest of the dialogue of a subordinate authority (pki-cli 2.3 j). Returns whether a request was sent. Raises Refused."""
    found = await _with_key(session, server, _trustpoint(session, server))
    if not await _authenticated(session, found):
        return False
    pair = server.key()
    assert pair is not None
    server.passphrase = None
    await loop()
    session.device[Enrolments].begin(Enrolment(found.name, _request(server), pair))
    session.write("% Certificate request sent to Certificate Authority\n% Enrollment in progress...\n")
    return True


async def enrol_agent(session: Session, server: CertificateServer) -> bool:
    """The dialogue of a registration authority (pki-cli 2.3 k). Returns whether a request was sent. Raises Refused."""
    found = _trustpoint(session, server)
    if not _named_agent(found):
        raise Refused("% The subject name of the trustpoint must have cn=ioscs RA or ou=ioscs RA")
    found = await _with_key(session, server, found)
    if not await _authenticated(session, found):
        return False
    session.write(SETTLED)
    if not await request_certificate(session, found):
        return False
    session.write("% Enrollment in progress...\n")
    return True


def _trustpoint(session: Session, server: CertificateServer) -> Trustpoint:
    found = trustpoint.read(session.device, server.configured().name)
    if found is None or found.enrollment not in ("url", "profile"):
        raise Refused(f"% Trustpoint {server.configured().name} with an enrollment url must be configured first")
    return found


async def _with_key(session: Session, server: CertificateServer, found: Trustpoint) -> Trustpoint:
    """Makes the server's key where there is none; the trustpoint names it from then on."""
    await make_key(session, server)
    if not found.key:
        edit.put(session.device, f"crypto pki trustpoint {found.name}", f"rsakeypair {server.key_label()}")
    return _trustpoint(session, server)


async def _authenticated(session: Session, found: Trustpoint) -> bool:
    return session.device[Certificates].ca(found.name) is not None or await trusted(session, found.name)


def _request(server: CertificateServer) -> Request:
    """Asks for the certificate of an authority."""
    pair, settings = server.key(), server.configured()
    assert pair is not None
    try:
        subject = parse_name(settings.issuer)
    except NameTextError as error:
        raise Refused("\n".join(error.lines)) from None
    wanted = [ext.basic_constraints(ca=True), ext.key_usage(ext.CA_USAGE)]
    return build_request(subject=subject, key=pair.private, extensions=wanted, digest="sha256" if settings.digest == "md5" else settings.digest)


def _named_agent(found: Trustpoint) -> bool:
    try:
        return bool(found.subject) and is_agent(parse_name(found.subject))
    except NameTextError:
        return False
