"""How a certificate server comes to be enabled: without a clock, from an archive of another router, with a key of another name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ioscli.device.clock import Clock
from ioscli.features.pki.certificate_server import CertificateServer
from ioscli.net import MemoryNet
from tests.pki.live import CONFIG, LiveRouter, booted
from tests.pki.scep_client import ScepClient
from tests.pki.stepped import NOW, Steps, reloaded, server, typed

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.wire.algorithms import PrivateKey


def test_the_clock_has_to_be_set(tmp_path: Path) -> None:
    """The texts, and that no passphrase is asked for again: pki-cli 2.3 h and 1.3, captured on XE."""

    async def run() -> None:
        device = await booted(tmp_path, CONFIG.format(port=80), MemoryNet(), Clock(None, Steps()))
        router, engine = LiveRouter(device), device[CertificateServer]
        shown = await router.configure("crypto pki server CA", "no shutdown", answers=("cisco123", "cisco123"))
        assert shown.endswith("% Time has not been set. Cannot start the Certificate server\n")
        shown = await router.type("show crypto pki server")
        assert "    Status: disabled, Time has not been set\n    State: check failed\n" in shown
        await router.type("clock set 9:00:00 26 Nov 2026")
        assert engine.state == "check failed", "there is no certificate yet"
        shown = await router.configure("crypto pki server CA", "shutdown", "no shutdown")
        assert "Certificate server 'no shut' event has been queued for processing.\n" in shown
        assert "Password" not in shown
        assert engine.state == "enabled"
        assert engine.enabled().certificate.not_before == NOW
        device.close()

    asyncio.run(run())


def test_a_server_that_was_enabled_waits_for_the_clock(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, steps):
            again = await reloaded(device, steps)
            again.clock.source = None
            await LiveRouter(again).configure("crypto pki server CA", "shutdown", "no shutdown")
            assert again[CertificateServer].reason == "Time has not been set"
            again.clock.set(NOW.timestamp() + 60, "NTP")
            assert again[CertificateServer].state == "enabled"
            again.close()

    asyncio.run(run())


def test_a_server_moves_to_another_router(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path / "old", "grant auto", "database archive pkcs12 password cisco123") as (device, _):
            await ScepClient(device).certificate()
            old = device[CertificateServer].enabled().certificate
            await asyncio.sleep(0.2)  # the serial file is written for several at a time
            new = await booted(tmp_path / "new", CONFIG.format(port=80), MemoryNet(), Clock(NOW.timestamp(), Steps()))
            for name in ("CA.p12", "CA.ser", "CA.crl"):
                new.files.write(f"nvram:{name}", device.files.read(f"nvram:{name}"))
            router = LiveRouter(new)
            shown = await router.configure("crypto pki import CA pkcs12 nvram:CA.p12 password cisco123", answers=("CA.p12",))
            assert "Imported PKCS12 file successfully" in shown
            shown = await router.configure("crypto pki server CA", "grant auto", "no shutdown")
            assert shown.endswith("\n% Certificate Server enabled.\n")
            assert "Password" not in shown
            engine = new[CertificateServer]
            assert (engine.state, engine.serial, engine.enabled().certificate) == ("enabled", 2, old)
            certificate = await ScepClient(new, "cn=R2", 3).certificate()
            assert certificate.serial == 3
            certificate.verify_issued_by(old)
            new.close()

    asyncio.run(run())


def test_a_key_of_another_name(tmp_path: Path) -> None:
    async def run() -> None:
        device = await booted(tmp_path, CONFIG.format(port=80), MemoryNet(), Clock(NOW.timestamp(), Steps()))
        await LiveRouter(device).configure(
            "crypto key generate rsa modulus 2048 label OTHER exportable",
            "crypto pki trustpoint CA",
            "rsakeypair OTHER",
            "crypto pki server CA",
            "database archive pem password cisco123",
            "no shutdown",
        )
        engine = device[CertificateServer]
        assert (engine.state, engine.key_label()) == ("enabled", "OTHER")
        assert "-----BEGIN ENCRYPTED PRIVATE KEY-----" in (tmp_path / "nvram" / "CA.pem").read_text()
        assert "CA.pem" not in await typed(device, "show running-config | include cisco123")
        device.close()

    asyncio.run(run())


def test_copies_are_published(tmp_path: Path) -> None:
    async def run() -> None:
        lines = ("grant auto", "database level complete", "database url crl publish flash:", "database url crt flash:")
        async with server(tmp_path, *lines) as (device, _):
            certificate = await ScepClient(device).certificate()
            assert (tmp_path / "flash" / "CA.crl").read_bytes() == (tmp_path / "nvram" / "CA.crl").read_bytes()
            assert (tmp_path / "flash" / "2.crt").read_bytes() == certificate.der
            assert not (tmp_path / "nvram" / "2.crt").exists()
            await LiveRouter(device).configure("crypto pki server CA", "shutdown", "database url cnm publish flash:nowhere", "no shutdown")
            await ScepClient(device, "cn=R2", 3).certificate()
            assert any("CS_PUBLISH_STORAGE" in message.text for message in device.log.buffer)

    asyncio.run(run())


def test_two_sessions_start_one_authority(tmp_path: Path) -> None:
    async def run() -> None:
        device = await booted(tmp_path, CONFIG.format(port=80), MemoryNet(), Clock(NOW.timestamp(), Steps()))
        made, wanted = device.key_source, asyncio.Event()

        async def slow(kind: str, bits: int) -> PrivateKey:
            await wanted.wait()
            return await made(kind, bits)

        device.key_source = slow
        start = ("crypto pki server CA", "no shutdown")
        first = asyncio.create_task(LiveRouter(device).configure(*start, answers=("cisco123", "cisco123")))
        await asyncio.sleep(0.01)
        assert "% The certificate server is being started by another session\n" in await LiveRouter(device).configure(*start)
        wanted.set()
        assert "% Certificate Server enabled.\n" in await first
        assert device[CertificateServer].serial == 1
        assert "being started" not in await LiveRouter(device).configure(*start)
        device.close()

    asyncio.run(run())


def test_a_damaged_list_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "grant auto") as (device, steps):
            certificate = await ScepClient(device).certificate()
            await typed(device, f"crypto pki server CA revoke 0x{certificate.serial:X}")
            path = tmp_path / "nvram" / "CA.crl"
            data = path.read_bytes()
            path.write_bytes(data[:100])
            again = await reloaded(device, steps)
            shown = await typed(again, "show crypto pki server", "show crypto pki server CA crl", "show logging")
            assert "    State: check failed\n" in shown
            assert "%Error reading nvram:CA.crl (it is no revocation list)\n" in shown
            assert "%PKI-3-CS_CRIT_STORAGE: " in shown
            assert path.read_bytes() == data[:100]
            path.write_bytes(data)
            await typed(again, "crypto pki server CA start")
            assert list(again[CertificateServer].revocations.revoked) == [certificate.serial]
            again.close()

    asyncio.run(run())


def test_nothing_is_issued_by_a_router_that_went_down(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path) as (device, steps):
            for number in (2, 3, 4):
                await ScepClient(device, f"cn=R{number}", number).enrol()
            granting = asyncio.create_task(typed(device, "crypto pki server CA grant all"))
            await asyncio.sleep(0)
            again = await reloaded(device, steps)
            assert "% Certificate server is not enabled\n" in await granting
            await typed(again, "crypto pki server CA grant all")
            serials = [each.certificate.serial for each in again[CertificateServer].requests if each.certificate is not None]
            assert sorted(serials) == [2, 3, 4]
            again.close()

    asyncio.run(run())


def test_the_end_of_the_authority_is_announced(tmp_path: Path) -> None:
    async def run() -> None:
        async with server(tmp_path, "lifetime ca-certificate 100") as (device, steps):
            steps.seconds += 41 * 86400
            await device.timers.run_due()
            shown = await typed(device, "show logging")
            assert "%PKI-4-CERT_EXPIRY_WARNING: CA Certificate belonging to trustpoint CA will expire in 5" in shown

    asyncio.run(run())
