"""A registration authority: what is granted here is asked of the authority behind it, under our signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki import trustpoint, web
from ioscli.features.pki.client import ScepClient, stored
from ioscli.features.pki.crl import Crls, NoCrlError
from ioscli.features.pki.profile import destination
from ioscli.features.pki.requests import AUTHORIZED, REJECTED
from ioscli.features.pki.web import UnreachableError
from ioscli.wire import http
from ioscli.wire.errors import WireError
from ioscli.wire.scep.client import Issued, Pending, Transaction

if TYPE_CHECKING:
    from ioscli.features.pki.certificate_server import CertificateServer
    from ioscli.features.pki.requests import Enrolment
    from ioscli.wire.http import Request, Response
    from ioscli.wire.x509 import Certificate, Crl


async def forward(server: CertificateServer, enrolment: Enrolment) -> Certificate | None:
    """Asks for a request, or what became of it. None while the authority has not granted it, or where it will not. Raises Refused."""
    device, identity, name = server.device, server.enabled(), server.configured().name
    client = ScepClient(device, trustpoint.known(device, name))
    try:
        capabilities = await client.capabilities()
        terms = client.terms(capabilities)
        transaction = Transaction.enrol(
            enrolment.request, identity, stored(device, name), device.entropy, identifier=enrolment.transaction or None, terms=terms
        )
        answer = await client.send(transaction, post=capabilities.post, poll=enrolment.state == AUTHORIZED and enrolment.sent)
    except UnreachableError:
        # It is asked for again when its client asks.
        enrolment.sent = False
        answer = Pending()
    except WireError as error:
        raise Refused(f"% The certificate authority did not answer as it should: {error}") from None
    else:
        enrolment.sent = True
    if isinstance(answer, Issued) and answer.certificate is not None:
        return answer.certificate
    state = AUTHORIZED if isinstance(answer, Pending) else REJECTED
    if enrolment.state != state:
        await server.wait(enrolment, state)
    return None


async def crl(server: CertificateServer) -> Crl | None:
    """The revocation list of the authority, as the trustpoint of this router has or gets it; None for none."""
    device, name = server.device, server.configured().name
    try:
        return await device[Crls].current(trustpoint.known(device, name), server.enabled().certificate, stored(device, name).ca)
    except (NoCrlError, WireError):
        return None


async def relay(server: CertificateServer, request: Request) -> Response:
    """`mode ra transparent`: a message goes to the authority as it is, and its answer back."""
    device, found = server.device, trustpoint.known(server.device, server.configured().name)
    query = request.target.partition("?")[2]
    where = web.place(destination(device, found, "enrollment"))
    path = "/cgi-bin/pkiclient.exe" if where.path in ("", "/") else where.path.partition("?")[0]
    body = request.body if request.method == "POST" else None
    try:
        answer = await web.ask(device, found.name, where._replace(path=f"{path}?{query}"), "relay", body=body, source=found.source)
    except UnreachableError:
        return http.Response(503, {"Content-Type": "text/plain"}, b"The certificate authority does not answer\n")
    return http.Response(answer.status, {"Content-Type": answer.headers.get("content-type", "application/octet-stream")}, answer.body)
