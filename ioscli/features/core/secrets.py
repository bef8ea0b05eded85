"""How IOS writes a secret down: hashes (types 4, 5, 8, 9) and the reversible type 7.

Text in, text out: nothing here knows a configuration.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HASHED = ("4", "5", "8", "9")
ALGORITHMS = {"md5": "5", "sha256": "8", "scrypt": "9"}  # by the words of `algorithm-type`

_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_CISCO = bytes.maketrans(_BASE64.encode(), _ALPHABET.encode())
_SHAPES = {
    "4": re.compile(r"[./0-9A-Za-z]{43}"),
    "5": re.compile(r"\$1\$[^$\s]{1,8}\$[./0-9A-Za-z]{22}"),
    "8": re.compile(r"\$8\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}"),
    "9": re.compile(r"\$9\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}"),
}
_SALT = {"5": 4, "8": 14, "9": 14}  # characters

# The key of type 7, known since 1995 (John the Ripper, "Cisco password decryption").
_KEY = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_LARGEST_OFFSET = 15  # that IOS itself writes
_HIDDEN = re.compile(r"(\d\d)((?:[0-9A-Fa-f]{2})*)")


def is_hash(kind: str, text: str) -> bool:
    """Whether a text has the form of a hash of this type."""
    return _SHAPES[kind].fullmatch(text) is not None


def digest(kind: str, secret: str, entropy: Callable[[int], bytes]) -> str:
    """Hashes a secret with a fresh salt. `kind`: 5, 8 or 9."""
    salt = "".join(_ALPHABET[byte & 63] for byte in entropy(_SALT[kind]))
    return _digest(kind, secret, salt)


def matches(kind: str, stored: str, typed: str) -> bool:
    """Whether what was typed is the secret of a hash."""
    if not is_hash(kind, stored):
        return False
    salt = stored.split("$")[2] if kind != "4" else ""
    return hmac.compare_digest(stored, _digest(kind, typed, salt))


def _digest(kind: str, secret: str, salt: str) -> str:
    data = secret.encode("utf-8", "surrogateescape")
    match kind:
        case "4":
            return _cisco64(hashlib.sha256(data).digest())
        case "5":
            return f"$1${salt}${_md5_crypt(data, salt.encode())}"
        case "8":
            return f"$8${salt}${_cisco64(hashlib.pbkdf2_hmac('sha256', data, salt.encode(), 20000))}"
        case _:
            return f"$9${salt}${_cisco64(hashlib.scrypt(data, salt=salt.encode(), n=16384, r=1, p=1, dklen=32))}"


def _cisco64(data: bytes) -> str:
    return b64encode(data).translate(_TO_CISCO).decode().rstrip("=")


def _md5_crypt(password: bytes, salt: bytes) -> str:
    """The 22 characters of an MD5 crypt: P.-H. Kamp's algorithm, as crypt(3) of FreeBSD describes it."""
    inner = hashlib.md5(password + salt + password).digest()  # noqa: S324 - type 5 is MD5
    data = password + b"$1$" + salt
    data += (inner * (len(password) // 16 + 1))[: len(password)]
    bits = len(password)
    while bits:
        data += b"\0" if bits & 1 else password[:1]
        bits >>= 1
    final = hashlib.md5(data).digest()  # noqa: S324
    for turn in range(1000):
        data = password if turn & 1 else final
        data += salt if turn % 3 else b""
        data += password if turn % 7 else b""
        data += final if turn & 1 else password
        final = hashlib.md5(data).digest()  # noqa: S324
    text = ""
    for first, second, third in ((0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)):
        text += _reversed64(final[first] << 16 | final[second] << 8 | final[third], 4)
    return text + _reversed64(final[11], 2)


def _reversed64(value: int, count: int) -> str:
    return "".join(_ALPHABET[value >> 6 * place & 63] for place in range(count))


def hide(secret: str, entropy: Callable[[int], bytes]) -> str:
    """A secret as type 7: the offset into the key in two decimal digits, then its bytes in hexadecimal, upper case."""
    offset = entropy(1)[0] % (_LARGEST_OFFSET + 1)
    return f"{offset:02d}{_mixed(secret.encode('utf-8', 'surrogateescape'), offset).hex().upper()}"


def reveal(hidden: str) -> str | None:
    """The secret that a type 7 text hides, None where it is none."""
    found = _HIDDEN.fullmatch(hidden)
    if found is None or int(found[1]) >= len(_KEY):
        return None
    return _mixed(bytes.fromhex(found[2]), int(found[1])).decode("utf-8", "surrogateescape")


def _mixed(data: bytes, offset: int) -> bytes:
    return bytes(byte ^ _KEY[(offset + place) % len(_KEY)] for place, byte in enumerate(data))
