"""Whether a chain of certificates may be trusted: the one place that answers for everybody who asks (IKE, TLS, HTTPS, CAPF)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from ioscli.device.clock import written
from ioscli.device.terminal import Refused
from ioscli.features.pki import certificate_map, ocsp, trustpool
from ioscli.features.pki import client_events as events
from ioscli.features.pki.certificates import CA, SELF_SIGNED, Certificates
from ioscli.features.pki.crl import Crls, NoCrlError
from ioscli.features.pki.enrolment import Enrolments
from ioscli.features.pki.events import emit
from ioscli.features.pki.trustpoint import names, read
from ioscli.wire.errors import WireError
from ioscli.wire.x509.chain import ChainError, Fault, check_revoked, verify_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ioscli.device.device import Device
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.x509 import Certificate


@dataclass(frozen=True, slots=True)
class Verdict:
    """`trustpoint`: whose authority vouches, "" for none. `fault`: what is wrong, None for nothing, and `certificate`: with which."""

    trustpoint: str = ""
    chain: tuple[Certificate, ...] = ()
    fault: Fault | None = None
    certificate: Certificate | None = None

    @property
    def valid(self) -> bool:
        return self.fault is None


async def validate(device: Device, chain: Sequence[Certificate], trustpoints: Sequence[Trustpoint] | None = None) -> Verdict:
    """Validates a peer's chain, its own certificate first. `trustpoints`: those that may vouch, None for all of the router's.

    Never raises for what a peer can send. The log tells what is wrong.
    """
    peer, now = chain[0], datetime.fromtimestamp(device.clock.now(), UTC)
    allowed = list(trustpoints) if trustpoints is not None else [found for name in names(device) if (found := read(device, name)) is not None]
    enrolments = device[Enrolments]
    enrolments.sessions += 1
    number = enrolments.sessions
    emit(device, events.SessionStarted(number))
    emit(device, events.ValidationBegun(str(peer.subject), peer.serial_hex))
    verdict = Verdict(fault=Fault.NO_ISSUER, certificate=peer)
    for trustpoint in allowed:
        told = await _by(device, trustpoint, chain, now)
        emit(device, events.TrustpointTried(trustpoint.name, told.fault.value if told.fault else ""))
        if told.valid or verdict.fault is Fault.NO_ISSUER:
            verdict = told
        if told.valid:
            break
    if not verdict.valid and trustpoints is None and (pool := trustpool.certificates(device)):
        told = await _by(device, trustpool.policy(device), chain, now, pool)
        verdict = told if told.valid or verdict.fault is Fault.NO_ISSUER else verdict
    if verdict.fault is None:
        emit(device, events.ValidationSucceeded(verdict.trustpoint))
    else:
        emit(device, _failure(device, verdict))
    emit(device, events.SessionEnded(number))
    return verdict


async def _by(
    device: Device, trustpoint: Trustpoint, chain: Sequence[Certificate], now: datetime, pool: Sequence[Certificate] | None = None
) -> Verdict:
    """What one trustpoint says, or the pool."""
    anchors = _anchors(device, trustpoint) if pool is None else pool
    labels = [(label, rest) for label, rest in trustpoint.maps if certificate_map.matches(device, label, chain[0])]
    if trustpoint.maps and not labels:
        return Verdict(trustpoint.name, fault=Fault.NO_ISSUER, certificate=chain[0])
    rules = [rest for _, rest in labels]
    moment = now
    if "allow expired-certificate" in rules and chain[0].not_after < now:
        moment = chain[0].not_after
    try:
        path = verify_chain(chain[0], anchors, moment, others=[*chain[1:], *_between(device, trustpoint)])
        if "skip revocation-check" not in rules:
            for certificate, issuer in pairwise(path):
                await _check(device, trustpoint, certificate, issuer, rules, now)
        else:
            emit(device, events.ValidationBypassed(trustpoint.name))
    except ChainError as error:
        return Verdict(trustpoint.name, fault=error.fault, certificate=error.certificate)
    except WireError:
        return Verdict(trustpoint.name, fault=Fault.BAD_SIGNATURE, certificate=chain[0])
    return Verdict(trustpoint.name, path)


def _anchors(device: Device, trustpoint: Trustpoint) -> list[Certificate]:
    """What a trustpoint trusts: its authority, and what it signed itself. With `chain-validation continue`: the authorities above only."""
    held = device[Certificates]
    found = [each for each in held.of(trustpoint.name) if each.kind in (CA, SELF_SIGNED)]
    if trustpoint.parent is None:
        return [each.certificate for each in found]
    above = [trustpoint.parent] if trustpoint.parent else [name for name in names(device) if name != trustpoint.name]
    roots = [each.certificate for each in found if each.certificate.self_issued]
    return roots + [ca for name in above if (ca := held.ca(name)) is not None]


def _between(device: Device, trustpoint: Trustpoint) -> list[Certificate]:
    """Authorities that may stand between a peer and an anchor of another trustpoint."""
    ca = device[Certificates].ca(trustpoint.name)
    return [ca] if ca is not None and trustpoint.parent is not None else []


async def _check(device: Device, trustpoint: Trustpoint, certificate: Certificate, issuer: Certificate, rules: list[str], now: datetime) -> None:
    """Asks for revocation, by one method after the other until one knows. Raises ChainError."""
    if certificate == issuer:
        return
    for method in trustpoint.methods:
        if method == "none":
            emit(device, events.ValidationBypassed(trustpoint.name))
            return
        try:
            if method == "crl":
                emit(device, events.CrlChecked(certificate.serial_hex))
                url = _override(rules, "override cdp url ")
                check_revoked(certificate, issuer, await device[Crls].current(trustpoint, certificate, issuer, url=url), now)
            elif await ocsp.revoked(device, trustpoint, certificate, issuer, url=_override(rules, "override ocsp ")):
                raise ChainError(Fault.REVOKED, certificate)
        except (NoCrlError, ocsp.NoStatusError, Refused):
            continue
        except ChainError as error:
            if error.fault is Fault.NO_CRL:
                continue
            raise
        return
    raise ChainError(Fault.NO_CRL, certificate)


def _override(rules: list[str], head: str) -> str:
    """The URL of an `override` that applies, "" for none."""
    return next((rule.split()[-1] for rule in rules if rule.startswith(head)), "")


def _failure(device: Device, verdict: Verdict) -> events.ValidationFailed:
    """The log's line (captures: expired, not yet valid; the others in their style)."""
    assert verdict.certificate is not None
    certificate = verdict.certificate
    serial = certificate.serial_hex
    mnemonic, text = "CERTIFICATE_INVALID", f"The certificate (SN: {serial}) is not valid: {verdict.fault.value if verdict.fault else ''}"
    match verdict.fault:
        case Fault.EXPIRED:
            mnemonic = "CERTIFICATE_INVALID_EXPIRED"
            text = f"The certificate (SN: {serial}) has expired.    Validity period ended on {_spelled(device, certificate.not_after)}"
        case Fault.NOT_YET_VALID:
            mnemonic = "CERTIFICATE_INVALID_NOT_YET_VALID"
            text = f"The certificate (SN: {serial}) is not yet valid   Validity period starts on {_spelled(device, certificate.not_before)}"
        case Fault.REVOKED:
            mnemonic, text = "CERTIFICATE_REVOKED", f"The certificate (SN: {serial}) is revoked"
        case Fault.NO_CRL:
            mnemonic, text = "CERTIFICATE_INVALID_UNKNOWN_STATUS", f"The revocation status of the certificate (SN: {serial}) is not known"
        case _:
            pass
    return events.ValidationFailed(mnemonic, serial, text)


def _spelled(device: Device, moment: datetime) -> str:
    """`11:53:58 UTC Jun 1 2025`."""
    return written(device.clock.local(moment.timestamp()), weekday=False)
