"""The router as a SCEP client of a trustpoint's server (RFC 8894; what IOS sends: wire formats 5.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ioscli.features.pki import client_events as events
from ioscli.features.pki import web
from ioscli.features.pki.certificates import CA, Certificates
from ioscli.features.pki.events import emit
from ioscli.features.pki.profile import destination
from ioscli.wire.errors import LocalError, RemoteError
from ioscli.wire.scep.client import CaCertificates, Issued, Pending, Terms, parse_ca_reply, parse_next_ca_reply
from ioscli.wire.scep.codec import query_target
from ioscli.wire.scep.messages import Capabilities, MessageType, Operation, PkiStatus

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.http import Response
    from ioscli.wire.scep.client import Answer, Transaction
    from ioscli.wire.x509 import Certificate

RA_SIGN, RA_ENCRYPT, RA_GENERAL = "ra-sign", "ra-encrypt", "ra-general"
PATH = "/cgi-bin/pkiclient.exe"
_KINDS = {
    MessageType.RENEWAL_REQ: "RenewalReq",
    MessageType.PKCS_REQ: "PKCSReq",
    MessageType.CERT_POLL: "GetCertInitial",
    MessageType.GET_CERT: "GetCert",
    MessageType.GET_CRL: "GetCRL",
}


class ScepClient:
    """Talks to the server of a trustpoint. Its methods raise UnreachableError without an answer, RemoteError for a wrong one."""

    def __init__(self, device: Device, trustpoint: Trustpoint, step: str = "enrollment") -> None:
        """`step`: `authentication`, `enrollment` or `reenrollment`, for a profile that has a server for each."""
        self.device, self.trustpoint = device, trustpoint
        self._url = destination(device, trustpoint, step)

    def _place(self, operation: Operation, message: bytes = b"", *, in_body: bool = False) -> web.Place:
        where = web.place(self._url)
        path = where.path.partition("?")[0]
        if path in ("/", ""):
            path = PATH
        elif path.rstrip("/").endswith("/cgi-bin"):
            path = f"{path.rstrip('/')}/pkiclient.exe"
        return where._replace(path=query_target(path, operation, message, in_body=in_body))

    async def _ask(self, operation: Operation, message: bytes, body: bytes | None = None) -> Response:
        where = self._place(operation, message, in_body=body is not None)
        name = self.trustpoint.name
        return await web.ask(self.device, name, where, operation.value, body=body, source=self.trustpoint.source)

    async def authority(self) -> CaCertificates:
        """GetCACert."""
        answer = await self._ask(Operation.GET_CA_CERT, self.trustpoint.name.encode())
        try:
            if answer.status != 200:
                raise RemoteError(f"HTTP status {answer.status}")
            found = parse_ca_reply(answer.headers.get("content-type", ""), answer.body)
        except RemoteError as error:
            emit(self.device, events.AuthorityRefused(self.trustpoint.name, str(error)))
            raise
        emit(self.device, events.AuthorityReceived(self.trustpoint.name))
        return found

    async def capabilities(self) -> Capabilities:
        """GetCACaps; a server that does not know the operation has none."""
        answer = await self._ask(Operation.GET_CA_CAPS, self.trustpoint.name.encode())
        found = Capabilities.parse(answer.body if answer.status == 200 else b"")
        emit(self.device, events.CapabilitiesReceived(self.trustpoint.name, tuple(found.format().decode().split())))
        return found

    def terms(self, capabilities: Capabilities) -> Terms:
        """Digest and cipher of our messages: the best that the server has, unless the trustpoint says otherwise."""
        wanted, trustpoint = Terms.for_server(capabilities, legacy=self.trustpoint.legacy), self.trustpoint
        return replace(wanted, digest=trustpoint.digest or wanted.digest, cipher=trustpoint.cipher or wanted.cipher)

    async def successor(self) -> list[Certificate]:
        """GetNextCACert: the authority's next certificate."""
        answer = await self._ask(Operation.GET_NEXT_CA_CERT, self.trustpoint.name.encode())
        if answer.status != 200:
            raise RemoteError(f"HTTP status {answer.status}")
        return parse_next_ca_reply(answer.body, stored(self.device, self.trustpoint.name), legacy=self.trustpoint.legacy)

    async def send(self, transaction: Transaction, *, post: bool, poll: bool = False) -> Answer:
        """PKIOperation: the message of a transaction, or its poll, and the verified answer."""
        message = transaction.poll() if poll else transaction.message()
        kind = _KINDS.get(MessageType.CERT_POLL if poll else transaction.kind, "")
        emit(self.device, events.ScepSent(self.trustpoint.name, kind, transaction.identifier, message))
        answer = await self._ask(Operation.PKI_OPERATION, b"" if post else message, message if post else None)
        if answer.status != 200:
            raise RemoteError(f"HTTP status {answer.status}")
        try:
            found = transaction.receive(answer.body)
        except LocalError as error:
            raise RemoteError(str(error)) from error
        status, word = PkiStatus.FAILURE, "REJECTED"
        if isinstance(found, Issued):
            status, word = PkiStatus.SUCCESS, "GRANTED"
        elif isinstance(found, Pending):
            status, word = PkiStatus.PENDING, "PENDING"
        emit(self.device, events.ScepReceived(self.trustpoint.name, int(status), word, transaction.identifier, answer.body))
        return found


def stored(device: Device, name: str) -> CaCertificates:
    """The certificates that a trustpoint has of its authority, and of the agents in front of it. Raises RemoteError where it has none."""
    held = device[Certificates]
    ca = held.ca(name)
    if ca is None:
        raise RemoteError("the authority is not authenticated")
    agent = held.find(name, RA_GENERAL)
    signer, recipient = held.find(name, RA_SIGN) or agent or ca, held.find(name, RA_ENCRYPT) or agent or ca
    return CaCertificates(ca, signer, recipient, tuple({each.der: each for each in (ca, signer, recipient)}.values()))


def store(device: Device, name: str, found: CaCertificates) -> None:
    """Keeps what GetCACert brought."""
    held = device[Certificates]
    held.put(name, CA, found.ca)
    agents = {RA_GENERAL: found.signer} if found.signer == found.recipient else {RA_SIGN: found.signer, RA_ENCRYPT: found.recipient}
    for kind, certificate in agents.items():
        if certificate != found.ca:
            held.put(name, kind, certificate)
