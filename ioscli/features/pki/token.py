"""Cryptographic tokens: this router has no port for one (docs/deviations.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from ioscli.device.session import Session


def absent(session: Session, *, token: str | None) -> NoReturn:
    """Every command about a token that would have to be there."""
    raise Refused(f"% Token {token} is not present." if token and token != "default" else "% There is no cryptographic token.")
