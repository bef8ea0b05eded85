"""What an authority signs: its own certificate, those of others, revocation lists. Pure: time and numbers come from the caller."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ioscli.wire.errors import LocalError
from ioscli.wire.names import Name, parse_name
from ioscli.wire.x509 import build_crl, profile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ioscli.features.pki.server_settings import ServerSettings
    from ioscli.wire.algorithms import PrivateKey
    from ioscli.wire.identity import Identity
    from ioscli.wire.x509 import Certificate, Crl, Request, Revoked

_LAST = timedelta(days=1)  # a certificate of ours never ends at the very end of time


def make_root(settings: ServerSettings, key: PrivateKey, serial: int, now: datetime) -> Certificate:
    """The certificate of a root. Raises NameTextError for an issuer name that is none."""
    name = parse_name(settings.issuer)
    return profile.root_certificate(name, key, serial=serial, not_before=now, not_after=_end(now, settings.ca_lifetime), digest=settings.digest)


def issue(authority: Identity, settings: ServerSettings, request: Request, serial: int, now: datetime, *, subordinate: bool = False) -> Certificate:
    """What is issued for a request, valid from now on, and never longer than the authority. `subordinate`: for another authority.

    Raises LocalError where the authority itself has expired.
    """
    if now > authority.certificate.not_after:
        raise LocalError("the authority has expired")
    return profile.issue_certificate(
        request,
        issuer=authority.certificate,
        key=authority.key,
        serial=serial,
        not_before=now,
        not_after=_end(now, settings.certificate_lifetime),
        digest=settings.digest,
        cdp=() if settings.cdp is None else (settings.cdp,),
        purposes=settings.purposes,
        authority=subordinate,
    )


def make_crl(authority: Identity, settings: ServerSettings, revoked: Iterable[Revoked], now: datetime, number: int) -> Crl:
    """The list that follows list number - 1."""
    return build_crl(
        issuer=authority.certificate,
        key=authority.key,
        this_update=now,
        next_update=_end(now, settings.crl_lifetime),
        revoked=revoked,
        digest=settings.digest,
        number=number,
    )


def make_shadow(authority: Identity, settings: ServerSettings, key: PrivateKey, serial: int) -> Certificate:
    """The certificate that takes the place of a root's: the same name, another key, valid from the root's end on."""
    start = authority.certificate.not_after
    return profile.root_certificate(
        Name(authority.certificate.subject.der),
        key,
        serial=serial,
        not_before=start,
        not_after=_end(start, settings.ca_lifetime),
        digest=settings.digest,
    )


def _end(start: datetime, lifetime: timedelta) -> datetime:
    """The end of a lifetime; X.509 counts up to the year 9999."""
    try:
        return start + lifetime
    except OverflowError:
        return start.replace(year=9999, month=12, day=31) - _LAST
