"""A save is whole or it did not happen: killed processes, full disks, folders that cannot be written to."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import time
from typing import TYPE_CHECKING

import pytest

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.files import STARTUP
from ioscli.device.session import Session
from ioscli.device.turn import run
from ioscli.features.core import save
from ioscli.features.core.boot import damage, start
from tests.device.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 200


def shown(device: Device, command: str) -> str:
    screen = Screen()
    session = Session(device, screen)
    session.level = 15
    run(session.execute(command))
    return screen.text


@pytest.fixture
def device(tmp_path: Path) -> Device:
    device = Device(tmp_path, clock=Clock(0.0))
    run(start(device))
    shown(device, "write memory")
    return device


def save_for_ever(device: Device, count: int, begun: int) -> None:
    """Saves the configuration again and again, each time another one of another length. `begun`: is told of each."""
    while True:
        count += 1
        device.statements("hostname")[0].text = "hostname R" + "x" * (count % 60)
        device.changed()
        device.private["key"] = bytes([count % 256]) * (count % 3000)
        list(save.save(device, ""))
        os.write(begun, b".")


def test_a_killed_process_leaves_the_old_or_the_new_configuration(device: Device) -> None:
    chance = random.Random(7)
    contents = set()
    for number in range(KILLS):
        heard, begun = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                save_for_ever(device, number, begun)
            finally:
                os._exit(1)
        os.read(heard, 1)
        time.sleep(chance.random() / 100)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(heard)
        os.close(begun)
        data = device.files.read(STARTUP)
        contents.add(data)
        assert damage(data) is None
        assert data.endswith(b"\nend\n")
    assert len(contents) > KILLS / 10
    device.close()
    again = Device(device.files.root)
    assert [line for line in run(start(again)) if line.startswith("%")] == []
    assert list(again.files.root.rglob(".new-*")) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_what_cannot_be_written_leaves_the_old_one(number: int, device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    before = device.files.read(STARTUP)

    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    shown(device, "configure terminal")
    device.changed()
    monkeypatch.setattr(os, "fsync", fails)
    text = shown(device, "write memory")
    monkeypatch.undo()
    assert os.strerror(number) in text
    assert "[OK]" not in text
    assert device.files.read(STARTUP) == before
    assert device.modified
    assert list(device.files.root.rglob(".new-*")) == []


def test_a_full_disk(device: Device) -> None:
    before = device.files.read(STARTUP)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        text = shown(device, "write memory")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert text == "Building configuration...\nstartup-config file open failed (File too large)\n"
    assert device.files.read(STARTUP) == before


def test_a_configuration_that_nvram_does_not_hold_unless_it_is_compressed(device: Device) -> None:
    text = "".join(f"ip host name{number} 10.0.{number // 250}.{number % 250 + 1}\n" for number in range(10000))
    device.files.write("flash:big.cfg", text.encode())
    shown(device, "copy flash:big.cfg system:running-config")
    assert "startup-config file open failed (No space left on device)" in shown(device, "write memory")
    device.files.write("flash:compress.cfg", b"service compress-config\n")
    shown(device, "copy flash:compress.cfg system:running-config")
    assert "  Compressed configuration from 2" in shown(device, "write memory")
    assert "uncompressed size = 2" in shown(device, "show startup-config | include Using")
    assert "name9999" in shown(device, "show startup-config | include name9999")
    again = device.successor()
    run(start(again))
    assert "name9999" in shown(again, "show running-config | include name9999")
