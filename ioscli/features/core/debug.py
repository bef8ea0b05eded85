"""`debug all`, `undebug all`, `show debugging`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.debugs import ALL
from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session

# The subsystem that a flag belongs to, by the part before its dot. `Generic IP` and `Cryptographic Subsystem` as captures show
# them, `CCSIP SPI`, `HTTP Client` and `APPLICATION` as CR examples do; the others are our reading.
_SUBSYSTEMS = {
    "aaa": "General OS", "tacacs": "General OS", "radius": "General OS", "archive": "General OS", "parser": "General OS", "license": "General OS",
    "ip": "Generic IP", "nat": "Generic IP", "arp": "Generic IP", "domain": "Generic IP", "sla": "IP SLA", "ipv6": "Generic IPv6", "tcp": "TCP",
    "ospf": "IP routing", "rip": "IP routing", "eigrp": "IP routing", "bgp": "IP routing", "crypto": "Cryptographic Subsystem", "pki": "PKI",
    "ssh": "Incoming SSH", "telnet": "Incoming Telnet", "http": "HTTP Server", "dhcp": "DHCP", "ntp": "NTP", "snmp": "SNMP", "tftp": "TFTP",
    "isdn": "ISDN", "ppp": "PPP", "dialer": "Dial on demand", "standby": "HSRP", "vlan": "Virtual LAN", "ccsip": "CCSIP SPI", "cch323": "CCH323 SPI",
    "ephone": "EPHONE", "sccp": "SCCP", "voip": "VOIP", "voice": "VOICE", "vtsp": "VTSP", "vpm": "VPM", "credentials": "CREDENTIALS",
}  # fmt: skip


async def confirm_all(session: Session, *, text: str, negated: str | None) -> str | None:
    """Asks before everything is turned on."""
    if negated or await session.yes_or_no("\nThis may severely impact network performance. Continue? (yes/[no]): ", default=False):
        return text
    return None


def undebug_all(session: Session) -> Iterator[str]:
    """`undebug all`."""
    yield session.device.debugs.set(ALL, "All possible debugging", on=False)


def show(session: Session, *, condition: str | None) -> Iterator[str]:
    """`show debugging`: by subsystem."""
    if condition is not None:
        raise Refused("% No conditions found")
    groups: dict[str, list[str]] = {}
    for flag, text in session.device.debugs.listed.items():
        part = flag.split(".")[0]
        groups.setdefault(_SUBSYSTEMS.get(part, part.replace("_", " ").upper()), []).append(text)
    for subsystem, texts in groups.items():
        yield f"{subsystem}:"
        yield from (f"  {text} is on" for text in texts)
        yield ""
