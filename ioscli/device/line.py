"""Which sections of the configuration a line of the router stands under (`line con 0`, `line vty 0 4`), and what they say.

A line goes by the name that the log has for it: `console`, `aux`, `vty3`, `tty2`. Where several sections are of one line, the one of
the fewest lines leads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.config.tree import Section
    from ioscli.device.device import Device

_KINDS = {"con": "console", "aux": "aux", "vty": "vty", "tty": "tty"}
_NAME = re.compile(r"([a-z]+)(\d*)")


def sections(device: Device, name: str) -> list[Section]:
    """The sections of a line, that of the fewest lines first."""
    found = _NAME.fullmatch(name)
    if found is None:
        return []
    kind, number = found[1], int(found[2] or 0)
    ranges: list[tuple[int, Section]] = []
    for statement in device.statements("line"):
        words = statement.text.split()[1:]
        numbers = [int(word) for word in words if word.isdigit()]  # slot/port numbers are no lines of ours
        if statement.section is not None and numbers and _KINDS.get(words[0], "tty") == kind and numbers[0] <= number <= numbers[-1]:
            ranges.append((numbers[-1] - numbers[0], statement.section))
    return [section for _, section in sorted(ranges, key=lambda entry: entry[0])]


def said(device: Device, name: str, head: str, default: str = "") -> str:
    """What a line's sections say behind these words: `on` and `off` for nothing and for `no`."""
    for section in sections(device, name):
        found = device.said(head, section=section)
        if found:
            return found
    return default
