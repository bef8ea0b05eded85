"""The certificate server as its operator sees it: granting, revocation, time, reloads, storage."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ioscli.device.terminal import Refused
from ioscli.features.pki.certificate_server import CertificateServer
from ioscli.features.pki.certificates import CA, Certificates
from ioscli.wire.scep.client import Issued, Pending, Rejected
from ioscli.wire.scep.messages import FailInfo
from ioscli.wire.x509 import Certificate, Crl, Revoked
from tests.pki.live import LiveRouter
from tests.pki.scep_client import ScepClient
from tests.stored_keys import stored_key

if TYPE_CHECKING:
    from pathlib import Path


from tests.pki.stepped import DAY, NOW, reloaded, server, typed


def test_manual_granting_survives_a_reload(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "database level complete") as (device, steps):
            first, second = ScepClient(device), ScepClient(device, "cn=R2", 3)
            assert isinstance(await first.enrol(), Pending)
            assert isinstance(await second.enrol(), Pending)
            assert isinstance(await first.enrol(), Pending)  # the same request again is the same request
            shown = await typed(device, "show crypto pki server CA requests")
            assert [line.split()[:2] for line in shown.splitlines() if "cn=" in line] == [["2", "pending"], ["1", "pending"]]
            again = await reloaded(device, steps)
            first.device = second.device = again
            assert isinstance(await first.poll(), Pending)
            assert await typed(again, "crypto pki server CA grant 1", "crypto pki server CA reject 2") == ""
            answer = await first.poll()
            assert isinstance(answer, Issued)
            assert isinstance(await second.poll(), Rejected)
            last = await reloaded(again, steps)
            first.device = last
            repeated = await first.poll()
            assert isinstance(repeated, Issued)
            assert repeated.certificate == answer.certificate
            assert "not pending" in await typed(last, "crypto pki server CA grant 1")
            assert "is not in the enrollment" in await typed(last, "crypto pki server CA grant 9")
            last.close()

    asyncio.run(run())


def test_requests_expire(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "lifetime enrollment-request 2") as (device, steps):
            client = ScepClient(device)
            await client.enrol()
            assert "ER EXPIRE 1" in await typed(device, "show crypto pki timers")
            steps.seconds += 7201
            await device.timers.run_due()
            answer = await client.poll()
            assert isinstance(answer, Rejected)
            assert answer.fail_info == FailInfo.BAD_CERT_ID

    asyncio.run(run())


def test_the_list_follows_revocations_and_time(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto", "lifetime crl 2") as (device, steps):
            certificate = await ScepClient(device).certificate()
            engine = device[CertificateServer]
            before = Crl.parse((await ScepClient(device).get("GetCRL")).body)
            assert (before.number, list(before.entries)) == (1, [])
            steps.seconds += 60
            assert await typed(device, f"crypto pki server CA revoke 0x{certificate.serial:X}") == "% Certificate 02 succesfully revoked.\n"
            crl = Crl.parse((tmp_path / "nvram" / "CA.crl").read_bytes())
            assert (crl.number, list(crl.entries)) == (2, [2])
            assert crl.this_update == NOW + timedelta(seconds=60)
            crl.verify(engine.enabled().certificate)
            for refused in ("revoke 2", "revoke 1", "revoke 9", "unrevoke 7"):
                assert (await typed(device, f"crypto pki server CA {refused}")).startswith("% Certificate 0")
            steps.seconds += 7200
            await device.timers.run_due()
            assert engine.revocations.crl is not None
            assert (engine.revocations.crl.number, list(engine.revocations.crl.entries)) == (3, [2])
            again = await reloaded(device, steps)
            assert list(again[CertificateServer].revocations.revoked) == [2]
            await typed(again, "crypto pki server CA unrevoke 2")
            assert again[CertificateServer].revocations.revoked == {}
            again.close()

    asyncio.run(run())


def test_a_list_of_ten_thousand(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto", "database url flash:") as (device, _):
            engine = device[CertificateServer]
            engine.serial = 20_000
            engine.revocations.revoked = {serial: Revoked(serial, NOW) for serial in range(2, 10_001)}
            costs = []
            for serial in range(10_001, 10_006):
                start = time.perf_counter()
                engine.revocations.revoke(serial)
                costs.append(time.perf_counter() - start)
            assert min(costs) < 0.3
            shown = await typed(device, "show crypto pki server CA crl")
            assert "Number of CRL entries: 10004\n" in shown

    asyncio.run(run())


def test_rollover(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto", "lifetime ca-certificate 10", "auto-rollover 2") as (device, steps):
            engine, client = device[CertificateServer], ScepClient(device)
            assert (await client.get("GetNextCACert&message=CA")).status == 404
            old = engine.enabled().certificate
            assert "Auto-Rollover configured, overlap period 2 days" in await typed(device, "show crypto pki server")
            steps.seconds += 8 * DAY + 1
            await device.timers.run_due()
            assert "Rollover status: available for rollover" in await typed(device, "show crypto pki server")
            from ioscli.wire.scep.client import parse_next_ca_reply

            following = parse_next_ca_reply((await client.get("GetNextCACert&message=CA")).body, await client.authority())
            assert following[0].not_before == old.not_after
            again = await reloaded(device, steps)
            steps.seconds += 2 * DAY
            await again.timers.run_due()
            engine = again[CertificateServer]
            assert engine.state == "enabled"
            assert engine.enabled().certificate == following[0] == again[Certificates].find("CA", CA)
            client.device = again
            fresh = await client.certificate()
            fresh.verify_issued_by(following[0])
            assert fresh.serial > following[0].serial
            again.close()

    asyncio.run(run())


def test_what_stands_against_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, steps):
            engine, router = device[CertificateServer], LiveRouter(device)
            await router.configure("no ip http server")
            assert (engine.state, engine.reason) == ("check failed", "HTTP Server is disabled")
            assert (await ScepClient(device).get("GetCACert")).status == 503
            await router.configure("ip http server")
            assert engine.state == "enabled"
            again = await reloaded(device, steps)
            assert again[CertificateServer].state == "enabled"
            await LiveRouter(again).configure("crypto key zeroize rsa CA", answers=("yes",))
            assert again[CertificateServer].reason.startswith("Server key not found, waiting for (offline) key")
            again.close()

    asyncio.run(run())


def test_storage_that_is_full(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto", "database level complete") as (device, _):
            (tmp_path / "nvram" / "big").write_bytes(b"x" * (262136 - device.files.used("nvram") - 500))
            device.files._taken.clear()
            engine = device[CertificateServer]
            first = await ScepClient(device).certificate()
            assert engine.state == "check failed"
            assert any("CS_CRIT_STORAGE" in message.text for message in device.log.buffer)
            (tmp_path / "nvram" / "big").unlink()
            await typed(device, "crypto pki server CA start")
            assert engine.state == "enabled"
            assert engine.serial == 2
            assert Certificate.parse((tmp_path / "nvram" / "2.crt").read_bytes()) == first

    asyncio.run(run())


def test_a_server_is_restored_from_its_archive(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    async def run() -> None:
        async with server(tmp_path, "database archive pkcs12 password cisco123") as (device, _):
            ca = device[CertificateServer].enabled().certificate
            held = load_pkcs12((tmp_path / "nvram" / "CA.p12").read_bytes(), b"cisco123")
            assert held.key is not None
            assert held.cert is not None
            assert held.cert.certificate.serial_number == ca.serial == 1
            assert held.key.public_key() == stored_key("rsa", 2048, 1).public_key()

    asyncio.run(run())


def test_refusals_of_the_operator(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path) as (device, _):
            with pytest.raises(Refused):
                device[CertificateServer].named("OTHER")
            for command in ("grant 1", "reject 1", "remove 1"):
                assert "is not in the enrollment request database" in await typed(device, f"crypto pki server CA {command}")
            assert "is not known" in await typed(device, "crypto pki server OTHER grant all")

    asyncio.run(run())
