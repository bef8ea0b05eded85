"""Address translation: the static entries of the configuration. No packet passes, so no other entry is ever made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.features.core.interfaces import Interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session


class Entry(NamedTuple):
    """A translation: protocol (`---` for all), inside global and inside local address, with ports where they matter."""

    protocol: str
    outer: str
    inner: str


def entries(device: Device) -> Iterator[Entry]:
    """The static entries of `ip nat inside source static`."""
    for statement in device.statements("ip nat inside source static"):
        words = statement.text.split()[5:]
        if words[0] in ("tcp", "udp") and len(words) > 4:
            inner, port, outer, outer_port = words[1:5]
            if outer == "interface":
                found = device[Interfaces].get(words[4])
                address = device[Interfaces].address(found) if found is not None else None
                if address is None or len(words) < 6:
                    continue
                outer, outer_port = str(address.ip), words[5]
            yield Entry(words[0], f"{outer}:{outer_port}", f"{inner}:{port}")
        elif words[0][0].isdecimal() and len(words) > 1 and words[1][0].isdecimal():
            yield Entry("---", words[1], words[0])


def translations(session: Session, *, protocol: str | None, form: str | None) -> Iterator[str]:
    """`show ip nat translations`."""
    found = [entry for entry in entries(session.device) if protocol in (None, entry.protocol)]
    if form is not None and "total" in form:
        yield f"Total number of translations: {len(found)}"
        return
    if found:
        yield "Pro Inside global         Inside local          Outside local         Outside global"
    for entry in found:
        yield f"{entry.protocol:<4}{entry.outer:<22}{entry.inner:<22}{'---':<22}---"


def statistics(session: Session) -> Iterator[str]:
    """`show ip nat statistics`."""
    device = session.device
    static = len(list(entries(device)))
    yield f"Total active translations: {static} ({static} static, 0 dynamic; {sum(e.protocol != '---' for e in entries(device))} extended)"
    yield f"Peak translations: {static}"
    for title, domain in (("Outside", "outside"), ("Inside", "inside")):
        yield f"{title} interfaces:"
        names = [found.name for found in device[Interfaces] if found.said("ip nat") == domain]
        if names:
            yield f"  {', '.join(names)}"
    yield "Hits: 0  Misses: 0"
    yield "CEF Translated packets: 0, CEF Punted packets: 0"
    yield "Expired translations: 0"
    yield "Dynamic mappings:"
    for statement in device.statements("ip nat inside source list"):
        words = statement.text.split()
        yield "-- Inside Source"
        yield f"[Id: 0] access-list {words[5]} {' '.join(words[6:8])} refcount 0"
