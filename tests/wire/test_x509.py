"""Certificates, requests and CRLs: octets as routers lay them, and valid to openssl under -x509_strict."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ioscli.wire.algorithms import DIGESTS, spki_of
from ioscli.wire.errors import LocalError, RemoteError, SignatureError, UnsupportedAlgorithmError
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name, with_identity
from ioscli.wire.pem import encode_pem
from ioscli.wire.x509 import Certificate, Crl, Request, Revoked, build_certificate, build_crl, build_request, profile
from ioscli.wire.x509 import extensions as ext
from tests import foreign
from tests.wire.authority import DAY, HOUR, NOW, ec_key, key, root

if TYPE_CHECKING:
    from pathlib import Path

CDP = "http://10.1.1.1/cgi-bin/pkiclient.exe?operation=GetCRL"
SUBJECT = with_identity(parse_name("cn=R1,o=Lab"), fqdn="R1.lab.lcl", serial="FTX1234", address="10.1.1.2")


def request(number: int = 1, digest: str = "sha256") -> Request:
    asked = [ext.key_usage(ext.GENERAL_USAGE), ext.subject_alt_name(dns=["R1.lab.lcl"], addresses=["10.1.1.2"])]
    return build_request(subject=SUBJECT, key=key(number), challenge="secret", extensions=asked, digest=digest)


def issued(serial: int = 2, *, ca: Identity | None = None, digest: str = "sha256", authority: bool = False) -> Certificate:
    issuer = ca or root()
    return profile.issue_certificate(
        request(),
        issuer=issuer.certificate,
        key=issuer.key,
        serial=serial,
        not_before=NOW - HOUR,
        not_after=NOW + 5000 * DAY,
        digest=digest,
        cdp=[CDP],
        purposes=["server-auth", "ipsec-end-system"],
        authority=authority,
    )


def crl(*revoked: Revoked, number: int | None = None, digest: str = "sha256") -> Crl:
    ca = root()
    return build_crl(issuer=ca.certificate, key=ca.key, this_update=NOW - HOUR, next_update=NOW + HOUR, revoked=revoked, number=number, digest=digest)


def test_extensions_in_the_order_of_a_router() -> None:
    # Decoded from certificates of IOSv: root, and identity certificate.
    assert [(each.oid, each.critical) for each in root().certificate.extensions.items] == [
        (ext.BASIC_CONSTRAINTS, True), (ext.KEY_USAGE, True), (ext.AUTHORITY_KEY_ID, False), (ext.SUBJECT_KEY_ID, False),
    ]  # fmt: skip
    assert root().certificate.extensions.items[0].value.hex() == "30030101ff"
    assert root().certificate.extensions.items[1].value.hex() == "03020186"
    assert [(each.oid, each.critical) for each in issued().extensions.items] == [
        (ext.CRL_DISTRIBUTION_POINTS, False), (ext.KEY_USAGE, True), (ext.AUTHORITY_KEY_ID, False), (ext.SUBJECT_KEY_ID, False),
        (ext.EXTENDED_KEY_USAGE, False), (ext.SUBJECT_ALT_NAME, False),
    ]  # fmt: skip
    assert issued().extensions.items[1].value.hex() == "030205a0"


def test_what_is_shown() -> None:
    certificate = Certificate.parse(issued(0x793B).der)
    assert certificate == issued(0x793B)
    assert (certificate.serial_hex, root().certificate.serial_hex) == ("793B", "01")
    assert (certificate.usage, root().certificate.usage) == ("General Purpose", "Signature")
    assert certificate.signature_label == "SHA256 with RSA Encryption"
    assert certificate.extensions.cdp == (CDP,)
    assert certificate.extensions.alt_names == (("dns", "R1.lab.lcl"), ("ip", "10.1.1.2"))
    assert certificate.extensions.purposes == ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.5")
    assert certificate.not_after == root().certificate.not_after, "clipped to the CA's end"
    assert certificate.extensions.authority_key_id == root().certificate.key_id
    assert str(certificate.subject) == "serialNumber=FTX1234+ipaddress=10.1.1.2+hostname=R1.lab.lcl,cn=R1,o=Lab"


def test_what_openssl_says_of_them(tmp_path: Path) -> None:
    openssl = foreign.need("openssl")
    subordinate = Identity(issued(3, authority=True), key(1))
    leaf = profile.issue_certificate(
        build_request(subject=parse_name("cn=leaf"), key=ec_key(0)),
        issuer=subordinate.certificate, key=subordinate.key, serial=2, not_before=NOW - HOUR, not_after=NOW + DAY,
    )  # fmt: skip
    sub_crl = build_crl(issuer=subordinate.certificate, key=subordinate.key, this_update=NOW - HOUR, next_update=NOW + HOUR, number=1)
    write(tmp_path, root=root().certificate, one=issued(), two=issued(4), sub=subordinate.certificate, leaf=leaf)
    lists = [crl(Revoked(4, NOW)), sub_crl]
    (tmp_path / "crl.pem").write_text("".join(encode_pem("X509 CRL", each.der) for each in lists))
    strict = (openssl, "verify", "-x509_strict", "-CAfile", tmp_path / "root.pem")
    foreign.run(*strict, tmp_path / "root.pem")
    with_crl = (*strict, "-crl_check_all", "-CRLfile", tmp_path / "crl.pem", "-untrusted", tmp_path / "sub.pem")
    foreign.run(*with_crl, tmp_path / "one.pem", tmp_path / "leaf.pem")
    done = foreign.run(*with_crl, tmp_path / "two.pem", check=False)
    assert b"certificate revoked" in done.stderr
    text = foreign.run(openssl, "crl", "-in", tmp_path / "crl.pem", "-noout", "-text", "-CAfile", tmp_path / "root.pem")
    assert b"Version 1 (0x0)" in text.stdout
    assert b"verify OK" in text.stdout + text.stderr


def write(folder: Path, **certificates: Certificate) -> None:
    for name, certificate in certificates.items():
        (folder / f"{name}.pem").write_text(encode_pem("CERTIFICATE", certificate.der))


@pytest.mark.parametrize("digest", list(DIGESTS))
def test_every_digest_if_asked_for(tmp_path: Path, digest: str) -> None:
    openssl, ca = foreign.need("openssl"), root(digest=digest)
    assert ca.certificate.signature_label == f"{digest.upper()} with RSA Encryption"
    ca.certificate.verify_issued_by(ca.certificate)
    write(tmp_path, root=ca.certificate)
    # Level 0: openssl itself refuses MD5 and SHA-1 above.
    foreign.run(openssl, "verify", "-x509_strict", "-check_ss_sig", "-auth_level", "0", "-CAfile", tmp_path / "root.pem", tmp_path / "root.pem")
    asked = request(digest=digest)
    (tmp_path / "r.pem").write_text(encode_pem("CERTIFICATE REQUEST", asked.der))
    foreign.run(openssl, "req", "-verify", "-noout", "-in", tmp_path / "r.pem")
    crl(digest=digest).verify(ca.certificate)


def test_md5_is_refused_where_it_is_not_allowed() -> None:
    request(digest="md5").verify(legacy=True)
    with pytest.raises(UnsupportedAlgorithmError):
        request(digest="md5").verify()


def test_self_signed(tmp_path: Path) -> None:
    made = profile.self_signed_certificate(
        parse_name("cn=IOS-Self-Signed-Certificate-1"), key(0), serial=1, not_before=NOW - DAY, not_after=NOW + DAY, dns="R1.lab.lcl"
    )
    assert [each.oid for each in made.extensions.items] == [ext.BASIC_CONSTRAINTS, ext.SUBJECT_ALT_NAME, ext.AUTHORITY_KEY_ID, ext.SUBJECT_KEY_ID]
    write(tmp_path, own=made)
    foreign.run(foreign.need("openssl"), "verify", "-CAfile", tmp_path / "own.pem", tmp_path / "own.pem")


@pytest.mark.parametrize(
    ("name", "revoked", "size"), [("cn=TestRootCA", 0, 350), ("cn=ca.qytang.com,ou=qytang", 0, 370), ("cn=ca.qytang.com,ou=qytang", 1, 392)]
)
def test_sizes_of_crls_as_routers_print_them(name: str, revoked: int, size: int) -> None:
    # `CRL DER is 370 bytes` and the like: three outputs of real routers, with keys of 2048 bits.
    ca = root(name)
    listed = [Revoked(2, NOW)] * revoked
    assert len(build_crl(issuer=ca.certificate, key=ca.key, this_update=NOW, next_update=NOW + HOUR, revoked=listed, digest="sha1").der) == size


def test_crls() -> None:
    made = Crl.parse(crl(Revoked(7, NOW), Revoked(300, NOW, reason=1), number=9).der)
    assert (list(made.entries), made.number) == ([7, 300], 9)
    assert made.entries[7] == NOW
    made.verify(root().certificate)
    with pytest.raises(RemoteError):
        made.verify(root("cn=other").certificate)
    with pytest.raises(SignatureError):
        made.verify(root(number=2).certificate)


def test_ten_thousand_entries_cost_little() -> None:
    revoked = [Revoked(serial, NOW) for serial in range(2, 10_002)]
    begin = time.process_time()
    made = crl(*revoked)
    assert time.process_time() - begin < 0.3
    assert len(made.entries) == 10_000


def test_times_beyond_2049() -> None:
    late = datetime(2055, 1, 2, 3, 4, 5, tzinfo=UTC)
    made = profile.root_certificate(parse_name("cn=CA"), key(0), serial=1, not_before=NOW, not_after=late)
    assert Certificate.parse(made.der).not_after == late
    assert b"20550102030405Z" in made.der


def test_a_request_may_not_make_itself_an_authority() -> None:
    asked = build_request(subject=parse_name("cn=x"), key=key(1), extensions=[ext.basic_constraints(ca=True), ext.key_usage(0x06)])
    ca = root()
    made = profile.issue_certificate(asked, issuer=ca.certificate, key=ca.key, serial=2, not_before=NOW, not_after=NOW + DAY)
    assert not made.extensions.ca
    assert made.extensions.key_usage == ext.GENERAL_USAGE


def test_forged_issuers() -> None:
    assert issued().issued_by(root().certificate)
    assert not issued().issued_by(root(number=2).certificate)
    assert not issued().issued_by(root("cn=other").certificate)


def test_what_cannot_be_made() -> None:
    ca = root()
    with pytest.raises(LocalError):
        build_certificate(
            serial=0, issuer=ca.certificate.subject, subject=ca.certificate.subject, spki=spki_of(ca.key),
            not_before=NOW, not_after=NOW + DAY, extensions=[], key=ca.key,
        )  # fmt: skip


def test_keys_stay_out_of_sight() -> None:
    assert "key" not in repr(root()).lower()
    assert "secret" not in repr(request())
