"""DER as debugging output shows it (a capture of `debug crypto pki server`): an element a line, indented, closed by END."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.wire import der
from ioscli.wire.errors import RemoteError
from ioscli.wire.names import LABEL_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW = 16  # octets of a line of bits
_NAMES = {
    "1.2.840.113549.1.1.4": "MD5 Signature",
    "1.2.840.113549.1.1.5": "SHA Signature",
    "1.2.840.113549.1.1.11": "SHA256 Signature",
    "1.2.840.113549.1.1.12": "SHA384 Signature",
    "1.2.840.113549.1.1.13": "SHA512 Signature",
    "2.5.4.3": "Common Name",
}
_STRINGS = {der.PRINTABLE_STRING: "PRT", der.UTF8_STRING: "UTF8", der.IA5_STRING: "IA5"}


def dump(data: bytes, depth: int = 0) -> Iterator[str]:
    """The lines of one element and of what is in it. What cannot be read is left out."""
    indent = "    " * depth
    try:
        tag, body = der.Reader(data).any()
    except RemoteError:
        return
    if tag & 0x20:
        word = {der.SEQUENCE: "SEQ", der.SET: "SET"}.get(tag, f"CONT({tag & 0x1F})")
        yield f"{indent}{word}({len(body)})"
        for part in der.Reader(body).each():
            yield from dump(part, depth + 1)
        yield f"{indent}    END"
    elif tag == der.OID:
        dotted = der.as_oid(body)
        yield f"{indent}OID({len(body)}):{_NAMES.get(dotted) or LABEL_OF.get(dotted, '')} {dotted} "
    elif tag == der.NULL:
        yield f"{indent}NULL"
    elif tag in _STRINGS:
        yield f"{indent}{_STRINGS[tag]}({len(body)}):{der.as_string(tag, body)}"
    elif tag == der.UTC_TIME:
        yield f"{indent}UTC({len(body)}):{body.decode('ascii', 'replace')}"
    elif tag == der.INTEGER:
        yield f"{indent}INT({len(body)}):{body.hex().upper()}"
    elif tag == der.BIT_STRING:
        yield f"{indent}BIT({len(body) - 1}<-{body[0]}>): "
        rows = body[1:]
        for at in range(0, len(rows), _ROW):
            yield f"{indent}     {rows[at : at + _ROW].hex(' ').upper()}"
    else:
        yield f"{indent}TAG({tag:02X})({len(body)}):{body.hex().upper()}"
