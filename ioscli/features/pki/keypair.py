"""A key pair: two keys under a label, and what may be done with the private one."""

from __future__ import annotations

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


class Damaged(ValueError):  # noqa: N818 - what a file is
    """What is saved of a key pair cannot be read."""


class KeyPair:
    """A key pair. `created`: in seconds since 1970, by the router's clock; `revision`: of the configuration that it came or changed with.

    `encryption`: the second pair of `usage-keys`. The private key is never shown, nor printed as part of this object.
    """

    __slots__ = ("_private", "_sealed", "created", "encryption", "exportable", "label", "public", "redundancy", "revision", "temporary", "usage")

    def __init__(
        self, label: str, key: PrivateKey, usage: str, created: float, *, exportable: bool = False, redundancy: bool = False, temporary: bool = False
    ) -> None:
        self.label = label
        self.usage = usage
        self.created = created
        self.exportable = exportable
        self.redundancy = redundancy
        self.temporary = temporary
        self.revision = 0
        self.encryption: KeyPair | None = None
        self.public: PublicKey = key.public_key()
        self._private: PrivateKey | None = key
        self._sealed: bytes | None = None  # PKCS #8, encrypted, of a pair that a passphrase protects

    def __repr__(self) -> str:
        return f"<{self.kind} key pair {self.label!r}>"

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
        """This pair, and the other one of `usage-keys`."""
        return (self,) if self.encryption is None else (self, self.encryption)

    @property
    def private(self) -> PrivateKey:
        """The private key. Raises Refused while it is locked."""
        if self._private is None:
            raise Refused(f"% The key pair {self.label} is locked.")
        return self._private

    @property
    def protected(self) -> bool:
        """Whether a passphrase protects it where it is saved."""
        return self._sealed is not None

    @property
    def locked(self) -> bool:
        return self._private is None

    def protect(self, passphrase: str) -> None:
        """From now on it is saved encrypted. Raises Refused while it is locked."""
        encryption = BestAvailableEncryption(passphrase.encode())
        self._sealed = self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, encryption)

    def unprotect(self, passphrase: str) -> None:
        """From now on it is saved as it is. Raises Refused for a wrong passphrase."""
        self._private, self._sealed = self._opened(passphrase), None

    def lock(self, passphrase: str) -> None:
        """It cannot be used until it is unlocked. Raises Refused for a wrong passphrase."""
        self._opened(passphrase)
        self._private = None

    def unlock(self, passphrase: str) -> None:
        """Raises Refused for a wrong passphrase."""
        self._private = self._opened(passphrase)

    def _opened(self, passphrase: str) -> PrivateKey:
        assert self._sealed is not None, "only a protected key is opened"
        try:
            return _private_key(self._sealed, self.public, passphrase.encode())
        except Damaged:
            raise Refused("% Invalid passphrase.") from None

    def saved(self) -> bytes:
        """It as private-config holds it: for each half a line of words and two PEM blocks, the public key and the private one (PKCS #8)."""
        text = ""
        for half in self.halves:
            flags = "".join(f" {flag}" for flag in ("exportable", "redundancy") if getattr(half, flag))
            private = half._sealed or half.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
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
        pair = cls.__new__(cls)
        pair.label, pair.usage, pair.created = label, head[0], float(head[2])
        pair.exportable, pair.redundancy, pair.temporary = "exportable" in head, "redundancy" in head, False
        pair.revision, pair.encryption = 0, None
        try:
            pair.public = load_public_key(public.data)
        except RemoteError as error:
            raise Damaged(str(error)) from None
        sealed = private.label == "ENCRYPTED PRIVATE KEY"
        pair._sealed = private.data if sealed else None
        pair._private = None if sealed else _private_key(private.data, pair.public)
        return pair


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
