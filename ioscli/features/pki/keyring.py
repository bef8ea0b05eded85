"""The router's own key pairs, by label. They are no part of the running-config: what is saved of them lies in private-config.

A label belongs to one pair, whatever its kind. Keys made as `usage-keys` are two under one label: the one that signs, and behind
it, as its `encryption`, the one that others encrypt with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.files import PRIVATE
from ioscli.device.terminal import Refused
from ioscli.features.pki.keypair import Damaged, KeyPair

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.device.device import Device

_PREFIX = "crypto key "  # of the names that private-config has our entries under


class KeyRing:
    """The key pairs of a router. `come`, `gone`: who has to know of a pair that is new, or is no more, removed or replaced."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.pairs: dict[str, KeyPair] = {}
        self.come: list[Callable[[KeyPair], None]] = []
        self.gone: list[Callable[[KeyPair], None]] = []
        found = [self._loaded(name.removeprefix(_PREFIX), data) for name, data in device.private.items() if name.startswith(_PREFIX)]
        for pair in sorted((pair for pair in found if pair is not None), key=lambda pair: pair.created):
            self.pairs[pair.label] = pair

    def _loaded(self, label: str, data: bytes) -> KeyPair | None:
        """A saved pair. One that cannot be read is told of, and stays in private-config until the label is used again."""
        try:
            pair = KeyPair.loaded(label, data)
        except Damaged as error:
            self.device.log.message("CRYPTO", 3, "PRIVATE_CONFIG", f"Key pair {label} of private-config cannot be read: {error}")
            return None
        for half in pair.halves:
            half.revision = self.device.saved_revision
        return pair

    def __contains__(self, label: str) -> bool:
        return label in self.pairs

    def get(self, label: str) -> KeyPair | None:
        return self.pairs.get(label)

    def of_kind(self, kind: str) -> list[KeyPair]:
        """The pairs of a kind, `rsa` or `ec`, the oldest first."""
        return [pair for pair in self.pairs.values() if pair.kind == kind]

    def holding(self, spki: bytes) -> KeyPair | None:
        """The pair, or half of one, of a certificate's public key (SubjectPublicKeyInfo, DER)."""
        return next((half for pair in self.pairs.values() for half in pair.halves if half.public_data == spki), None)

    def default_label(self) -> str:
        """`hostname.domain`, the name of the keys that were given none. Raises Refused where the router has no such name yet."""
        device = self.device
        if device.hostname == "Router":
            raise Refused("% Please define a hostname other than Router.")
        for statement in device.statements("ip domain name") + device.statements("ip domain-name"):
            said = device.arguments(statement)
            if "vrf" not in said:
                return f"{device.hostname}.{said['name']}"
        raise Refused("% Please define a domain-name first.")

    async def make(
        self,
        label: str,
        *,
        kind: str = "rsa",
        bits: int = 2048,
        usage: str | None = None,
        exportable: bool = False,
        redundancy: bool = False,
        temporary: bool = False,
    ) -> KeyPair:
        """A new pair that is not in the ring yet. `bits`: of the modulus, or of the curve; `usage`: `general-keys` (what RSA keys are
        for unless said), `signature` (EC keys), `encryption`.

        Other sessions go on meanwhile.
        """
        key = await self.device.key_source(kind, bits)
        usage = usage or ("general-keys" if kind == "rsa" else "signature")
        now = self.device.clock.now()
        return KeyPair(label, usage, now, key.public_key(), key, exportable=exportable, redundancy=redundancy, temporary=temporary)

    async def generate(
        self, label: str, *, kind: str = "rsa", bits: int = 2048, usage: str | None = None, exportable: bool = False, temporary: bool = False
    ) -> KeyPair:
        """Makes a pair and puts it into the ring, in the place of one with that label. `usage` may be `usage-keys` too."""
        both = usage == "usage-keys"
        pair = await self.make(label, kind=kind, bits=bits, usage="signature" if both else usage, exportable=exportable, temporary=temporary)
        if both:
            pair.encryption = await self.make(label, kind=kind, bits=bits, usage="encryption", exportable=exportable, temporary=temporary)
        self.add(pair)
        return pair

    async def automatic(self, label: str, *, bits: int = 2048) -> KeyPair:
        """The RSA pair of a label, made now where there is none, which the log tells: for an enrolment that needs one."""
        if (pair := self.get(label)) is not None:
            return pair
        made = await self.make(label, bits=bits)
        if (pair := self.get(label)) is not None:  # another enrolment, or a user, was faster
            return pair
        self.add(made)
        self.device.log.message("CRYPTO", 6, "AUTOGEN", f"Generated new {bits} bit key pair")
        return made

    def add(self, pair: KeyPair) -> None:
        """Puts a pair into the ring, as the newest, in the place of one with that label."""
        old = self.pairs.pop(pair.label, None)
        self.pairs[pair.label] = pair
        self.keep(pair)
        for half in pair.halves:
            half.revision = self.device.revision
        if old is not None:
            _tell(self.gone, old)
        _tell(self.come, pair)

    def remove(self, label: str) -> None:
        """Removes a pair; what is saved of it goes when the configuration is saved next."""
        pair = self.pairs.pop(label)
        self.device.private.pop(f"{_PREFIX}{label}", None)
        if not pair.temporary:
            self.device.changed()
        _tell(self.gone, pair)

    def keep(self, pair: KeyPair) -> None:
        """A pair is new or was changed: it will be saved so with the configuration, which counts as changed."""
        name = f"{_PREFIX}{pair.label}"
        if pair.temporary:
            self.device.private.pop(name, None)
            return
        self.device.private[name] = pair.saved()
        self.device.changed()

    def is_saved(self, pair: KeyPair) -> bool:
        """Whether private-config has the pair, perhaps as it was before a change."""
        return not pair.temporary and self.device.saved_revision >= pair.revision and self.device.files.exists(PRIVATE)


def _tell(listeners: list[Callable[[KeyPair], None]], pair: KeyPair) -> None:
    for listener in tuple(listeners):
        listener(pair)
