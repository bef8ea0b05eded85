"""Key pairs that are there: shown, removed, protected by a passphrase, locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.clock import written
from ioscli.device.terminal import Refused
from ioscli.features.core import save
from ioscli.features.pki.keygen import check_storage
from ioscli.features.pki.keypair import USAGES
from ioscli.features.pki.keyring import KeyRing
from ioscli.wire.keys import hex_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session
    from ioscli.features.pki.keypair import KeyPair

SHORTEST, LONGEST = 8, 64  # characters of a passphrase


def show(session: Session, *, which: str, label: str | None) -> Iterator[str]:
    """`show crypto key mypubkey`."""
    ring = session.device[KeyRing]
    kind = which.split(maxsplit=1)[0]
    pairs = list(ring.pairs.values()) if kind == "all" else ring.of_kind(kind)
    if label is not None:
        pairs = [pair for pair in pairs if pair.label == label]
        if not pairs:
            raise Refused(f"% Key pair {label} does not exist.")
    return (line for pair in pairs for half in pair.halves for line in _lines(session, half))


def _lines(session: Session, pair: KeyPair) -> Iterator[str]:
    made = session.device.clock.local(pair.created)
    yield f"% Key pair was generated at: {written(made, weekday=False)}"
    yield f"Key name: {pair.label}"
    yield f"Key type: {pair.kind.upper()} KEYS"
    if pair.temporary:
        yield "Temporary key"
    else:
        yield f" Storage Device: {'private-config' if session.device[KeyRing].is_saved(pair) else 'not specified'}"
    yield f" Usage: {USAGES[pair.usage]}"
    if pair.protected:
        yield f" *** The key is protected and {'LOCKED' if pair.locked else 'UNLOCKED'}. ***"
    yield f" Key is {'' if pair.exportable else 'not '}exportable.{' Redundancy enabled.' if pair.redundancy else ''}"
    yield " Key Data:"
    *rows, last = hex_lines(pair.public_data)
    yield from (f"  {row} " for row in rows)
    yield f"  {last}"


async def zeroize(session: Session, *, kind: str | None, label: str | None) -> None:
    """`crypto key zeroize [rsa | ec [LABEL]]`: after a question, keys and what was certified of them are gone."""
    ring = session.device[KeyRing]
    pairs = list(ring.pairs.values()) if kind is None else ring.of_kind(kind)
    if label is not None:
        pairs = [pair for pair in pairs if pair.label == label]
    named = f"{kind.upper()} " if kind is not None else ""
    if not pairs:
        raise Refused(f"% No Signature {named}Keys found in configuration.")
    session.write(f"% Keys to be removed are named '{label}'.\n" if label is not None else f"% All {named}keys will be removed.\n")
    session.write("% All router certs issued using these keys will also be removed.\n")
    if await session.yes_or_no("Do you really want to remove these keys? [yes/no]: "):
        for pair in pairs:
            if ring.get(pair.label) is pair:
                ring.remove(pair.label)


async def encrypt(session: Session, *, write: str | None, label: str | None, passphrase: str) -> None:
    """`crypto key encrypt`: from the next save on, the key is kept under the passphrase. It stays usable until it is locked."""
    pair = _pair(session, label)
    check_passphrase(passphrase)
    if pair.protected:
        raise Refused(f"% The key pair {pair.label} is already encrypted.")
    for half in pair.halves:
        half.protect(passphrase)
    await _changed(session, pair, write)


async def decrypt(session: Session, *, write: str | None, label: str | None, passphrase: str) -> None:
    """`crypto key decrypt`: the key is kept without a passphrase again."""
    pair = _protected(session, label)
    for half in pair.halves:
        half.unprotect(passphrase)
    await _changed(session, pair, write)


async def _changed(session: Session, pair: KeyPair, write: str | None) -> None:
    """`write`: the configuration is saved at once, with the key as it is now."""
    session.device[KeyRing].keep(pair)
    if write is not None:
        await save.memory(session)


def lock(session: Session, *, label: str | None, passphrase: str) -> None:
    """`crypto key lock`: an encrypted key cannot be used until it is unlocked."""
    for half in _protected(session, label).halves:
        half.lock(passphrase)


def unlock(session: Session, *, label: str | None, passphrase: str) -> None:
    """`crypto key unlock`."""
    for half in _protected(session, label).halves:
        half.unlock(passphrase)


def move(session: Session, *, label: str, non_exportable: str | None, storage: str | None) -> None:
    """`crypto key move rsa`: to another storage device, or out of reach of an export for good."""
    pair = _pair(session, label)
    if storage is not None:
        check_storage(session.device, storage)
    if non_exportable is not None:
        for half in pair.halves:
            half.exportable = False
        session.device[KeyRing].keep(pair)


def config_key(session: Session) -> None:
    """`key config-key password-encrypt`. The key is not repeated."""
    raise Refused("% key config-key password-encrypt is not available yet")


def check_passphrase(passphrase: str) -> None:
    """Raises Refused for one that is too short, or too long."""
    if not SHORTEST <= len(passphrase) <= LONGEST:
        raise Refused(f"% The passphrase must have {SHORTEST} to {LONGEST} characters.")


def _pair(session: Session, label: str | None) -> KeyPair:
    """The RSA pair of a label, or of the router's own name. Raises Refused."""
    ring = session.device[KeyRing]
    name = label or ring.default_label()
    pair = ring.get(name)
    if pair is None or pair.kind != "rsa" or pair.temporary:
        raise Refused(f"% RSA keypair {name} does not exist.")
    return pair


def _protected(session: Session, label: str | None) -> KeyPair:
    pair = _pair(session, label)
    if not pair.protected:
        raise Refused(f"% The key pair {pair.label} is not encrypted.")
    return pair
