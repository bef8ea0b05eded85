"""The machine and its licences: numbers that stay, packages that come and go with a reload."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ioscli.device.device import Device
from ioscli.device.turn import run
from ioscli.features.core.boot import start
from ioscli.features.core.hardware import Chassis
from ioscli.features.core.interfaces import Interfaces
from ioscli.features.core.license import Licences
from tests.system.router import Router

if TYPE_CHECKING:
    from pathlib import Path


def test_the_serial_number_stays_with_the_state_folder(tmp_path: Path) -> None:
    device = Router(tmp_path, "").device
    first = device[Chassis]
    device.files.lock.release()
    again = Device(tmp_path, entropy=bytes)[Chassis]
    assert (again.serial, again.mac) == (first.serial, first.mac)


def test_the_serial_number_of_a_printed_configuration_is_the_routers(tmp_path: Path) -> None:
    router = Router(tmp_path, "license udi pid CISCO2951/K9 sn FTX00000009\n")
    assert "Processor board ID FTX00000009" in router.type("show version")
    assert "C2951 Software (C2951-UNIVERSALK9-M)" in router.type("show version")


def test_a_damaged_chassis_file_gives_a_new_number(tmp_path: Path) -> None:
    (tmp_path / "chassis").write_text("{")
    assert len(Router(tmp_path, "").device[Chassis].serial) == 11


def test_every_port_has_a_mac_address_of_its_own(tmp_path: Path) -> None:
    names = [f"GigabitEthernet0/{number}" for number in range(3)]
    names += [f"FastEthernet0/{card}/{port}" for card, port in itertools.product(range(4), range(4))]
    router = Router(tmp_path, "".join(f"interface {name}\n no ip address\n" for name in names))
    interfaces = router.device[Interfaces]
    found = {interfaces.mac(interface) for interface in interfaces}
    assert len(found) == len(names)


def test_a_disabled_package_is_gone_after_save_and_reload(tmp_path: Path) -> None:
    router = Router(tmp_path, "")
    router.type("configure terminal", "license boot module c2900 technology-package uck9 disable", "telephony-service", "end")
    assert router.device[Licences].current["uc"].package == "uck9"
    router.type("write memory")
    again = router.device.successor()
    run(start(again))
    assert again[Licences].current["uc"].package == "None"
    commands = [command.text for command in again.mode("config").commands]
    assert not [text for text in commands if text.startswith("telephony-service")]
    assert [text for text in commands if text.startswith("crypto pki trustpoint")]


def test_a_package_on_trial_counts_down(tmp_path: Path) -> None:
    router = Router(tmp_path, "license boot module c2900 technology-package datak9\n")
    router.hands.seconds = 86400 * 7
    assert "data          datak9        EvalRightToUse datak9" in router.type("show version")
    shown = router.type("show license")
    assert "Period left: 7  weeks 4  days" in shown
    assert "EvalRightToUse" in shown
