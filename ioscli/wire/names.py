"""Distinguished names: as DER, as IOS shows them (`cn=CA,ou=x`), and as engineers type them (`CN=CA, OU=x, C=US`).

IOS lays the parts of a name into the certificate in the reverse of the order in which they were typed, and shows them in reverse
again, so that typed and shown order agree (reading of certificates from real routers).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ioscli.wire import der
from ioscli.wire.errors import LocalError, RemoteError

_X520, _PKCS9 = "2.5.4.", "1.2.840.113549.1.9."
EMAIL, UNSTRUCTURED_NAME, UNSTRUCTURED_ADDRESS = _PKCS9 + "1", _PKCS9 + "2", _PKCS9 + "8"
COMMON_NAME, SERIAL_NUMBER, ORGANIZATIONAL_UNIT = _X520 + "3", _X520 + "5", _X520 + "11"
DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25"
# What IOS shows (pki certificates' output); the first label of an attribute is the one shown.
_LABELS = {
    COMMON_NAME: ("cn", "commonname"),
    ORGANIZATIONAL_UNIT: ("ou",),
    _X520 + "10": ("o",),
    _X520 + "7": ("l",),
    _X520 + "8": ("st", "s"),
    _X520 + "6": ("c",),
    _X520 + "9": ("street",),
    _X520 + "12": ("title", "t"),
    _X520 + "4": ("sn", "surname"),
    _X520 + "42": ("gn", "givenname"),
    _X520 + "41": ("name", "n"),
    _X520 + "43": ("initials", "i"),
    _X520 + "44": ("genqual", "generationqualifier"),
    _X520 + "46": ("dnq", "dnqualifier"),
    SERIAL_NUMBER: ("serialNumber",),
    DOMAIN_COMPONENT: ("dc",),
    EMAIL: ("e", "ea", "email", "emailaddress"),
    UNSTRUCTURED_NAME: ("hostname", "unstructuredname"),
    UNSTRUCTURED_ADDRESS: ("ipaddress", "unstructuredaddress"),
}
LABEL_OF = {oid: labels[0] for oid, labels in _LABELS.items()}
_OID_OF = {label.lower(): oid for oid, labels in _LABELS.items() for label in labels}
_IA5 = {EMAIL, UNSTRUCTURED_NAME, DOMAIN_COMPONENT}
_PRINTABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")
_LONGEST = 255  # letters of one value
_KEPT = 1024  # octets of a name that is worth remembering


class NameTextError(LocalError):
    """Text that is no name. `lines` is what IOS prints."""

    def __init__(self, text: str) -> None:
        super().__init__(f'"{text}" is not a valid subject name')
        self.lines = (f'"{text}" is not a valid subject name', "The subject name must be in X.500 (LDAP) format")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a name: object identifier, text, and the tag of its string type."""

    oid: str
    value: str
    tag: int

    @classmethod
    def of(cls, oid: str, value: str) -> Attribute:
        """With the string type that IOS uses: IA5 for host and mail names, else Printable; UTF-8 where that has no such letters."""
        printable = _PRINTABLE.issuperset(value)
        if oid in _IA5 and value.isascii():
            return cls(oid, value, der.IA5_STRING)
        return cls(oid, value, der.PRINTABLE_STRING if printable else der.UTF8_STRING)

    @property
    def der(self) -> bytes:
        return der.sequence(der.oid(self.oid), der.string(self.tag, self.value))

    def __str__(self) -> str:
        return f"{LABEL_OF.get(self.oid, self.oid)}={self.value}"


Rdn = tuple[Attribute, ...]


@dataclass(frozen=True)
class Name:
    """A Name as it stands in a certificate. Equal if its octets are."""

    der: bytes

    @classmethod
    def of(cls, rdns: tuple[Rdn, ...]) -> Name:
        """From its parts in the order of the certificate (the reverse of what is shown)."""
        return cls(der.sequence(*(der.set_of(attribute.der for attribute in rdn) for rdn in rdns)))

    @property
    def rdns(self) -> tuple[Rdn, ...]:
        """RemoteError if the octets are no name."""
        # Long ones, which peers can make without end, are not kept.
        return _read(self.der) if len(self.der) <= _KEPT else _read.__wrapped__(self.der)

    @property
    def lines(self) -> list[str]:
        """One line for each part, as `show crypto pki certificates` prints them; parts of several values joined with `+`."""
        return ["+".join(map(str, rdn)) for rdn in reversed(self.rdns)]

    def __repr__(self) -> str:
        return f"Name({str(self)!r})"

    def __str__(self) -> str:
        """In one line, as IOS prints it: `cn=R1,ou=x,c=US`."""
        return ",".join(self.lines)

    def get(self, oid: str) -> str | None:
        """The first value of an attribute, in the order shown."""
        return next((a.value for rdn in reversed(self.rdns) for a in rdn if a.oid == oid), None)

    def matches(self, other: Name) -> bool:
        """Equal, or equal but for case, blanks and string types (RFC 5280 7.1)."""
        return self.der == other.der or self._folded() == other._folded()

    def _folded(self) -> list[list[tuple[str, str]]]:
        return [sorted((a.oid, " ".join(a.value.split()).casefold()) for a in rdn) for rdn in self.rdns]


@lru_cache(maxsize=512)  # an issuer's name is read for each certificate, a subject's several times for each enrolment
def _read(data: bytes) -> tuple[Rdn, ...]:
    rdns = []
    for rdn in der.whole(data).readers(der.SET):
        attributes = []
        for pair in rdn.readers():
            oid = pair.oid()
            tag, value = pair.any()
            pair.finish()
            # What is no string is shown in hex, as RFC 4514 2.4 does.
            text = der.as_string(tag, value) if tag in der.STRINGS else "#" + value.hex()
            attributes.append(Attribute(oid, text, tag))
        if not attributes:
            raise RemoteError("a part of a name is empty")
        rdns.append(tuple(attributes))
    return tuple(rdns)


def parse_name(text: str) -> Name:
    r"""`CN=CA, OU="x, y", C=US` as typed behind `issuer-name` or `subject-name`; parts divided by commas, `+` within a part.

    `\` takes the next letter as it is. Blanks do not divide: `CN=a L=b` is one value, as on IOS. NameTextError if it is no name.
    """
    rdns = tuple(_rdn(text, part) for part in _split(text, ","))
    try:
        return Name.of(tuple(reversed(rdns)))
    except LocalError as error:
        raise NameTextError(text) from error


def _rdn(text: str, part: str) -> Rdn:
    return tuple(_attribute(text, piece) for piece in _pieces(part))


def _pieces(part: str) -> list[str]:
    """Divided at `+`, but only where an attribute follows: `cn=C++ lab` is one value."""
    pieces: list[str] = []
    for piece in _split(part, "+"):
        label, equals, _ = piece.partition("=")
        if pieces and not (equals and label.strip().lower() in _OID_OF):
            pieces[-1] += "+" + piece
        else:
            pieces.append(piece)
    return pieces


def _attribute(text: str, piece: str) -> Attribute:
    label, equals, value = piece.partition("=")
    label, value = label.strip().lower(), _unquoted(value.strip())
    oid = _OID_OF.get(label) or (label.removeprefix("oid.") if label.startswith(("1.", "2.", "0.", "oid.")) else "")
    if not equals or not _is_oid(oid) or not 1 <= len(value) <= _LONGEST or not value.isprintable():
        raise NameTextError(text)
    return Attribute.of(oid, value)


def _is_oid(oid: str) -> bool:
    arcs = oid.split(".")
    return len(arcs) > 1 and len(oid) < 64 and all(arc.isascii() and arc.isdigit() for arc in arcs) and int(arcs[0]) < 3 and int(arcs[1]) < 40


def _split(text: str, at: str) -> list[str]:
    parts, part, quoted, taken = [], "", False, False
    for letter in text:
        if letter == at and not quoted and not taken:
            parts.append(part)
            part = ""
            continue
        if letter == '"' and not taken:
            quoted = not quoted
        taken = letter == "\\" and not taken
        part += letter
    return [*parts, part]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        value = value[1:-1]
    out, taken = "", False
    for letter in value:
        if letter == "\\" and not taken:
            taken = True
            continue
        out += letter
        taken = False
    return out


def with_identity(name: Name | None, *, fqdn: str | None = None, serial: str | None = None, address: str | None = None) -> Name:
    """The subject of a router's request: the typed name, and one part of FQDN, device serial number and address behind it.

    (That part is of several values, sorted as DER sorts a SET: what routers send.)
    """
    attributes = [
        Attribute.of(oid, value) for oid, value in ((SERIAL_NUMBER, serial), (UNSTRUCTURED_ADDRESS, address), (UNSTRUCTURED_NAME, fqdn)) if value
    ]
    rdns = name.rdns if name else ()
    return Name.of((*rdns, tuple(attributes)) if attributes else rdns)
