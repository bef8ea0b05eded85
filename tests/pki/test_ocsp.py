"""Answers of OCSP responders: those that are not about the certificate, of now, to this request, or by whom may sign are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import ocsp as library

from ioscli.features.pki import ocsp
from ioscli.wire.errors import RemoteError
from ioscli.wire.names import parse_name
from ioscli.wire.x509 import Certificate, build_request, profile
from tests.stored_keys import stored_key

if TYPE_CHECKING:
    from ioscli.wire.algorithms import PrivateKey

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
NONCE = b"n" * 16
KEY, OTHER_KEY = stored_key("rsa", 2048), stored_key("rsa", 2048, 2)


def root(key: PrivateKey) -> Certificate:
    return profile.root_certificate(parse_name("cn=CA"), key, serial=1, not_before=NOW, not_after=NOW + timedelta(days=9))


ROOT = root(KEY)


def issued(serial: int) -> Certificate:
    request = build_request(subject=parse_name("cn=R1"), key=OTHER_KEY)
    return profile.issue_certificate(request, issuer=ROOT, key=KEY, serial=serial, not_before=NOW, not_after=NOW + timedelta(days=5))


def verify(*, serial: int = 2, nonce: bytes | None = NONCE, key: PrivateKey = KEY, begin: timedelta = timedelta()) -> None:
    """Verifies an answer to a request about certificate 2 with NONCE; the arguments are what the responder made of it."""
    certificate, issuer = (x509.load_der_x509_certificate(each.der) for each in (issued(serial), ROOT))
    start = NOW + begin
    builder = (
        library.OCSPResponseBuilder()
        .add_response(certificate, issuer, SHA1(), library.OCSPCertStatus.GOOD, start, start + timedelta(hours=1), None, None)
        .responder_id(library.OCSPResponderEncoding.NAME, x509.load_der_x509_certificate(root(key).der))
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    ocsp._verify(builder.sign(key, SHA256()), issued(2), ROOT, NONCE, NOW)


def test_a_good_answer() -> None:
    verify()


@pytest.mark.parametrize("nonce", [b"m" * 16, None])
def test_an_answer_to_another_request(nonce: bytes | None) -> None:
    with pytest.raises(RemoteError, match="nonce"):
        verify(nonce=nonce)


def test_an_answer_about_another_certificate() -> None:
    with pytest.raises(RemoteError, match="another certificate"):
        verify(serial=3)


def test_an_answer_that_somebody_else_signed() -> None:
    with pytest.raises(RemoteError, match="not signed by the issuer"):
        verify(key=OTHER_KEY)


@pytest.mark.parametrize("begin", [timedelta(hours=-3), timedelta(hours=1)])
def test_an_answer_of_another_time(begin: timedelta) -> None:
    with pytest.raises(RemoteError, match="not valid at this time"):
        verify(begin=begin)
