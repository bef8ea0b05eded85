"""Whom a standard access list lets in: `access-list 1-99|1300-1999`, `ip access-list standard NAME`."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device


def permits(device: Device, name: str, address: str) -> bool:
    """Whether a list permits a source address. A list that is not there, or has no entries, permits everybody, as on IOS."""
    entries = list(_entries(device, name))
    try:
        source = int(IPv4Address(address))
    except AddressValueError:
        return not entries
    for action, base, wildcard in entries:
        if not (source ^ base) & ~wildcard & 0xFFFFFFFF:
            return action == "permit"
    return not entries


def _entries(device: Device, name: str) -> Iterator[tuple[str, int, int]]:
    """Action, address and wildcard of each entry that has those; remarks and what is of other protocols is passed over."""
    lines = [found.text.split()[2:] for found in device.statements(f"access-list {name}")]
    for head in (f"ip access-list standard {name}", f"ip access-list extended {name}"):
        for found in device.statements(head):
            lines += [statement.text.split() for statement in found.section or ()]
    for line in lines:
        words = line[1:] if line[0].isdecimal() else line
        action, rest = words[0], [word for word in words[1:] if word not in ("ip", "host")]
        if action not in ("permit", "deny") or not rest:
            continue
        if rest[0] == "any":
            yield action, 0, 0xFFFFFFFF
            continue
        try:
            base = int(IPv4Address(rest[0]))
            wildcard = int(IPv4Address(rest[1])) if len(rest) > 1 and rest[1][0].isdecimal() else 0
        except AddressValueError:
            continue
        yield action, base, wildcard
