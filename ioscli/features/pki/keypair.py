"""A key pair: two keys under a label, and what may be done with the private one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from ioscli.device.terminal import Refused
from ioscli.wire.algorithms import load_public_key, spki_of
from ioscli.wire.errors import RemoteError
from ioscli.wire.pem import decode_pem, encode_pem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ioscli.wire.algorithms import PrivateKey, PublicKey
    from ioscli.wire.pem import Block

USAGES = {"general-keys": "General Purpose Key", "signature": "Signature Key", "encryption": "Encryption Key"}
"""What a pair may be used for, as commands say it and as outputs print it."""

_FLAGS = ("exportable", "redundancy")  # that private-config keeps


class Damaged(ValueError):  # noqa: N818 - what a file is
    """What is saved of a key pair cannot be read."""


@dataclass(slots=True, eq=False)
class KeyPair:
    """A key pair. `created`: in seconds since 1970, by the router's clock; `revision`: of the configuration that it came with.

    `opened`: the private key, None while it is locked; `sealed`: PKCS #8, encrypted, of a pair that a passphrase protects.
    `encryption`: the second pair of `usage-keys`. The private key is never shown, nor printed as part of this object.
    """

    label: str
    usage: str
    created: float
    public: PublicKey = field(repr=False)
    opened: PrivateKey | None = field(repr=False)
    sealed: bytes | None = field(default=None, repr=False)
    exportable: bool = False
    redundancy: bool = False
    temporary: bool = False
    revision: int = 0
    encryption: KeyPair | None = None

    @property
    def kind(self) -> str:
        return "rsa" if isinstance(self.public, rsa.RSAPublicKey) else "ec"

    @property
    def bits(self) -> int:
        """Of the modulus, or of the curve."""
        return self.public.key_size

    @property
    def public_data(self) -> bytes:
        """The public key: SubjectPublicKeyInfo, DER."""
        return spki_of(self.public)

    @property
    def halves(self) -> Sequence[KeyPair]:
        """The pair itself, and the other one of `usage-keys`."""
        return (self,) if self.encryption is None else (self, self.encryption)

    @property
    def private(self) -> PrivateKey:
        """The private key. Raises Refused while it is locked."""
        if self.opened is None:
            raise Refused(f"% The key pair {self.label} is locked.")
        return self.opened

    @property
    def protected(self) -> bool:
        """Whether a passphrase protects it where it is saved."""
        return self.sealed is not None

    @property
    def locked(self) -> bool:
        return self.opened is None

    def protect(self, passphrase: str) -> None:
        """From now on it is saved encrypted. Raises Refused while it is locked."""
        encryption = BestAvailableEncryption(_octets(passphrase))
        self.sealed = self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, encryption)

    def unprotect(self, passphrase: str) -> None:
        """From now on it is saved as it is. Raises Refused for a wrong passphrase."""
        self.opened, self.sealed = self._opened(passphrase), None

    def lock(self, passphrase: str) -> None:
        """It cannot be used until it is unlocked. Raises Refused for a wrong passphrase."""
        self._opened(passphrase)
        self.opened = None

    def unlock(self, passphrase: str) -> None:
        """Raises Refused for a wrong passphrase."""
        self.opened = self._opened(passphrase)

    def _opened(self, passphrase: str) -> PrivateKey:
        assert self.sealed is not None, "only a protected key is opened"
        try:
            return _private_key(self.sealed, self.public, _octets(passphrase))
        except Damaged:
            raise Refused("% Invalid passphrase.") from None

    def saved(self) -> bytes:
        """It as private-config holds it: for each half a line of words and two PEM blocks, the public key and the private one (PKCS #8)."""
        text = ""
        for half in self.halves:
            flags = "".join(f" {flag}" for flag in _FLAGS if getattr(half, flag))
            private = half.sealed or half.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            text += f"{half.usage} generated {half.created:.0f}{flags}\n{encode_pem('PUBLIC KEY', half.public_data)}"
            text += encode_pem("ENCRYPTED PRIVATE KEY" if half.protected else "PRIVATE KEY", private)
        return text.encode()

    @classmethod
    def loaded(cls, label: str, data: bytes) -> KeyPair:
        """A pair from what `saved` wrote; a protected one is locked. Raises Damaged."""
        try:
            text = data.decode("ascii")
            heads = [line.split() for line in text.splitlines() if " generated " in line]
            blocks = decode_pem(text)
        except (UnicodeDecodeError, RemoteError) as error:
            raise Damaged(str(error)) from None
        if not heads or len(blocks) != 2 * len(heads) or len(heads) > 2:
            raise Damaged("it has the wrong number of parts")
        halves = [cls._half(label, head, *blocks[2 * at : 2 * at + 2]) for at, head in enumerate(heads)]
        halves[0].encryption = halves[1] if len(halves) == 2 else None
        return halves[0]

    @classmethod
    def _half(cls, label: str, head: list[str], public: Block, private: Block) -> KeyPair:
        if head[0] not in USAGES or len(head) < 3 or not head[2].isdecimal():
            raise Damaged("its first line is not understood")
        try:
            key = load_public_key(public.data)
        except RemoteError as error:
            raise Damaged(str(error)) from None
        sealed = private.data if private.label == "ENCRYPTED PRIVATE KEY" else None
        opened = None if sealed is not None else _private_key(private.data, key)
        exportable, redundancy = (flag in head[3:] for flag in _FLAGS)
        return cls(label, head[0], float(head[2]), key, opened, sealed, exportable=exportable, redundancy=redundancy)


def _octets(passphrase: str) -> bytes:
    return passphrase.encode("utf-8", "surrogateescape")


def _private_key(data: bytes, public: PublicKey, passphrase: bytes | None = None) -> PrivateKey:
    """The private key of a public one, from PKCS #8. Raises Damaged, also for a wrong passphrase.

    Its arithmetic is not checked, which takes 50 to 300 ms: we wrote it, and it fits the public key.
    """
    try:
        key = load_der_private_key(data, passphrase, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError):
        raise Damaged("the private key cannot be read") from None
    if key.public_key() != public:
        raise Damaged("the private key is another one's")
    return key  # type: ignore[return-value] # it is of the public key's kind
