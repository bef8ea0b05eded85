"""A request that an operator brings: pasted at the terminal, or out of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki.grant import Granted, Rejected, Sender, decide
from ioscli.features.pki.requests import PENDING, REJECTED
from ioscli.wire.errors import RemoteError
from ioscli.wire.pem import decode_any
from ioscli.wire.x509 import Request

if TYPE_CHECKING:
    from ioscli.device.session import Session
    from ioscli.features.pki.certificate_server import CertificateServer
    from ioscli.features.pki.requests import Enrolment
    from ioscli.wire.x509 import Certificate

_LONGEST = 1000  # lines


async def take(session: Session, server: CertificateServer, source: str, *, as_pem: bool | None) -> tuple[Enrolment, Certificate | None]:
    """The request and what was issued for it, None while it waits. `as_pem`: None as it comes itself. Raises Refused."""
    text = await _pasted(session) if source == "terminal" else _from_file(session, source)
    try:
        request = Request.parse(decode_any(text, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"))
        request.verify(legacy=True)
    except RemoteError as error:
        raise Refused(f"% The request cannot be read: {error}") from None
    settings = server.configured()
    decision = decide(settings, request, Sender(), server.enabled().certificate.subject)
    pem = "-----BEGIN" in text if as_pem is None else as_pem
    enrolment = server.requests.open(request, session.device.clock.now(), pem=pem)
    if isinstance(decision, Granted):
        return enrolment, await server.grant(enrolment)
    if isinstance(decision, Rejected):
        await server.wait(enrolment, REJECTED)
        raise Refused(f"% Enrollment request rejected: {decision.reason}")
    await server.wait(enrolment, PENDING)
    return enrolment, None


async def _pasted(session: Session) -> str:
    session.write("PKCS10 request in base64 or pem\n\n% Enter Base64 encoded or PEM formatted PKCS10 enrollment request.\n")
    session.write('% End with a blank line or "quit" on a line by itself.\n')
    lines: list[str] = []
    while len(lines) < _LONGEST:
        line = await session.terminal.line("")
        if line.strip() in ("", "quit"):
            break
        lines.append(line)
    session.write("\n")
    return "\n".join(lines)


def _from_file(session: Session, source: str) -> str:
    if source in ("scep", "tti"):
        raise Refused(f"% {source.upper()} requests come over the network")
    return session.device.files.read(source).decode("ascii", "replace")
