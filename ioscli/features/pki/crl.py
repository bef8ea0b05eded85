"""Revocation lists of others: fetched over HTTP from where the certificate says, or by SCEP, and kept until they end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki import client_events as events
from ioscli.features.pki import subject, web
from ioscli.features.pki.certificates import OWN, Certificates
from ioscli.features.pki.client import ScepClient, stored
from ioscli.features.pki.events import emit
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.timers import Group, PkiTimers
from ioscli.features.pki.trustpoint import known
from ioscli.wire.errors import RemoteError, WireError
from ioscli.wire.identity import Identity
from ioscli.wire.pem import decode_any
from ioscli.wire.scep.client import Issued, Transaction
from ioscli.wire.x509 import Crl
from ioscli.wire.x509.profile import signer_certificate

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.x509 import Certificate

LARGEST = 65536  # octets of the cache, unless configured (`show crypto pki crls` of a router without the line)
_SCEP = "SCEP"
_SIGNER = timedelta(days=1)


class NoCrlError(Exception):
    """There is no list to be had; the text is the log's reason."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A list in the cache. `source`: its URL, `SCEP`; `fetched`, `until`: in seconds since 1970, when it came and how long it is good.

    `signer`: the key of its issuer (SubjectPublicKeyInfo).
    """

    crl: Crl = field(repr=False)
    signer: bytes = field(repr=False)
    source: str
    fetched: float
    until: float


class Crls:
    """The revocation lists of a router, by the name of their issuer (DER)."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.kept: dict[bytes, Kept] = {}

    @property
    def size(self) -> int:
        return sum(len(each.crl.der) for each in self.kept.values())

    @property
    def limit(self) -> int:
        return int(self.device.said("crypto pki crl cache size", default=str(LARGEST)))

    def clear(self) -> None:
        self.kept.clear()
        self.device[PkiTimers].cancel_all("CRL EXPIRE")

    async def current(self, trustpoint: Trustpoint, certificate: Certificate, issuer: Certificate, *, url: str = "") -> Crl:
        """The list that covers a certificate: a kept one, or one that is fetched now. `url`: instead of the certificate's. Raises NoCrlError."""
        found = self.kept.get(issuer.subject.der)
        # An authority that was set up anew has the name of the one before, and another key.
        if found is not None and found.signer == issuer.spki and self.device.clock.now() < found.until:
            return found.crl
        return await self.fetch(trustpoint, certificate, issuer, url=url)

    async def fetch(self, trustpoint: Trustpoint, certificate: Certificate, issuer: Certificate, *, url: str = "") -> Crl:
        """Fetches the list anew, and keeps it. Raises NoCrlError, which the log tells."""
        points = [url] if url else [point for point in certificate.extensions.cdp if "://" in point]
        reason = "Enrollment URL not configured."
        for source in points or ([_SCEP] if trustpoint.enrollment == "url" and trustpoint.url.lower().startswith("http") else []):
            emit(self.device, events.CrlWanted(trustpoint.name, source))
            try:
                crl = await (self._by_scep(trustpoint, certificate) if source == _SCEP else self._by_http(trustpoint, source))
                crl.verify(issuer, legacy=True)
                self._keep(trustpoint, crl, issuer, source)
            except web.UnreachableError:
                reason = "Failed to retrieve CRL: the server cannot be reached."
            except (WireError, Refused) as error:
                reason = f"Failed to retrieve CRL: {str(error).strip('% ')}."
            else:
                emit(self.device, events.CrlFetched(trustpoint.name, len(crl.der)))
                return crl
        emit(self.device, events.CrlFetchFailed(trustpoint.name, reason))
        raise NoCrlError(reason)

    async def _by_http(self, trustpoint: Trustpoint, url: str) -> Crl:
        answer = await web.ask(self.device, trustpoint.name, web.place(url), "GetCRL", source=trustpoint.source)
        if answer.status != 200:
            raise RemoteError(f"HTTP status {answer.status}")
        data = answer.body
        return Crl.parse(data if data[:1] == b"0" else decode_any(data.decode("latin-1"), "X509 CRL"))

    async def _by_scep(self, trustpoint: Trustpoint, certificate: Certificate) -> Crl:
        client, authority = ScepClient(self.device, trustpoint), stored(self.device, trustpoint.name)
        capabilities = await client.capabilities()
        signer = await self._signer(trustpoint)
        transaction = Transaction.get_crl(certificate, signer, authority, self.device.entropy, client.terms(capabilities))
        answer = await client.send(transaction, post=capabilities.post)
        if not isinstance(answer, Issued) or answer.crl is None:
            raise RemoteError("the server has none")
        return answer.crl

    async def _signer(self, trustpoint: Trustpoint) -> Identity:
        """Who asks: the router with its certificate, or with one that it makes for this, of a key that nobody needs to know."""
        own, ring = self.device[Certificates].find(trustpoint.name, OWN), self.device[KeyRing]
        pair = None if own is None else ring.holding(own.spki)
        if own is not None and pair is not None and pair.kind == "rsa":
            return Identity(own, pair.private)
        pair = await ring.make("temporary")
        now = datetime.fromtimestamp(self.device.clock.now(), UTC)
        called = subject.name(trustpoint, subject.settled(self.device, trustpoint))
        return Identity(signer_certificate(called, pair.private, not_before=now, not_after=now + _SIGNER), pair.private)

    def _keep(self, trustpoint: Trustpoint, crl: Crl, issuer: Certificate, source: str) -> None:
        """Puts a verified list into the cache, where it and the trustpoint allow. Raises RemoteError for one that is not of now."""
        now = self.device.clock.now()
        words = trustpoint.crl_cache.split()
        end = crl.next_update.timestamp() if crl.next_update is not None else now
        if words[:1] == ["extend"]:
            end += 60 * int(words[1])
        if crl.this_update.timestamp() > now or end < now:
            raise RemoteError("the list is not valid at this time")
        until = min(end, now + 60 * int(words[1])) if words[:1] == ["delete-after"] else end
        self.kept.pop(crl.issuer.der, None)
        if words == ["none"] or len(crl.der) > self.limit:
            return
        while self.kept and self.size + len(crl.der) > self.limit:
            del self.kept[next(iter(self.kept))]
        self.kept[crl.issuer.der] = Kept(crl, issuer.spki, source, now, until)
        name = crl.issuer.der
        self.device[PkiTimers].set(f"CRL EXPIRE {crl.issuer}", Group.CRL, until, lambda: self._expire(name))

    def _expire(self, name: bytes) -> None:
        self.kept.pop(name, None)


async def request(session: Session, *, name: str) -> None:
    """`crypto pki crl request`: fetches the list of a trustpoint's authority. What goes wrong is told by the log. Raises Refused."""
    device = session.device
    trustpoint, held = known(device, name), device[Certificates]
    ca = held.ca(name)
    if ca is None:
        raise Refused("% You must authenticate the Certificate Authority before\n  you can request its CRL.")
    certificate = held.find(name, OWN) or ca
    try:
        await device[Crls].fetch(trustpoint, certificate, ca)
    except NoCrlError:
        return
