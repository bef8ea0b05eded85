"""The certificates of trustpoints: statements of `crypto pki certificate chain NAME`, hexadecimal as IOS prints them.

The configuration is the only place where they are kept; what is decoded here is a cache of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ioscli.config.body import QUIT, hexadecimal
from ioscli.device import edit
from ioscli.wire.errors import WireError
from ioscli.wire.x509 import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ioscli.config.tree import Statement
    from ioscli.device.device import Device

CA = "ca"
SELF_SIGNED = "self-signed"
CA_ROLLOVER = "ca rollover"
OWN = ""
_CHAIN = "crypto pki certificate chain"


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate of a trustpoint. `kind`: the word of the chain: "" for the router's own, `ca`, `self-signed`, `ra-sign`, `ca rollover` ..."""

    trustpoint: str
    kind: str
    certificate: Certificate = field(repr=False)


class Certificates:
    """All certificates of a router. `listeners` are called with a trustpoint's name when its certificates have changed."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._decoded: dict[str, Certificate | None] = {}  # by the text of a body; None where it is no certificate
        self.listeners: list[Callable[[str], None]] = []

    def trustpoints(self) -> list[str]:
        """The names of the chains, in the order of the configuration."""
        return [statement.text.removeprefix(f"{_CHAIN} ") for statement in self._device.statements(_CHAIN)]

    def of(self, trustpoint: str) -> list[Held]:
        """The certificates of a trustpoint, in the order of its chain. What cannot be decoded is passed over."""
        chain = edit.section(self._device, f"{_CHAIN} {trustpoint}")
        if chain is None:
            return []
        return [held for statement in chain for held in self._read(trustpoint, statement)]

    def all(self) -> list[Held]:
        """Every certificate of every trustpoint."""
        return [held for trustpoint in self.trustpoints() for held in self.of(trustpoint)]

    def _read(self, trustpoint: str, statement: Statement) -> Iterator[Held]:
        words = statement.text.split()
        if words[0] != "certificate":
            return
        certificate = self._from_body(statement.body) if statement.body is not None else self._from_file(words[-1])
        if certificate is not None:
            # certificate [KIND] SERIAL [FILE]
            kind = words[1:-1] if statement.body is not None else words[1:-2]
            yield Held(trustpoint, " ".join(kind), certificate)

    def _from_body(self, body: str) -> Certificate | None:
        if body not in self._decoded:
            self._decoded[body] = decode(body)
        return self._decoded[body]

    def _from_file(self, url: str) -> Certificate | None:
        """Startup-configs name the file that holds a certificate."""
        files = self._device.files
        if not files.exists(url):
            return None
        try:
            return Certificate.parse(files.read(url))
        except WireError:
            return None

    def find(self, trustpoint: str, kind: str) -> Certificate | None:
        """The first certificate of a kind, None where there is none."""
        return next((held.certificate for held in self.of(trustpoint) if held.kind == kind), None)

    def ca(self, trustpoint: str) -> Certificate | None:
        """The certificate of the trustpoint's authority."""
        return self.find(trustpoint, CA)

    def own(self, trustpoint: str) -> Certificate | None:
        """The router's own certificate, issued or self-signed."""
        return self.find(trustpoint, OWN) or self.find(trustpoint, SELF_SIGNED)

    def put(self, trustpoint: str, kind: str, certificate: Certificate) -> None:
        """Stores a certificate in place of those of its kind. A chain has the router's own before the authority's."""
        for held in self.of(trustpoint):
            if held.kind == kind:
                self._drop(held)
        path = f"{_CHAIN} {trustpoint}"
        words = ["certificate", *kind.split(), certificate.serial_hex]
        edit.put(self._device, path, " ".join(words), body=encode(certificate.der))
        chain = edit.section(self._device, path)
        assert chain is not None
        chain.statements = dict(sorted(chain.statements.items(), key=lambda item: _is_authority(item[1])))
        self._tell(trustpoint)

    def remove(self, trustpoint: str, kind: str | None = None, serial: int | None = None) -> list[Held]:
        """Removes certificates: of a kind, with a serial number, or all. Returns what was removed."""
        gone = [held for held in self.of(trustpoint) if (kind is None or held.kind == kind) and (serial is None or held.certificate.serial == serial)]
        for held in gone:
            self._drop(held)
        if gone:
            self._tell(trustpoint)
        return gone

    def remove_chain(self, trustpoint: str) -> None:
        """Removes a chain with all that is in it."""
        if edit.drop(self._device, f"{_CHAIN} {trustpoint}"):
            self._tell(trustpoint)

    def _drop(self, held: Held) -> None:
        chain = edit.section(self._device, f"{_CHAIN} {held.trustpoint}")
        assert chain is not None
        for key, statement in list(chain.statements.items()):
            if any(found == held for found in self._read(held.trustpoint, statement)):
                del chain.statements[key]
                self._device.changed()

    def _tell(self, trustpoint: str) -> None:
        for listener in tuple(self.listeners):
            listener(trustpoint)


def _is_authority(statement: Statement) -> bool:
    return statement.text.startswith(("certificate ca ", "certificate ra-"))


def encode(der: bytes) -> str:
    """The lines of a certificate in the configuration, the closing `quit` among them."""
    return hexadecimal([der.hex().upper(), QUIT])


def decode(body: str) -> Certificate | None:
    """The certificate of such lines, None where they hold none."""
    digits = "".join(body.split("\n")[:-1]).replace(" ", "")
    try:
        return Certificate.parse(bytes.fromhex(digits))
    except (ValueError, WireError):
        return None
