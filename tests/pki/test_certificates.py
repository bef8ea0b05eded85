"""Certificates live in the configuration: what is put there is printed, read again and found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec

from ioscli.config.writer import write
from ioscli.device.device import Device
from ioscli.device.turn import run
from ioscli.features.pki.certificates import CA, OWN, Certificates
from ioscli.wire.names import parse_name
from ioscli.wire.x509.profile import root_certificate

if TYPE_CHECKING:
    from ioscli.wire.x509 import Certificate


def certificate(serial: int) -> Certificate:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return root_certificate(
        parse_name(f"cn=T{serial}"), ec.generate_private_key(ec.SECP256R1()), serial=serial, not_before=start, not_after=start.replace(year=2030)
    )


def booted(text: str = "") -> Device:
    device = Device()
    run(device.boot(text))
    return device


def test_the_own_certificate_stands_before_the_authoritys() -> None:
    device = booted()
    store = device[Certificates]
    store.put("T", CA, certificate(1))
    store.put("T", OWN, certificate(0x2AB))
    assert [held.kind for held in store.of("T")] == [OWN, CA]
    lines = list(write(device.config))
    assert lines[lines.index("crypto pki certificate chain T") + 1] == " certificate 02AB"


def test_they_come_back_from_the_printed_configuration() -> None:
    device = booted()
    first, second = certificate(1), certificate(2)
    device[Certificates].put("T", CA, first)
    device[Certificates].put("T", OWN, second)
    again = booted("\n".join(write(device.config)))[Certificates]
    assert (again.ca("T"), again.own("T")) == (first, second)


def test_one_replaces_those_of_its_kind_and_listeners_hear_of_it() -> None:
    device = booted()
    store = device[Certificates]
    heard: list[str] = []
    store.listeners.append(heard.append)
    store.put("T", CA, certificate(1))
    store.put("T", CA, certificate(3))
    assert [held.certificate.serial for held in store.of("T")] == [3]
    assert [held.certificate.serial for held in store.remove("T", serial=3)] == [3]
    assert store.of("T") == []
    assert heard == ["T", "T", "T"]


def test_a_file_may_hold_it() -> None:
    device = booted("crypto pki certificate chain T\n certificate ca 01 nvram:T#1CA.cer\n")
    assert device[Certificates].ca("T") is None
    wanted = certificate(1)
    device.files.write("nvram:T#1CA.cer", wanted.der)
    assert device[Certificates].ca("T") == wanted


def test_garbage_is_passed_over() -> None:
    device = booted("crypto pki certificate chain T\n certificate ca 01\n  30820101 00\n  quit\n")
    assert device[Certificates].of("T") == []
