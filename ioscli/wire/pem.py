"""PEM (RFC 7468, and RFC 1421's headers for enciphered keys): blocks out of any text, and blocks as IOS prints them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ioscli.wire.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Mapping

_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 #]{1,40})-----")
_LARGEST = 1 << 22  # letters


@dataclass(frozen=True, slots=True)
class Block:
    """One block: `CERTIFICATE` and such, its headers (`Proc-Type`, `DEK-Info`), its octets."""

    label: str
    data: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


def encode_base64(data: bytes) -> str:
    """64 letters a line, each ended, as IOS prints requests and certificates that are not `pem`."""
    text = base64.b64encode(data).decode()
    return "".join(text[at : at + 64] + "\n" for at in range(0, len(text), 64))


def encode_pem(label: str, data: bytes, headers: Mapping[str, str] | None = None) -> str:
    """One block, ended by a line end."""
    head = "".join(f"{name}: {value}\n" for name, value in headers.items()) + "\n" if headers else ""
    return f"-----BEGIN {label}-----\n{head}{encode_base64(data)}-----END {label}-----\n"


def decode_pem(text: str) -> list[Block]:
    """All blocks of a text, whatever stands around them. RemoteError if one does not end or is no base64."""
    if len(text) > _LARGEST:
        raise RemoteError("the text is too long")
    blocks, position = [], 0
    while (begin := _BEGIN.search(text, position)) is not None:
        end = text.find(f"-----END {begin[1]}-----", begin.end())
        if end < 0:
            raise RemoteError(f"the end of {begin[1]} is missing")
        headers, body = _headers(text[begin.end() : end])
        blocks.append(Block(begin[1], decode_base64(body), headers))
        position = end + 1
    return blocks


def _headers(body: str) -> tuple[dict[str, str], str]:
    headers: dict[str, str] = {}
    lines = body.strip().splitlines()
    name = ""
    for at, line in enumerate(lines):
        label, colon, value = line.partition(":")
        if colon:
            name = label.strip()
            headers[name] = value.strip()
        elif name and line[:1] in {" ", "\t"}:  # RFC 1421 4.6: a header goes on
            headers[name] += line.strip()
        else:
            return headers, "\n".join(lines[at:])
    return headers, ""


def decode_base64(text: str) -> bytes:
    """Blanks and line ends are read over. RemoteError if it is no base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RemoteError("this is not base64") from error


def decode_any(text: str, *labels: str) -> bytes:
    """DER out of what somebody pasted: the first PEM block with one of those labels, or bare base64 as IOS takes it. RemoteError."""
    blocks = decode_pem(text)
    for block in blocks:
        if not labels or block.label in labels:
            return block.data
    if blocks:
        raise RemoteError(f"there is {blocks[0].label}, and no {labels[0]}")
    return decode_base64(text)
