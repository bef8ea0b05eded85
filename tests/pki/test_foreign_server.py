"""Foreign SCEP clients enrol with a router's certificate server; openssl agrees with what it gives out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ioscli.wire.pem import decode_pem, encode_pem
from ioscli.wire.x509 import Certificate
from tests import foreign
from tests.pki.live import authority

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
        timer = threading.Timer(1.5, lambda: ca.type("crypto pki server CA grant all"))
        timer.start()
        done = strongswan(tmp_path, ca.url, "--dn", "CN=sun", "--interval", "1", "--maxpolltime", "20")
        timer.join()
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
