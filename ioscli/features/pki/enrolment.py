"""Enrolments under way: requests that wait for an answer, renewals that will be due, the authority's next certificate.

What is pending does not outlive a reload, as on a router: `crypto pki enroll` is typed again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki import client_events as events
from ioscli.features.pki import profile, subject
from ioscli.features.pki.certificates import CA, CA_ROLLOVER, OWN, Certificates
from ioscli.features.pki.client import ScepClient, stored
from ioscli.features.pki.events import emit
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.timers import Group, PkiTimers
from ioscli.features.pki.trustpoint import known, names, read
from ioscli.features.pki.web import UnreachableError
from ioscli.wire.errors import WireError
from ioscli.wire.identity import Identity
from ioscli.wire.keys import fingerprint
from ioscli.wire.scep.client import Issued, Pending, Transaction
from ioscli.wire.scep.messages import MessageType
from ioscli.wire.x509.profile import signer_certificate

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.features.pki.keypair import KeyPair
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.scep.client import Answer
    from ioscli.wire.scep.messages import Capabilities
    from ioscli.wire.x509 import Certificate, Request

GRANTED, PENDING, REJECTED, FAILED = "Granted", "Pending", "Rejected", "Failed"
_SHADOW = 0.9  # of an authority's lifetime, until its next certificate is asked for (pki-cli 4.3)
_ALERT = timedelta(days=60)  # before the end of a certificate
_SIGNER = timedelta(days=3650)  # of the temporary certificate that signs a request (wire formats 5.2)
_AGAIN = 3600.0  # seconds until a renewal that failed is tried again
_PATIENCE = 60.0  # seconds that a section of a trustpoint may take to be typed before `auto-enroll` acts


@dataclass(slots=True, eq=False)
class Enrolment:
    """A request, and how far it is. `old`: the certificate that it renews. `fresh`: its key is not the router's yet.

    `transaction`: with a SCEP server, None while it was not sent, and for a request that is carried by hand.
    """

    trustpoint: str
    request: Request
    pair: KeyPair = field(repr=False)
    session: int = 0
    old: Identity | None = None
    fresh: bool = False
    transaction: Transaction | None = None
    post: bool = False
    polls: int = 0
    manual: bool = False


class Enrolments:
    """The enrolments of a router, one a trustpoint. `outcome`: how the last one of a trustpoint ended."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.active: dict[str, Enrolment] = {}
        self.outcome: dict[str, str] = {}
        self.sessions = 0
        device[Certificates].listeners.append(self._changed)
        device[KeyRing].gone.append(self._key_gone)
        if device.clock.source is None:
            emit(device, events.ClockMissing())
            device.clock.listeners.append(self._clock_set)

    # ---- requests

    def begin(self, enrolment: Enrolment) -> None:
        """Sends a request, and goes on until it is answered for good. An event loop runs."""
        self._enter(enrolment)
        self.device.timers.start(self._send(enrolment))

    def wait(self, enrolment: Enrolment) -> None:
        """Keeps a request that is carried by hand, until its certificate is imported."""
        enrolment.manual = True
        self._enter(enrolment)

    def _enter(self, enrolment: Enrolment) -> None:
        """Raises Refused for a trustpoint that was removed while its user was asked."""
        known(self.device, enrolment.trustpoint)
        self.forget(enrolment.trustpoint)
        self.sessions += 1
        enrolment.session = self.sessions
        self.active[enrolment.trustpoint] = enrolment
        self.outcome[enrolment.trustpoint] = PENDING
        emit(self.device, events.SessionStarted(enrolment.session))

    def forget(self, name: str) -> Enrolment | None:
        """Ends an enrolment without a certificate; returns it."""
        self.device[PkiTimers].cancel(f"POLL {name}")
        self.device[PkiTimers].cancel(f"CONNECT RETRY {name}")
        found = self.active.pop(name, None)
        if found is not None:
            self.outcome.pop(name, None)
            emit(self.device, events.SessionEnded(found.session))
        return found

    def _end(self, enrolment: Enrolment, outcome: str) -> None:
        name = enrolment.trustpoint
        if self.forget(name) is not None:
            self.outcome[name] = outcome
        trustpoint = read(self.device, name)
        if outcome != GRANTED and trustpoint is not None and trustpoint.renew is not None and not enrolment.manual:
            self.device[PkiTimers].set(f"RENEW {name}", Group.PKI, self.device.clock.now() + _AGAIN, lambda: self._renew(name))

    async def _send(self, enrolment: Enrolment) -> None:
        """Sends the request for the first time, or its poll."""
        trustpoint = read(self.device, enrolment.trustpoint)
        if trustpoint is None or self.active.get(enrolment.trustpoint) is not enrolment:
            return
        step = profile.REENROLLMENT if enrolment.old is not None else profile.ENROLLMENT
        client = ScepClient(self.device, trustpoint, step)
        first = enrolment.transaction is None
        try:
            if enrolment.transaction is None:
                capabilities = await client.capabilities()
                enrolment.post = capabilities.post
                transaction = self._transaction(enrolment, client, capabilities)
                tell_fingerprints(self.device, enrolment.request)
                answer = await client.send(transaction, post=enrolment.post)
                enrolment.transaction = transaction
            else:
                answer = await client.send(enrolment.transaction, post=enrolment.post, poll=True)
        except UnreachableError as error:
            self._later(enrolment, trustpoint, "CONNECT RETRY" if first else "POLL", str(error))
        except (WireError, Refused) as error:
            self._fail(enrolment, str(error))
        else:
            if self.active.get(enrolment.trustpoint) is enrolment:
                self._answered(enrolment, trustpoint, answer)

    def _transaction(self, enrolment: Enrolment, client: ScepClient, capabilities: Capabilities) -> Transaction:
        kind, signer = MessageType.PKCS_REQ, enrolment.old
        if signer is not None and capabilities.renewal:
            kind = MessageType.RENEWAL_REQ
        signer = signer or self._credential(enrolment.trustpoint)
        if signer is None:
            now = self._now()
            key = enrolment.pair.private
            signer = Identity(signer_certificate(enrolment.request.subject, key, not_before=now, not_after=now + _SIGNER), key)
        authority = stored(self.device, enrolment.trustpoint)
        return Transaction.enrol(enrolment.request, signer, authority, self.device.entropy, kind=kind, terms=client.terms(capabilities))

    def _credential(self, name: str) -> Identity | None:
        """Who signs a first request, where a profile says (`enrollment credential`). Raises Refused where he cannot."""
        trusted = profile.credential(self.device, known(self.device, name))
        if not trusted:
            return None
        own = self.device[Certificates].find(trusted, OWN)
        pair = None if own is None else self.device[KeyRing].holding(own.spki)
        if own is None or pair is None or pair.kind != "rsa":
            raise Refused(f"Trustpoint {trusted} has no certificate to enroll with")
        return Identity(own, pair.private)

    def _answered(self, enrolment: Enrolment, trustpoint: Trustpoint, answer: Answer) -> None:
        if isinstance(answer, Issued):
            assert answer.certificate is not None
            self.install(enrolment, answer.certificate)
        elif isinstance(answer, Pending):
            self._later(enrolment, trustpoint, "POLL", "the request was not granted in time")
        else:
            self._end(enrolment, REJECTED)
            emit(self.device, events.EnrolmentRejected(enrolment.trustpoint, answer.word))

    def _later(self, enrolment: Enrolment, trustpoint: Trustpoint, timer: str, reason: str) -> None:
        """Tries again, or asks again, as often as `enrollment retry` allows."""
        enrolment.polls += 1
        if enrolment.polls > trustpoint.polls:
            self._fail(enrolment, reason)
            return
        moment = self.device.clock.now() + 60 * trustpoint.period
        self.device[PkiTimers].set(f"{timer} {trustpoint.name}", Group.PKI, moment, lambda: self._send(enrolment))

    def _fail(self, enrolment: Enrolment, reason: str) -> None:
        self._end(enrolment, FAILED)
        emit(self.device, events.EnrolmentFailed(enrolment.trustpoint, reason))

    def install(self, enrolment: Enrolment, certificate: Certificate) -> None:
        """Stores the certificate that an enrolment has brought; a fresh key takes the place of the old one."""
        name = enrolment.trustpoint
        if enrolment.fresh:
            self.device[KeyRing].add(enrolment.pair)
        self._end(enrolment, GRANTED)
        self.device[Certificates].put(name, OWN, certificate)
        emit(self.device, events.CertificateReceived(name, certificate.serial))
        emit(self.device, events.NotSaved())

    # ---- what comes by itself

    async def enrol_again(self, name: str) -> None:
        """Requests a certificate without questions: the first one of `auto-enroll`, or a renewal. Raises Refused."""
        trustpoint = known(self.device, name)
        own = self.device[Certificates].find(name, OWN)
        pair = await subject.key_pair(self.device, trustpoint)
        # A certificate that has ended, or is of an authority that was before, vouches for nobody: it is asked for as the first one was.
        renews = own is not None and own.spki == pair.public_data and self._now() < own.not_after and own.issued_by(stored(self.device, name).ca)
        old = Identity(own, pair.private) if own is not None and renews else None
        fresh = trustpoint.fresh_key and own is not None
        if fresh:
            pair = await self.device[KeyRing].make(pair.label, bits=pair.bits, usage=pair.usage, exportable=pair.exportable)
        called = own.subject if own is not None else subject.name(trustpoint, subject.settled(self.device, trustpoint))
        request = subject.request(trustpoint, called, pair, trustpoint.password)
        self.begin(Enrolment(name, request, pair, old=old, fresh=fresh))

    async def _renew(self, name: str) -> None:
        emit(self.device, events.RenewalDue(name))
        try:
            await self.enrol_again(name)
        except (Refused, WireError) as error:
            emit(self.device, events.EnrolmentFailed(name, str(error)))

    async def _succeed(self, name: str) -> None:
        """The authority ends: its next certificate is fetched, and put in place when the moment has come."""
        held, trustpoint = self.device[Certificates], read(self.device, name)
        ca, shadow = held.ca(name), held.find(name, CA_ROLLOVER)
        if trustpoint is None or ca is None:
            return
        if shadow is not None and self._now() >= ca.not_after:
            held.remove(name, CA_ROLLOVER)
            held.put(name, CA, shadow)
            emit(self.device, events.AuthoritySucceeded(name))
            if trustpoint.renew is not None:
                await self._renew(name)
            return
        if shadow is None:
            try:
                client = ScepClient(self.device, trustpoint)
                found = await client.successor() if (await client.capabilities()).get_next_ca_cert else []
            except (UnreachableError, WireError):
                found = []
            if found:
                emit(self.device, events.SuccessorReceived(name, found[0].serial))
                held.put(name, CA_ROLLOVER, found[0])
                emit(self.device, events.NotSaved())

    def settle(self) -> None:
        """Sets the timers that the configuration and the certificates ask for."""
        there = names(self.device)
        for name in there:
            self._schedule(name, delay=_PATIENCE)
        timers = self.device[PkiTimers]
        for group in (Group.PKI, Group.ALERT):
            for each in timers.of(group):
                kind, _, name = each.name.rstrip(")").replace("(", " ").rpartition(" ")
                if kind in ("RENEW", "SHADOW", "ID") and name not in there:
                    timers.cancel(each.name)

    def _schedule(self, name: str, delay: float) -> None:
        held, timers, trustpoint = self.device[Certificates], self.device[PkiTimers], read(self.device, name)
        ca, own = held.ca(name), held.find(name, OWN)
        online = trustpoint is not None and trustpoint.enrollment in ("url", "profile")
        now = self.device.clock.now()
        timers.cancel(f"SHADOW {name}")
        if online and ca is not None:
            moment = _part(ca, _SHADOW) if held.find(name, CA_ROLLOVER) is None else ca.not_after.timestamp()
            if moment > now or held.find(name, CA_ROLLOVER) is not None:
                timers.set(f"SHADOW {name}", Group.PKI, moment, lambda: self._succeed(name))
        timers.cancel(f"ID({name})")
        if own is not None and (alert := (own.not_after - _ALERT).timestamp()) > now:
            timers.set(f"ID({name})", Group.ALERT, alert, lambda: self._warn(name))
        if trustpoint is None or trustpoint.renew is None or not online or ca is None or name in self.active:
            timers.cancel(f"RENEW {name}")
        elif own is not None:
            timers.set(f"RENEW {name}", Group.PKI, _part(own, trustpoint.renew / 100), lambda: self._renew(name))
        elif timers.get(f"RENEW {name}") is None or delay == 0:
            timers.set(f"RENEW {name}", Group.PKI, now + delay, lambda: self._renew(name))

    def _warn(self, name: str) -> None:
        own, trustpoint = self.device[Certificates].find(name, OWN), read(self.device, name)
        if own is not None:
            emit(self.device, events.ExpiryNear(name, own, renewed=trustpoint is not None and trustpoint.renew is not None, now=self._now()))

    def _changed(self, name: str) -> None:
        if read(self.device, name) is not None:
            self._schedule(name, delay=0)

    def _clock_set(self) -> None:
        self.device.clock.listeners.remove(self._clock_set)
        emit(self.device, events.ClockSet())

    def _key_gone(self, pair: KeyPair) -> None:
        """With a key go the certificates that were issued for it (`crypto key zeroize` says so)."""
        held, keys = self.device[Certificates], {half.public_data for half in pair.halves}
        for each in held.all():
            if each.kind in (OWN, "self-signed") and each.certificate.spki in keys:
                held.remove(each.trustpoint, each.kind, each.certificate.serial)
        for name, enrolment in list(self.active.items()):
            if enrolment.pair is pair:
                self.forget(name)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.device.clock.now(), UTC)


def _part(certificate: Certificate, share: float) -> float:
    """The moment at which so much of a certificate's lifetime is over, in seconds since 1970."""
    begin, end = certificate.not_before.timestamp(), certificate.not_after.timestamp()
    return begin + (end - begin) * share


def tell_fingerprints(device: Device, request: Request) -> None:
    """The two lines of the log about a request (15.x: with or without debugging)."""
    for digest in ("md5", "sha1"):
        text = f"CRYPTO_PKI:  Certificate Request Fingerprint {digest.upper()}: {fingerprint(request.der, digest)} "
        device.log.debug(text)
