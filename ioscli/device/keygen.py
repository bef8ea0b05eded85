"""New private keys. They are made in a thread of their own, which lets go of the interpreter meanwhile (docs/adr/0009-key-generation.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.turn import loop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ioscli.wire.algorithms import PrivateKey

    KeySource = Callable[[str, int], Awaitable[PrivateKey]]
    """Makes a key: its kind (`rsa`, `ec`) and its bits, of the modulus or of the curve."""

EXPONENT = 65537  # of every RSA key that IOS makes (`... 02030100 01` at the end of its key data)


async def new_key(kind: str, bits: int) -> PrivateKey:
    """A key from the system's randomness. Other sessions go on meanwhile; it cannot be called off."""
    await loop()
    import asyncio

    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if kind == "rsa":
        return await asyncio.to_thread(rsa.generate_private_key, EXPONENT, bits)
    curves: dict[int, ec.EllipticCurve] = {256: ec.SECP256R1(), 384: ec.SECP384R1(), 521: ec.SECP521R1()}
    return await asyncio.to_thread(ec.generate_private_key, curves[bits])
