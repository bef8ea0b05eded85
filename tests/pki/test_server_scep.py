"""The certificate server as its clients see it: what is granted, what is refused and how."""

from __future__ import annotations

import asyncio
import base64
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ioscli.features.pki import events
from ioscli.features.pki.certificate_server import CertificateServer
from ioscli.features.pki.events import Tally
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.scep.client import Issued, Pending, Rejected, Terms, Transaction
from ioscli.wire.scep.messages import FailInfo
from ioscli.wire.x509 import extensions as ext
from ioscli.wire.x509 import profile
from tests.pki.scep_client import ScepClient

if TYPE_CHECKING:
    from ioscli.device.device import Device

from tests.pki.stepped import NOW, server, typed


def test_one_time_passwords(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path) as (device, steps):
            shown = await typed(device, "crypto pki server CA password generate 5")
            password = shown.split()[4].strip(",")
            wrong = await ScepClient(device).enrol("guessed")
            assert isinstance(wrong, Rejected)
            assert wrong.fail_info == FailInfo.BAD_MESSAGE_CHECK
            assert isinstance(await ScepClient(device, "cn=R2", 3).enrol(password), Issued)
            assert isinstance(await ScepClient(device, "cn=R3", 4).enrol(password), Pending)
            password = (await typed(device, "crypto pki server CA password generate 5")).split()[4].strip(",")
            steps.seconds += 301
            assert isinstance(await ScepClient(device, "cn=R4", 4).enrol(password, identifier="late"), Pending)
            assert password not in "".join(message.text for message in device.log.buffer)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("case", "fail"),
    [
        ("forged", FailInfo.BAD_MESSAGE_CHECK),
        ("wrong recipient", FailInfo.BAD_CERT_ID),
        ("expired signer", FailInfo.BAD_TIME),
        ("signer of tomorrow", FailInfo.BAD_TIME),
        ("another's key", FailInfo.BAD_MESSAGE_CHECK),
        ("single DES", FailInfo.BAD_ALG),
        ("revoked", FailInfo.BAD_CERT_ID),
        ("another subject", FailInfo.BAD_REQUEST),
        ("the authority's name", FailInfo.BAD_REQUEST),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, case: str, fail: FailInfo) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, _):
            client = ScepClient(device)
            message = await wrong_message(device, client, case)
            answer = await client.send(message)
            assert isinstance(answer, Rejected), answer
            assert answer.fail_info == fail
            assert device[Tally][events.ScepMessageRefused] == 1
            assert "SCEP requests refused: 1\n" in await typed(device, "show crypto pki counters")
            assert [message.text for message in device.log.buffer if f"({fail.word})" in message.text and "%PKI-4-CS_SCEP_REFUSED" in message.text]

    asyncio.run(run())


async def wrong_message(device: Device, client: ScepClient, case: str) -> bytes:
    now = datetime.fromtimestamp(device.clock.now(), UTC)
    day = timedelta(days=1)
    match case:
        case "forged":
            message = (await client.begin()).message()
            return message[:-1] + bytes((message[-1] ^ 1,))
        case "wrong recipient":
            transaction = await client.begin()
            other = profile.root_certificate(parse_name("cn=Other"), client.key, serial=1, not_before=now - day, not_after=now + day)
            real, transaction.ca = transaction.ca, type(transaction.ca)(other, other, other, (other,))
            message = transaction.message()
            transaction.ca = real
            return message
        case "expired signer" | "signer of tomorrow":
            start = now - 2 * day if case == "expired signer" else now + day
            certificate = profile.signer_certificate(client.subject, client.key, not_before=start, not_after=start + day)
            return (await client.begin(signer=Identity(certificate, client.key))).message()
        case "another's key":
            return (await client.begin(signer=ScepClient(device, "cn=R1", 3).signer())).message()
        case "single DES":
            return (await client.begin(terms=Terms("sha256", "des", legacy=True))).message()
        case "revoked" | "another subject":
            certificate = await client.certificate()
            if case == "revoked":
                device[CertificateServer].revocations.revoke(certificate.serial)
            else:
                client.subject = parse_name("cn=somebody else")
            return (await client.begin(signer=Identity(certificate, client.key), renew=True, identifier="renewal")).message()
        case _:
            client.subject = parse_name("CN=CA")
            return (await client.begin(signer=ScepClient(device, "cn=R1").signer())).message()


def test_a_certificate_is_on_the_disk_before_it_is_given_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, _):
            written: list[bytes] = []
            monkeypatch.setattr(os, "fdatasync", lambda handle: written.append(Path(f"/proc/self/fd/{handle}").read_bytes()))
            client = ScepClient(device)
            transaction = await client.begin()
            response = await client.get("PKIOperation", transaction.message())
            on_disk = list(written)  # when the answer went out
            answer = transaction.receive(response.body)
            assert isinstance(answer, Issued)
            assert answer.certificate is not None
            assert any(base64.b64encode(answer.certificate.der) in data for data in on_disk)

    asyncio.run(run())


def test_a_request_that_is_sent_anew_gets_the_same_certificate(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, _):
            client = ScepClient(device)
            transaction = await client.begin()
            for _ in range(3):
                answer = await client.send(transaction.message())
                assert isinstance(answer, Issued)
                assert answer.certificate is not None
                assert answer.certificate.serial == 2
            assert device[CertificateServer].serial == 2

    asyncio.run(run())


@pytest.mark.parametrize("grant", ["grant auto", "grant none"])
def test_a_replay_is_refused(tmp_path: Path, grant: str) -> None:
    async def run() -> None:
        async with server(tmp_path, grant) as (device, _):
            client = ScepClient(device)
            message = (await client.begin()).message()
            first = await client.send(message)
            assert isinstance(first, Issued if grant == "grant auto" else Rejected)
            before = await typed(device, "show crypto pki counters")
            answer = await client.send(message)
            assert isinstance(answer, Rejected)
            assert answer.fail_info == FailInfo.BAD_REQUEST
            refused = 1 if grant == "grant auto" else 2
            assert f"SCEP requests refused: {refused - 1}\n" in before
            assert f"SCEP requests refused: {refused}\n" in await typed(device, "show crypto pki counters")
            assert "a message with this nonce was answered before" in await typed(device, "show logging | include CS_SCEP_REFUSED")

    asyncio.run(run())


def test_md5_and_des_are_for_servers_that_sign_so(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto", "hash md5") as (device, _):
            answer = await ScepClient(device).enrol(terms=Terms("md5", "des", legacy=True))
            assert isinstance(answer, Issued)
            assert answer.certificate is not None
            assert answer.certificate.signature_label == "MD5 with RSA Encryption"

    asyncio.run(run())


def test_lifetimes_are_clipped_and_settings_copied(tmp_path: Path) -> None:
    async def run() -> None:
        lines = ("grant auto", "lifetime ca-certificate 10", "cdp-url http://10.1.1.1/crl", "eku server-auth client-auth", "hash sha512")
        async with server(tmp_path, *lines) as (device, _):
            certificate = await ScepClient(device).certificate()
            ca = device[CertificateServer].enabled().certificate
            assert certificate.not_after == ca.not_after == NOW + timedelta(days=10)
            assert certificate.extensions.cdp == ("http://10.1.1.1/crl",)
            assert certificate.extensions.purposes == tuple(ext.PURPOSES[word] for word in ("server-auth", "client-auth"))
            assert certificate.signature_label == "SHA512 with RSA Encryption"
            assert certificate.extensions.key_usage == ext.GENERAL_USAGE

    asyncio.run(run())


def test_subordinates_wait_for_the_operator(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, _):
            client = ScepClient(device, "cn=Sub CA")
            assert isinstance(await client.enrol(extensions=[ext.basic_constraints(ca=True), ext.key_usage(ext.CA_USAGE)]), Pending)
            await typed(device, "crypto pki server CA grant all")
            answer = await client.poll()
            assert isinstance(answer, Issued)
            assert answer.certificate is not None
            assert answer.certificate.extensions.ca
            assert answer.certificate.extensions.key_usage == ext.CA_USAGE

    asyncio.run(run())


def test_agents_may_ask_for_others(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant ra-auto") as (device, _):
            agent = ScepClient(device, "cn=ra, ou=ioscs RA, o=cisco")
            assert isinstance(await agent.enrol(), Pending)
            await typed(device, "crypto pki server CA grant all")
            answer = await agent.poll()
            assert isinstance(answer, Issued)
            assert answer.certificate is not None
            router = ScepClient(device, "cn=R9", 3)
            assert isinstance(await router.enrol(), Pending)
            through = await ScepClient(device, "cn=R9", 4).enrol(signer=Identity(answer.certificate, agent.key), identifier="through")
            assert isinstance(through, Issued)

    asyncio.run(run())


def test_certificates_by_serial_number(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto", "database level complete") as (device, _):
            client = ScepClient(device)
            certificate = await client.certificate()
            holder = Identity(certificate, client.key)
            ca = await client.authority()
            client.transaction = Transaction.get_cert(2, holder, ca, client.random)
            answer = await client.send(client.transaction.message())
            assert isinstance(answer, Issued)
            assert answer.certificate == certificate
            client.transaction = Transaction.get_cert(77, holder, ca, client.random)
            assert isinstance(await client.send(client.transaction.message()), Rejected)
            client.transaction = Transaction.get_crl(certificate, holder, ca, client.random)
            answer = await client.send(client.transaction.message())
            assert isinstance(answer, Issued)
            assert answer.crl is not None
            answer.crl.verify(ca.ca)

    asyncio.run(run())


def test_garbage_ends_in_a_refusal(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, _):
            client = ScepClient(device)
            for query, body in (("Nonsense", None), ("PKIOperation&message=%ZZ", None), ("PKIOperation", b"\x30\x82"), ("GetNextCACert", None)):
                assert (await client.get(query, body)).status in (400, 404)

    asyncio.run(run())


def test_a_flood_of_requests_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ioscli.features.pki.requests.MOST", 2)

    async def run() -> None:
        async with server(tmp_path) as (device, _):
            clients = [ScepClient(device, f"cn=R{number}", number) for number in (2, 3, 4)]
            answers = [await client.enrol() for client in clients]
            assert [type(answer) for answer in answers] == [Pending, Pending, Rejected]
            assert len(device[CertificateServer].requests.all) == 2
            assert isinstance(await clients[0].enrol(), Pending), "who waits already may ask again"
            await typed(device, "crypto pki server CA grant 1")
            assert isinstance(await clients[2].enrol(), Pending)

    asyncio.run(run())
