"""The recorded bytes of foreign tools (goldens/README.md says of each where it comes from)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from ioscli.wire.identity import Identity
from ioscli.wire.keys import decode_private_pem
from ioscli.wire.x509 import Certificate

FOLDER = Path(__file__).parent / "goldens"
RECORDED = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)  # all certificates in them are valid then
TEXT = b"hello, router\n" * 9
MESSAGES = ("micromdm-2.1.0-pkcsreq.der", "strongswan-5.9.8-pkcsreq.der", "strongswan-5.9.8-renewalreq.der")


def golden(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def authority() -> Identity:
    return Identity(Certificate.parse(golden("ca.der")), decode_private_pem(golden("ca-key.pem").decode()))
