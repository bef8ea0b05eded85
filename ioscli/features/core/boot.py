"""A router comes up: the configuration that it starts from, and what the console shows meanwhile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.files import PRIVATE, STARTUP
from ioscli.device.terminal import Refused
from ioscli.features.core import transfer
from ioscli.features.core.hardware import Chassis
from ioscli.features.core.image import banner
from ioscli.features.core.nvram import saved_startup
from ioscli.features.core.register import Register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ioscli.config.reading import Unknown, Wrong
    from ioscli.device.device import Device


class Text(NamedTuple):
    """A configuration that a router starts from: where it came from, and its text."""

    name: str
    text: str


async def start(device: Device, configs: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Starts a router: from `configs` (name, text), the later ones on top of the first, otherwise from its startup-config.

    Returns the lines that the console prints: what could not be read or done, and the log.
    """
    shown: list[str] = []

    def console(severity: int, text: str) -> None:
        if device.log.console.takes(severity):
            shown.append(text)

    device.log.subscribers.append(console)
    transfer.connect(device)
    try:
        _load_private(device, shown)
        saved = None if device[Register].ignores_startup else _startup(device, shown)
        texts = _merged(device, [Text(*config) for config in configs]) if configs else [saved or factory(device)]
        refused = await device.boot("\n".join(config.text for config in texts))
        shown.extend(_warnings(device, texts))
        shown.extend(refused)
        if configs:
            device.revision += 1
        elif saved is not None:
            device.log.message("SYS", 5, "CONFIG_I", "Configured from memory by console")
        device.log.message("SYS", 5, "RESTART", "\n".join(["System restarted --", *banner(device)]))
    finally:
        device.log.subscribers.remove(console)
    return shown


def factory(device: Device) -> Text:
    """What a router without a startup-config has: a 2911's, and its own serial number."""
    text = Path(__file__).with_name("factory.cfg").read_text(encoding="utf-8")
    return Text("factory configuration", text.replace("SERIAL", device[Chassis].serial))


def _merged(device: Device, configs: list[Text]) -> list[Text]:
    """The texts to read one after the other. Without an `end` in them, they are not taken for one that a router printed."""
    whole = re.search(r"^version ", configs[0].text, re.MULTILINE) is not None
    if whole and len(configs) == 1:
        return configs
    texts = configs if whole else [factory(device), *configs]
    return [Text(config.name, config.text.rstrip().removesuffix("\nend")) for config in texts]


def _startup(device: Device, shown: list[str]) -> Text | None:
    """The startup-config, None where there is none. One that is damaged is kept aside as it is."""
    try:
        data = saved_startup(device)
    except Refused as refused:
        shown.append(str(refused))
        return None
    if not data:
        return None
    wrong = damage(data)
    if wrong is not None:
        shown.append(f"%Error reading {STARTUP} ({wrong})")
        _keep_aside(device, STARTUP, data, shown)
    text = data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    return Text("startup-config", text) if text.strip() else None


def damage(data: bytes) -> str | None:
    """What is wrong with the bytes of a configuration, None where nothing is."""
    if b"\0" in data:
        return f"zero bytes from byte {data.index(0)} on"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start}"
    if data.startswith(b"version ") or b"\nversion " in data:
        last = data.rstrip().rpartition(b"\n")[2].strip()
        if last != b"end":
            return "it ends before its end"
    return None


def _load_private(device: Device, shown: list[str]) -> None:
    try:
        device.private.load(device.files)
    except (ValueError, Refused) as error:
        shown.append(f"%Error reading {PRIVATE} ({error}): keys are lost")
        device.private.clear()
        if device.files.exists(PRIVATE):
            _keep_aside(device, PRIVATE, device.files.read(PRIVATE), shown)


def _keep_aside(device: Device, url: str, data: bytes, shown: list[str]) -> None:
    kept = f"flash0:{url.partition(':')[2]}.damaged"
    try:
        if not device.files.exists(kept) or device.files.read(kept) != data:
            device.files.write(kept, data, private=True)
        shown.append(f"%It is kept as {kept}")
    except Refused as refused:
        shown.append(str(refused))


def _warnings(device: Device, texts: list[Text]) -> list[str]:
    """A line for each line of the configuration that no command matches, or that a router refuses. They are kept."""
    assert device.reading is not None
    found: list[Unknown | Wrong] = [*device.reading.unknown, *device.reading.wrong]
    lines = []
    for entry in sorted(found, key=lambda entry: entry.line):
        number = entry.line
        for config in texts:
            count = config.text.count("\n") + 1
            if number <= count:
                break
            number -= count
        shown = "".join(char if char.isprintable() else f"\\x{ord(char) & 0xFF:02x}" for char in entry.text.strip())
        lines.append(f"%{config.name}, line {number}: {'refused' if hasattr(entry, 'column') else 'unknown'}, but kept: {shown}")
    return lines
