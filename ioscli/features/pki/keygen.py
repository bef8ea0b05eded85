"""`crypto key generate`: the questions, the generation, what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.pki.keyring import KeyRing

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.keypair import KeyPair

SMALLEST, LARGEST, OFFERED = 1024, 4096, 2048  # bits of a modulus (docs/deviations.md)
_PURPOSES = {"general-keys": "General Purpose", "signature": "Signature", "encryption": "Encryption"}


async def rsa(
    session: Session,
    *,
    usage: str | None,
    label: str | None,
    exportable: str | None,
    bits: str | None,
    storage: str | None,
    redundancy: str | None,
    token: str | None,
) -> None:
    """`crypto key generate rsa`, its options in any order."""
    ring = session.device[KeyRing]
    name = _last(label) or ring.default_label()
    said = int(_last(bits) or 0)
    if bits is not None:
        check_modulus(said)
    check_storage(session.device, _last(storage) or _last(token))
    if not await _agreed(session, name, asking=bits is None):
        return
    if bits is not None:
        session.write(f"\n% The key modulus size is {said} bits\n")
    wanted = _last(usage) or "general-keys"
    made: list[KeyPair] = []
    for purpose in ("signature", "encryption") if wanted == "usage-keys" else (wanted,):
        size = said or await _modulus(session, purpose)
        session.write(f"% Generating {size} bit RSA keys, keys will be {'' if exportable else 'non-'}exportable...\n")
        began = session.device.clock.uptime
        pair = await ring.make(name, bits=size, usage=purpose, exportable=exportable is not None, redundancy=redundancy is not None)
        session.write(f"[OK] (elapsed time was {int(session.device.clock.uptime - began)} seconds)\n\n")
        made.append(pair)
    made[0].encryption = made[1] if len(made) == 2 else None
    ring.add(made[0])


async def generate(session: Session, label: str) -> KeyPair:
    """Makes the key pair of something that the user sets up, and says so."""
    session.write(f"% Generating {OFFERED} bit RSA keys, keys will be non-exportable...\n")
    await loop()
    began = session.device.clock.uptime
    pair = await session.device[KeyRing].generate(label, bits=OFFERED)
    session.write(f"[OK] (elapsed time was {int(session.device.clock.uptime - began)} seconds)\n")
    return pair


async def ec(session: Session, *, bits: str, exportable: str | None, label: str | None) -> None:
    """`crypto key generate ec keysize`."""
    ring = session.device[KeyRing]
    name = _last(label) or ring.default_label()
    check_storage(session.device, None)
    if await _agreed(session, name, asking=True):
        await ring.generate(name, kind="ec", bits=int(bits), exportable=exportable is not None)
        session.write("\n")


def check_modulus(bits: int) -> None:
    """Raises Refused for a modulus that no key is made with."""
    if not SMALLEST <= bits <= LARGEST:
        raise Refused(f"% The key modulus size must be between {SMALLEST} and {LARGEST} bits.")


def check_storage(device: Device, said: str | None) -> None:
    """Raises Refused where keys shall lie on a device (`storage`, `on`, or `crypto key storage`) that this router does not have."""
    place = said or device.said("crypto key storage", default="nvram:")
    if place.lower() not in ("nvram:", "private-config"):
        raise Refused(f"% Keys cannot be stored on {place}")


def _last(said: str | None) -> str | None:
    """What an option was said to be, where it may have been said more than once."""
    return said.split()[-1] if said else None


async def _agreed(session: Session, name: str, *, asking: bool) -> bool:
    """Says what the keys will be called; of keys that are there already, whether they may be replaced."""
    old = session.device[KeyRing].get(name)
    if old is None:
        session.write(f"The name for the keys will be: {name}\n")
        return True
    session.write(f"% You already have {old.kind.upper()} keys defined named {name}.\n")
    if asking:
        return await session.yes_or_no("% Do you really want to replace them? [yes/no]: ")
    session.write("% They will be replaced.\n")
    return True


async def _modulus(session: Session, purpose: str) -> int:
    """Asks for the bits of a modulus until they are a number that can be."""
    session.write(
        f"Choose the size of the key modulus in the range of {SMALLEST} to {LARGEST} for your\n"
        f"  {_PURPOSES[purpose]} Keys. Choosing a key modulus greater than 512 may take\n"
        "  a few minutes.\n\n"
    )
    while True:
        answer = await session.ask(f"How many bits in the modulus [{OFFERED}]: ")
        if not answer:
            return OFFERED
        if answer.isdecimal() and len(answer) < 6 and SMALLEST <= int(answer) <= LARGEST:
            return int(answer)
        session.write(f"% A decimal number between {SMALLEST} and {LARGEST}.\n")
