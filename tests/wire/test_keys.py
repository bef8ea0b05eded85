"""Keys and archives in files: openssl reads ours, we read its, and a wrong passphrase is told from a broken file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ioscli.wire.algorithms import spki_of
from ioscli.wire.errors import LocalError, PassphraseError, RemoteError
from ioscli.wire.keys import (
    decode_pkcs8,
    decode_private_pem,
    decode_public_pem,
    encode_pkcs8,
    encode_private_pem,
    encode_public_pem,
    fingerprint,
    hex_lines,
    parse_hex,
)
from ioscli.wire.pem import decode_any, decode_pem, encode_pem
from ioscli.wire.pkcs12 import decode_pkcs12, encode_pkcs12
from tests import foreign
from tests.wire.authority import ec_key, key, root
from tests.wire.golden import golden

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.wire.algorithms import PrivateKey

PASSPHRASE = "cisco123"


@pytest.mark.parametrize("cipher", ["3des", "des", "aes128", "aes256"])
@pytest.mark.parametrize("secret", [key(0), ec_key(0)], ids=["rsa", "ec"])
def test_openssl_reads_exported_keys(tmp_path: Path, secret: PrivateKey, cipher: str) -> None:
    text = encode_private_pem(secret, PASSPHRASE, os.urandom, cipher)
    kind = "RSA" if secret is key(0) else "EC"
    name = {"3des": "DES-EDE3-CBC", "des": "DES-CBC", "aes128": "AES-128-CBC", "aes256": "AES-256-CBC"}[cipher]
    assert text.startswith(f"-----BEGIN {kind} PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: {name},")
    assert encode_pkcs8(decode_private_pem(text, PASSPHRASE)) == encode_pkcs8(secret)
    (tmp_path / "key.pem").write_text(text)
    words = ("pkey", "-in", tmp_path / "key.pem", "-passin", f"pass:{PASSPHRASE}", "-pubout", "-provider", "legacy", "-provider", "default")
    assert foreign.run(foreign.need("openssl"), *words).stdout.decode() == encode_public_pem(secret)


@pytest.mark.parametrize("passphrase", [None, "", "wrong", "cisco12"])
def test_wrong_passphrases(passphrase: str | None) -> None:
    text = golden("openssl-3.0-rsa-3des.pem").decode()
    with pytest.raises(PassphraseError):
        decode_private_pem(text, passphrase)
    with pytest.raises(PassphraseError):
        decode_pkcs8(encode_pkcs8(key(0), PASSPHRASE), passphrase)


def test_pkcs8() -> None:
    assert encode_pkcs8(decode_pkcs8(encode_pkcs8(key(0), PASSPHRASE), PASSPHRASE)) == encode_pkcs8(key(0))
    assert encode_pkcs8(decode_pkcs8(encode_pkcs8(key(0)), "not needed")) == encode_pkcs8(key(0))
    for label, data in (("PRIVATE KEY", encode_pkcs8(key(0))), ("ENCRYPTED PRIVATE KEY", encode_pkcs8(key(0), PASSPHRASE))):
        assert encode_pkcs8(decode_private_pem("text\n" + encode_pem(label, data), PASSPHRASE)) == encode_pkcs8(key(0))
    with pytest.raises(RemoteError):
        decode_pkcs8(b"\x30\x00")
    with pytest.raises(LocalError):
        encode_private_pem(key(0), "", os.urandom)


def test_public_keys_as_text() -> None:
    assert spki_of(decode_public_pem(encode_public_pem(key(0)))) == spki_of(key(0))
    lines = hex_lines(spki_of(key(0)))
    # The first line of `show crypto key mypubkey rsa` for any key of 2048 bits.
    assert lines[0] == "30820122 300D0609 2A864886 F70D0101 01050003 82010F00 3082010A 02820101"
    assert parse_hex("\n".join(lines)) == spki_of(key(0))
    with pytest.raises(RemoteError):
        parse_hex("3082 xyz")


def test_fingerprints() -> None:
    assert fingerprint(b"") == "D41D8CD9 8F00B204 E9800998 ECF8427E"
    assert fingerprint(b"", "sha1") == "DA39A3EE 5E6B4B0D 3255BFEF 95601890 AFD80709"


def test_pkcs12(tmp_path: Path) -> None:
    openssl = foreign.need("openssl")
    data = encode_pkcs12(root(), PASSPHRASE, chain=[root("cn=other", 2).certificate], name="CA")
    (tmp_path / "a.p12").write_bytes(data)
    done = foreign.run(openssl, "pkcs12", "-info", "-nodes", "-in", tmp_path / "a.p12", "-passin", f"pass:{PASSPHRASE}")
    assert b"pbeWithSHA1And3-KeyTripleDES-CBC" in done.stderr
    assert done.stdout.count(b"BEGIN CERTIFICATE") == 2
    archive = decode_pkcs12(data, PASSPHRASE)
    assert (archive.certificate, archive.chain, archive.name) == (root().certificate, (root("cn=other", 2).certificate,), "CA")
    with pytest.raises(PassphraseError):
        decode_pkcs12(data, "wrong")
    for broken in (data[:-3], b"", b"text", encode_pkcs8(key(0))):
        with pytest.raises(RemoteError):
            decode_pkcs12(broken, PASSPHRASE)
    with pytest.raises(LocalError):
        encode_pkcs12(root(), "")


@pytest.mark.parametrize("words", [(), ("-legacy",), ("-nomac",), ("-keypbe", "NONE", "-certpbe", "NONE")])
def test_openssl_pkcs12(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "key.pem").write_text(encode_pem("PRIVATE KEY", encode_pkcs8(root().key)))
    (tmp_path / "ca.pem").write_text(encode_pem("CERTIFICATE", root().certificate.der))
    files = ("-inkey", tmp_path / "key.pem", "-in", tmp_path / "ca.pem", "-out", tmp_path / "a.p12")
    foreign.run(foreign.need("openssl"), "pkcs12", "-export", *files, "-passout", f"pass:{PASSPHRASE}", *words)
    assert decode_pkcs12((tmp_path / "a.p12").read_bytes(), PASSPHRASE).certificate == root().certificate


def test_pem_out_of_what_is_pasted() -> None:
    text = encode_pem("CERTIFICATE", root().certificate.der)
    assert [block.label for block in decode_pem(text + "\nnoise\n" + text)] == ["CERTIFICATE", "CERTIFICATE"]
    bare = "".join(text.splitlines(keepends=True)[1:-1])
    for pasted in (text, bare, "  " + bare.replace("\n", "\r\n  "), text.replace("\n", "\r\n")):
        assert decode_any(pasted, "CERTIFICATE") == root().certificate.der
    for wrong in ("-----BEGIN CERTIFICATE-----\nAAAA", "nothing at all!", encode_pem("PUBLIC KEY", b"x")):
        with pytest.raises(RemoteError):
            decode_any(wrong, "CERTIFICATE")
