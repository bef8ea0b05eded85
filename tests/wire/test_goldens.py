"""What foreign tools wrote is read as they meant it."""

from __future__ import annotations

import pytest

from ioscli.wire import cms
from ioscli.wire.errors import RemoteError, SignatureError
from ioscli.wire.keys import decode_private_pem, encode_pkcs8
from ioscli.wire.pkcs12 import decode_pkcs12
from ioscli.wire.scep.messages import FailInfo, MessageType, Refusal
from ioscli.wire.scep.server import PkcsReq, Refused, ScepServer, Standing
from ioscli.wire.x509 import Request
from tests.wire.golden import RECORDED, TEXT, authority, golden


def server(*, legacy: bool = True) -> ScepServer:
    return ScepServer(authority(), lambda size: b"\x01" * size, legacy=legacy)


def test_micromdm() -> None:
    event = server().receive_message(golden("micromdm-2.1.0-pkcsreq.der"), RECORDED)
    assert isinstance(event, PkcsReq)
    assert event.origin.cipher is not None
    assert (event.origin.cipher.name, event.origin.digest.name) == ("des", "sha1")
    assert (event.request.challenge, event.origin.message_type, event.origin.standing) == ("secret", 19, Standing.SELF_SIGNED)
    assert event.origin.transaction == "DV3h3uwkMlKuvalacfTK8LAQq98="


def test_single_des_is_refused_where_it_is_not_allowed() -> None:
    event = server(legacy=False).receive_message(golden("micromdm-2.1.0-pkcsreq.der"), RECORDED)
    assert isinstance(event, Refused)
    assert (event.refusal, event.refusal.fail_info) == (Refusal.UNKNOWN_ALGORITHM, FailInfo.BAD_ALG)


def test_strongswan() -> None:
    event = server(legacy=False).receive_message(golden("strongswan-5.9.8-pkcsreq.der"), RECORDED)
    assert isinstance(event, PkcsReq)
    assert event.origin.cipher is not None
    assert (event.origin.cipher.name, event.origin.digest.name) == ("aes128", "sha256")
    assert event.request.extensions.alt_names == (("dns", "moon.lab.lcl"),)
    assert str(event.request.subject) == "cn=moon,c=US"


def test_strongswan_renewal() -> None:
    event = server().receive_message(golden("strongswan-5.9.8-renewalreq.der"), RECORDED)
    assert isinstance(event, PkcsReq)
    assert (event.origin.message_type, event.origin.standing) == (MessageType.RENEWAL_REQ, Standing.ISSUED)
    assert not event.same_key


def test_openssl_envelope_in_ber() -> None:
    envelope = cms.parse_enveloped(golden("openssl-3.0-enveloped-ber.der"))
    assert cms.open_enveloped(envelope, [authority()]) == TEXT


@pytest.mark.parametrize("name", ["openssl-3.0-signed-ber.der", "openssl-3.0-signed-keyid.der"])
def test_openssl_signature(name: str) -> None:
    signed = cms.parse_signed(golden(name))
    assert signed.content == TEXT
    assert signed.signers[0].is_of(authority().certificate)
    assert cms.verify_signed(signed, signed.signers[0], authority().certificate.public_key).name == "sha256"
    forged = cms.parse_signed(golden(name).replace(b"hello, router", b"hello, raider"))
    with pytest.raises(SignatureError):
        cms.verify_signed(forged, forged.signers[0], authority().certificate.public_key)


def test_openssl_request() -> None:
    request = Request.parse(golden("openssl-3.0-request.der"))
    request.verify()
    assert (str(request.subject), request.challenge) == ("cn=r1.lab.lcl,o=Lab,c=US", None)
    assert request.extensions.alt_names == (("dns", "r1.lab.lcl"), ("ip", "10.1.1.1"))
    assert request.extensions.key_usage == 0x80
    with pytest.raises(SignatureError):
        Request.parse(golden("openssl-3.0-request.der").replace(b"lab.lcl", b"lab.xxx")).verify()


def test_openssl_files_with_keys() -> None:
    key = encode_pkcs8(authority().key)
    archive = decode_pkcs12(golden("openssl-3.0-legacy.p12"), "cisco123")
    assert archive.key is not None
    assert encode_pkcs8(archive.key) == key
    assert (archive.certificate, archive.name) == (authority().certificate, "CA")
    assert encode_pkcs8(decode_private_pem(golden("openssl-3.0-rsa-3des.pem").decode(), "cisco123")) == key


def test_a_message_cut_anywhere_is_a_remote_error() -> None:
    whole = golden("micromdm-2.1.0-pkcsreq.der")
    for end in range(0, len(whole), 7):
        with pytest.raises(RemoteError):
            server().receive_message(whole[:end], RECORDED)
