"""A small certificate authority for tests: keys that are made once, and an SCEP server on a real port that grants or lets wait."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ioscli.net import HostNet, serve
from ioscli.wire.errors import RemoteError
from ioscli.wire.http import HttpServer, Request, Response
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.scep.codec import parse_query
from ioscli.wire.scep.messages import FailInfo, Operation
from ioscli.wire.scep.server import CaQuery, CertPoll, GetCert, GetCrl, PkcsReq, Refused, Reply, ScepServer
from ioscli.wire.x509 import Certificate, Revoked, build_crl, profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.net import Connection
    from ioscli.wire.x509 import Crl

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@cache
def key(number: int, bits: int = 2048) -> rsa.RSAPrivateKey:
    """The same key for the same number, in one run."""
    _ = number
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(number: int) -> ec.EllipticCurvePrivateKey:
    _ = number
    return ec.generate_private_key(ec.SECP256R1())


@cache
def root(text: str = "cn=CA.lab.lcl,o=Lab,c=US", number: int = 0, digest: str = "sha256") -> Identity:
    secret = key(number)
    name = parse_name(text)
    return Identity(profile.root_certificate(name, secret, serial=1, not_before=NOW - DAY, not_after=NOW + 1095 * DAY, digest=digest), secret)


@cache
def signer(text: str = "cn=R1", number: int = 1, digest: str = "sha256") -> Identity:
    """The self-signed certificate of a first enrolment."""
    secret = key(number)
    return Identity(profile.signer_certificate(parse_name(text), secret, not_before=NOW - DAY, not_after=NOW + DAY, digest=digest), secret)


@dataclass
class Authority:
    """Grants at once if `grant`, else lets wait until `grant` is set. Counts what it refused."""

    ca: Identity
    grant: bool = True
    legacy: bool = False
    serial: int = 1
    reject: FailInfo | None = None
    revoked: list[Revoked] = field(default_factory=list)
    issued: dict[int, Certificate] = field(default_factory=dict)
    waiting: dict[str, PkcsReq] = field(default_factory=dict)
    events: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scep = ScepServer(self.ca, os.urandom, legacy=self.legacy)

    def crl(self) -> Crl:
        now = datetime.now(UTC)
        return build_crl(issuer=self.ca.certificate, key=self.ca.key, this_update=now - HOUR, next_update=now + HOUR, revoked=self.revoked)

    def issue(self, event: PkcsReq) -> Certificate:
        self.serial += 1
        now = datetime.now(UTC)
        certificate = profile.issue_certificate(
            event.request, issuer=self.ca.certificate, key=self.ca.key, serial=self.serial, not_before=now - HOUR, not_after=now + DAY
        )
        self.issued[self.serial] = certificate
        return certificate

    def answer(self, event: object) -> Reply:
        self.events.append(event)
        match event:
            case CaQuery(Operation.GET_CA_CAPS):
                return self.scep.capabilities_reply()
            case CaQuery(Operation.GET_CRL):
                return self.scep.crl_reply(self.crl())
            case CaQuery():
                return self.scep.ca_reply()
            case Refused():
                return self.scep.failure(event)
            case PkcsReq() if self.reject is not None:
                return self.scep.failure(event, self.reject)
            case PkcsReq():
                self.waiting[event.origin.transaction] = event
                return self.scep.success(event, [self.issue(event)]) if self.grant else self.scep.pending(event)
            case CertPoll() if event.origin.transaction in self.waiting:
                return self.scep.success(event, [self.issue(self.waiting[event.origin.transaction])]) if self.grant else self.scep.pending(event)
            case GetCert() if event.serial in self.issued:
                return self.scep.success(event, [self.issued[event.serial]])
            case GetCrl():
                return self.scep.success_crl(event, self.crl())
            case CertPoll() | GetCert():
                return self.scep.failure(event, FailInfo.BAD_CERT_ID)
        raise AssertionError(event)

    def handle(self, connection: Connection[HttpServer], request: Request) -> None:
        try:
            query = parse_query(request.target, request.body if request.method == "POST" else None)
            reply = self.answer(self.scep.receive(query, datetime.now(UTC)))
        except RemoteError as error:
            connection.send(Response(400, {"Content-Type": "text/plain"}, str(error).encode()))
            return
        connection.send(Response(200, {"Content-Type": reply.content_type}, reply.body))


@contextmanager
def on_loopback(authority: Authority) -> Iterator[str]:
    """Its URL, on a port of 127.0.0.1, served by a thread of its own while the test runs foreign tools."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    net = HostNet(["127.0.0.1"])

    async def start() -> int:
        service = await serve(net, 0, HttpServer, authority.handle, address="127.0.0.1")
        assert service.listener is not None
        return service.listener.local[1]

    thread.start()
    try:
        port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
        yield f"http://127.0.0.1:{port}/cgi-bin/pkiclient.exe"
    finally:
        asyncio.run_coroutine_threadsafe(net.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
