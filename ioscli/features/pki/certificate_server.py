"""The certificate server: whether it is enabled and why not, what it issues and revokes.

Level-triggered: `settle` compares what the configuration wants with what the web server, the clock, the keys and the files allow, and
may be called at any time. What a certificate costs that is issued does not grow with their number.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Refused
from ioscli.features.core.http import HttpServer
from ioscli.features.pki import authority, events, rollover
from ioscli.features.pki.certificates import CA, OWN, Certificates
from ioscli.features.pki.client_events import ExpiryNear
from ioscli.features.pki.depot import Depot
from ioscli.features.pki.events import emit
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.requests import AUTHORIZED, GRANTED, REJECTED, Requests
from ioscli.features.pki.revocation import Revocations
from ioscli.features.pki.server_settings import read, server_name
from ioscli.features.pki.timers import Group, PkiTimers
from ioscli.wire.identity import Identity

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.features.pki.keypair import KeyPair
    from ioscli.features.pki.requests import Enrolment
    from ioscli.features.pki.server_settings import ServerSettings
    from ioscli.wire.x509 import Certificate

ENABLED, DISABLED, CHECK_FAILED = "enabled", "disabled", "check failed"
_ALERT = timedelta(days=60)  # before the end of a certificate (pki-cli 4.3)
_GATHER = 0.1  # seconds in which serial numbers are gathered for their file
_FREE = ("shut", "level")  # settings that may be changed while it is enabled
# What the certificate of the authority is made of.
_CERTIFIED = ("issuer", "ca_lifetime", "role", "archive", "archive_password", "serial")


class OneTime(NamedTuple):
    """A password that grants one request, until a moment (seconds since 1970)."""

    text: str
    until: float


class CertificateServer:
    """The certificate server of a router. There is one at most; `settings` are None where there is none.

    `state`: `enabled`, `disabled` or `check failed`; `reason`: why not. `serial`: of the last certificate. `passphrase`: what the
    operator typed to protect the key, until it is used.
    """

    def __init__(self, device: Device) -> None:
        self.device = device
        self.settings: ServerSettings | None = None
        self.state = DISABLED
        self.reason = ""
        self.started = False  # whether it has been enabled, or tried to be
        self.starting = False  # a session is at the dialogue of its first start
        self.passphrase: str | None = None
        self.identity: Identity | None = None
        self.serial = 0
        self.revocations = Revocations(self)
        self.password: OneTime | None = None
        self.depot = Depot(device, self.configured)
        self._requests: Requests | None = None
        self._written = 0  # the serial number in the file
        self._writing = False  # the serial file will be written soon
        self._changing = False  # between two certificates of its own
        device[HttpServer].listeners.append(self.settle)
        device.clock.listeners.append(self.settle)
        device[Certificates].listeners.append(self._certificates_changed)
        device[KeyRing].gone.append(lambda _: self.settle())
        from ioscli.features.pki.scep_service import ScepService

        self.scep = ScepService(self)

    # ---- what it is

    def configured(self) -> ServerSettings:
        """Its settings. Raises Refused where there is no server."""
        if self.settings is None:
            raise Refused("% No certificate server is configured")
        return self.settings

    def named(self, name: str) -> ServerSettings:
        """Its settings, if that is its name. Raises Refused."""
        if self.settings is None or self.settings.name != name:
            raise Refused(f"Certificate server '{name}' is not known")
        return self.settings

    @property
    def requests(self) -> Requests:
        """Its request database. Raises Refused where the file cannot be opened."""
        if self._requests is None:
            try:
                self._requests = Requests(self.device.files.root / f"{self.configured().name}.requests")
            except OSError as error:
                raise Refused(f"% The request database cannot be opened ({error.strerror})") from None
        return self._requests

    def enabled(self) -> Identity:
        """Who it is, while it is enabled. Raises Refused."""
        if self.state != ENABLED or self.identity is None:
            raise Refused("% Certificate server is not enabled")
        return self.identity

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.device.clock.now(), UTC)

    def key_label(self) -> str:
        """The key pair that it signs with: that of its trustpoint, else the one that has its name."""
        name = self.configured().name
        for trustpoint in self.device.statements(f"crypto pki trustpoint {name}"):
            if said := self.device.said("rsakeypair", section=trustpoint.section):
                return said.split()[0]
        return name

    def key(self) -> KeyPair | None:
        return self.device[KeyRing].get(self.key_label())

    def certificate(self) -> Certificate | None:
        """Its own certificate, of its present key."""
        settings, pair = self.configured(), self.key()
        held = self.device[Certificates].of(settings.name)
        wanted = (CA, OWN) if settings.role == "ca" else (OWN,)
        found = [each.certificate for kind in wanted for each in held if each.kind == kind]
        return next((each for each in found if pair is None or each.spki == pair.public_data), None)

    # ---- its state

    def settle(self) -> None:
        """Makes it agree with the configuration, and with what it stands on."""
        name = server_name(self.device)
        wanted = None if name is None else read(self.device, name)
        if wanted is None:
            if self.settings is not None:
                self._stop("no")
                self._close()
                self.settings, self.started, self.passphrase = None, False, None
                self._changing = False
            return
        if self._changing:
            return
        before, self.settings = self.settings, wanted
        if before is None or before.grant != wanted.grant:
            if wanted.grant == "auto":
                emit(self.device, events.AllGranted())
            elif wanted.grant == "ra-auto":
                emit(self.device, events.AgentsGranted())
        if wanted.shut:
            self._stop("shut")
            self.state, self.reason = DISABLED, ""
            return
        self.started = True
        if rollover.due(self):
            self._changing = True
            try:
                rollover.activate(self)
            finally:
                self._changing = False
            self.state = DISABLED
            self.revocations.forget()
        reason = self._fault()
        if reason:
            self._fail(reason)
        elif self.state != ENABLED:
            self._enable()

    def _fault(self) -> str:
        """Why it cannot be enabled, "" where nothing stands against it."""
        if not self.device[HttpServer].running:
            return "HTTP Server is disabled"
        if self.device.clock.source is None:
            return "Time has not been set"
        pair, certificate = self.key(), self.certificate()
        if pair is None:
            return f"Server key not found, waiting for (offline) key. Keypair label {self.key_label()}."
        if pair.locked:
            return "Server key is locked"
        if certificate is None:
            role = self.configured().role
            return "CA certificate not found" if role == "ca" else f"waiting for {'RA' if role.startswith('ra') else 'CA'} certificate"
        if self.now() >= certificate.not_after:
            return "CA certificate has expired"
        return ""

    def _fail(self, reason: str) -> None:
        if self.state == CHECK_FAILED and self.reason == reason:
            return
        self._stop("check")
        self.state, self.reason = CHECK_FAILED, reason
        emit(self.device, events.ServerCheckFailed(self.configured().name, reason))

    def _stop(self, signal: str) -> None:
        self.device[PkiTimers].cancel_all("CS ", "CS(", "ER EXPIRE ")
        if self.state == ENABLED:
            assert self.settings is not None
            self._write_serial()
            emit(self.device, events.Signalled(self.state, signal, DISABLED))
            self.state = DISABLED
            emit(self.device, events.ServerDisabled(self.settings.name))

    def _close(self) -> None:
        if self._requests is not None:
            self._requests.close()
            self._requests = None
        self.identity, self.revocations = None, Revocations(self)
        self.serial = self._written = 0

    def _enable(self) -> None:
        pair, certificate = self.key(), self.certificate()
        assert pair is not None
        assert certificate is not None
        before = self.state
        self.identity = Identity(certificate, pair.private)
        try:
            self._recover()
        except Refused as refused:
            self.storage_lost(str(refused))
            return
        self.state, self.reason = ENABLED, ""
        self.scep.renew()
        timers, settings = self.device[PkiTimers], self.configured()
        timers.set("CS CERT EXPIRE", Group.SERVER, certificate.not_after.timestamp(), self.settle)
        alert = (certificate.not_after - _ALERT).timestamp()
        if alert > self.device.clock.now():
            timers.set(f"CS({settings.name})", Group.ALERT, alert, self._warn)
        for enrolment in self.requests:
            self._expire_later(enrolment)
        emit(self.device, events.Signalled(before, "no shut", ENABLED))
        emit(self.device, events.ServerEnabled(settings.name))
        rollover.schedule(self)

    def _warn(self) -> None:
        settings, certificate = self.configured(), self.certificate()
        if certificate is not None:
            emit(self.device, ExpiryNear(settings.name, certificate, renewed=settings.overlap is not None, now=self.now(), kind="CA"))

    def _recover(self) -> None:
        """Takes up where the last run ended, however it did. Raises Refused."""
        assert self.identity is not None
        requests = self.requests
        last, settings = self.depot.serial(), self.configured()
        own = self.identity.certificate.serial if settings.role == "ca" else 0
        self.serial = max(last or 0, 0 if settings.agent else requests.highest, own, settings.serial)
        for enrolment in requests:
            if enrolment.certificate_der is not None and enrolment.certificate is not None and not self.depot.stored(enrolment.certificate.serial):
                self.depot.store(enrolment.certificate)
        if self.serial != last:
            self.depot.write_serial(self.serial)
        self._written = self.serial
        if not settings.agent:
            self.revocations.recover(self.identity.certificate)

    def pause(self) -> None:
        """Stops it, until something makes it settle with the configuration again."""
        self._stop("stop")

    def shut_down(self) -> None:
        """Stops it for good; `settle` does nothing any more until it is configured anew."""
        self._stop("no")
        self._changing = True

    def storage_lost(self, reason: str) -> None:
        """Something could not be written."""
        settings = self.configured()
        self._stop("storage")
        self.state, self.reason = CHECK_FAILED, "storage configuration incomplete"
        emit(self.device, events.StorageLost(settings.name, settings.url, reason))

    def _certificates_changed(self, trustpoint: str) -> None:
        if self.settings is not None and self.settings.name == trustpoint:
            self.settle()

    def check(self, wanted: ServerSettings) -> None:
        """Raises Refused for a change of what is settled."""
        now = self.settings
        if now is None or now.name != wanted.name:
            return
        changed = [name for name in vars(now) if getattr(now, name) != getattr(wanted, name)]
        if self.state == ENABLED and not wanted.shut and any(name not in _FREE for name in changed):
            raise Refused('% The configuration of an enabled certificate server is locked (enter "shut" to unlock it)')
        if self.certificate() is not None and any(name in _CERTIFIED for name in changed):
            raise Refused("% This setting cannot be changed after CA certificate generation")

    # ---- what it issues

    def take_password(self) -> str | None:
        """The one-time password that is in force."""
        if self.password is not None and self.device.clock.now() >= self.password.until:
            self.password = None
        return None if self.password is None else self.password.text

    async def grant(self, enrolment: Enrolment) -> Certificate | None:
        """Issues the certificate of a request, or asks for it. It is kept, on the disk, before this returns. Raises Refused.

        None where a registration authority has to wait for it, or does not get it.
        """
        identity = self.enabled()
        if enrolment.state == GRANTED and enrolment.certificate is not None:
            return enrolment.certificate
        if self.configured().agent:
            from ioscli.features.pki.registration import forward

            if enrolment.number not in self.requests.all:
                # A repetition that comes while it is under way finds it.
                await self.wait(enrolment, AUTHORIZED)
            certificate = await forward(self, enrolment)
            if certificate is not None:
                self._put(enrolment, GRANTED, certificate)
                await self._kept(enrolment, certificate)
            return certificate
        from ioscli.features.pki.grant import Kind

        serial = self.serial + 1
        certificate = authority.issue(
            identity, self.configured(), enrolment.request, serial, self.now(), subordinate=enrolment.kind is Kind.SUBORDINATE
        )
        self._put(enrolment, GRANTED, certificate)
        self.serial = serial
        await self._kept(enrolment, certificate)
        if not self._writing:
            self._writing = True
            asyncio.get_running_loop().call_later(_GATHER, self._write_serial)
        return certificate

    async def _kept(self, enrolment: Enrolment, certificate: Certificate) -> None:
        """Returns when the journal has a certificate on the disk, and the database has its files."""
        await self.requests.journal.synced()
        try:
            self.depot.store(certificate)
        except Refused as refused:
            # The certificate is safe in the journal; the next one has to wait until there is room.
            self.storage_lost(str(refused))
        emit(self.device, events.RequestChanged(enrolment.number, GRANTED, enrolment.fingerprint, certificate.serial))

    def _write_serial(self) -> None:
        """Writes the number that the journal has already, once for all that were issued meanwhile."""
        self._writing = False
        if self.serial == self._written or self.settings is None:
            return
        self._written = self.serial
        try:
            self.depot.write_serial(self.serial, sync=False)
        except Refused as refused:
            self.storage_lost(str(refused))
            return
        emit(self.device, events.SerialWritten(self.serial))

    async def wait(self, enrolment: Enrolment, state: str) -> None:
        """Keeps a request that is not granted: `pending`, `rejected`. Raises Refused."""
        self._put(enrolment, state)
        await self.requests.journal.synced()
        emit(self.device, events.RequestChanged(enrolment.number, state, enrolment.fingerprint))

    def _put(self, enrolment: Enrolment, state: str, certificate: Certificate | None = None) -> None:
        new = enrolment.number not in self.requests.all
        try:
            self.requests.put(enrolment, state, certificate)
        except OSError as error:
            self.storage_lost(error.strerror or str(error))
            raise Refused(f"% The request database cannot be written ({error.strerror})") from None
        if new:
            emit(self.device, events.RequestOpened(enrolment.number, enrolment.fingerprint))
            self._expire_later(enrolment)

    def _expire_later(self, enrolment: Enrolment) -> None:
        moment = enrolment.opened + self.configured().request_lifetime.total_seconds()
        self.device[PkiTimers].set(f"ER EXPIRE {enrolment.number}", Group.SERVER, moment, lambda: self._expire(enrolment.number))

    def _expire(self, number: int) -> None:
        try:
            self.forget(number)
        except Refused as refused:
            self.storage_lost(str(refused))
            return
        emit(self.device, events.RequestExpired(number))

    def forget(self, number: int) -> None:
        """Removes a request from the database. Raises Refused."""
        self.device[PkiTimers].cancel(f"ER EXPIRE {number}")
        try:
            self.requests.remove(number)
        except OSError as error:
            raise Refused(f"% The request database cannot be written ({error.strerror})") from None

    async def reject(self, enrolment: Enrolment) -> None:
        """Refuses a request that waits."""
        await self.wait(enrolment, REJECTED)

    def close(self) -> None:
        """The router goes down. Who still holds it, in the middle of `grant all`, issues nothing any more: its successor does."""
        self._write_serial()
        self.state, self._changing = DISABLED, True
        if self._requests is not None:
            self._requests.close()
