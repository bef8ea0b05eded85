"""Who may come in, without the dialogue: `check`, access classes, the HTTP server; and what a line gives its sessions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ioscli.device.configure import configure
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.features.core import http_auth
from ioscli.features.core.line import forget, settle
from ioscli.features.core.login import admits, check
from tests.access.silent import Silent

if TYPE_CHECKING:
    from pathlib import Path

USERS = (
    "username bob privilege 15 password 0 cisco\nusername ann password 7 0822455D0A16\nusername eve access-class 10\nusername eve password 0 eve\n"
)
LISTS = "access-list 10 permit 10.1.1.0 0.0.0.255\naccess-list 10 deny any\nip access-list extended far\n permit tcp host 10.9.9.9 any\n"


def router(tmp_path: Path, text: str) -> Device:
    device = Device(tmp_path)
    assert asyncio.run(device.boot(text)) == []
    return device


def test_local_users(tmp_path: Path) -> None:
    device = router(tmp_path, USERS + LISTS)
    found = check(device, "vty0", "BOB", "cisco")
    assert found is not None
    assert (found.name, found.level) == ("bob", 15)
    assert check(device, "vty0", "ann", "cisco") is not None
    assert check(device, "vty0", "ann", "Cisco") is None
    assert check(device, "vty0", "nobody", "cisco") is None
    assert check(device, "vty0", "eve", "eve", "10.1.1.9") is not None
    assert check(device, "vty0", "eve", "eve", "10.2.1.9") is None


@pytest.mark.parametrize(
    ("lines", "user", "password", "level"),
    [
        ("aaa authentication login default local", "bob", "cisco", None),
        ("aaa authentication login default local\naaa authorization exec default local", "bob", "cisco", 15),
        ("aaa authentication login default local-case", "BOB", "cisco", "nobody"),
        ("aaa authentication login default group radius enable", "any", "secret", None),
        ("aaa authentication login default group radius", "bob", "cisco", "nobody"),
        ("aaa authentication login default group radius none", "any", "", None),
        ("aaa authentication login default line", "any", "lines", None),
        ("aaa authentication login X local\nline vty 0 4\n login authentication X", "bob", "cisco", None),
        ("aaa authentication login default local\naaa authorization exec default group tacacs+", "bob", "cisco", "nobody"),
        ("aaa authentication login default local\naaa authorization exec default group tacacs+ if-authenticated", "bob", "cisco", None),
    ],
)
def test_method_lists(tmp_path: Path, lines: str, user: str, password: str, level: object) -> None:
    device = router(tmp_path, f"aaa new-model\nenable password secret\n{USERS}line vty 0 4\n password lines\n{lines}\n")
    found = check(device, "vty0", user, password)
    assert (found.level if found is not None else "nobody") == level


def test_access_classes(tmp_path: Path) -> None:
    device = router(tmp_path, LISTS + "line vty 0 4\n access-class 10 in\nline vty 5\n access-class far in\nline vty 6\n access-class 99 in\n")
    assert admits(device, "vty0", "10.1.1.77")
    assert not admits(device, "vty0", "10.1.2.77")
    assert admits(device, "vty5", "10.9.9.9")
    assert not admits(device, "vty5", "10.1.1.1")
    assert admits(device, "vty6", "10.1.1.1"), "a list that is not there lets everybody in"
    assert admits(device, "console", "")


@pytest.mark.parametrize(
    ("lines", "user", "password", "passes"),
    [
        ("", "any", "secret", True),
        ("", "bob", "cisco", False),
        ("ip http authentication local", "bob", "cisco", True),
        ("ip http authentication local", "any", "secret", False),
        ("aaa new-model\naaa authentication login web local\nip http authentication aaa login-authentication web", "bob", "cisco", True),
        ("aaa new-model\nip http authentication aaa", "bob", "no", False),
    ],
)
def test_http(tmp_path: Path, lines: str, user: str, password: str, *, passes: bool) -> None:
    device = router(tmp_path, f"enable password secret\n{USERS}{lines}\n")
    assert (http_auth.check(device, user, password) is not None) == passes


def test_a_line_reaches_its_sessions(tmp_path: Path) -> None:
    device = router(tmp_path, "line con 0\n length 0\n exec-timeout 0 0\nline vty 0 4\n history size 20\n width 132\nline vty 2\n width 100\n")
    sessions = [Session(device, Silent(), name) for name in ("console", "vty1", "vty2")]
    device.sessions += sessions
    for session in sessions:
        settle(session)
        assert session.patience in (None, 600)
        assert not session.synchronous
    console, first, second = sessions
    assert (console.length, console.width, console.patience) == (0, 80, None)
    assert (first.width, first.history_size, second.width) == (132, 20, 100)
    first.width = 0  # terminal width 0
    console.level = 15
    console.enter_configuration()

    async def typed() -> None:
        await configure(console, "line vty 0 4")
        await configure(console, "length 50")
        await configure(console, "no exec-timeout")
        await configure(console, "line con 0")
        await configure(console, "logging synchronous")

    asyncio.run(typed())
    assert (first.width, first.length, first.patience) == (0, 50, None)
    assert console.synchronous
    assert console.length == 0
    forget(console)
