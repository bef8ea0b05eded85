"""Every secret of the grammar is found in what was typed, and is stored as its line may write it."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest

from ioscli.device.configure import configure
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Refused
from ioscli.features.core.password import locate, masked, secret_of
from ioscli.features.core.secrets import matches, reveal
from ioscli.grammar.loader import installed
from tests.access.silent import Silent

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.grammar.line import Line

WORDS = {  # of lines, the secret last: `S` stands for it
    "config": [
        "enable secret S",
        "enable secret level 5 S",
        "enable password S",
        "username bob privilege 15 secret S",
        "username cisco password S",
        "username bob algorithm-type md5 secret S",
        "ip ftp password S",
        "ip scp password S",
        "ip http client password S",
    ],
    "line": ["password S"],
    "view": ["secret S"],
    "interface": ["ppp chap password S", "ppp pap sent-username bob password S", "ip ospf message-digest-key 1 md5 S"],
    "trustpoint": ["password S"],
    "telephony-service": ["standby username bob password S", "web admin system name bob secret 0 S"],
    "capf-server": ["cert-enroll-trustpoint ra password 0 S"],
    "pki-server": ["database username bob password S"],
}
CASES = [(mode, words) for mode, lines in WORDS.items() for words in lines]


def line_of(mode: str, text: str) -> Line:
    known = installed().modes[next(name for name in installed().modes if mode in name)] if mode not in installed().modes else installed().modes[mode]
    found = known.trie.match(text.split(), text)
    assert found is not None, text
    return found.end.line


@pytest.mark.parametrize(("mode", "words"), CASES, ids=[words for _, words in CASES])
@pytest.mark.parametrize("secret", ["cisco", "77", "secret"])
def test_a_secret_is_found(mode: str, words: str, secret: str) -> None:
    text = words.replace("S", secret)
    line = line_of(mode, text)
    found = locate(line, text)
    assert found is not None
    assert found.secret == ("0", secret)
    assert secret not in masked(line, text).split()[-1]
    head = text[: found.start]
    assert head == words.removesuffix("S").removesuffix("0 ")


def stored(tmp_path: Path, *lines: str) -> Device:
    device = Device(tmp_path, entropy=random.Random(1).randbytes)
    session = Session(device, Silent())
    session.level = 15

    async def typed() -> None:
        session.enter_configuration()
        for line in lines:
            assert await configure(session, line) is None, line

    asyncio.run(typed())
    return device


def test_hashes_are_made_as_lines_are_stored(tmp_path: Path) -> None:
    device = stored(tmp_path, "enable secret cisco", "username bob secret a b", "telephony-service", "web admin system name bob secret 0 cisco")
    for statement in (*device.statements("enable secret"), *device.statements("username bob")):
        secret = secret_of(statement)
        assert secret is not None
        assert secret.kind == "9"
        assert matches("9", secret.text, "a b" if "bob" in statement.text else "cisco")
    section = device.statements("telephony-service")[0].section
    assert section is not None
    [web] = device.statements("web admin", section)
    assert web.text.startswith("web admin system name bob secret 5 $1$")


def test_type_7_reaches_every_mode(tmp_path: Path) -> None:
    device = stored(tmp_path, "interface Serial0/0/0", "ppp chap password cisco", "service password-encryption", "ip ftp password cisco")
    section = device.statements("interface Serial0/0/0")[0].section
    for statement in (*device.statements("ip ftp"), *device.statements("ppp chap", section)):
        secret = secret_of(statement)
        assert secret is not None
        assert secret.kind == "7"
        assert reveal(secret.text) == "cisco"


def test_what_is_started_from_is_hashed_too(tmp_path: Path) -> None:
    device = Device(tmp_path, entropy=random.Random(1).randbytes)
    text = "aaa new-model\nparser view clerk\n secret 0 cisco\nusername bob secret 0 cisco\nenable secret 5 nonsense\n"
    refused = asyncio.run(device.boot(text))
    assert len(refused) == 1
    assert "not a valid encrypted secret" in refused[0]
    assert device.statements("username bob")[0].text.startswith("username bob secret 9 $9$")
    section = device.statements("parser view")[0].section
    assert device.statements("secret", section)[0].text.startswith("secret 9 $9$")


def test_a_wrong_hash_leaves_what_was(tmp_path: Path) -> None:
    device = stored(tmp_path, "enable secret cisco")
    before = device.statements("enable secret")[0].text
    session = Session(device, Silent())
    session.level = 15
    session.enter_configuration()

    async def typed() -> None:
        await configure(session, "enable secret 9 nonsense")

    with pytest.raises(Refused):
        asyncio.run(typed())
    assert device.statements("enable secret")[0].text == before
