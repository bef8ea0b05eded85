"""A voice router's configuration of any length, the same for the same seed: what the benchmarks read."""

from __future__ import annotations

import argparse
import random
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = """\
version 15.7
service timestamps debug datetime msec
service timestamps log datetime msec
no service password-encryption
!
hostname BENCH
!
boot-start-marker
boot-end-marker
!
logging buffered 51200 warnings
enable secret 5 $1$EPuU$StnupBRh51svO7SMtr5cv/
!
no aaa new-model
clock timezone EST -5 0
!
ip domain name example.com
ip cef
no ipv6 cef
!"""
_PHONES = 1000
_TAIL = """\
control-plane
!
ctl-client
 server cme 10.1.1.1 trustpoint cme
 server capf 10.1.1.1 trustpoint capf
 server tftp 10.1.1.1 trustpoint tftp
 sast1 trustpoint sast1
 sast2 trustpoint sast2
!
capf-server
 port 3804
 auth-mode null-string
 trustpoint-label capf
 source-addr 10.1.1.1
!
telephony-service
 max-ephones 500
 max-dn 1000
 ip source-address 10.1.1.1 port 2000
 cnf-file location flash:
 cnf-file perphone
 max-conferences 8 gain -6
 transfer-system full-consult
 secure-signaling trustpoint cme
 tftp-server-credentials trustpoint tftp
!
banner motd ^C
interface GigabitEthernet9/9 is not an interface here
^C
!
line con 0
line aux 0
line vty 0 4
 login local
 transport input ssh
!
end"""


def generate(lines: int, seed: int = 1) -> str:
    """A configuration of at least `lines` lines, a tenth of them certificates."""
    rng = random.Random(seed)
    out = _HEAD.split("\n")
    share = lines // 10
    for part, weight in ((_trustpoints, 1.2), (_interfaces, 1.7), (_lists, 1.7), (_translations, 1), (_dial_peers, 3), (_directory, 1.2)):
        goal = len(out) + int(share * weight)
        number = 0
        while len(out) < goal and (part is not _directory or number < _PHONES):
            number += 1
            out.extend(part(number, rng))
    number = 10_000
    while len(out) < lines - _TAIL.count("\n") - 1:
        number += 1
        out.extend(_interfaces(number, rng))
    out.extend(_TAIL.split("\n"))
    return "\n".join(out) + "\n"


def _hex(rng: random.Random, size: int) -> Iterator[str]:
    digits = rng.randbytes(size).hex().upper()
    for at in range(0, len(digits), 64):
        row = digits[at : at + 64]
        yield "  " + " ".join(row[step : step + 8] for step in range(0, len(row), 8))
    yield "  \tquit"


def _trustpoints(number: int, rng: random.Random) -> Iterator[str]:
    name = f"site{number}"
    yield from (f"crypto pki trustpoint {name}", f" enrollment url http://10.{number // 250}.{number % 250}.1:80")
    yield from (f" subject-name cn={name},o=Bench", " revocation-check crl", f" rsakeypair {name}", "!")
    yield f"crypto pki certificate chain {name}"
    yield f" certificate {number:02X}"
    yield from _hex(rng, 620 + number % 60)
    yield "!"


def _interfaces(number: int, rng: random.Random) -> Iterator[str]:
    vlan = number % 4000 + 1
    yield f"interface GigabitEthernet0/{number // 4000}.{vlan}"
    yield from (f" description site {number} voice and data", f" encapsulation dot1Q {vlan}")
    yield f" ip address 10.{number // 250}.{number % 250}.1 255.255.255.0"
    yield from (f" ip helper-address 10.255.{rng.randrange(256)}.10", " ip nat inside", " ip virtual-reassembly in")
    if number % 3 == 0:
        yield " no ip redirects"
    yield "!"


def _lists(number: int, rng: random.Random) -> Iterator[str]:
    yield f"ip access-list extended SITE-{number}"
    for _ in range(8):
        port = rng.choice(("eq www", "eq 443", "eq 5060", "range 16384 32767"))
        yield f" permit {rng.choice(('tcp', 'udp'))} 10.{rng.randrange(256)}.{rng.randrange(256)}.0 0.0.0.255 any {port}"
    yield " deny   ip any any"
    yield f"ip route 172.{16 + number // 250 % 16}.{number % 250}.0 255.255.255.0 10.0.{number % 250}.2"


def _translations(number: int, rng: random.Random) -> Iterator[str]:
    yield f"voice translation-rule {number}"
    for rule in range(1, 6):
        yield f" rule {rule} /^{rng.randrange(100, 999)}\\(.*\\)/ /{rng.randrange(10, 99)}\\1/"
    yield "!"
    yield from (f"voice translation-profile TP{number}", f" translate called {number}", "!")


def _dial_peers(number: int, rng: random.Random) -> Iterator[str]:
    kind = "pots" if number % 4 == 0 else "voip"
    yield f"dial-peer voice {number} {kind}"
    yield from (f" description peer {number}", f" destination-pattern {rng.randrange(1000, 9999)}....")
    if kind == "pots":
        yield from (f" port 0/{number % 4}/0:23", " forward-digits all")
    else:
        yield from (f" session target ipv4:10.9.{number // 250 % 250}.{number % 250}", " dtmf-relay rtp-nte", " codec g711ulaw", " no vad")
    yield "!"


def _directory(number: int, rng: random.Random) -> Iterator[str]:
    mac = f"{rng.randrange(1 << 48):012X}"
    extension = 20000 + number
    yield f"ephone-dn  {number}  dual-line" if number % 5 == 0 else f"ephone-dn  {number}"
    yield from (f" number {extension} no-reg primary", f" label {extension}", f" name Person {number}")
    yield from (f" call-forward noan {extension + 1} timeout 20", "!", "!")
    yield f"ephone  {number}"
    yield from (" device-security-mode encrypted", f" mac-address {mac[:4]}.{mac[4:8]}.{mac[8:]}", " type 7965", f" button  1:{number}", "!", "!")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.write(generate(options.lines, options.seed))
