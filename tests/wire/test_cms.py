"""CMS against openssl's, both ways, and what changes in it do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ioscli.wire import cms, der
from ioscli.wire.algorithms import CIPHERS, DIGESTS, cipher_named, digest_named
from ioscli.wire.errors import LocalError, SignatureError, UnsupportedAlgorithmError, WrongRecipientError
from ioscli.wire.identity import Identity
from ioscli.wire.keys import encode_pkcs8
from ioscli.wire.names import parse_name
from ioscli.wire.pem import encode_pem
from ioscli.wire.x509 import build_crl, profile
from tests import foreign
from tests.wire.authority import DAY, NOW, ec_key, root

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"hello, router\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_text(encode_pem("CERTIFICATE", root().certificate.der))
    (tmp_path / "key.pem").write_text(encode_pem("PRIVATE KEY", encode_pkcs8(root().key)))
    return tmp_path


@pytest.mark.parametrize("name", list(CIPHERS))
def test_openssl_opens_our_envelopes(files: Path, name: str) -> None:
    (files / "e.der").write_bytes(cms.build_enveloped(TEXT, root().certificate, CIPHERS[name], os.urandom))
    legacy = ("-provider", "legacy", "-provider", "default") if name == "des" else ()
    # Openssl 3.0's new decryptor refuses the old DES even with its provider; its old one takes it.
    words = ("smime", "-decrypt", "-binary", "-inform", "DER", "-in", files / "e.der", "-inkey", files / "key.pem", "-recip", files / "ca.pem")
    assert foreign.run(foreign.need("openssl"), *words, *legacy).stdout == TEXT


@pytest.mark.parametrize("name", ["des3", "aes-128-cbc", "aes-192-cbc", "aes-256-cbc"])
def test_we_open_openssl_envelopes(files: Path, name: str) -> None:
    (files / "t").write_bytes(TEXT)
    done = foreign.run(foreign.need("openssl"), "cms", "-encrypt", "-binary", f"-{name}", "-outform", "DER", "-in", files / "t", files / "ca.pem")
    assert cms.open_enveloped(cms.parse_enveloped(done.stdout), [root()]) == TEXT


@pytest.mark.parametrize("name", list(DIGESTS))
def test_openssl_verifies_our_signatures(files: Path, name: str) -> None:
    (files / "s.der").write_bytes(cms.build_signed(TEXT, root(), DIGESTS[name], [("1.2.3.4", der.octets(b"x"))], [root().certificate]))
    words = ("cms", "-verify", "-binary", "-inform", "DER", "-in", files / "s.der", "-CAfile", files / "ca.pem", "-purpose", "any")
    assert foreign.run(foreign.need("openssl"), *words).stdout == TEXT


@pytest.mark.parametrize("name", ["sha1", "sha224", "sha256", "sha384", "sha512"])
def test_we_verify_openssl_signatures(files: Path, name: str) -> None:
    (files / "t").write_bytes(TEXT)
    words = (
        "cms",
        "-sign",
        "-nodetach",
        "-binary",
        "-md",
        name,
        "-outform",
        "DER",
        "-in",
        files / "t",
        "-signer",
        files / "ca.pem",
        "-inkey",
        files / "key.pem",
    )
    signed = cms.parse_signed(foreign.run(foreign.need("openssl"), *words).stdout)
    assert signed.content == TEXT
    assert cms.verify_signed(signed, signed.signers[0], root().certificate.public_key).name == name


def test_openssl_reads_certs_only(files: Path) -> None:
    crl = build_crl(issuer=root().certificate, key=root().key, this_update=NOW, next_update=NOW + DAY)
    (files / "c.der").write_bytes(cms.build_certificates([root().certificate.der], [crl.der]))
    printed = foreign.run(foreign.need("openssl"), "pkcs7", "-inform", "DER", "-in", files / "c.der", "-print_certs").stdout
    assert printed.count(b"BEGIN CERTIFICATE") == 1
    assert printed.count(b"BEGIN X509 CRL") == 1
    foreign.run(foreign.need("openssl"), "cms", "-cmsout", "-print", "-inform", "DER", "-in", files / "c.der")
    foreign.run(foreign.need("openssl"), "asn1parse", "-inform", "DER", "-in", files / "c.der")


def ec_identity() -> Identity:
    name = parse_name("cn=ec")
    return Identity(profile.root_certificate(name, ec_key(0), serial=1, not_before=NOW - DAY, not_after=NOW + DAY), ec_key(0))


def test_ec_signs_but_cannot_be_told_secrets() -> None:
    signed = cms.parse_signed(cms.build_signed(TEXT, ec_identity(), DIGESTS["sha256"], ()))
    cms.verify_signed(signed, signed.signers[0], ec_identity().certificate.public_key)
    with pytest.raises(SignatureError):
        cms.verify_signed(signed, signed.signers[0], root().certificate.public_key)
    with pytest.raises(LocalError):
        cms.build_enveloped(TEXT, ec_identity().certificate, CIPHERS["aes128"], os.urandom)


def test_changes_show() -> None:
    data = cms.build_signed(TEXT, root(), DIGESTS["sha256"], [("1.2.3.4", der.octets(b"attribute"))])
    for was, now in ((b"router", b"raider"), (b"attribute", b"attribule")):
        signed = cms.parse_signed(data.replace(was, now))
        with pytest.raises(SignatureError):
            cms.verify_signed(signed, signed.signers[0], root().certificate.public_key)


def test_envelopes_for_others_and_broken_ones() -> None:
    data = cms.build_enveloped(TEXT, root().certificate, CIPHERS["aes128"], os.urandom)
    with pytest.raises(WrongRecipientError):
        cms.open_enveloped(cms.parse_enveloped(data), [root("cn=other")])
    with pytest.raises(SignatureError):
        cms.open_enveloped(cms.parse_enveloped(data[:-1] + bytes((data[-1] ^ 1,))), [root()])
    des = cms.build_enveloped(TEXT, root().certificate, CIPHERS["des"], os.urandom)
    with pytest.raises(UnsupportedAlgorithmError):
        cms.open_enveloped(cms.parse_enveloped(des), [root()])
    assert cms.open_enveloped(cms.parse_enveloped(des), [root()], legacy=True) == TEXT


@pytest.mark.parametrize("ask", [cipher_named, digest_named])
def test_old_ones_only_if_allowed(ask: object) -> None:
    name = "des" if ask is cipher_named else "md5"
    assert callable(ask)
    assert ask(name, legacy=True).name == name
    for wrong in (name, "rot13"):
        with pytest.raises(LocalError):
            ask(wrong)
