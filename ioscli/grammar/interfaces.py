"""The names of interfaces: which kinds real routers have, their abbreviations, and the order that show-run lists them in."""

from __future__ import annotations

import re
from functools import lru_cache

# In the order of `show running-config`: logical interfaces first, then the hardware, as Cisco's own outputs list them.
KINDS = (
    "Loopback", "Bluetooth", "Multilink", "Tunnel", "Tunnel-tp", "Port-channel", "Pos-channel", "Null", "pseudowire", "vmi", "LISP", "nve",
    "overlay", "Virtual-PPP", "Virtual-TokenRing", "Virtual-Access", "Virtual-Dot11Radio", "MFR", "NVI", "Group-Async", "SDLC", "CEM",
    "CDMA-Ix", "EsconPhy", "Fcpa", "Filter", "Filtergroup", "GMPLS", "Lex", "Lspvif", "SYSCLOCK", "ATM-ACR", "CEM-ACR", "Serial-ACR",
    "VirtualPortGroup", "UTD", "capwap", "IPPORT", "ATM", "Embedded-Service-Engine", "Dot11Radio", "FastEthernet", "Ethernet",
    "TwoGigabitEthernet", "FiveGigabitEthernet", "GigabitEthernet", "TenGigabitEthernet", "TwentyFiveGigE", "TwentyFiveGigabitEthernet",
    "FiftyGigE", "FortyGigabitEthernet", "HundredGigE", "FourHundredGigE", "AppGigabitEthernet", "AppNav-Compress", "AppNav-UnCompress",
    "wlan-ap", "Wlan-GigabitEthernet", "Serial", "POS", "Hssi", "TokenRing", "Fddi", "BRI", "Async", "Cellular", "ucse", "Service-Engine",
    "Integrated-Service-Engine", "Content-Engine", "IDS-Sensor", "Analysis-Module", "ISM", "SM", "In", "Ethernet-Internal", "Internal-Data",
    "Virtual-Template", "Vlan", "BVI", "BDI", "Dialer", "CDMA", "Wireless", "Voice-Gateway", "SSLVPN-VIF", "MgmtEthernet", "mgmt",
    "LongReachEthernet", "UnchannelizedSerial", "CWAN", "VLAN-Tunnel", "InternalEthernet", "WPAN", "LORAWAN",
)  # fmt: skip
# What `?` lists, as a 2911 with cards does, and Tab completes; in our words.
LISTED = {
    "Async": "Asynchronous line", "ATM": "ATM port", "BRI": "ISDN basic rate port", "BVI": "Virtual interface of a bridge group",
    "Cellular": "Modem of a mobile network", "Dialer": "Dialer interface", "Embedded-Service-Engine": "Service module on the board",
    "FastEthernet": "Fast Ethernet port", "GigabitEthernet": "Gigabit Ethernet port", "Group-Async": "Group of asynchronous lines",
    "Loopback": "Loopback interface", "Multilink": "Bundle of PPP links", "Null": "Null interface", "Port-channel": "Bundle of Ethernet ports",
    "Serial": "Serial port", "Service-Engine": "Service module", "Tunnel": "Tunnel interface", "Virtual-PPP": "Virtual PPP interface",
    "Virtual-Template": "Template of virtual interfaces", "Vlan": "Interface of a VLAN", "Voice-Gateway": "Interface to call control",
}  # fmt: skip
_HARDWARE = range(KINDS.index("ATM"), KINDS.index("Virtual-Template"))
_RANK = {kind: rank for rank, kind in reversed(list(enumerate(KINDS)))}
_LOWER = {kind.lower(): kind for kind in reversed(KINDS)}
# Two letters of the usual kinds mean them, although rarer kinds share them.
_SHORT = {
    "e": "Ethernet", "et": "Ethernet", "eth": "Ethernet", "f": "FastEthernet", "fa": "FastEthernet", "g": "GigabitEthernet", "gi": "GigabitEthernet",
    "gig": "GigabitEthernet", "l": "Loopback", "lo": "Loopback", "s": "Serial", "se": "Serial", "ser": "Serial", "t": "Tunnel", "tu": "Tunnel",
    "tun": "Tunnel", "v": "Vlan", "vl": "Vlan", "d": "Dialer", "di": "Dialer", "po": "Port-channel", "te": "TenGigabitEthernet", "b": "BRI",
    "br": "BRI", "a": "Async", "as": "Async", "at": "ATM", "m": "Multilink", "mu": "Multilink", "n": "Null", "nu": "Null", "vi": "Virtual-Access",
    "virtual-t": "Virtual-Template", "hu": "HundredGigE", "fo": "FortyGigabitEthernet", "twe": "TwentyFiveGigE", "two": "TwoGigabitEthernet",
    "ce": "Cellular", "do": "Dot11Radio",
}  # fmt: skip
_SPLIT = r"([A-Za-z][A-Za-z-]*(?:11(?=[A-Za-z])[A-Za-z]*)?)(\d.*)?"
_NUMBERS = r"\d{1,8}(/\d{1,5}){0,3}(\.\d{1,10})?(:\d{1,5}(\.\d{1,10})?)?"
_NUMBERS_PARTIAL = r"\d{1,8}(/\d{0,5}){0,3}(\.\d{0,10})?(:\d{0,5}(\.\d{0,10})?)?"


@lru_cache(512)
def kind(text: str) -> str | None:
    """The kind that `text` names or abbreviates (`gi`, `Serial`), or None where no kind or several do."""
    low = text.lower()
    if low in _LOWER:
        return _LOWER[low]
    if low in _SHORT:
        return _SHORT[low]
    found = sorted((name for lower, name in _LOWER.items() if lower.startswith(low)), key=len)
    return found[0] if found and all(name.startswith(found[0]) for name in found) else None


def is_hardware(name: str) -> bool:
    """Whether interfaces of a kind (its whole name) are ports, not logical ones."""
    return _RANK.get(name, -1) in _HARDWARE


@lru_cache(4096)
def canonical(token: str) -> str | None:
    """The whole name of an interface (`gi0/0` gives `GigabitEthernet0/0`), or None where no router has one of that name."""
    split = re.fullmatch(_SPLIT, token)
    if not split or split[2] is None or not re.fullmatch(_NUMBERS, split[2]):
        return None
    name = kind(split[1])
    if name is None:
        return None
    whole = name + split[2]
    return token if whole == token else whole


def prefix(token: str) -> int:
    """How many leading characters of a refused name could begin one."""
    length = min(len(token), 64)
    while length:
        split = re.fullmatch(_SPLIT, token[:length])
        if (
            split
            and any(lower.startswith(split[1].lower()) for lower in _LOWER)
            and (split[2] is None or (kind(split[1]) and re.fullmatch(_NUMBERS_PARTIAL, split[2])))
        ):
            return length
        length -= 1
    return 0


def sort_key(name: str) -> tuple[int, tuple[int, ...], int, tuple[int, ...]]:
    """Orders canonical names as show-run lists them: logical kinds, then the hardware by its place in the chassis, then the rest by kind."""
    split = re.fullmatch(_SPLIT, name)
    if not split or split[1] not in _RANK:
        return len(KINDS), (), 0, ()
    rank = _RANK[split[1]]
    place, *below = re.split(r"[.:]", split[2] or "0")
    numbers = tuple(int(part) for part in place.split("/"))
    inner = tuple(int(part) for part in below)
    if not _HARDWARE.start <= rank < _HARDWARE.stop:
        return rank, numbers, 0, inner
    if name == "GigabitEthernet0":
        return _HARDWARE.stop - 1, (), rank, inner  # the management port of IOS-XE stands behind the others
    # Ports of the chassis itself (0/1) stand before those of its interface cards (0/0/0); a card lists its kinds one after the other.
    card = numbers[:-1] or numbers
    return _HARDWARE.start, (card[0], len(card) > 1, *card[1:]), rank, (numbers[-1], *inner)
