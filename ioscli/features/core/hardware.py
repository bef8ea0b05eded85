"""The machine: what it is made of, and the numbers that tell it from others of its kind."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.files import FLASH_SIZE, NVRAM_SIZE
from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # of a serial number's end


class Model(NamedTuple):
    """A router model. `series`: as the image's name and the licence module have it. `memory`: processor and I/O memory, in KB."""

    pid: str
    series: str
    memory: tuple[int, int]
    width: int  # bits of the memory
    parity: str
    supply: str = ""  # the product number of its power supply


# Memory, width and parity of a 2911: a capture of 15.x; of a 1941: Genie's `show version`; of the others: those of a 2911.
MODELS = {
    model.pid: model
    for model in (
        Model("CISCO1921/K9", "C1900", (491520, 32768), 64, "disabled", "PWR-1921-AC"),
        Model("CISCO1941/K9", "C1900", (491520, 32768), 64, "disabled", "PWR-1941-AC"),
        Model("CISCO2901/K9", "C2900", (483328, 40960), 64, "enabled", "PWR-1941-2901-AC"),
        Model("CISCO2911/K9", "C2900", (909312, 40960), 64, "enabled", "PWR-2911-AC"),
        Model("CISCO2921/K9", "C2900", (909312, 40960), 64, "enabled", "PWR-2921-51-AC"),
        Model("CISCO2951/K9", "C2951", (909312, 40960), 72, "enabled", "PWR-2921-51-AC"),
    )
}
DEFAULT = "CISCO2911/K9"


class Chassis:
    """The router's own machine: model, serial number and first MAC address.

    `license udi pid P sn S` in the configuration that it started from is what a router of that number printed, so it is that one.
    Otherwise number and address are drawn once and lie in the state folder, beside the file systems, as in a chip of their own.
    """

    def __init__(self, device: Device) -> None:
        self._path = device.files.root / "chassis"
        try:
            serial, mac = self._path.read_text(encoding="ascii").split()
            self.serial, self.mac = serial, int(mac, 16)
        except (OSError, ValueError):
            self.serial, self.mac = self._draw(device.entropy(8))
        udi = device.said("license udi pid").split()
        self.model = MODELS[DEFAULT]
        if len(udi) == 3:
            self.model = MODELS.get(udi[0], self.model)
            self.serial = udi[2]

    def _draw(self, chance: bytes) -> tuple[str, int]:
        """A number as of the years of the ISR G2, and an address of a block of Cisco's."""
        year, week = 14 + chance[0] % 7, 1 + chance[1] % 52
        serial = f"FGL{year:02d}{week:02d}" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in chance[2:6])
        mac = 0x10F311 << 24 | int.from_bytes(chance[5:8]) & 0xFFFFE0
        with suppress(OSError):  # a state folder that cannot be written to: the number is another one the next time
            self._path.write_text(f"{serial} {mac:012x}\n", encoding="ascii")
        return serial, mac


def dotted(mac: int) -> str:
    """A MAC address as IOS writes it: `10f3.1167.5160`."""
    text = f"{mac:012x}"
    return f"{text[:4]}.{text[4:8]}.{text[8:]}"


# What the ports of `show version` are called, by the kind of interface: one, several.
_PORTS = (
    ("FastEthernet", "FastEthernet interface", "FastEthernet interfaces"),
    ("GigabitEthernet", "Gigabit Ethernet interface", "Gigabit Ethernet interfaces"),
    ("TenGigabitEthernet", "Ten Gigabit Ethernet interface", "Ten Gigabit Ethernet interfaces"),
    ("Serial", "Serial(sync/async) interface", "Serial(sync/async) interfaces"),
    ("BRI", "ISDN Basic Rate interface", "ISDN Basic Rate interfaces"),
    ("ATM", "ATM interface", "ATM interfaces"),
    ("Async", "terminal line", "terminal lines"),
    ("Cellular", "Cellular interface", "Cellular interfaces"),
)


def interface_names(device: Device) -> list[str]:
    """The interfaces of the configuration, as they stand in it."""
    return [statement.text.split()[1] for statement in device.statements("interface")]


def ports(device: Device) -> Iterator[str]:
    """The lines of `show version` that count the ports."""
    names = [name for name in interface_names(device) if "." not in name and ":" not in name]
    for kind, one, several in _PORTS:
        count = sum(re.fullmatch(rf"{kind}\d[\d/]*", name) is not None for name in names)
        if kind == "Async":
            count += 1  # the auxiliary port
        if count:
            yield f"{count} {one if count == 1 else several}"


def memory_lines(device: Device) -> Iterator[str]:
    """The lines of `show version` that tell of memories."""
    model = device[Chassis].model
    yield f"DRAM configuration is {model.width} bits wide with parity {model.parity}."
    yield f"{NVRAM_SIZE // 1024}K bytes of non-volatile configuration memory."
    yield f"{FLASH_SIZE // 1024}K bytes of ATA System CompactFlash 0 (Read/Write)"


class Part(NamedTuple):
    """A part of `show inventory`. `serial`: "" for one without."""

    name: str
    description: str
    pid: str
    version: str
    serial: str


def parts(device: Device) -> Iterator[Part]:
    """What the router is made of: the chassis, the cards whose ports the configuration has, the power supply."""
    chassis = device[Chassis]
    pid = chassis.model.pid
    yield Part(pid, f"{pid} chassis, Hw Serial#: {chassis.serial}, Hw Revision: 1.0", pid, "V06", chassis.serial)
    names = interface_names(device)
    slots: dict[tuple[str, str], set[str]] = {}
    for name in names:
        found = re.fullmatch(r"(Serial|FastEthernet|GigabitEthernet)(\d+/\d+)/(\d+)(?:[.:].*)?", name)
        if found:
            slots.setdefault((found[2], found[1]), set()).add(found[3])
    for (slot, kind), numbers in sorted(slots.items()):
        card = _CARDS.get((kind, len(numbers)))
        if card is not None:
            place = f"on Slot {slot.split('/')[0]} SubSlot {slot.split('/')[1]}"
            yield Part(f"{card[1]} {place}", card[1], card[0], "V01", "")
    supply = f"{pid.removeprefix('CISCO').removesuffix('/K9')} AC Power Supply"
    yield Part(f"C{supply}", f"C{supply}", chassis.model.supply, "", "")


# The interface card that gives a number of ports of a kind; a card of one is named as a 2901 names it (Oxidized).
_CARDS = {
    ("Serial", 1): ("HWIC-1T", "WAN Interface Card - HWIC Serial (1 port)"),
    ("Serial", 2): ("HWIC-2T", "WAN Interface Card - HWIC Serial (2 port)"),
    ("Serial", 4): ("HWIC-4T", "WAN Interface Card - HWIC Serial (4 port)"),
    ("FastEthernet", 1): ("HWIC-1FE", "One-Port Fast Ethernet High Speed WAN Interface Card"),
    ("FastEthernet", 2): ("HWIC-2FE", "Two-Port Fast Ethernet High Speed WAN Interface Card"),
    ("GigabitEthernet", 1): ("EHWIC-1GE-SFP-CU", "EHWIC-1GE-SFP-CU"),
    ("GigabitEthernet", 4): ("EHWIC-4ESG", "4 Port GE Non-POE EHWIC Switch"),
    ("GigabitEthernet", 8): ("EHWIC-D-8ESG", "8 Port GE Non-POE EHWIC Switch"),
}


def inventory(session: Session, *, oid: str | None, entity: str | None) -> Iterator[str]:
    """`show inventory`; `raw` adds nothing, as each part has a product number."""
    if oid is not None:
        raise Refused("% show inventory oid is not available yet")
    for part in parts(session.device):
        if entity is None or entity == part.name:
            yield f'NAME: "{part.name}", DESCR: "{part.description}"'
            yield f"PID: {part.pid:<18}, VID: {part.version:<4}, SN: {part.serial:<11}"
            yield ""
