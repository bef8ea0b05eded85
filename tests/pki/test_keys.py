"""Key pairs: how long they live, who is told when they go, and that they are seen nowhere."""

from __future__ import annotations

import asyncio
import logging
import stat
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ioscli.device.files import PRIVATE
from ioscli.device.keygen import new_key
from ioscli.device.terminal import Refused
from ioscli.features.pki.keyring import KeyRing
from tests.pki.console import Console, console, reloaded

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.features.pki.keypair import KeyPair
    from ioscli.wire.algorithms import PrivateKey


def der(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_saved_pairs_come_back_as_they_were(tmp_path: Path) -> None:
    async def scenario() -> None:
        router = await console(tmp_path)
        ring = router.device[KeyRing]
        await ring.generate("CA", exportable=True)
        await ring.generate("TWO", bits=1024, usage="usage-keys")
        await ring.generate("EC", kind="ec", bits=384)
        await ring.generate("R1.server", bits=1024, usage="encryption", temporary=True)
        before = await router.type("do show crypto key mypubkey all")
        await router.type("do write memory")
        again = await reloaded(router.device)
        assert set(again.device[KeyRing].pairs) == {"CA", "EC", "TWO"}
        for label, pair in again.device[KeyRing].pairs.items():
            for new, old in zip(pair.halves, ring.pairs[label].halves, strict=True):
                assert der(new.private) == der(old.private)
                assert (new.usage, new.exportable, int(new.created)) == (old.usage, old.exportable, round(old.created))
        after = await again.type("do show crypto key mypubkey rsa TWO")
        assert after.replace("private-config", "not specified") in before
        assert stat.S_IMODE(router.device.files.path(PRIVATE).stat().st_mode) == 0o600

    asyncio.run(scenario())


def test_an_unsaved_pair_goes_and_is_asked_for(tmp_path: Path) -> None:
    async def scenario() -> None:
        router = await console(tmp_path)
        await router.device[KeyRing].generate("A")
        await router.type("do write memory")
        asked = [router.device.modified]
        await router.device[KeyRing].generate("B")
        asked.append(router.device.modified)
        await router.type("do write memory")
        router.device[KeyRing].remove("B")
        router.device[KeyRing].remove("A")
        asked.append(router.device.modified)
        assert asked == [False, True, True]
        again = await reloaded(router.device)
        assert set(again.device[KeyRing].pairs) == {"A", "B"}

    asyncio.run(scenario())


def test_a_protected_pair_is_locked_after_a_reload(tmp_path: Path) -> None:
    async def scenario() -> None:
        router = await console(tmp_path)
        pair = await router.device[KeyRing].generate("A", usage="usage-keys", bits=1024)
        await router.type("crypto key encrypt write rsa name A passphrase cisco1234")
        assert der(pair.private)[-40:] not in router.device.private["crypto key A"]
        again = await reloaded(router.device)
        found = again.device[KeyRing].pairs["A"]
        assert found.encryption is not None
        with pytest.raises(Refused):
            _ = found.encryption.private
        assert await again.type("crypto key unlock rsa name A passphrase cisco1234") == ""
        assert der(found.encryption.private) == der(pair.halves[1].private)

    asyncio.run(scenario())


def test_who_listens_is_told_of_pairs_that_come_and_go(tmp_path: Path) -> None:
    async def scenario() -> None:
        router = await console(tmp_path)
        ring = router.device[KeyRing]
        come: list[KeyPair] = []
        gone: list[KeyPair] = []
        ring.come.append(come.append)
        ring.gone.append(gone.append)
        first = await ring.generate("A", bits=1024)
        second = await ring.generate("A", bits=1024)
        await router.type("crypto key zeroize rsa A", ["yes"])
        assert come == gone == [first, second]

    asyncio.run(scenario())


def test_a_pair_for_an_enrolment_is_made_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        router = await console(tmp_path)
        ring = router.device[KeyRing]
        assert await ring.automatic(ring.default_label()) is await ring.automatic("R1.example.com")
        logged = [message.text for message in router.device.log.buffer if "AUTOGEN" in message.text]
        assert [text.partition("%")[2] for text in logged] == ["CRYPTO-6-AUTOGEN: Generated new 2048 bit key pair"]

    asyncio.run(scenario())


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"general-keys generated 1\n", "shorter", "swapped", b"\xff"])
def test_a_damaged_entry_is_told_of_and_stays(tmp_path: Path, damage: bytes | str) -> None:
    async def scenario() -> None:
        router = await console(tmp_path)
        ring = router.device[KeyRing]
        await ring.generate("A")
        await ring.generate("B")
        private = router.device.private
        a, b = private["crypto key A"].decode(), private["crypto key B"].decode()
        at = a.index("-----BEGIN PRIVATE")
        made = {"shorter": a[:-200], "swapped": a[:at] + b[b.index("-----BEGIN PRIVATE") :]}
        private["crypto key A"] = made[damage].encode() if isinstance(damage, str) else damage
        await router.type("do write memory")
        again = await reloaded(router.device)
        assert list(again.device[KeyRing].pairs) == ["B"]
        assert any("Key pair A of private-config cannot be read" in message.text for message in again.device.log.buffer)
        await again.type("do write memory")
        assert again.device.private["crypto key A"] == private["crypto key A"]

    asyncio.run(scenario())


def secrets(ring: KeyRing) -> list[str]:
    """What must be seen nowhere: the private numbers, and the lines of the PEM of every private key."""
    found = ["cisco1234"]
    for pair in ring.pairs.values():
        for half in pair.halves:
            pem = half.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
            found += pem.splitlines()[2:-2]
            key = half.private
            if isinstance(key, rsa.RSAPrivateKey):
                numbers = key.private_numbers()
                found += [f"{number:x}" for number in (numbers.d, numbers.p, numbers.q)] + [str(numbers.d)]
            else:
                found.append(f"{key.private_numbers().private_value:x}")
    return found


def test_private_keys_are_seen_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> str:
        caplog.set_level(logging.DEBUG)
        router = await console(tmp_path)
        ring = router.device[KeyRing]
        await router.type("crypto key generate rsa label A exportable modulus 2048")
        await router.type("crypto key generate ec keysize 256 label B")
        await router.type("crypto key encrypt rsa name A passphrase cisco1234")
        await router.type("crypto key unlock rsa name A passphrase cisco1235")
        await router.type("do write memory")
        for command in ("show running-config", "show startup-config", "show crypto key mypubkey all", "show logging"):
            router.device.log.debug(await router.type(f"do {command}"))

        async def broken(kind: str, bits: int) -> PrivateKey:
            key = await new_key(kind, bits)
            raise RuntimeError(repr(ring.pairs) + str(ring.pairs["A"]) + repr(key))

        router.device.key_source = broken
        await router.type("crypto key generate rsa label A exportable modulus 1024 passphrase cisco1234")
        await router.type("crypto key generate rsa label C modulus 1024")
        crashes = [path.read_text() for path in router.device.files.walk("flash")]
        assert len(crashes) == 1
        log = "\n".join(message.text for message in router.device.log.buffer)
        seen = "\n".join([log, *crashes, caplog.text, repr(ring.pairs), str(ring.pairs["A"].halves)]).lower()
        for secret in secrets(ring):
            assert secret.lower() not in seen, secret
        return seen

    assert "key pair" in asyncio.run(scenario())


def test_others_go_on_while_a_key_is_made(tmp_path: Path) -> None:
    async def scenario() -> None:
        router = await console(tmp_path)
        router.device.key_source = new_key
        other = Console(router.device)
        making = asyncio.create_task(router.type("crypto key generate rsa label BIG modulus 4096"))
        shown = 0
        while not making.done():
            assert (await other.type("show crypto key mypubkey rsa")) == "" or making.done()
            shown += 1
            await asyncio.sleep(0.001)
        assert "[OK]" in making.result()
        assert shown > 10
        assert router.device[KeyRing].pairs["BIG"].bits == 4096

    asyncio.run(scenario())
