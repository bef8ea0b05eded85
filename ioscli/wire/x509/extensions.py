"""Extensions of certificates, requests and CRLs: written in the forms of IOS, read in the forms of everybody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ioscli.wire import der
from ioscli.wire.algorithms import DIGESTS
from ioscli.wire.errors import LocalError, RemoteError
from ioscli.wire.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

_CE, _PE, _KP = "2.5.29.", "1.3.6.1.5.5.7.1.", "1.3.6.1.5.5.7.3."
SUBJECT_KEY_ID, KEY_USAGE, SUBJECT_ALT_NAME, BASIC_CONSTRAINTS = _CE + "14", _CE + "15", _CE + "17", _CE + "19"
CRL_NUMBER, REASON_CODE, CRL_DISTRIBUTION_POINTS = _CE + "20", _CE + "21", _CE + "31"
AUTHORITY_KEY_ID, EXTENDED_KEY_USAGE, AUTHORITY_INFO_ACCESS = _CE + "35", _CE + "37", _PE + "1"
_OCSP, _CA_ISSUERS = "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2"
# Bits of keyUsage as the first octet of the BIT STRING (RFC 5280 4.2.1.3), which is how IOS shows them: `A0000000`.
DIGITAL_SIGNATURE, NON_REPUDIATION, KEY_ENCIPHERMENT, DATA_ENCIPHERMENT = 0x80, 0x40, 0x20, 0x10
KEY_AGREEMENT, KEY_CERT_SIGN, CRL_SIGN, ENCIPHER_ONLY = 0x08, 0x04, 0x02, 0x01
CA_USAGE = DIGITAL_SIGNATURE | KEY_CERT_SIGN | CRL_SIGN
GENERAL_USAGE = DIGITAL_SIGNATURE | KEY_ENCIPHERMENT
# The words of `eku` (cs-server) and `eku request` (trustpoint).
PURPOSES = {
    "server-auth": _KP + "1",
    "client-auth": _KP + "2",
    "code-signing": _KP + "3",
    "email-protection": _KP + "4",
    "ipsec-end-system": _KP + "5",
    "ipsec-tunnel": _KP + "6",
    "ipsec-user": _KP + "7",
    "time-stamping": _KP + "8",
    "ocsp-signing": _KP + "9",
    "ssh-client": _KP + "21",
    "ssh-server": _KP + "22",
}


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: object identifier, DER of its value (without the OCTET STRING around it), critical or not."""

    oid: str
    value: bytes
    critical: bool = False

    @property
    def der(self) -> bytes:
        return der.sequence(der.oid(self.oid), der.boolean(True) if self.critical else b"", der.octets(self.value))


def key_id(spki: bytes) -> bytes:
    """The SHA-1 of the key's bits (RFC 5280 4.2.1.2 method 1, which routers use). 20 octets."""
    reader = der.whole(spki)
    reader.raw(der.SEQUENCE)
    return DIGESTS["sha1"].of(reader.bits())


def basic_constraints(*, ca: bool) -> Extension:
    return Extension(BASIC_CONSTRAINTS, der.sequence(der.boolean(True)) if ca else der.sequence(), critical=True)


def key_usage(usage: int) -> Extension:
    unused = (usage & -usage).bit_length() - 1 if usage else 0
    return Extension(KEY_USAGE, der.bits(bytes((usage,)), unused), critical=True)


def authority_key_id(spki: bytes) -> Extension:
    """Of the key that signs."""
    return Extension(AUTHORITY_KEY_ID, der.sequence(der.tlv(0x80, key_id(spki))))


def subject_key_id(spki: bytes) -> Extension:
    return Extension(SUBJECT_KEY_ID, der.octets(key_id(spki)))


def extended_key_usage(purposes: Iterable[str]) -> Extension:
    """By IOS words (PURPOSES) or dotted identifiers."""
    return Extension(EXTENDED_KEY_USAGE, der.sequence(*(der.oid(PURPOSES.get(purpose, purpose)) for purpose in purposes)))


def crl_distribution_points(*urls: str) -> Extension:
    """One point for each URL."""
    points = (der.sequence(der.tlv(0xA0, der.tlv(0xA0, der.tlv(0x86, _ascii(url))))) for url in urls)
    return Extension(CRL_DISTRIBUTION_POINTS, der.sequence(*points))


def ocsp(url: str) -> Extension:
    """AuthorityInfoAccess with an OCSP responder."""
    return Extension(AUTHORITY_INFO_ACCESS, der.sequence(der.sequence(der.oid(_OCSP), der.tlv(0x86, _ascii(url)))))


def subject_alt_name(*, dns: Iterable[str] = (), addresses: Iterable[str] = ()) -> Extension:
    parts = [der.tlv(0x82, _ascii(name)) for name in dns]
    parts += [der.tlv(0x87, ipaddress.ip_address(address).packed) for address in addresses]
    return Extension(SUBJECT_ALT_NAME, der.sequence(*parts))


def _ascii(text: str) -> bytes:
    if not text.isascii():
        raise LocalError(f"{text!r} is not ASCII")
    return text.encode()


@dataclass(frozen=True)
class Extensions:
    """The extensions of one object, in their order. Reading a broken one raises RemoteError; `check` reads all that have a property."""

    items: tuple[Extension, ...] = ()

    @classmethod
    def parse(cls, reader: der.Reader) -> Extensions:
        """From inside `Extensions ::= SEQUENCE OF Extension`."""
        items = []
        for each in reader.readers():
            oid = each.oid()
            critical = each.boolean() if each.peek() == der.BOOLEAN else False
            items.append(Extension(oid, each.body(der.OCTET_STRING), critical))
            each.finish()
        if len({item.oid for item in items}) != len(items):
            raise RemoteError("an extension stands twice")  # RFC 5280 4.2
        return cls(tuple(items))

    def check(self) -> Extensions:
        for item in self.items:
            name = _PROPERTIES.get(item.oid)
            if name is not None:
                getattr(self, name)
        return self

    @cached_property
    def _by_oid(self) -> dict[str, bytes]:
        return {item.oid: item.value for item in self.items}

    def get(self, oid: str) -> bytes | None:
        return self._by_oid.get(oid)

    @cached_property
    def ca(self) -> bool:
        """True if basicConstraints says that this is a certification authority."""
        value = self.get(BASIC_CONSTRAINTS)
        reader = der.whole(value) if value is not None else None
        return reader is not None and reader.peek() == der.BOOLEAN and reader.boolean()

    @cached_property
    def key_usage(self) -> int | None:
        """The first octet of keyUsage; None without the extension, which allows everything."""
        value = self.get(KEY_USAGE)
        if value is None:
            return None
        usage = der.Reader(value).bits()
        return usage[0] if usage else 0

    @cached_property
    def purposes(self) -> tuple[str, ...]:
        """Dotted identifiers of extendedKeyUsage."""
        value = self.get(EXTENDED_KEY_USAGE)
        if value is None:
            return ()
        reader = der.whole(value)
        found = []
        while reader.peek() != -1:
            found.append(reader.oid())
        return tuple(found)

    @cached_property
    def subject_key_id(self) -> bytes | None:
        value = self.get(SUBJECT_KEY_ID)
        return None if value is None else der.Reader(value).body(der.OCTET_STRING)

    @cached_property
    def authority_key_id(self) -> bytes | None:
        value = self.get(AUTHORITY_KEY_ID)
        reader = der.whole(value) if value is not None else None
        return reader.body(0x80) if reader is not None and reader.peek() == 0x80 else None

    @cached_property
    def cdp(self) -> tuple[str, ...]:
        """URLs of the CRL distribution points; directory names as `cn=..,ou=..`."""
        value = self.get(CRL_DISTRIBUTION_POINTS)
        found: list[str] = []
        for point in der.whole(value).readers() if value is not None else ():
            name = point.optional(0xA0)
            full = name.optional(0xA0) if name else None
            while full is not None and full.peek() != -1:
                tag, body = full.any()
                if tag == 0x86:
                    found.append(der.as_string(der.IA5_STRING, body))
                elif tag == 0xA4:
                    found.append(str(Name(body)))
        return tuple(found)

    @cached_property
    def ocsp(self) -> tuple[str, ...]:
        return self._access(_OCSP)

    @cached_property
    def ca_issuers(self) -> tuple[str, ...]:
        return self._access(_CA_ISSUERS)

    def _access(self, method: str) -> tuple[str, ...]:
        value = self.get(AUTHORITY_INFO_ACCESS)
        found = []
        for access in der.whole(value).readers() if value is not None else ():
            kind = access.oid()
            tag, body = access.any()
            if tag == 0x86 and kind == method:
                found.append(der.as_string(der.IA5_STRING, body))
        return tuple(found)

    @cached_property
    def alt_names(self) -> tuple[tuple[str, str], ...]:
        """SubjectAltName as pairs: ("dns" | "ip" | "email" | "uri" | "name" | "other", text)."""
        value = self.get(SUBJECT_ALT_NAME)
        return tuple(_alt_name(*der.Reader(each).any()) for each in der.whole(value).each()) if value is not None else ()


def _alt_name(tag: int, body: bytes) -> tuple[str, str]:
    kind = {0x81: "email", 0x82: "dns", 0x86: "uri"}.get(tag)
    if kind:
        return kind, der.as_string(der.IA5_STRING, body)
    if tag == 0x87:
        try:
            return "ip", str(ipaddress.ip_address(body))
        except ValueError as error:
            raise RemoteError("an address is wrong") from error
    if tag == 0xA4:
        return "name", str(Name(body))
    return "other", body.hex()


# Where the value of an extension is read.
_PROPERTIES = {
    BASIC_CONSTRAINTS: "ca",
    KEY_USAGE: "key_usage",
    EXTENDED_KEY_USAGE: "purposes",
    SUBJECT_KEY_ID: "subject_key_id",
    AUTHORITY_KEY_ID: "authority_key_id",
    CRL_DISTRIBUTION_POINTS: "cdp",
    SUBJECT_ALT_NAME: "alt_names",
    AUTHORITY_INFO_ACCESS: "ocsp",
}
