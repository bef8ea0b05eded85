"""`ip http authentication`: who may use the router's web pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.device import HIGHEST
from ioscli.features.core import aaa
from ioscli.features.core.password import enable_secret_of
from ioscli.features.core.user import Account, account

if TYPE_CHECKING:
    from ioscli.device.device import Device


def check(device: Device, user: str, password: str) -> Account | None:
    """Who somebody is that gave a name and a password to the HTTP server; None for nobody.

    Without `ip http authentication` the enable secret is asked for, and where there is none, nothing (HTTP CR).
    """
    words = device.said("ip http authentication", default="enable").split()
    match words[0]:
        case "local":
            known = account(device, user)
            return known if known is not None and known.fits(password) else None
        case "aaa":
            name = words[words.index("login-authentication") + 1] if "login-authentication" in words else "default"
            chosen = aaa.methods(device, "authentication login", name) or ["local"]
            return aaa.authenticate(device, "http", chosen, user, password)
        case _:
            secret = enable_secret_of(device, HIGHEST, "secret") or enable_secret_of(device, HIGHEST, "password")
            return Account(user, HIGHEST) if secret is None or secret.fits(password) else None
