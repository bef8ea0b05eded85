"""Whether a request is granted: one decision, of the settings, the request and who sent it.

In the order of the rules: what is wrong is refused; `grant none` refuses all; a one-time password, then the `grant` lines, let a
request pass; what is left waits for the operator. Requests of subordinate authorities and of registration authorities wait
always, unless they renew a certificate and `grant auto rollover` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ioscli.wire.names import COMMON_NAME, ORGANIZATIONAL_UNIT
from ioscli.wire.scep.messages import FailInfo
from ioscli.wire.scep.server import Standing

if TYPE_CHECKING:
    from ioscli.features.pki.server_settings import ServerSettings
    from ioscli.wire.names import Name
    from ioscli.wire.x509 import Certificate, Request

AGENT = "ioscs ra"  # what the cn or an ou of a registration authority is (pki-cli 2.3 k)


class Kind(Enum):
    """Whose request it is; the value is the heading of `show crypto pki server requests`."""

    SUBORDINATE = "Subordinate CA certificate requests:"
    AGENT = "RA certificate requests:"
    ROUTER = "Router certificates requests:"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a request. `revoked`: whether the certificate that signed it is. `trustpoints`: those whose authority issued it.

    `same_key`: it is signed with the key of the request. `certificate` is None for what was typed or read from a file.
    """

    certificate: Certificate | None = None
    standing: Standing = Standing.SELF_SIGNED
    same_key: bool = True
    revoked: bool = False
    trustpoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Granted:
    """`password`: a one-time password was used up."""

    password: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """An operator decides."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """`reason`: for the log."""

    reason: str
    fail: FailInfo = FailInfo.BAD_REQUEST


Decision = Granted | Pending | Rejected


def kind_of(request: Request) -> Kind:
    """Whose request it is."""
    if request.extensions.ca:
        return Kind.SUBORDINATE
    return Kind.AGENT if is_agent(request.subject) else Kind.ROUTER


def is_agent(name: Name) -> bool:
    """Whether it is the name of a registration authority."""
    values = [attribute for rdn in name.rdns for attribute in rdn if attribute.oid in (COMMON_NAME, ORGANIZATIONAL_UNIT)]
    return any(attribute.value.strip().lower() == AGENT for attribute in values)


def decide(settings: ServerSettings, request: Request, sender: Sender, authority: Name, password: str | None = None) -> Decision:
    """What becomes of a request. `authority`: the server's own name; `password`: the one-time password that is in force."""
    wrong = _wrong(request, sender, authority)
    if wrong is not None:
        return wrong
    if settings.grant == "none":
        return Rejected("no request is granted")
    if password is not None and request.challenge:
        if request.challenge == password:
            return Granted(password=True)
        return Rejected("the password is wrong", FailInfo.BAD_MESSAGE_CHECK)
    kind = kind_of(request)
    if kind is not Kind.ROUTER:
        word = "ca-cert" if kind is Kind.SUBORDINATE else "ra-cert"
        return Granted() if _renews(sender) and word in settings.grant_rollover else Pending()
    if settings.grant == "auto":
        return Granted()
    if settings.grant == "ra-auto" and _from_agent(sender):
        return Granted()
    if set(settings.grant_trustpoints) & set(sender.trustpoints):
        return Granted()
    return Pending()


def _wrong(request: Request, sender: Sender, authority: Name) -> Rejected | None:
    if sender.revoked:
        return Rejected("the signer's certificate is revoked", FailInfo.BAD_CERT_ID)
    renewed = sender.certificate if _renews(sender) else None
    if request.subject.matches(authority) and not (renewed is not None and renewed.subject.matches(authority)):
        return Rejected("the subject is the authority's own name")
    if renewed is not None and not _from_agent(sender) and not request.subject.matches(renewed.subject):
        return Rejected("the subject is not that of the certificate that is renewed")
    if sender.standing is Standing.SELF_SIGNED and not sender.same_key:
        return Rejected("the message is not signed with the key of the request", FailInfo.BAD_MESSAGE_CHECK)
    return None


def _renews(sender: Sender) -> bool:
    """Whether the sender holds a certificate of ours."""
    return sender.standing is Standing.ISSUED


def _from_agent(sender: Sender) -> bool:
    return _renews(sender) and sender.certificate is not None and is_agent(sender.certificate.subject)
