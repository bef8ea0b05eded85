"""A change that an engine refuses leaves the tree as it was, and what others changed meanwhile as it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ioscli.device import change, edit
from ioscli.device.change import Change
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Refused
from ioscli.device.turn import run
from tests.device.screen import Screen

if TYPE_CHECKING:
    from ioscli.device.change import Touched


def booted() -> Device:
    device = Device()
    run(device.boot("hostname R1\nip host a 10.0.0.1\nip host b 10.0.0.2\n"))
    return device


def texts(device: Device) -> list[str]:
    return [statement.text for statement in device.config]


@pytest.mark.parametrize("error", [Refused("no"), ValueError("a mistake of ours"), asyncio.CancelledError()])
def test_the_tree_is_put_back(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def refuses(_: Device, __: Touched) -> None:
        raise error

    device = booted()
    before = texts(device)
    monkeypatch.setattr(change, "resolve", lambda _: refuses)
    attempt = Change(device)
    attempt.keep(device.config)
    edit.put(device, "ip host c 10.0.0.3")
    edit.drop(device, "ip host a 10.0.0.1")
    attempt.touch("core.any.thing", "x", None)
    with pytest.raises(type(error)):
        run(attempt.commit())
    assert texts(device) == before


def test_what_others_changed_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    device = booted()

    async def waits_and_refuses(_: Device, __: Touched) -> None:
        await asyncio.sleep(0)
        edit.put(device, "ip host d 10.0.0.4")  # another session, while this one waits
        raise Refused("no")

    monkeypatch.setattr(change, "resolve", lambda _: waits_and_refuses)
    attempt = Change(device)
    attempt.keep(device.config)
    edit.put(device, "ip host c 10.0.0.3")
    attempt.touch("core.any.thing", "x", None)
    with pytest.raises(Refused):
        run(attempt.commit())
    assert "ip host d 10.0.0.4" in texts(device)
    assert "ip host c 10.0.0.3" not in texts(device)


def test_looking_at_a_section_that_another_session_removed_does_not_bring_it_back() -> None:
    device = booted()
    sessions = [Session(device, Screen()) for _ in range(2)]
    for session in sessions:
        session.level = 15
        run(session.execute("configure terminal"))
    run(sessions[0].execute("crypto pki trustpoint TP"))
    run(sessions[1].execute("no crypto pki trustpoint TP"))
    run(sessions[0].execute("show"))
    assert "crypto pki trustpoint TP" not in texts(device)
    run(sessions[0].execute("enrollment terminal"))
    assert "crypto pki trustpoint TP" in texts(device)


def test_messages_come_while_the_log_is_read_page_by_page() -> None:
    device = booted()
    for number in range(50):
        device.log.message("SYS", 5, "TEST", str(number))

    class Reader(Screen):
        async def key(self) -> str:
            device.log.message("SYS", 5, "TEST", "meanwhile")
            return " "

    screen = Reader()
    session = Session(device, screen)
    session.level = 15
    run(session.execute("show logging"))
    assert "%SYS-5-TEST: 49" in screen.text
    assert "Internal error" not in screen.text
