"""VRFs, as the configuration defines them and interfaces are in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Refused
from ioscli.features.core.interfaces import Interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session


class Vrf(NamedTuple):
    """A VRF: its name, route distinguisher, protocols, and the interfaces that are in it, in short."""

    name: str
    distinguisher: str
    protocols: str
    interfaces: list[str]


def vrfs(device: Device) -> Iterator[Vrf]:
    """The VRFs, by name."""
    found = {}
    for head in ("ip vrf", "vrf definition"):
        for statement in device.statements(head):
            words = statement.text.split()
            if len(words) == 3 and statement.section is not None:
                distinguisher = device.said("rd", section=statement.section, default="<not set>")
                families = [word for word in ("ipv4", "ipv6") if device.statements(f"address-family {word}", statement.section)]
                protocols = "ipv4" if head == "ip vrf" else ",".join(families)
                members = [interface.short for interface in device[Interfaces] if interface.vrf == words[2]]
                found[words[2]] = Vrf(words[2], distinguisher, protocols, members)
    return iter(found[name] for name in sorted(found))


def show(session: Session, *, protocol: str | None, form: str | None, vrf: str | None) -> Iterator[str]:
    """`show vrf`."""
    if form not in (None, "brief"):
        raise Refused(f"% show vrf {form} is not available yet")
    wanted = [found for found in vrfs(session.device) if vrf in (None, found.name) and (protocol is None or protocol in found.protocols)]
    if vrf is not None and not wanted:
        raise Refused(f"% No VRF named {vrf}")
    yield "  Name                             Default RD            Protocols   Interfaces"
    for found in wanted:
        first, *rest = found.interfaces or [""]
        yield f"  {found.name:<33}{found.distinguisher:<22}{found.protocols:<12}{first}"
        yield from (f"{'':<69}{name}" for name in rest)


def show_ip(session: Session, *, what: str | None, vrf: str | None) -> Iterator[str]:
    """`show ip vrf`."""
    if what not in (None, "brief"):
        raise Refused(f"% show ip vrf {what} is not available yet")
    wanted = [found for found in vrfs(session.device) if vrf in (None, found.name) and "ipv4" in found.protocols]
    if vrf is not None and not wanted:
        raise Refused(f"% No VRF named {vrf}")
    yield "  Name                             Default RD            Interfaces"
    for found in wanted:
        first, *rest = found.interfaces or [""]
        yield f"  {found.name:<33}{found.distinguisher:<22}{first}"
        yield from (f"{'':<57}{name}" for name in rest)
