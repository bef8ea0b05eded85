"""A certificate with the private key that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.wire.algorithms import PrivateKey
    from ioscli.wire.x509.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs, or who can open. The key is kept out of the repr."""

    certificate: Certificate
    key: PrivateKey = field(repr=False)
