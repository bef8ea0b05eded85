"""Foreign SCEP clients enrol with a server made of our parts; our client enrols with a foreign server."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ioscli.net import ConnectError, HostNet, exchange
from ioscli.wire import cms
from ioscli.wire.http import HttpClient, Request
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.pem import decode_pem, encode_pem
from ioscli.wire.scep.client import Issued, Terms, Transaction, parse_ca_reply
from ioscli.wire.scep.codec import parse_certificates, query_target
from ioscli.wire.scep.messages import Capabilities, FailInfo, Operation
from ioscli.wire.scep.server import GetCrl, PkcsReq, ScepServer, Standing
from ioscli.wire.x509 import Certificate, Revoked, build_request, profile
from ioscli.wire.x509 import extensions as ext
from tests import foreign
from tests.wire.authority import DAY, NOW, Authority, key, on_loopback, root, signer

if TYPE_CHECKING:
    from pathlib import Path


def certificate_in(text: bytes) -> Certificate:
    return Certificate.parse(next(block.data for block in decode_pem(text.decode("latin-1")) if block.label == "CERTIFICATE"))


# ---- strongSwan


def test_strongswan_fetches_the_ca(tmp_path: Path) -> None:
    pki, authority = foreign.need("pki"), Authority(root())
    with on_loopback(authority) as url:
        foreign.run(pki, "--scepca", "--url", url, "--caout", tmp_path / "ca.der")
    assert (tmp_path / "ca.der").read_bytes() == authority.ca.certificate.der


def strongswan(tmp_path: Path, url: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    pki = foreign.need("pki")
    foreign.run(pki, "--scepca", "--url", url, "--caout", tmp_path / "ca.der")
    if not (tmp_path / "key.der").exists():
        (tmp_path / "key.der").write_bytes(foreign.run(pki, "--gen", "--type", "rsa", "--size", "2048").stdout)
    files = ("--in", tmp_path / "key.der", "--cacert-enc", tmp_path / "ca.der", "--cacert-sig", tmp_path / "ca.der")
    return foreign.run(pki, "--scep", "--url", url, *files, *words, check=check)


def test_strongswan_enrols(tmp_path: Path) -> None:
    authority = Authority(root())
    with on_loopback(authority) as url:
        done = strongswan(tmp_path, url, "--dn", "C=US, O=Lab, CN=moon", "--san", "moon.lab.lcl", "--password", "secret")
    certificate = Certificate.parse(done.stdout)
    certificate.verify_issued_by(authority.ca.certificate)
    request = next(event for event in authority.events if isinstance(event, PkcsReq))
    assert (request.request.challenge, request.origin.standing, request.same_key) == ("secret", Standing.SELF_SIGNED, True)
    assert str(certificate.subject) == "cn=moon,o=Lab,c=US"
    assert certificate.extensions.alt_names == (("dns", "moon.lab.lcl"),)


def test_strongswan_polls_until_an_operator_grants(tmp_path: Path) -> None:
    authority = Authority(root(), grant=False)
    with on_loopback(authority) as url:
        timer = threading.Timer(1.5, lambda: setattr(authority, "grant", True))
        timer.start()
        done = strongswan(tmp_path, url, "--dn", "CN=sun", "--interval", "1", "--maxpolltime", "20")
        timer.join()
    assert str(Certificate.parse(done.stdout).subject) == "cn=sun"


def test_strongswan_is_refused(tmp_path: Path) -> None:
    authority = Authority(root(), reject=FailInfo.BAD_REQUEST)
    with on_loopback(authority) as url:
        done = strongswan(tmp_path, url, "--dn", "CN=venus", check=False)
    assert done.returncode != 0
    assert b"ransaction" in done.stderr
    assert authority.issued == {}


def test_strongswan_renews(tmp_path: Path) -> None:
    authority = Authority(root())
    with on_loopback(authority) as url:
        (tmp_path / "old.der").write_bytes(strongswan(tmp_path, url, "--dn", "CN=mars").stdout)
        (tmp_path / "old-key.der").write_bytes((tmp_path / "key.der").read_bytes())
        (tmp_path / "key.der").unlink()
        done = strongswan(tmp_path, url, "--dn", "CN=mars", "--cert", str(tmp_path / "old.der"), "--key", str(tmp_path / "old-key.der"))
    renewed = Certificate.parse(done.stdout)
    event = [event for event in authority.events if isinstance(event, PkcsReq)][-1]
    assert (renewed.serial, event.origin.standing, event.same_key) == (3, Standing.ISSUED, False)


def test_strongswan_enrols_through_an_ra(tmp_path: Path) -> None:
    pki, authority = foreign.need("pki"), Authority(root())
    agents = {}
    for name, number, usage in (("sign", 2, 0x80), ("encrypt", 3, 0x20)):
        request = build_request(subject=parse_name(f"cn=ra {name}, ou=ioscs RA"), key=key(number), extensions=[ext.key_usage(usage)])
        certificate = profile.issue_certificate(
            request, issuer=root().certificate, key=root().key, serial=number + 50, not_before=NOW - DAY, not_after=NOW + DAY
        )
        agents[name] = Identity(certificate, key(number))
        (tmp_path / f"{name}.der").write_bytes(certificate.der)
    authority.scep = ScepServer(agents["sign"], os.urandom, encryption=agents["encrypt"], chain=[root().certificate])
    with on_loopback(authority) as url:
        foreign.run(pki, "--scepca", "--url", url, "--caout", tmp_path / "ca.der", "--raout", tmp_path / "ra.der")
        (tmp_path / "key.der").write_bytes(foreign.run(pki, "--gen", "--type", "rsa", "--size", "2048").stdout)
        files = ("--in", tmp_path / "key.der", "--cacert", tmp_path / "ca.der")
        agents_files = ("--cacert-enc", tmp_path / "encrypt.der", "--cacert-sig", tmp_path / "sign.der")
        done = foreign.run(pki, "--scep", "--url", url, "--dn", "CN=pluto", *files, *agents_files)
    assert (tmp_path / "ca.der").read_bytes() == root().certificate.der
    fetched = {path.read_bytes() for path in tmp_path.glob("ra*.der")}
    assert fetched == {agent.certificate.der for agent in agents.values()}
    Certificate.parse(done.stdout).verify_issued_by(root().certificate)


# ---- micromdm


def test_micromdm_enrols_with_single_des(tmp_path: Path) -> None:
    client, authority = foreign.need("scepclient"), Authority(root(), legacy=True)
    with on_loopback(authority) as url:
        foreign.run(client, "-server-url", url, "-private-key", "c.key", "-certificate", "c.crt", "-keySize", "2048", folder=tmp_path)
    certificate_in((tmp_path / "c.crt").read_bytes()).verify_issued_by(authority.ca.certificate)


def test_micromdm_is_told_that_single_des_is_old(tmp_path: Path) -> None:
    client, authority = foreign.need("scepclient"), Authority(root())
    with on_loopback(authority) as url:
        done = foreign.run(
            client, "-server-url", url, "-private-key", "c.key", "-certificate", "c.crt", "-keySize", "2048", folder=tmp_path, check=False
        )
    assert not (tmp_path / "c.crt").exists()
    assert b"badAlg" in done.stdout + done.stderr or b"FAILURE" in done.stdout + done.stderr
    assert authority.issued == {}


async def call(operation: Operation, port: int, message: bytes = b"", *, post: bool = False) -> tuple[str, bytes]:
    target = query_target("/scep", operation, message, in_body=post)
    request = Request("POST", target, body=message) if post else Request("GET", target)
    responses = await exchange(HostNet(), "127.0.0.1", port, HttpClient(request, "127.0.0.1"), patience=10)
    assert responses[0].status == 200, responses[0].body
    return responses[0].headers.get("content-type", ""), responses[0].body


async def enrol_at(port: int, *, post: bool) -> tuple[Certificate, Certificate]:
    capabilities = Capabilities.parse((await call(Operation.GET_CA_CAPS, port))[1])
    ca = parse_ca_reply(*await call(Operation.GET_CA_CERT, port))
    subject = parse_name("cn=R1, o=Lab")
    request = build_request(subject=subject, key=key(1), challenge="secret")
    enrolment = Transaction.enrol(request, signer("cn=R1, o=Lab"), ca, os.urandom, terms=Terms.for_server(capabilities, legacy=True))
    answer = enrolment.receive((await call(Operation.PKI_OPERATION, port, enrolment.message(), post=post))[1])
    assert isinstance(answer, Issued), answer
    assert answer.certificate is not None
    return answer.certificate, ca.ca


@pytest.mark.parametrize("post", [False, True])
def test_we_enrol_with_micromdm(tmp_path: Path, post: bool) -> None:  # noqa: FBT001
    server = foreign.need("scepserver")
    foreign.run(server, "ca", "-init", folder=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [server, "-depot", "depot", "-port", str(port), "-challenge", "secret"], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port)
            certificate, ca = asyncio.run(enrol_at(port, post=post))
        finally:
            process.terminate()
    certificate.verify_issued_by(ca)
    (tmp_path / "ca.pem").write_text(encode_pem("CERTIFICATE", ca.der))
    (tmp_path / "r1.pem").write_text(encode_pem("CERTIFICATE", certificate.der))
    foreign.run(foreign.need("openssl"), "verify", "-CAfile", tmp_path / "ca.pem", tmp_path / "r1.pem")


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ConnectError("127.0.0.1", port, "the server does not start")


# ---- certmonger


def test_certmonger_asks_for_ca_and_capabilities() -> None:
    tool, authority = foreign.need("scep-submit"), Authority(root())
    with on_loopback(authority) as url:
        assert b"SHA-256\n" in foreign.run(tool, "-u", url, "-c").stdout
        assert certificate_in(foreign.run(tool, "-u", url, "-C").stdout) == authority.ca.certificate


def test_certmonger_enrols_over_get(tmp_path: Path) -> None:
    tool, authority = foreign.need("scep-submit"), Authority(root())
    request = build_request(subject=parse_name("cn=R1"), key=key(1))
    ca = parse_ca_reply("", authority.scep.ca_reply().body)
    enrolment = Transaction.enrol(request, signer(), ca, os.urandom, terms=Terms("sha256", "3des"))
    message = encode_pem("PKCS7", enrolment.message())
    with on_loopback(authority) as url:
        (tmp_path / "ca.pem").write_text(encode_pem("CERTIFICATE", ca.ca.der))
        (tmp_path / "message.pem").write_text(message)
        files = ("-R", tmp_path / "ca.pem", "-r", tmp_path / "ca.pem", "-N", tmp_path / "ca.pem", "-p", tmp_path / "message.pem")
        done = foreign.run(tool, "-u", url, *files)
    # The helper checks signature, status and nonces, and hands the envelope on to certmonger, which has the key.
    (envelope,) = [block.data for block in decode_pem(done.stdout.decode()) if block.label == "PKCS7"]
    certificates, _ = parse_certificates(cms.open_enveloped(cms.parse_enveloped(envelope), [signer()]))
    assert [str(each.subject) for each in certificates] == ["cn=R1"]


# ---- ours with ours, over sockets


def test_a_crl_over_scep() -> None:
    authority = Authority(root(), revoked=[Revoked(7, NOW)])
    with on_loopback(authority) as url:
        port = int(url.split(":")[2].split("/")[0])
        ca = parse_ca_reply(*asyncio.run(call(Operation.GET_CA_CERT, port)))
        query = Transaction.get_crl(ca.ca, signer(), ca, os.urandom)
        answer = query.receive(asyncio.run(call(Operation.PKI_OPERATION, port, query.message()))[1])
    assert isinstance(answer, Issued)
    assert answer.crl is not None
    answer.crl.verify(ca.ca)
    assert list(answer.crl.entries) == [7]
    assert isinstance(authority.events[-1], GetCrl)
