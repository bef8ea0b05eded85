"""A router comes up from whatever lies in its nvram:, and one process at a time has its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ioscli.config.reader import read
from ioscli.config.writer import write
from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.files import PRIVATE, STARTUP
from ioscli.device.lock import InUse
from ioscli.device.turn import loop, run
from ioscli.features.core import save
from ioscli.features.core.boot import damage, factory, start
from tests.test_documents import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = b"version 15.7\n!\nhostname R1\n!\nend\n"


def started(state: Path, *configs: tuple[str, str]) -> tuple[Device, list[str]]:
    device = Device(state, clock=Clock(0.0))
    return device, run(start(device, configs))


def put(state: Path, url: str, data: bytes) -> None:
    device = Device(state)
    device.files.write(url, data)
    device.close()


def lines(device: Device) -> list[str]:
    return list(write(device.config))


def warnings(shown: list[str]) -> list[str]:
    return [line for line in shown if line.startswith("%")]


def test_a_fresh_router_has_the_factory_configuration(tmp_path: Path) -> None:
    device, shown = started(tmp_path)
    assert lines(device) == factory(device).text.splitlines()
    assert warnings(shown) == []
    assert not device.modified


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_comes_back_after_a_save_and_a_reload(path: Path, tmp_path: Path) -> None:
    run(_there_and_back(path.read_text(encoding="utf-8"), tmp_path))


async def _there_and_back(text: str, state: Path) -> None:
    device = Device(state, clock=Clock(0.0))
    await start(device, [("sample", text)])
    device.private["key"] = b"secret"
    assert device.modified
    before = lines(device)
    assert list(save.save(device, "ann"))[-1] == "[OK]"
    device.close()
    again = Device(state, clock=Clock(0.0))
    shown = await start(again)
    assert lines(again) == before
    assert again.private == device.private
    assert warnings(shown) == []
    again.close()
    await loop()


def test_a_configuration_without_secrets_in_clear_is_shown_as_print_prints_it(tmp_path: Path) -> None:
    text = "hostname R1\nint gi0/0\n ip addr 10.0.0.1 255.0.0.0\nversion 15.4\n"
    device, _ = started(tmp_path, ("a", text))
    assert lines(device) == list(write(read(text, device.grammar).config))


def test_configurations_are_merged_in_their_order_on_top_of_the_factory_s(tmp_path: Path) -> None:
    device, shown = started(tmp_path, ("a", "hostname A\nint gi0/0\n ip address 10.0.0.1 255.0.0.0\n no shutdown\n"), ("b", "hostname B\nfoo\n"))
    assert device.hostname == "B"
    assert "interface GigabitEthernet0/2" in lines(device)
    assert warnings(shown) == ["%b, line 2: unknown, but kept: foo"]


def test_every_line_that_is_not_taken_is_told_and_kept(tmp_path: Path) -> None:
    put(tmp_path, STARTUP, b"version 15.7\nhostname R1\nnonsense\ninterface Loopback0\n ip address 1.2.3.4.5 255.0.0.0\nend\n")
    device, shown = started(tmp_path)
    assert warnings(shown) == [
        "%startup-config, line 3: unknown, but kept: nonsense",
        "%startup-config, line 5: refused, but kept: ip address 1.2.3.4.5 255.0.0.0",
    ]
    assert {"nonsense", " ip address 1.2.3.4.5 255.0.0.0"} < set(lines(device))


@pytest.mark.parametrize(
    "data",
    [
        b"version 15.7\nhostname R\xff\xfe1\nend\n",
        b"version 15.7\nhost\0\0\0\0\nend\n",
        WHOLE[:-5],
        b"\0" * 300,
        b"\x78\x9c broken",
        b"\xef\xbb\xbf\xff",
    ],
)
def test_a_damaged_startup_config_is_kept_aside_and_the_router_starts(data: bytes, tmp_path: Path) -> None:
    put(tmp_path, STARTUP, data)
    device, shown = started(tmp_path)
    assert any(line.startswith(f"%Error reading {STARTUP} (") for line in shown)
    assert device.files.read("flash:startup-config.damaged") == data
    assert lines(device)[-1] == "end"


def test_damage() -> None:
    assert damage(WHOLE) is None
    assert damage(b"hostname R1\n") is None
    assert damage("version 15.7\ndescription é\nend".encode()) is None


@pytest.mark.parametrize("data", [b"", b"garbage", b"\0\xff", b"44\n{}\n"])
def test_a_damaged_private_config_is_kept_aside_and_the_router_starts(data: bytes, tmp_path: Path) -> None:
    put(tmp_path, STARTUP, WHOLE)
    put(tmp_path, PRIVATE, data)
    device, shown = started(tmp_path)
    assert device.hostname == "R1"
    assert any("keys are lost" in line for line in shown)
    assert device.files.read("flash:private-config.damaged") == data


def test_keys_are_for_nobody_else_to_read(tmp_path: Path) -> None:
    device, _ = started(tmp_path)
    device.private["crypto key R1"] = b"secret"
    list(save.save(device, ""))
    assert (tmp_path / "nvram" / "private-config").stat().st_mode & 0o777 == 0o600


def test_a_second_process_on_a_folder_is_refused_and_told_of_the_first(tmp_path: Path) -> None:
    device = Device(tmp_path)
    code = f"import pathlib, ioscli.device.device as d\nd.Device(pathlib.Path({str(tmp_path)!r}))"
    other = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert other.returncode == 1
    assert f"InUse: {tmp_path} is in use by process {os.getpid()}" in other.stderr
    with pytest.raises(InUse):
        Device(tmp_path)
    device.close()
    Device(tmp_path).close()


def test_after_a_reload_the_register_may_say_to_forget_the_startup_config(tmp_path: Path) -> None:
    put(tmp_path, STARTUP, WHOLE)
    (tmp_path / "config-register").write_text("0x2142\n")
    device, _ = started(tmp_path)
    assert device.hostname == "Router"


@pytest.mark.parametrize(("kind", "made"), [("memory", "MemoryNet"), ("loopback", "LoopbackNet"), ("host", "HostNet")])
def test_where_its_addresses_are(tmp_path: Path, kind: str, made: str) -> None:
    device = Device(tmp_path, addresses_in=kind)
    assert type(device.net).__name__ == made
    again = device.successor()
    assert type(again.net).__name__ == made
    again.close()
