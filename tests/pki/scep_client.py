"""A SCEP client for tests: it talks to a router's pages directly, with keys of its own."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ioscli.features.core.http import HttpServer
from ioscli.wire import http
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.scep.client import Issued, Terms, Transaction, parse_ca_reply
from ioscli.wire.scep.messages import MessageType
from ioscli.wire.x509 import build_request, profile
from tests.stored_keys import stored_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ioscli.device.device import Device
    from ioscli.wire.http import Response
    from ioscli.wire.scep.client import Answer, CaCertificates
    from ioscli.wire.x509 import Certificate
    from ioscli.wire.x509.extensions import Extension

PATH = "/cgi-bin/pkiclient.exe"
PEER = ("10.1.1.9", 50000)


class ScepClient:
    """Client number `number` of the stored keys, with a subject."""

    def __init__(self, device: Device, subject: str = "cn=R1", number: int = 2) -> None:
        self.device = device
        self.key = stored_key("rsa", 2048, number)
        self.subject = parse_name(subject)
        self.random = random.Random(number).randbytes
        self.transaction: Transaction | None = None

    async def get(self, query: str, body: bytes | None = None) -> Response:
        page = self.device[HttpServer].page(PATH)
        assert page is not None
        target = f"{PATH}?operation={query}"
        request = http.Request("GET", target) if body is None else http.Request("POST", target, body=body)
        response = page(request, PEER)
        assert not isinstance(response, http.Response)
        return await response

    async def authority(self) -> CaCertificates:
        response = await self.get("GetCACert&message=CA")
        assert response.status == 200, response.body
        return parse_ca_reply("", response.body)

    def signer(self) -> Identity:
        now = datetime.fromtimestamp(self.device.clock.now(), UTC)
        certificate = profile.signer_certificate(self.subject, self.key, not_before=now - timedelta(days=1), not_after=now + timedelta(days=30))
        return Identity(certificate, self.key)

    async def begin(
        self,
        challenge: str | None = None,
        *,
        signer: Identity | None = None,
        renew: bool = False,
        identifier: str | None = None,
        extensions: Iterable[Extension] = (),
        terms: Terms | None = None,
    ) -> Transaction:
        """A transaction that is not sent yet."""
        request = build_request(subject=self.subject, key=self.key, challenge=challenge, extensions=extensions)
        kind = MessageType.RENEWAL_REQ if renew else MessageType.PKCS_REQ
        self.transaction = Transaction.enrol(
            request, signer or self.signer(), await self.authority(), self.random, kind=kind, identifier=identifier, terms=terms or Terms()
        )
        return self.transaction

    async def send(self, message: bytes) -> Answer:
        assert self.transaction is not None
        response = await self.get("PKIOperation", message)
        assert response.status == 200, response.body
        return self.transaction.receive(response.body)

    async def enrol(self, challenge: str | None = None, **options: object) -> Answer:
        transaction = await self.begin(challenge, **options)  # type: ignore[arg-type]
        return await self.send(transaction.message())

    async def poll(self) -> Answer:
        assert self.transaction is not None
        return await self.send(self.transaction.poll())

    async def certificate(self, challenge: str | None = None) -> Certificate:
        """Enrols; the request must be granted."""
        answer = await self.enrol(challenge)
        assert isinstance(answer, Issued), answer
        assert answer.certificate is not None
        return answer.certificate
