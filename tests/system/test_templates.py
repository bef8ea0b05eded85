"""ntc-templates, written against outputs of real routers, read ours and find what the engines know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ioscli.features.core.hardware import Chassis
from ioscli.features.core.image import RELEASE, image
from ioscli.features.core.interfaces import Interfaces
from tests.system.router import Router

if TYPE_CHECKING:
    from pathlib import Path

parse = pytest.importorskip("ntc_templates.parse")
CONFIGURATION = """hostname R1
no logging console
interface GigabitEthernet0/0
 description to the exchange
 ip address 10.2.2.1 255.255.255.0
!
interface GigabitEthernet0/1
 no ip address
 shutdown
!
interface Serial0/0/0
 ip address 10.9.9.1 255.255.255.252
!
interface Loopback0
 ip address 172.16.0.1 255.255.255.255
!
ip route 0.0.0.0 0.0.0.0 10.2.2.254
"""


@pytest.fixture
def router(tmp_path: Path) -> Router:
    return Router(tmp_path, CONFIGURATION)


def parsed(router: Router, command: str) -> list[dict[str, Any]]:
    """What the template of a command finds in our output. It raises where it meets a line that it does not know."""
    found: list[dict[str, Any]] = parse.parse_output(platform="cisco_ios", command=command, data=router.type(command))
    assert found, f"the template of {command!r} finds nothing"
    return found


def test_version(router: Router) -> None:
    router.hands.seconds = 15 * 86400 + 3600 * 3 + 60 * 7
    chassis = router.device[Chassis]
    (found,) = parsed(router, "show version")
    assert found["version"] == RELEASE
    assert found["hostname"] == "R1"
    assert (found["uptime_weeks"], found["uptime_days"], found["uptime_hours"], found["uptime_minutes"]) == ("2", "1", "3", "7")
    assert found["hardware"] == [chassis.model.pid]
    assert found["serial"] == [chassis.serial]
    assert found["running_image"].endswith(image(router.device).partition(":")[2])
    assert found["config_register"] == "0x2102"
    assert found["reload_reason"] == "power-on"


def test_inventory(router: Router) -> None:
    chassis = router.device[Chassis]
    found = parsed(router, "show inventory")
    assert (found[0]["pid"], found[0]["sn"]) == (chassis.model.pid, chassis.serial)
    assert [part["pid"] for part in found] == ["CISCO2911/K9", "HWIC-1T", "PWR-2911-AC"]


def test_clock(router: Router) -> None:
    router.type("configure terminal", "clock timezone CET 1 0", "end")
    (found,) = parsed(router, "show clock")
    assert (found["time"], found["timezone"], found["dayweek"], found["month"], found["day"], found["year"]) == (
        "10:00:00.000",
        "CET",
        "Thu",
        "Nov",
        "26",
        "2026",
    )


def test_interfaces(router: Router) -> None:
    interfaces = {interface.name: interface for interface in router.device[Interfaces]}
    found = {one["interface"]: one for one in parsed(router, "show interfaces")}
    assert found.keys() == interfaces.keys()
    for name, one in found.items():
        assert (one["link_status"], one["protocol_status"]) == (interfaces[name].link, interfaces[name].protocol)
        assert one["description"] == interfaces[name].description
        addresses = interfaces[name].addresses
        assert f"{one['ip_address']}/{one['prefix_length']}" == str(addresses[0]) if addresses else one["ip_address"] == ""


def test_interface_brief(router: Router) -> None:
    interfaces = {interface.name: interface for interface in router.device[Interfaces]}
    found = parsed(router, "show ip interface brief")
    assert [(one["interface"], one["status"], one["proto"]) for one in found] == [(i.name, i.link, i.protocol) for i in interfaces.values()]
    assert found[0]["ip_address"] == "10.2.2.1"


def test_descriptions(router: Router) -> None:
    found = parsed(router, "show interfaces description")
    assert [(one["port"], one["status"], one["protocol"], one["description"]) for one in found][:2] == [
        ("Gi0/0", "up", "up", "to the exchange"),
        ("Gi0/1", "admin down", "down", ""),
    ]


def test_ip_interface(router: Router) -> None:
    found = {one["interface"]: one for one in parsed(router, "show ip interface")}
    assert found["GigabitEthernet0/0"]["ip_address"] == ["10.2.2.1"]


def test_arp(router: Router) -> None:
    found = parsed(router, "show ip arp")
    assert [(one["ip_address"], one["interface"]) for one in found] == [("10.2.2.1", "GigabitEthernet0/0")]


def test_routes(router: Router) -> None:
    found = parsed(router, "show ip route")
    assert {(one["protocol"], f"{one['network']}/{one['prefix_length']}") for one in found} == {
        ("S", "0.0.0.0/0"),
        ("C", "10.2.2.0/24"),
        ("L", "10.2.2.1/32"),
        ("C", "10.9.9.0/30"),
        ("L", "10.9.9.1/32"),
        ("C", "172.16.0.1/32"),
    }


def test_license(router: Router) -> None:
    found = parsed(router, "show license")
    assert [one["feature"] for one in found] == ["ipbasek9", "securityk9", "uck9", "datak9"]
    assert found[2]["license_state"] == "Active, In Use"


def test_logging(router: Router) -> None:
    router.type("configure terminal", "end")
    found = parsed(router, "show logging")
    assert len(found) == len(router.device.log.buffer)
    assert (found[-1]["facility"], found[-1]["mnemonic"]) == ("SYS", "CONFIG_I")


def test_ping(router: Router) -> None:
    (found,) = parsed(router, "ping 10.2.2.1")
    assert (found["success_qty"], found["sent_qty"], found["success_pct"]) == ("5", "5", "100")
