"""Key pairs as PEM: `crypto key export` and `crypto key import`, at the terminal and in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa

from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.pki.keygen import SMALLEST, check_storage
from ioscli.features.pki.keypair import USAGES, KeyPair
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.keys import check_passphrase
from ioscli.features.pki.transfer import named
from ioscli.wire.algorithms import load_public_key
from ioscli.wire.errors import PassphraseError, RemoteError
from ioscli.wire.keys import decode_private_pem, encode_private_pem, encode_public_pem
from ioscli.wire.pem import decode_pem
from ioscli.wire.x509.certificate import Certificate

if TYPE_CHECKING:
    from ioscli.device.session import Session
    from ioscli.wire.algorithms import PrivateKey, PublicKey

_LONGEST = 4096  # characters of a file with a key: an encrypted one of 4096 bits has 3,400
_SUFFIXES = {"general-keys": "", "signature": "-sign", "encryption": "-encr"}  # of file names


async def export_pem(session: Session, *, kind: str, label: str, url: str | None, cipher: str, passphrase: str) -> None:
    """`crypto key export`: the public key, and the private one under a passphrase."""
    pair = session.device[KeyRing].get(label)
    if pair is None or pair.kind != kind:
        raise Refused(f"% {kind.upper()} keypair {label} does not exist.")
    if not pair.exportable:
        raise Refused(f"% {kind.upper()} keypair {label} is not exportable.")
    check_passphrase(passphrase)
    files = [
        (half, encode_public_pem(half.public), encode_private_pem(half.private, passphrase, session.device.entropy, cipher)) for half in pair.halves
    ]
    if url is None:
        for half, public, private in files:
            session.write(f"{_head(half)}   Key data:\n{public}{private}")
        return
    for half, public, private in files:
        session.write(_head(half))
        for what, text, ending in (("public", public, "pub"), ("private", private, "prv")):
            session.write(f"Exporting {what} key...\n")
            target = await named(session, "Destination", url, label, f"{_SUFFIXES[half.usage]}.{ending}")
            if session.device.files.exists(target):
                session.write("%Warning: There is a file already existing with this name\n")
                if not await session.confirm("Do you want to over write?"):
                    raise Refused("")
            session.write(f"Writing file to {target}\n")
            session.device.files.write(target, text.encode(), private=what == "private")


def _head(half: KeyPair) -> str:
    return f"% Key name: {half.label}\n   Usage: {USAGES[half.usage]}\n"


async def import_pem(
    session: Session, *, kind: str, label: str, usage: str | None, exportable: str | None, url: str | None, token: str | None, passphrase: str
) -> None:
    """`crypto key import`: a public key, which may be left out or stand in a certificate, and its private key."""
    ring = session.device[KeyRing]
    if label in ring:
        raise Refused(f"% A key pair named {label} exists already.\n% Please delete it or use a different label.")
    check_storage(session.device, token)
    usual = "general-keys" if kind == "rsa" else "signature"
    wanted = usual if usage in (None, "general-purpose") else str(usage)
    made: list[KeyPair] = []
    try:
        for purpose in ("signature", "encryption") if wanted == "usage-keys" else (wanted,):
            public, private = await (_typed(session, purpose) if url is None else _stored(session, purpose, url, label))
            key = await _read(kind, public, private, passphrase)
            made.append(KeyPair(label, purpose, session.device.clock.now(), key.public_key(), key, exportable=exportable is not None))
    except RemoteError as error:
        raise Refused(f"% {error}\n% Key pair import failed.") from None
    made[0].encryption = made[1] if len(made) == 2 else None
    ring.add(made[0])
    session.write("% Key pair import succeeded.\n")


async def _typed(session: Session, purpose: str) -> tuple[str, str]:
    """The public key and the private key, as they are pasted."""
    title = USAGES[purpose]
    session.write(f"\n% Enter PEM-formatted public {title.removesuffix(' Key')} key or certificate.\n")
    session.write('% End with a blank line or "quit" on a line by itself.\n')
    public = await _lines(session, blank_ends=True)
    session.write(f"% Enter PEM-formatted encrypted private {title.removesuffix(' Key')} key.\n")
    session.write('% End with "quit" on a line by itself.\n')
    return public, await _lines(session, blank_ends=False)


async def _lines(session: Session, *, blank_ends: bool) -> str:
    lines: list[str] = []
    while (line := (await session.terminal.line("")).strip()) != "quit" and (line or not blank_ends):
        lines.append(line)
    return "\n".join(lines)


async def _stored(session: Session, purpose: str, url: str, label: str) -> tuple[str, str]:
    """The public key and the private key, from files that are asked for."""
    title, found = USAGES[purpose].removesuffix(" Key"), []
    for what, ending in ((f"public {title} key or certificate", "pub"), (f"private {title} key", "prv")):
        session.write(f"% Importing {what} PEM file...\n")
        source = await named(session, "Source", url, label, f"{_SUFFIXES[purpose]}.{ending}")
        session.write(f"Reading file from {source}\n")
        data = session.device.files.read(source)
        found.append(data.decode("ascii", "replace"))
    return found[0], found[1]


async def _read(kind: str, public: str, private: str, passphrase: str) -> PrivateKey:
    """The private key. Raises RemoteError where it cannot be read, is not what was asked for, or not the public key's."""
    if len(public) > _LONGEST or len(private) > _LONGEST:
        raise RemoteError("The file is too long for a key.")
    await loop()
    import asyncio

    try:  # in a thread: the check of an RSA key takes up to half a second
        key = await asyncio.to_thread(decode_private_pem, private, passphrase)
    except PassphraseError:
        raise RemoteError("The private key cannot be decrypted with this passphrase.") from None
    except RemoteError as error:
        raise RemoteError(f"The private key cannot be read: {error}.") from None
    if isinstance(key, rsa.RSAPrivateKey) != (kind == "rsa") or key.key_size < (SMALLEST if kind == "rsa" else 256):
        raise RemoteError(f"The private key is no {kind.upper()} key that this router takes.")
    if public.strip() and _public(public) != key.public_key():
        raise RemoteError("The public key does not belong to the private key.")
    return key


def _public(text: str) -> PublicKey:
    """The public key in a text, or of the certificate in it. Raises RemoteError."""
    for block in decode_pem(text):
        if block.label == "PUBLIC KEY":
            return load_public_key(block.data)
        if block.label == "CERTIFICATE":
            return Certificate.parse(block.data).public_key
    raise RemoteError("There is no public key.")
