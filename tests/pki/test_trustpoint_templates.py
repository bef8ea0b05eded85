"""ntc-templates, written against outputs of real routers, read our certificates and find what the engine has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ioscli.features.pki.certificates import Certificates
from ioscli.wire.keys import fingerprint
from tests.pki.test_trustpoint_lab import Net

if TYPE_CHECKING:
    from pathlib import Path

parse = pytest.importorskip("ntc_templates.parse")


def test_certificates(tmp_path: Path) -> None:
    async def play() -> tuple[str, Certificates]:
        net = Net(tmp_path)
        await net.authority("grant auto", "cdp-url http://10.0.0.1/crl")
        client = await net.client("R1", "serial-number", "subject-name cn=R1,o=Lab", "auto-enroll")
        await net.wait(0)
        shown = await client.type("show crypto pki certificates")
        await net.close()
        return shown, client.device[Certificates]

    shown, held = asyncio.run(play())
    own, ca = held.own("CA"), held.ca("CA")
    assert own is not None
    assert ca is not None
    first, second = parse.parse_output(platform="cisco_ios", command="show crypto pki certificates", data=shown)
    assert (first["certificate_type"], second["certificate_type"]) == ("Certificate", "CA Certificate")
    for found, certificate in ((first, own), (second, ca)):
        assert found["status"] == "Available"
        assert found["serial_number"] == certificate.serial_hex
        assert found["certificate_usage"] == certificate.usage
        assert found["issuer_cn"] == "CA"
        assert found["associated_trustpoints"] == "CA"
        for key, moment in (("start_date", certificate.not_before), ("end_date", certificate.not_after)):
            assert found[key] == f"{moment:%H:%M:%S} UTC {moment:%b} {moment.day} {moment.year}"
    assert (first["subject_cn"], first["subject_o"], first["subject_name"]) == ("R1", "Lab", "R1.lab.lcl")
    assert first["subject_serial_number"] in str(own.subject)
    assert first["crl_distribution_point"] == "http://10.0.0.1/crl"
    assert first["renew_date"] == "11:06:40 UTC Nov 18 2027"


def test_genie_reads_what_the_engine_has(tmp_path: Path) -> None:
    """Where pyATS is installed; its parsers were made from outputs of devices."""
    pki = pytest.importorskip("genie.libs.parser.iosxe.show_crypto")

    async def play() -> tuple[dict[str, str], Certificates]:
        net = Net(tmp_path)
        await net.authority("grant auto")
        client = await net.client("R1", "auto-enroll 80")
        await net.wait(1)
        await client.configure("crypto pki certificate validate CA")
        shown = {command: await client.type(f"show crypto pki {command}") for command in ("trustpoints status", "counters", "crls")}
        await net.close()
        return shown, client.device[Certificates]

    shown, held = asyncio.run(play())
    own = held.own("CA")
    assert own is not None
    status = pki.ShowCryptoPkiTrustpointsStatus(device=None).parse(output=shown["trustpoints status"])["Trustpoints"]["CA"]
    assert status["certificate_configured"]["Router General Purpose"]["subject"]["md5"] == fingerprint(own.der)
    assert pki.ShowCryptoPkiCounters(device=None).parse(output=shown["counters"])["successful_validations"] == 1
    assert pki.ShowCryptoPkiCrls(device=None).parse(output=shown["crls"])["parsed_crl_cache"]["maximum_size"] == 65536
