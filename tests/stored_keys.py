"""Keys that were made for the tests, in place of new ones: a transcript shows the same key data each time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

if TYPE_CHECKING:
    from ioscli.wire.algorithms import PrivateKey

FOLDER = Path(__file__).with_name("keys")


def stored_key(kind: str, bits: int, number: int = 1) -> PrivateKey:
    """A key of tests/keys."""
    key = load_pem_private_key((FOLDER / f"{kind}-{bits}-{number}.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return key


class StoredKeys:
    """The stored keys of each kind and size in turn; after the last one, the first again."""

    def __init__(self) -> None:
        self.given: Counter[tuple[str, int]] = Counter()

    async def __call__(self, kind: str, bits: int) -> PrivateKey:
        there = len(list(FOLDER.glob(f"{kind}-{bits}-*.pem")))
        assert there, f"tests/keys has no {kind} key of {bits} bits"
        number = self.given[kind, bits] % there + 1
        self.given[kind, bits] += 1
        return stored_key(kind, bits, number)
