"""The client of OCSP (RFC 6960): one certificate asked for, the answer verified."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ioscli.features.pki import client_events as events
from ioscli.features.pki import web
from ioscli.features.pki.events import emit
from ioscli.wire.algorithms import digest_of, verify
from ioscli.wire.errors import RemoteError, WireError
from ioscli.wire.x509 import Certificate
from ioscli.wire.x509 import extensions as ext

if TYPE_CHECKING:
    from cryptography.x509 import ocsp as library

    from ioscli.device.device import Device
    from ioscli.features.pki.trustpoint import Trustpoint

_NONCE = 16  # octets (RFC 8954)
_SKEW = 300  # seconds that the clocks may differ


class NoStatusError(Exception):
    """The status of a certificate cannot be found out."""


async def revoked(device: Device, trustpoint: Trustpoint, certificate: Certificate, issuer: Certificate, *, url: str = "") -> bool:
    """Asks the responder of a trustpoint, else that of the certificate. Raises NoStatusError, also where it does not know."""
    where = url or trustpoint.ocsp_url or next(iter(certificate.extensions.ocsp), "")
    try:
        if not where:
            raise RemoteError("OCSP responder URL is not known")
        status = await _ask(device, trustpoint, certificate, issuer, where)
    except (web.UnreachableError, WireError) as error:
        emit(device, events.OcspFailed(trustpoint.name, str(error)))
        raise NoStatusError(str(error)) from None
    emit(device, events.OcspAnswered(trustpoint.name, status))
    if status == "unknown":
        raise NoStatusError("the responder does not know the certificate")
    return status == "revoked"


async def _ask(device: Device, trustpoint: Trustpoint, certificate: Certificate, issuer: Certificate, url: str) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import ocsp

    # SHA-1 names the issuer here, and protects nothing: every responder knows it (RFC 5019 2.1.1).
    asked, by = (x509.load_der_x509_certificate(each.der) for each in (certificate, issuer))
    builder = ocsp.OCSPRequestBuilder().add_certificate(asked, by, SHA1())  # noqa: S303
    nonce = device.entropy(_NONCE) if trustpoint.nonce else None
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    body = builder.build().public_bytes(Encoding.DER)
    emit(device, events.OcspAsked(trustpoint.name, url))
    answer = await web.ask(device, trustpoint.name, web.place(url), "OCSP", body=body, source=trustpoint.source, kind="application/ocsp-request")
    if answer.status != 200:
        raise RemoteError(f"HTTP status {answer.status}")
    try:
        found = ocsp.load_der_ocsp_response(answer.body)
        if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise RemoteError(f"the responder answers {found.response_status.name.lower()}")
        _verify(found, certificate, issuer, nonce, datetime.fromtimestamp(device.clock.now(), UTC))
        return found.certificate_status.name.lower()
    except ValueError as error:
        raise RemoteError("the answer cannot be read") from error


def _verify(found: library.OCSPResponse, certificate: Certificate, issuer: Certificate, nonce: bytes | None, now: datetime) -> None:
    """Raises RemoteError unless the answer is about the certificate, of now, and signed by the issuer or by whom it lets sign."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    if found.serial_number != certificate.serial or found.issuer_key_hash != ext.key_id(issuer.spki):
        raise RemoteError("the answer is about another certificate")
    begin, end = found.this_update_utc, found.next_update_utc
    if begin.timestamp() > now.timestamp() + _SKEW or (end is not None and end.timestamp() < now.timestamp() - _SKEW):
        raise RemoteError("the answer is not valid at this time")
    given = [each.value.nonce for each in found.extensions if isinstance(each.value, x509.OCSPNonce)]
    if nonce is not None and given != [nonce]:
        raise RemoteError("the answer does not have the nonce of the request")
    signers = [issuer, *(_delegates(found, issuer, Encoding.DER, now))]
    digest = digest_of(found.signature_algorithm_oid.dotted_string)
    for signer in signers:
        try:
            verify(signer.public_key, digest, found.signature, found.tbs_response_bytes)
        except WireError:
            continue
        return
    raise RemoteError("the answer is not signed by the issuer")


def _delegates(found: library.OCSPResponse, issuer: Certificate, encoding: object, now: datetime) -> list[Certificate]:
    """The certificates of the answer that the issuer lets sign in its place (RFC 6960 4.2.2.2)."""
    purpose = ext.PURPOSES["ocsp-signing"]
    carried = [Certificate.parse(each.public_bytes(encoding)) for each in found.certificates]  # type: ignore[arg-type]
    return [each for each in carried if purpose in each.extensions.purposes and each.valid_at(now) and each.issued_by(issuer)]
