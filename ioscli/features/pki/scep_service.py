"""The certificate server's face to clients: SCEP over HTTP, at the path that IOS has it (`/cgi-bin/pkiclient.exe`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core.http import HttpServer
from ioscli.features.pki import events
from ioscli.features.pki.certificates import CA, CA_ROLLOVER, Certificates
from ioscli.features.pki.events import emit
from ioscli.features.pki.grant import Granted, Rejected, Sender, decide
from ioscli.features.pki.requests import AUTHORIZED, GRANTED, PENDING, REJECTED, holder_of
from ioscli.wire import http
from ioscli.wire.errors import LocalError, RemoteError
from ioscli.wire.scep import server as scep
from ioscli.wire.scep.codec import parse_query
from ioscli.wire.scep.messages import SERVER_CAPABILITIES, FailInfo, Operation, Refusal

if TYPE_CHECKING:
    from ioscli.features.pki.certificate_server import CertificateServer
    from ioscli.features.pki.requests import Enrolment
    from ioscli.net.streams import Endpoint
    from ioscli.wire.http import Request, Response
    from ioscli.wire.x509 import Certificate, Crl

PATH = "/cgi-bin/pkiclient.exe"
_REMEMBERED = 10_000  # messages whose replay is found out


class ScepService:
    """Answers SCEP requests out of a certificate server."""

    def __init__(self, server: CertificateServer) -> None:
        self.server = server
        self.device = server.device
        self._machine: scep.ScepServer | None = None
        self._answered: dict[tuple[str, bytes | None], None] = {}  # transactions and nonces of the latest messages
        self.device[HttpServer].pages["/cgi-bin"] = self.page

    def renew(self) -> None:
        """The server has become another: it was enabled, or has a new certificate."""
        settings, identity = self.server.configured(), self.server.enabled()
        capabilities = replace(SERVER_CAPABILITIES, get_next_ca_cert=settings.overlap is not None)
        held = self.device[Certificates].find(settings.name, CA)
        # A subordinate authority hands out its own certificate, as a root does; an agent those of its authority too.
        chain = (held,) if settings.agent and held is not None else ()
        trusted = chain or (identity.certificate,)
        self._machine = scep.ScepServer(
            identity, self.device.entropy, chain=chain, trusted=trusted, capabilities=capabilities, legacy=settings.legacy
        )

    async def page(self, request: Request, peer: Endpoint) -> Response:
        """One HTTP request."""
        if self._machine is None or self.server.state != "enabled":
            return _plain(503, "The certificate server is not enabled")
        if self.server.configured().role == "ra transparent":
            from ioscli.features.pki.registration import relay

            return await relay(self.server, request)
        try:
            query = parse_query(request.target, request.body if request.method == "POST" else None)
            emit(self.device, events.ScepRequested(query.operation.value, peer[0]))
            reply = await self._answer(self._machine, self._machine.receive(query, self.server.now()))
        except RemoteError as error:
            emit(self.device, events.ScepUnreadable(str(error)))
            return _plain(400, "Bad Request")
        except Refused as refused:
            return _plain(503, str(refused).removeprefix("% "))
        if reply is None:
            return _plain(404, "Not Found")
        return http.Response(200, {"Content-Type": reply.content_type}, reply.body)

    async def _answer(self, machine: scep.ScepServer, event: scep.Event) -> scep.Reply | None:
        match event:
            case scep.CaQuery():
                return await self._about_authority(machine, event.operation)
            case scep.Refused():
                return self._failure(machine, event, event.refusal.fail_info, f"{event.refusal.text}: {event.detail}")
        emit(self.device, events.ScepMessageRead(int(event.origin.message_type), event.origin.transaction))
        message = event.origin.transaction, event.origin.sender_nonce
        if message in self._answered:
            return self._failure(machine, event, Refusal.REPLAYED.fail_info, Refusal.REPLAYED.text)
        reply = await self._reply(machine, event)
        # A client that sends a message anew gives it a nonce of its own (RFC 8894 3.2.1.5); some clients have none.
        if message[1] is not None:
            self._answered[message] = None
            if len(self._answered) > _REMEMBERED:
                del self._answered[next(iter(self._answered))]
        return reply

    async def _reply(self, machine: scep.ScepServer, event: scep.PkcsReq | scep.CertPoll | scep.GetCert | scep.GetCrl) -> scep.Reply:
        match event:
            case scep.PkcsReq():
                return await self._enrol(machine, event)
            case scep.CertPoll():
                found = self.server.requests.find(event.origin.transaction, holder_of(event.origin.signer.spki))
                if found is None:
                    return self._failure(machine, event, FailInfo.BAD_CERT_ID, "there is no such transaction")
                if found.state == AUTHORIZED:
                    await self.server.grant(found)
                return self._state_of(machine, event, found)
            case scep.GetCert():
                certificate = self._issued(event.serial)
                if certificate is None:
                    return self._failure(machine, event, FailInfo.BAD_CERT_ID, f"there is no certificate {event.serial:X}")
                return machine.success(event, [certificate])
            case scep.GetCrl():
                crl = await self._crl()
                if crl is None:
                    return self._failure(machine, event, FailInfo.BAD_CERT_ID, "there is no revocation list")
                return machine.success_crl(event, crl)

    async def _crl(self) -> Crl | None:
        """The list of this authority; of the one behind it, where this is an agent."""
        if not self.server.configured().agent:
            return self.server.revocations.crl
        from ioscli.features.pki.registration import crl

        return await crl(self.server)

    async def _about_authority(self, machine: scep.ScepServer, operation: Operation) -> scep.Reply | None:
        match operation:
            case Operation.GET_CA_CAPS:
                return machine.capabilities_reply()
            case Operation.GET_CA_CERT:
                return machine.ca_reply()
            case Operation.GET_CRL:
                crl = await self._crl()
                return None if crl is None else machine.crl_reply(crl)
            case Operation.GET_NEXT_CA_CERT:
                shadow = self.device[Certificates].find(self.server.configured().name, CA_ROLLOVER)
                return None if shadow is None else machine.next_ca_reply([shadow])
        return None

    async def _enrol(self, machine: scep.ScepServer, event: scep.PkcsReq) -> scep.Reply:
        requests, transaction = self.server.requests, event.origin.transaction
        holder = holder_of(event.origin.signer.spki)
        before = requests.find(transaction, holder)
        if before is not None and before.der == event.request.der and self._stands(before):
            return self._state_of(machine, event, before)
        if before is not None:
            self.server.forget(before.number)
        sender = self._sender(event)
        authority = machine.identity.certificate.subject
        decision = decide(self.server.configured(), event.request, sender, authority, self.server.take_password())
        if not isinstance(decision, Granted) and requests.full:
            return self._failure(machine, event, FailInfo.BAD_REQUEST, "too many requests wait")
        enrolment = requests.open(event.request, self.device.clock.now(), transaction, holder)
        if isinstance(decision, Rejected):
            await self.server.wait(enrolment, REJECTED)
            return self._failure(machine, event, decision.fail, decision.reason)
        if isinstance(decision, Granted):
            if decision.password:
                self.server.password = None
            try:
                certificate = await self.server.grant(enrolment)
            except LocalError as error:
                return self._failure(machine, event, FailInfo.BAD_REQUEST, str(error))
            return self._state_of(machine, event, enrolment) if certificate is None else machine.success(event, [certificate])
        await self.server.wait(enrolment, PENDING)
        return machine.pending(event)

    def _stands(self, enrolment: Enrolment) -> bool:
        """Whether what was decided about a request still holds, so that its repetition gets the same answer."""
        if enrolment.state != GRANTED or enrolment.certificate is None:
            return enrolment.state in (PENDING, AUTHORIZED)
        now, certificate = self.server.now(), enrolment.certificate
        middle = certificate.not_before + (certificate.not_after - certificate.not_before) / 2
        return certificate.serial not in self.server.revocations.revoked and now < middle

    def _sender(self, event: scep.PkcsReq) -> Sender:
        origin, held = event.origin, self.device[Certificates]
        authorities = [(name, held.ca(name)) for name in self.server.configured().grant_trustpoints]
        trustpoints = tuple(name for name, ca in authorities if ca is not None and origin.signer.issued_by(ca))
        revoked = origin.standing is scep.Standing.ISSUED and origin.signer.serial in self.server.revocations.revoked
        return Sender(origin.signer, origin.standing, event.same_key, revoked, trustpoints)

    def _state_of(self, machine: scep.ScepServer, event: scep.PkcsReq | scep.CertPoll, enrolment: Enrolment) -> scep.Reply:
        """The answer for a request that is known."""
        if enrolment.state in (PENDING, AUTHORIZED):
            return machine.pending(event)
        if enrolment.state == GRANTED and enrolment.certificate is not None:
            return machine.success(event, [enrolment.certificate])
        return self._failure(machine, event, FailInfo.BAD_REQUEST, "the request was rejected")

    def _failure(
        self,
        machine: scep.ScepServer,
        event: scep.PkcsReq | scep.CertPoll | scep.GetCert | scep.GetCrl | scep.Refused,
        fail: FailInfo,
        reason: str,
    ) -> scep.Reply:
        emit(self.device, events.ScepMessageRefused(event.origin.transaction, reason, fail.word))
        return machine.failure(event, fail)

    def _issued(self, serial: int) -> Certificate | None:
        own = self.server.enabled().certificate
        if serial == own.serial:
            return own
        return self.server.depot.certificate(serial) or next(
            (each.certificate for each in self.server.requests if each.certificate is not None and each.certificate.serial == serial), None
        )


def _plain(status: int, text: str) -> Response:
    return http.Response(status, {"Content-Type": "text/plain"}, f"{text}\n".encode())
