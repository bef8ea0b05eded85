"""The configuration of a secure CME router, of any length, the same for the same seed: what the benchmarks read.

Its sections are what such a router prints, in the order in which it prints them; every value that differs between real
phones, peers or certificates differs here too. About a tenth of its lines are certificates.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import router

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Part:
    """A section that occurs many times. `share`: of the whole text; `most`: how many a router can have."""

    section: Callable[[int, random.Random], Iterator[str]]
    share: float
    most: int = 1_000_000


def generate(lines: int, seed: int = 1) -> str:
    """A configuration of about `lines` lines (at least 2,000), each part at least once."""
    rng = random.Random(seed)
    out: list[str] = []
    for part in PARTS:
        if isinstance(part, str):
            out.extend(part.splitlines())
            continue
        goal = len(out) + int(lines * part.share)
        number = 0
        while number == 0 or (len(out) < goal and number < part.most):
            number += 1
            out.extend(part.section(number, rng))
    return "\n".join(out) + "\n"


def _address(number: int, last: int = 1) -> str:
    return f"10.{number // 250 % 250}.{number % 250}.{last}"


def _mac(rng: random.Random) -> str:
    digits = f"{rng.randrange(1 << 48):012X}"
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def _trustpoint(number: int, rng: random.Random) -> Iterator[str]:
    yield f"crypto pki trustpoint site{number}"
    yield f" enrollment url http://{_address(number)}:80"
    yield f" serial-number {rng.choice(('none', ''))}".rstrip()
    yield f" subject-name cn=site{number},o=Bench"
    yield " revocation-check crl"
    yield f" rsakeypair site{number}"
    yield "!"


def _chain(number: int, rng: random.Random) -> Iterator[str]:
    yield f"crypto pki certificate chain site{number}"
    for head in (f" certificate {number:04X}", f" certificate ca {number % 100 + 1:02X}"):
        yield head
        digits = rng.randbytes(500 + rng.randrange(140)).hex().upper()
        for at in range(0, len(digits), 64):
            row = digits[at : at + 64]
            yield "  " + " ".join(row[step : step + 8] for step in range(0, len(row), 8))
        yield "  \tquit"
    yield "!"


def _pool(number: int, rng: random.Random) -> Iterator[str]:
    yield f"ip dhcp pool VOICE-{number}"
    yield f" network {_address(number, 0)} 255.255.255.0"
    yield f" default-router {_address(number)} "
    yield f" option 150 ip {_address(0)} "
    yield f" domain-name site{number}.example.com"
    yield f" lease {rng.randrange(1, 9)}"
    yield "!"


def _codec(number: int, rng: random.Random) -> Iterator[str]:
    yield f"voice class codec {number}"
    for preference, codec in enumerate(rng.sample(("g711ulaw", "g711alaw", "g729r8", "g722-64"), 3), 1):
        yield f" codec preference {preference} {codec}"
    yield "!"


def _register_dn(number: int, rng: random.Random) -> Iterator[str]:
    yield f"voice register dn  {number}"
    yield f" number {30000 + number}"
    yield f" call-forward b2bua noan {30000 + rng.randrange(9999)} timeout 20"
    yield f" name SIP Person {number}"
    yield f" label {30000 + number}"
    yield "!"


def _register_pool(number: int, rng: random.Random) -> Iterator[str]:
    yield f"voice register pool  {number}"
    yield f" id mac {_mac(rng)}"
    yield f" type {rng.choice(('7861', '7841', '8851', '8861'))}"
    yield f" number 1 dn {number}"
    yield " dtmf-relay rtp-nte"
    yield f" username user{number} password pass{rng.randrange(10**6)}"
    yield " codec g711ulaw"
    yield " no vad"
    yield "!"


def _rules(number: int, rng: random.Random) -> Iterator[str]:
    yield f"voice translation-rule {number}"
    for rule in range(1, 6):
        yield f" rule {rule} /^{rng.randrange(100, 999)}\\(.*\\)/ /{rng.randrange(10, 99)}\\1/"
    yield "!"


def _profile(number: int, rng: random.Random) -> Iterator[str]:
    yield f"voice translation-profile SITE{number}"
    yield f" translate calling {rng.randrange(1, 100)}"
    yield f" translate called {number}"
    yield "!"


def _class_map(number: int, rng: random.Random) -> Iterator[str]:
    yield f"class-map match-any VOICE-{number}"
    yield f" match ip dscp {rng.choice(('ef', 'cs3', 'af41'))} "
    yield f" match access-group name SITE-{number}"


def _policy_map(number: int, rng: random.Random) -> Iterator[str]:
    yield f"policy-map WAN-{number}"
    yield f" class VOICE-{number}"
    yield f"  priority percent {rng.randrange(5, 34)}"
    yield " class class-default"
    yield "  fair-queue"
    yield "!"


def _interface(number: int, rng: random.Random) -> Iterator[str]:
    vlan = number % 4000 + 1
    yield f"interface GigabitEthernet0/{number // 4000}.{vlan}"
    yield f" description site {number} voice and data"
    yield f" encapsulation dot1Q {vlan}"
    yield f" ip address {_address(number)} 255.255.255.0"
    yield f" ip access-group SITE-{number} in"
    yield f" ip helper-address 10.255.{rng.randrange(256)}.10"
    if number % 3 == 0:
        yield " no ip redirects"
    yield " ip nat inside"
    yield " ip virtual-reassembly in"
    if number % 2 == 0:
        yield f" service-policy output WAN-{number}"
    yield "!"


def _route(number: int, rng: random.Random) -> Iterator[str]:
    yield f"ip route 172.{16 + number // 250 % 16}.{number % 250}.0 255.255.255.0 10.0.{rng.randrange(250)}.2"


def _list(number: int, rng: random.Random) -> Iterator[str]:
    yield f"ip access-list extended SITE-{number}"
    for _ in range(8):
        protocol, ports = rng.choice((("tcp", "eq www"), ("tcp", "eq 443"), ("tcp", "eq 2443"), ("udp", "range 16384 32767")))
        yield f" permit {protocol} 10.{rng.randrange(256)}.{rng.randrange(256)}.0 0.0.0.255 any {ports}"
    yield " deny   ip any any"


def _pots(number: int, rng: random.Random) -> Iterator[str]:
    yield f"dial-peer voice {number} pots"
    yield f" description trunk {number}"
    yield f" translation-profile outgoing SITE{rng.randrange(1, 100)}"
    yield f" destination-pattern 9{rng.randrange(1000, 9999)}....$"
    yield f" port 0/{number % 4}/0:23"
    yield " forward-digits all"
    yield "!"


def _voip(number: int, rng: random.Random) -> Iterator[str]:
    yield f"dial-peer voice {100_000 + number} voip"
    yield f" description site {number}"
    yield f" preference {rng.randrange(1, 9)}"
    yield f" destination-pattern {rng.randrange(1000, 9999)}...."
    yield " session protocol sipv2"
    yield f" session target ipv4:{_address(number, 9)}"
    yield f" voice-class codec {rng.randrange(1, 20)}  "
    yield " dtmf-relay rtp-nte"
    yield " srtp"
    yield " no vad"
    yield "!"


def _directory_number(number: int, rng: random.Random) -> Iterator[str]:
    yield f"ephone-dn  {number}{'  dual-line' if number % 3 else '  octo-line'}"
    yield f" number {20000 + number} secondary 555{20000 + number} no-reg primary"
    yield f" label {20000 + number}"
    yield f" description +1555{20000 + number}"
    yield f" name Person {number}"
    yield f" call-forward busy {20000 + rng.randrange(2500)}"
    yield f" call-forward noan {20000 + rng.randrange(2500)} timeout 20"
    yield from ("!", "!")


def _ephone(number: int, rng: random.Random) -> Iterator[str]:
    yield f"ephone  {number}"
    yield " device-security-mode encrypted"
    yield f" mac-address {_mac(rng)}"
    yield f" ephone-template {number % 5 + 1}"
    yield f' username "user{number}" password pass{rng.randrange(10**6)}'
    yield f" type {rng.choice(('7941', '7945', '7965', '7975'))}"
    yield f" button  1:{number} 2:{rng.randrange(1, 2500)}"
    yield from ("!", "!", "!")


def _hunt(number: int, rng: random.Random) -> Iterator[str]:
    members = [str(20000 + rng.randrange(2500)) for _ in range(4)]
    yield f"ephone-hunt {number} longest-idle"
    yield f" pilot {8000 + number}"
    yield f" list {', '.join(members)}"
    yield f" timeout {', '.join(['8'] * len(members))}"
    yield "!"


PARTS: tuple[Part | str, ...] = (
    router.OPENING,
    Part(_pool, 0.02),
    router.CERTIFICATION,
    Part(_trustpoint, 0.02),
    Part(_chain, 0.12),
    router.PHONE_SECURITY,
    Part(_codec, 0.01, 10_000),
    Part(_register_dn, 0.06, 10_000),
    Part(_register_pool, 0.07, 2_000),
    Part(_rules, 0.06),
    Part(_profile, 0.01),
    Part(_class_map, 0.01),
    Part(_policy_map, 0.02),
    Part(_interface, 0.13),
    Part(_route, 0.02),
    Part(_list, 0.13),
    router.VOICE_PORT,
    Part(_pots, 0.06),
    Part(_voip, 0.135),
    router.TELEPHONY,
    Part(_directory_number, 0.07, 2_500),
    Part(_ephone, 0.05, 1_000),
    Part(_hunt, 0.005, 100),
    router.CLOSING,
)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("file", type=Path, metavar="FILE")
    options = parser.parse_args()
    options.file.write_text(generate(options.lines, options.seed), encoding="utf-8")
