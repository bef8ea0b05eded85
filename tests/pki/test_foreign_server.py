"""Foreign SCEP clients enrol with a router's certificate server; openssl agrees with what it gives out."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ioscli.wire import cms
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.pem import decode_pem, encode_pem
from ioscli.wire.scep.client import Terms, Transaction, parse_ca_reply
from ioscli.wire.scep.codec import parse_certificates
from ioscli.wire.x509 import Certificate, build_request, profile
from tests import foreign
from tests.pki.live import authority
from tests.stored_keys import stored_key

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.pki.live import LiveAuthority


def certificate_in(text: bytes) -> Certificate:
    return Certificate.parse(next(block.data for block in decode_pem(text.decode("latin-1")) if block.label == "CERTIFICATE"))


def verify(folder: Path, ca: LiveAuthority, certificate: bytes, *, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """`openssl verify -x509_strict -crl_check` with the server's own certificate and list."""
    openssl = foreign.need("openssl")
    foreign.run(foreign.need("curl"), "-s", "-f", "-o", folder / "ca.der", f"{ca.url}?operation=GetCACert&message=CA")
    foreign.run(foreign.need("curl"), "-s", "-f", "-o", folder / "crl.der", f"{ca.url}?operation=GetCRL")
    (folder / "ca.pem").write_text(encode_pem("CERTIFICATE", (folder / "ca.der").read_bytes()))
    (folder / "crl.pem").write_text(encode_pem("X509 CRL", (folder / "crl.der").read_bytes()))
    (folder / "router.pem").write_text(encode_pem("CERTIFICATE", certificate))
    files = ("-CAfile", folder / "ca.pem", "-CRLfile", folder / "crl.pem", folder / "router.pem")
    return foreign.run(openssl, "verify", "-x509_strict", "-crl_check", *files, check=check)


# ---- strongSwan


def strongswan(folder: Path, url: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    pki = foreign.need("pki")
    foreign.run(pki, "--scepca", "--url", url, "--caout", folder / "sca.der")
    if not (folder / "key.der").exists():
        (folder / "key.der").write_bytes(foreign.run(pki, "--gen", "--type", "rsa", "--size", "2048").stdout)
    files = ("--in", folder / "key.der", "--cacert-enc", folder / "sca.der", "--cacert-sig", folder / "sca.der")
    return foreign.run(pki, "--scep", "--url", url, *files, *words, check=check)


def test_strongswan_enrols_and_is_revoked(tmp_path: Path) -> None:
    foreign.need("pki")
    with authority(tmp_path / "CA", "grant auto", "database level complete", "cdp-url http://127.0.0.1/crl") as ca:
        done = strongswan(tmp_path, ca.url, "--dn", "C=US, O=Lab, CN=moon", "--san", "moon.lab.lcl", "--password", "secret")
        certificate = Certificate.parse(done.stdout)
        assert (str(certificate.subject), certificate.serial) == ("cn=moon,o=Lab,c=US", 2)
        assert b"OK" in verify(tmp_path, ca, done.stdout).stdout
        assert "2       " in ca.type("show crypto pki server CA certificates")
        assert ca.type("crypto pki server CA revoke 0x2") == "% Certificate 02 succesfully revoked.\n"
        refused = verify(tmp_path, ca, done.stdout, check=False)
        assert b"certificate revoked" in refused.stderr
        assert "granted" in ca.type("show crypto pki server CA requests")


def test_strongswan_polls_until_the_operator_grants(tmp_path: Path) -> None:
    foreign.need("pki")
    with authority(tmp_path / "CA") as ca:
        enrolled = threading.Event()

        def operate() -> None:
            """Grants what is there, now and then: when the request comes depends on the machine."""
            while not enrolled.wait(1.5):
                ca.type("crypto pki server CA grant all")

        operator = threading.Thread(target=operate)
        operator.start()
        try:
            done = strongswan(tmp_path, ca.url, "--dn", "CN=sun", "--interval", "1", "--maxpolltime", "20")
        finally:
            enrolled.set()
            operator.join()
        assert str(Certificate.parse(done.stdout).subject) == "cn=sun"


def test_strongswan_is_refused(tmp_path: Path) -> None:
    foreign.need("pki")
    with authority(tmp_path / "CA", "grant none") as ca:
        done = strongswan(tmp_path, ca.url, "--dn", "CN=venus", check=False)
        assert done.returncode != 0
        assert "rejected" in ca.type("show crypto pki server CA requests")
        assert "number (hex): 1\n" in ca.type("show crypto pki server")


def test_strongswan_renews(tmp_path: Path) -> None:
    foreign.need("pki")
    with authority(tmp_path / "CA", "grant auto") as ca:
        (tmp_path / "old.der").write_bytes(strongswan(tmp_path, ca.url, "--dn", "CN=mars").stdout)
        (tmp_path / "old-key.der").write_bytes((tmp_path / "key.der").read_bytes())
        (tmp_path / "key.der").unlink()
        done = strongswan(tmp_path, ca.url, "--dn", "CN=mars", "--cert", str(tmp_path / "old.der"), "--key", str(tmp_path / "old-key.der"))
        assert Certificate.parse(done.stdout).serial == 3
        assert b"OK" in verify(tmp_path, ca, done.stdout).stdout


# ---- micromdm: always single DES


def test_micromdm_enrols_where_the_server_is_as_old(tmp_path: Path) -> None:
    client = foreign.need("scepclient")
    words = ("-private-key", "c.key", "-certificate", "c.crt", "-keySize", "2048")
    with authority(tmp_path / "CA", "grant auto", "hash md5") as ca:
        foreign.run(client, "-server-url", ca.url, *words, folder=tmp_path)
        issued = certificate_in((tmp_path / "c.crt").read_bytes())
        assert (issued.serial, issued.signature_label) == (2, "MD5 with RSA Encryption")


def test_micromdm_is_told_that_single_des_is_old(tmp_path: Path) -> None:
    client = foreign.need("scepclient")
    words = ("-private-key", "c.key", "-certificate", "c.crt", "-keySize", "2048")
    with authority(tmp_path / "CA", "grant auto") as ca:
        foreign.run(client, "-server-url", ca.url, *words, folder=tmp_path, check=False)
        assert not (tmp_path / "c.crt").exists()
        assert "number (hex): 1\n" in ca.type("show crypto pki server")


# ---- certmonger


def test_certmonger_asks_and_enrols(tmp_path: Path) -> None:
    tool = foreign.need("scep-submit")
    key = stored_key("rsa", 2048, 2)
    with authority(tmp_path / "CA", "grant auto") as ca:
        assert b"SHA-256\n" in foreign.run(tool, "-u", ca.url, "-c").stdout
        own = certificate_in(foreign.run(tool, "-u", ca.url, "-C").stdout)
        now = datetime.now(UTC)
        signer = profile.signer_certificate(parse_name("cn=R1"), key, not_before=now - timedelta(days=1), not_after=now + timedelta(days=1))
        request = build_request(subject=parse_name("cn=R1"), key=key)
        enrolment = Transaction.enrol(request, Identity(signer, key), parse_ca_reply("", own.der), os.urandom, terms=Terms("sha256", "3des"))
        (tmp_path / "ca.pem").write_text(encode_pem("CERTIFICATE", own.der))
        (tmp_path / "message.pem").write_text(encode_pem("PKCS7", enrolment.message()))
        files = ("-R", tmp_path / "ca.pem", "-r", tmp_path / "ca.pem", "-N", tmp_path / "ca.pem", "-p", tmp_path / "message.pem")
        done = foreign.run(tool, "-u", ca.url, *files)
        # The helper checks signature, status and nonces, and hands the envelope on to certmonger, which has the key.
        (envelope,) = [block.data for block in decode_pem(done.stdout.decode()) if block.label == "PKCS7"]
        certificates, _ = parse_certificates(cms.open_enveloped(cms.parse_enveloped(envelope), [Identity(signer, key)]))
        assert [(str(each.subject), each.serial) for each in certificates] == [("cn=R1", 2)]
        assert "granted" in ca.type("show crypto pki server CA requests")


# ---- openssl


def test_openssl_reads_all_that_is_given_out(tmp_path: Path) -> None:
    openssl = foreign.need("openssl")
    state = tmp_path / "CA"
    lines = ("database level complete", "database archive pkcs12 password cisco123", "auto-rollover 30", "issuer-name CN=Lab CA,O=Example,C=US")
    with authority(state, "grant auto", *lines) as ca:
        verify(tmp_path, ca, (state / "nvram" / "1.crt").read_bytes(), check=False)
        shown = foreign.run(openssl, "x509", "-inform", "DER", "-in", state / "nvram" / "1.crt", "-noout", "-text").stdout.decode()
        assert "Subject: C = US, O = Example, CN = Lab CA" in shown
        text = foreign.run(
            openssl, "crl", "-inform", "DER", "-in", state / "nvram" / "CA.crl", "-CAfile", tmp_path / "ca.pem", "-text"
        ).stdout.decode()
        assert "X509v3 CRL Number" in text
        foreign.run(openssl, "asn1parse", "-inform", "DER", "-in", state / "nvram" / "CA.crl")
        archive = foreign.run(openssl, "pkcs12", "-in", state / "nvram" / "CA.p12", "-passin", "pass:cisco123", "-nodes").stdout
        assert b"PRIVATE KEY" in archive
        assert ca.type("crypto pki server CA rollover") == ""
        following = foreign.run(foreign.need("curl"), "-s", "-f", f"{ca.url}?operation=GetNextCACert&message=CA").stdout
        (tmp_path / "next.der").write_bytes(following)
        files = ("-CAfile", tmp_path / "ca.pem", "-out", tmp_path / "certs.der")
        foreign.run(openssl, "cms", "-verify", "-inform", "DER", "-in", tmp_path / "next.der", "-purpose", "any", "-binary", *files)
        assert b"Lab CA" in foreign.run(openssl, "pkcs7", "-inform", "DER", "-in", tmp_path / "certs.der", "-print_certs").stdout


def test_a_request_that_openssl_made(tmp_path: Path) -> None:
    openssl = foreign.need("openssl")
    words = ("-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "k.pem", "-subj", "/C=US/CN=web", "-addext", "subjectAltName=DNS:web.lab.lcl")
    text = foreign.run(openssl, "req", "-new", *words).stdout.decode()
    with authority(tmp_path / "CA") as ca:
        asked = ca.type("crypto pki server CA request pkcs10 terminal pem", answers=(*text.splitlines(), "quit"))
        assert "% Enrollment request pending, reqId=1\n" in asked
        granted = ca.type("crypto pki server CA grant 1")
        assert granted.startswith("% Granted certificate:\n-----BEGIN CERTIFICATE-----\n")
        certificate = certificate_in(granted.encode())
        assert str(certificate.subject) == "cn=web,c=US"
        assert b"OK" in verify(tmp_path, ca, certificate.der).stdout
