"""The revocation list of a certificate server. What is in its file is what is revoked: nobody is told before it is written whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki import authority, events
from ioscli.features.pki.events import emit
from ioscli.features.pki.timers import Group, PkiTimers
from ioscli.wire.errors import RemoteError
from ioscli.wire.x509 import Revoked
from ioscli.wire.x509.certificate import serial_hex

if TYPE_CHECKING:
    from ioscli.features.pki.certificate_server import CertificateServer
    from ioscli.wire.x509 import Certificate, Crl


class Revocations:
    """The certificates that a server has revoked, by serial number; `crl`: the list as it was issued last. Methods raise Refused."""

    def __init__(self, server: CertificateServer) -> None:
        self.server = server
        self.revoked: dict[int, Revoked] = {}
        self.crl: Crl | None = None

    def recover(self, certificate: Certificate) -> None:
        """Takes up the list that is in the file, if it is this authority's; issues it anew where its time is over."""
        crl = self.server.depot.crl()
        if crl is not None and _signed(crl, certificate):
            self.crl = crl
            self.revoked = {serial: Revoked(serial, when) for serial, when in crl.entries.items()}
        crl, now = self.crl, self.server.now()
        if crl is None or crl.next_update is None or not crl.this_update <= now < crl.next_update:
            self.renew()
        else:
            self._renew_later(crl)

    def forget(self) -> None:
        """Nothing is revoked: there is no authority, or a new one."""
        self.revoked = {}

    def revoke(self, serial: int) -> None:
        """Puts a certificate on the list."""
        self._check(serial)
        if serial in self.revoked:
            raise Refused(f"% Certificate {serial_hex(serial)} is already revoked.")
        self._replace({**self.revoked, serial: Revoked(serial, self.server.now().replace(microsecond=0))})
        emit(self.server.device, events.CertificateRevoked(serial))

    def unrevoke(self, serial: int) -> None:
        """Takes a certificate off the list."""
        self._check(serial)
        if serial not in self.revoked:
            raise Refused(f"% Certificate {serial_hex(serial)} is not revoked.")
        self.trim({serial})

    def trim(self, serials: set[int]) -> None:
        """Takes certificates off the list."""
        self._replace({number: entry for number, entry in self.revoked.items() if number not in serials})

    def _check(self, serial: int) -> None:
        server = self.server
        own = server.enabled().certificate.serial
        if server.configured().agent or not 0 < serial <= server.serial or serial == own:
            raise Refused(f"% Certificate {serial_hex(serial)} was not issued by this server.")

    def renew(self) -> None:
        """Issues the list anew."""
        self._replace(self.revoked)

    def _replace(self, revoked: dict[int, Revoked]) -> None:
        server = self.server
        assert server.identity is not None
        number = (self.crl.number or 0) + 1 if self.crl is not None else 1
        crl = authority.make_crl(server.identity, server.configured(), revoked.values(), server.now(), number)
        server.depot.write_crl(crl)
        self.crl, self.revoked = crl, revoked
        self._renew_later(crl)
        emit(server.device, events.CrlIssued(len(revoked), crl.der))

    def _renew_later(self, crl: Crl) -> None:
        assert crl.next_update is not None
        self.server.device[PkiTimers].set("CS CRL UPDATE", Group.SERVER, crl.next_update.timestamp(), self._renew_on_time)

    def _renew_on_time(self) -> None:
        try:
            self.renew()
        except Refused as refused:
            self.server.storage_lost(str(refused))


def _signed(crl: Crl, certificate: Certificate) -> bool:
    """Whether a list is an authority's."""
    try:
        crl.verify(certificate)
    except RemoteError:
        return False
    return True
