"""Garbage in the place of certificates, keys, archives and answers ends in a refusal of the router's, never in an error of ours."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ioscli.features.pki.certificates import Certificates, encode
from ioscli.features.pki.crl import Crls
from ioscli.features.pki.trustpoint import known
from ioscli.features.pki.validate import validate
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.pem import encode_base64, encode_pem
from ioscli.wire.pkcs12 import encode_pkcs12
from ioscli.wire.x509 import Certificate
from ioscli.wire.x509.profile import root_certificate
from tests.lab import rest
from tests.pki.test_trustpoint_lab import Net, log
from tests.stored_keys import stored_key

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.net.streams import Stream
    from tests.pki.live import LiveRouter

ROUNDS = 40
KEY = stored_key("rsa", 2048, 4)
ROOT = root_certificate(
    parse_name("cn=Root"), KEY, serial=0x1234, not_before=datetime(2026, 1, 1, tzinfo=UTC), not_after=datetime(2036, 1, 1, tzinfo=UTC)
)


def broken(chance: random.Random, data: bytes) -> bytes:
    """Some octets changed, left out or doubled."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) or 1)
        what = chance.randrange(4)
        if what == 0 and changed:
            changed[at] = chance.randrange(256)
        elif what == 1:
            del changed[at : at + chance.randint(1, 40)]
        elif what == 2:
            changed[at:at] = changed[: chance.randint(1, 40)]
        else:
            changed[at:at] = chance.randbytes(chance.randint(1, 8))
    return bytes(changed)


def sound(router: LiveRouter, shown: str) -> None:
    """Nothing of ours went wrong."""
    assert "Internal error" not in shown, shown
    assert "SYS-3-INTERNAL" not in log(router), log(router)


@pytest.mark.parametrize("kind", ["authenticate", "chain", "pkcs12", "pkcs12 file", "pem"])
def test_at_the_terminal(tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)
    archive = encode_pkcs12(Identity(ROOT, KEY), "cisco123")

    async def play() -> None:
        net = Net(tmp_path)
        router = await net.add("R1")
        await router.configure("crypto pki trustpoint T", "enrollment terminal")
        for number in range(ROUNDS):
            text = broken(chance, encode_pem("CERTIFICATE", ROOT.der).encode()).decode("latin-1")
            if number % 2:
                text = encode_base64(broken(chance, ROOT.der))
            lines = [line for line in text.replace("\x03", "").split("\n") if line]
            match kind:
                case "authenticate":
                    shown = await router.configure("crypto pki authenticate T", answers=(*lines, "quit", "no"))
                case "chain":
                    hexadecimal = encode(broken(chance, ROOT.der)).split("\n")[:-1]
                    answers = (*(hexadecimal if number % 2 else lines), "quit", "quit")
                    shown = await router.configure(
                        "crypto pki certificate chain T", "certificate ca 1234", "do show crypto pki certificates", answers=answers
                    )
                case "pkcs12":
                    coded = encode_base64(broken(chance, archive)).split()
                    shown = await router.configure(f"crypto pki import X{number} pkcs12 terminal password cisco123", answers=(*coded, "quit", "no"))
                case "pkcs12 file":
                    router.device.files.write("flash:x", broken(chance, archive))
                    shown = await router.configure(f"crypto pki import X{number} pkcs12 flash:x password cisco123", answers=("", "no"))
                case _:
                    shown = await router.configure(
                        "crypto pki import X pem terminal cisco123", answers=(*lines, "quit", *lines, "quit", *lines, "quit")
                    )
            sound(router, shown)
        await net.close()

    asyncio.run(play())


def test_from_a_server(tmp_path: Path) -> None:
    chance = random.Random(7)

    async def play() -> None:
        net = Net(tmp_path)
        router, other = await net.add("R1"), await net.add("X")

        async def answer(stream: Stream) -> None:
            await stream.read()
            body = broken(chance, ROOT.der)
            head = b"HTTP/1.0 200 OK\r\nContent-Type: application/x-x509-ca-cert\r\n\r\n"
            await stream.write(broken(chance, head + body) if chance.random() < 0.5 else head + body)
            stream.close()

        await other.device.net.listen(80, answer)
        url = f"http://{other.device.addresses()[0]}"
        await router.configure("crypto pki trustpoint T", f"enrollment url {url}", "serial-number none", "ip-address none", "password x")
        for _ in range(ROUNDS):
            sound(router, await router.configure("crypto pki authenticate T", answers=("no",)))
        router.device[Certificates].put("T", "ca", ROOT)
        for _ in range(ROUNDS):
            shown = await router.configure("no crypto pki enroll T", "crypto pki enroll T", "crypto pki crl request T", answers=("yes",))
            await rest()
            sound(router, shown)
        assert router.device[Certificates].own("T") is None
        assert router.device[Crls].kept == {}
        await net.close()

    asyncio.run(play())


def test_from_a_peer(tmp_path: Path) -> None:
    chance = random.Random(11)

    async def play() -> None:
        net = Net(tmp_path)
        router = await net.add("R1")
        await router.configure("crypto pki trustpoint T", "revocation-check none")
        router.device[Certificates].put("T", "ca", ROOT)
        taken = 0
        for _ in range(ROUNDS * 20):
            try:
                peer = Certificate.parse(broken(chance, ROOT.der))
            except ValueError:
                continue
            except Exception as error:  # noqa: BLE001
                assert type(error).__module__ == "ioscli.wire.errors", repr(error)  # noqa: PT017
                continue
            taken += 1
            assert not (await validate(router.device, [peer], [known(router.device, "T")])).valid or peer == ROOT
        assert taken
        sound(router, "")
        await net.close()

    asyncio.run(play())
