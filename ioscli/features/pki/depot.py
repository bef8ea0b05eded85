"""The files of a certificate server: its last serial number, its revocation list, what it issued, the archive of its key.

Their names are IOS's (pki-cli 3.11): `NAME.ser`, `NAME.crl`, `N.cnm`, `N.crt`, `NAME.p12`, `NAME.pem`. What is written for each certificate
is not waited for: the journal of requests has it already, and `recover` writes again what a power cut took.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509 import load_der_x509_certificate

from ioscli.device.terminal import Refused
from ioscli.features.pki.publish import is_remote, publish
from ioscli.wire.errors import WireError
from ioscli.wire.pem import encode_pem
from ioscli.wire.x509 import Certificate, Crl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ioscli.device.device import Device
    from ioscli.features.pki.server_settings import ServerSettings
    from ioscli.wire.identity import Identity

_SERIAL = re.compile(r"last_serial = 0x([0-9A-Fa-f]+)")
_EXPIRATION = "%Y%m%d%H%M%SZ"


class Entry(NamedTuple):
    """A certificate of the database. `issued` is unknown where only names are kept."""

    serial: int
    issued: datetime | None
    expires: datetime
    subject: str


class Depot:
    """The files of one server. `settings()`: its settings as they are now.

    Files of a kind that have a place of their own on another host lie with the others too: the server starts without that host.
    Methods that write raise Refused.
    """

    def __init__(self, device: Device, settings: Callable[[], ServerSettings]) -> None:
        self._device = device
        self._files = device.files
        self._settings = settings

    def _place(self, kind: str) -> str:
        settings = self._settings()
        place = settings.url_of(kind)
        return settings.url if is_remote(place) else place

    def url(self, kind: str, name: str) -> str:
        """Where a file lies."""
        return _joined(self._place(kind), f"{name}.{kind}")

    def _write(self, kind: str, name: str, data: bytes, *, private: bool = False, sync: bool = True) -> None:
        where = self._files.locate(self.url(kind, name))
        try:
            self._files.replace(where, data, private=private, sync=sync)
        except OSError as error:
            raise Refused(f"%Error opening {where.url} ({error.strerror})") from None
        settings = self._settings()
        if settings.published or settings.places:
            elsewhere = [place for published, place in settings.published if published == kind]
            elsewhere += [place for kept, place in settings.places if kept == kind and is_remote(place)]
            for place in elsewhere:
                publish(self._device, settings.name, _joined(place, f"{name}.{kind}"), data)

    def _read(self, kind: str, name: str) -> bytes | None:
        url = self.url(kind, name)
        return self._files.read(url) if self._files.exists(url) else None

    # ---- the last serial number

    def serial(self) -> int | None:
        """The serial number of the last certificate that was issued; None where there is no file, or one without a number."""
        data = self._read("ser", self._settings().name)
        found = _SERIAL.search(data.decode("ascii", "replace")) if data is not None else None
        return int(found[1], 16) if found else None

    def write_serial(self, serial: int, *, sync: bool = True) -> None:
        self._write("ser", self._settings().name, f"db_version = 1\nlast_serial = 0x{serial:X}".encode(), sync=sync)

    # ---- the revocation list

    def crl(self) -> Crl | None:
        """None where there is no file. Raises Refused for one that cannot be read: what it revoked must not be forgotten."""
        name = self._settings().name
        data = self._read("crl", name)
        try:
            return None if data is None else Crl.parse(data)
        except WireError:
            raise Refused(f"%Error reading {self.url('crl', name)} (it is no revocation list)") from None

    def write_crl(self, crl: Crl) -> None:
        self._write("crl", self._settings().name, crl.der)

    # ---- what was issued

    def store(self, certificate: Certificate) -> None:
        """Writes what `database level` keeps of a certificate."""
        level = self._settings().level
        if level in ("names", "complete"):
            expiration = certificate.not_after.strftime(_EXPIRATION)
            text = f"subjectname_str = {certificate.subject}\nexpiration = {expiration}\n"
            self._write("cnm", f"{certificate.serial:X}", text.encode(), sync=False)
        if level == "complete":
            self._write("crt", f"{certificate.serial:X}", certificate.der, sync=False)

    def stored(self, serial: int) -> bool:
        """Whether what `database level` keeps of a certificate is there."""
        level = self._settings().level
        kinds = {"names": ("cnm",), "complete": ("cnm", "crt")}.get(level, ())
        return all(self._files.exists(self.url(kind, f"{serial:X}")) for kind in kinds)

    def certificate(self, serial: int) -> Certificate | None:
        data = self._read("crt", f"{serial:X}")
        try:
            return None if data is None else Certificate.parse(data)
        except WireError:
            return None

    def serials(self) -> list[int]:
        """Of what is kept, in their order."""
        found: set[int] = set()
        for kind in ("crt", "cnm"):
            try:
                names = self._files.names(self._place(kind))
            except Refused:
                continue
            found |= {int(stem, 16) for stem, _, suffix in (name.rpartition(".") for name in names) if suffix == kind and _is_serial(stem)}
        return sorted(found)

    def entries(self) -> Iterator[Entry]:
        """What is kept of each certificate, one file after the other as they are asked for."""
        for serial in self.serials():
            certificate = self.certificate(serial)
            if certificate is not None:
                yield Entry(serial, certificate.not_before, certificate.not_after, str(certificate.subject))
            elif (named := self._named(serial)) is not None:
                yield named

    def _named(self, serial: int) -> Entry | None:
        from datetime import datetime

        data = self._read("cnm", f"{serial:X}")
        said = dict(line.partition(" = ")[::2] for line in (data or b"").decode("utf-8", "replace").splitlines())
        try:
            return Entry(serial, None, datetime.strptime(said["expiration"], _EXPIRATION).replace(tzinfo=UTC), said["subjectname_str"])
        except (KeyError, ValueError):
            return None

    # ---- the archive

    def archive(self, identity: Identity, password: str) -> None:
        """Writes the server's certificate and key, under a password, as `database archive` has it."""
        settings = self._settings()
        encryption = BestAvailableEncryption(password.encode())
        if settings.archive == "pem":
            key = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, encryption)
            text = encode_pem("CERTIFICATE", identity.certificate.der) + encode_pem("ENCRYPTED PRIVATE KEY", key)
            self._write("pem", settings.name, text.encode(), private=True)
        else:
            certificate = load_der_x509_certificate(identity.certificate.der)
            self._write(
                "p12",
                settings.name,
                serialize_key_and_certificates(settings.name.encode(), identity.key, certificate, None, encryption),
                private=True,
            )

    # ---- the end

    def remove(self) -> list[str]:
        """Removes every file. Returns the URLs of those that could not be."""
        name = self._settings().name
        urls = [self.url(kind, f"{serial:X}") for serial in self.serials() for kind in ("crt", "cnm")]
        urls += [self.url(kind, name) for kind in ("ser", "crl", "p12", "pem")]
        failed = []
        for url in urls:
            try:
                if self._files.exists(url):
                    self._files.delete(url)
            except Refused:
                failed.append(url)
        return failed


def _joined(place: str, name: str) -> str:
    """`nvram:` and `flash:dir`, with a name behind."""
    return f"{place}{name}" if place.endswith((":", "/")) else f"{place}/{name}"


def _is_serial(stem: str) -> bool:
    return 0 < len(stem) < 41 and all(letter in "0123456789ABCDEF" for letter in stem)
