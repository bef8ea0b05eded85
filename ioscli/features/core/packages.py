"""Which technology package a command needs, told by the grammar file that has it.

Voice needs uck9; IPsec, IKE, firewalls and SSL VPN need securityk9. PKI, SSH and HTTPS are in every universalk9 image (Software
Activation on ISR G2: ipbasek9 has the crypto of management). Commands of datak9 are never missing (docs/deviations.md).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.grammar.command import Command

_FILES = (
    ("uck9", re.compile(r"voice/|accepted/voice-")),
    ("securityk9", re.compile(r"accepted/(gdoi|ikev2|ipsec|isakmp|webvpn|zone-firewall)\.cli")),
)
_COMMANDS = (
    (
        "securityk9",
        re.compile(r"crypto map |(show|clear|debug) crypto (dynamic-map|ikev2|ipsec|isakmp|map|sa|session)|(show|clear|debug) .*policy-firewall"),
    ),
)


@cache
def _of_file(source: str) -> frozenset[str]:
    return frozenset(package for package, pattern in _FILES if pattern.search(source))


def packages(command: Command) -> frozenset[str]:
    """The packages of which a command needs one each; none for most."""
    found = _of_file(command.source.partition(":")[0])
    return found or frozenset(package for package, pattern in _COMMANDS if pattern.match(command.text))
