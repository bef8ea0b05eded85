"""Kills a certificate server at random moments while it enrols and revokes: `python -m tests.pki.killed FOLDER KILLS SEED`.

One process has everything imported and forks: each child boots the router from its state folder, enrols clients and revokes their
certificates as fast as it can, and tells its parent what a client had in hand. The parent kills it, and looks at the files.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.features.core.http import HttpServer
from ioscli.features.core.save import save
from ioscli.features.pki.certificate_server import CertificateServer
from ioscli.features.pki.requests import Requests
from ioscli.net import MemoryNet
from ioscli.wire import http
from ioscli.wire.scep.client import Issued, parse_ca_reply
from ioscli.wire.x509 import Certificate, Crl
from tests.bench.enrolment import enrolments
from tests.pki.live import CONFIG, LiveRouter, booted

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.wire.scep.client import CaCertificates, Transaction

TARGET = "/cgi-bin/pkiclient.exe?operation="
PEER = ("10.1.1.9", 50000)
SERVER = ("crypto pki server CA", "database level complete", "database url flash:", "grant auto", "no shutdown")


async def make(state: Path) -> bytes:
    """The router, saved; its CA certificate."""
    device = await booted(state, CONFIG.format(port=80), MemoryNet())
    await LiveRouter(device).configure(*SERVER, answers=("cisco123", "cisco123"))
    list(save(device, ""))
    found = device[CertificateServer].enabled().certificate.der
    device.close()
    return found


async def child(state: Path, work: list[Transaction], revocable: list[int], report: int) -> None:
    """Enrols and revokes until it is killed. Each line of the report is what somebody outside knows by now."""
    device = await booted(state, "", MemoryNet())
    page = device[HttpServer].page("/cgi-bin/pkiclient.exe")
    assert page is not None
    os.write(report, b"ready\n")
    waiting = iter(work)

    async def client() -> None:
        for enrolment in waiting:
            response = await page(http.Request("POST", f"{TARGET}PKIOperation", body=enrolment.message()), PEER)  # type: ignore[misc]
            answer = enrolment.receive(response.body)
            assert isinstance(answer, Issued)
            assert answer.certificate is not None
            os.write(report, f"issued {answer.certificate.der.hex()}\n".encode())

    async def operator() -> None:
        revocations = device[CertificateServer].revocations
        for serial in revocable:
            # An earlier life may have written it, and not lived to tell.
            if serial not in revocations.revoked:
                revocations.revoke(serial)
            os.write(report, f"revoked {serial}\n".encode())
            await asyncio.sleep(0.005)

    await asyncio.gather(operator(), *(client() for _ in range(4)))
    os.write(report, b"done\n")
    await asyncio.sleep(60)


def spawn(state: Path, work: list[Transaction], revocable: list[int], delay: float, heard: int) -> list[str]:
    """A child's life: until so many lines were heard of it, and `delay` seconds more. Returns the lines of its report."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            asyncio.run(child(state, work, revocable, write))
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, encoding="ascii") as file:
        try:
            begun = [file.readline().strip() for _ in range(heard)]
            time.sleep(delay)
        finally:
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), "it ended by itself"
        return [*begun, *(line for line in file.read().splitlines() if line)]


class Known:
    """What the world outside was given, over all lives."""

    def __init__(self, ca: Certificate) -> None:
        self.ca = ca
        self.issued: dict[int, bytes] = {}
        self.revoked: set[int] = set()
        self.lives = 0

    def take(self, lines: list[str]) -> None:
        for line in lines:
            word, _, rest = line.partition(" ")
            if word == "issued":
                certificate = Certificate.parse(bytes.fromhex(rest))
                certificate.verify_issued_by(self.ca)
                # A client that asks again, in a later life too, gets what it was given.
                assert self.issued.get(certificate.serial, certificate.der) == certificate.der, f"serial {certificate.serial} was given twice"
                self.issued[certificate.serial] = certificate.der
            elif word == "revoked":
                self.revoked.add(int(rest))
            elif word == "ready":
                self.lives += 1

    def check(self, state: Path) -> None:
        """The files as the killed process left them."""
        flash = state / "flash"
        assert (flash / "CA.ser").read_text().startswith("db_version = 1\nlast_serial = 0x")
        crl = Crl.parse((flash / "CA.crl").read_bytes())
        crl.verify(self.ca)
        assert self.revoked <= set(crl.entries), "a revocation is lost"
        for path in flash.glob("*.crt"):
            Certificate.parse(path.read_bytes())
        kept = {each.certificate.serial: each.certificate.der for each in Requests(state / "CA.requests") if each.certificate is not None}
        for serial, der in self.issued.items():
            assert kept.get(serial) == der, f"certificate {serial} is lost"


async def start_of(state: Path) -> float:
    """How long a start takes here, in seconds."""
    begin = time.perf_counter()
    (await settled(state)).close()
    return time.perf_counter() - begin


async def settled(state: Path) -> Device:
    """The router after all, for a last look."""
    device = await booted(state, "", MemoryNet())
    device.close()
    return device


def main() -> None:
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    state, chance = folder / "CA", random.Random(seed)
    ca: CaCertificates = parse_ca_reply("", asyncio.run(make(state)))
    known = Known(ca.ca)
    pool = enrolments(ca, 6 * kills + 60, f"killed{seed}")
    begin = time.perf_counter()
    life = asyncio.run(start_of(state))
    for number in range(kills):
        work = pool[(at := 6 * number % (len(pool) - 60)) : at + 60]
        fresh = [serial for serial in sorted(known.issued) if serial not in known.revoked]
        # One child in four is killed as it starts, the others as they work, however slow the machine is.
        heard = chance.randrange(1, 12) if number % 4 else 0
        known.take(spawn(state, work, fresh[:3], chance.uniform(0, life), heard))
        if number % 10 == 9 or number == kills - 1:
            known.check(state)
    last = asyncio.run(settled(state))
    server = last[CertificateServer]
    lost = [serial for serial in known.issued if not (state / "flash" / f"{serial:X}.crt").exists()]
    print(
        json.dumps(
            {
                "kills": kills,
                "lives": known.lives,
                "issued": len(known.issued),
                "revoked": len(known.revoked),
                "lost": lost,
                "highest": max(known.issued, default=0),
                "serial": server.serial,
                "seconds": time.perf_counter() - begin,
            }
        )
    )


if __name__ == "__main__":
    main()
