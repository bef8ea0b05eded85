"""SCEP enrolments a second: a router's certificate server, and Debian's `scepserver` under the same load, one core each.

    python -m tests.bench.enrolment [MANY]      the figures as JSON
    python -m tests.bench.enrolment serve ...   the process that has the router

Eight connections, every request with a subject and a transaction of its own, signed before the clock starts. A rate is that of a second
of a core's time, which the server's process spent, so that what else the machine does counts for little. The limit is what
the private key alone allows: a request is opened, a certificate and a reply are signed.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ioscli.net import HostNet, exchange
from ioscli.wire import http
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.scep.client import CaCertificates, Terms, Transaction, parse_ca_reply
from ioscli.wire.scep.codec import query_target
from ioscli.wire.scep.messages import Operation
from ioscli.wire.x509 import build_request, profile
from tests.stored_keys import stored_key

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT, WARM, CONNECTIONS = 600, 200, 8
PATHS = {"ioscli": "/cgi-bin/pkiclient.exe", "scepserver": "/scep"}
MEMORY = Path("/dev/shm")  # a file system in memory, where there is one
_PATIENCE = 30.0


def floor(seconds: float = 0.5) -> float:
    """Enrolments in a second of a core's time if nothing but the private key had work: three operations of RSA 2048."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    key = stored_key("rsa", 2048)
    enciphered = key.public_key().encrypt(b"k" * 16, PKCS1v15())  # type: ignore[union-attr]
    count, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        key.decrypt(enciphered, PKCS1v15())  # type: ignore[union-attr]
        key.sign(b"certificate", PKCS1v15(), hashes.SHA256())  # type: ignore[call-arg, arg-type]
        key.sign(b"reply", PKCS1v15(), hashes.SHA256())  # type: ignore[call-arg, arg-type]
        count += 1
    return count / (time.process_time() - start)


def messages(ca: CaCertificates, count: int, name: str) -> list[bytes]:
    """That many first enrolments, as they go out."""
    return [enrolment.message() for enrolment in enrolments(ca, count, name)]


def enrolments(ca: CaCertificates, count: int, name: str) -> list[Transaction]:
    """That many first enrolments."""
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    signers = []
    for number in range(1, 5):
        key = stored_key("rsa", 2048, number)
        certificate = profile.signer_certificate(
            parse_name(f"cn=client {number}"), key, not_before=now - timedelta(days=1), not_after=now + timedelta(days=1)
        )
        signers.append(Identity(certificate, key))
    found = []
    for number in range(count):
        signer = signers[number % len(signers)]
        request = build_request(subject=parse_name(f"cn={name}-{number}, ou=Lab, o=Example"), key=signer.key, challenge="secret")
        found.append(Transaction.enrol(request, signer, ca, os.urandom, identifier=f"{name}-{number}", terms=Terms("sha256", "aes128")))
    return found


async def load(port: int, path: str, bodies: list[bytes], *, post: bool) -> int:
    """Sends all over a few connections that stay open. Returns how many were answered with a message."""
    requests = []
    for body in bodies:
        target = query_target(path, Operation.PKI_OPERATION, body, in_body=post)
        head = f"POST {target} HTTP/1.1\r\nHost: ca\r\nContent-Length: {len(body)}\r\n\r\n" if post else f"GET {target} HTTP/1.1\r\nHost: ca\r\n\r\n"
        requests.append(head.encode() + (body if post else b""))
    waiting, good = iter(requests), 0

    async def connection() -> None:
        nonlocal good
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b"content-length: " in head:
                await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r")[0]))
            else:  # Go sends what is long in chunks
                while size := int(await reader.readline(), 16):
                    await reader.readexactly(size + 2)
                await reader.readline()
            good += b"200" in head.split(b"\r\n")[0] and b"x-pki-message" in head
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return good


async def authority(port: int, path: str) -> CaCertificates:
    request = http.Request("GET", query_target(path, Operation.GET_CA_CERT, b"CA"))
    response = (await exchange(HostNet(), "127.0.0.1", port, http.HttpClient(request, "127.0.0.1"), patience=10))[0]
    return parse_ca_reply("", response.body)


def spent(process: subprocess.Popen[bytes]) -> float:
    """Seconds of a core that a process has used (proc(5): utime and stime)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rate(process: subprocess.Popen[bytes], port: int, path: str, *, post: bool, count: int = COUNT, name: str = "load") -> float:
    """Enrolments in a second of a core. The server answers a few before the clock starts."""
    ca = asyncio.run(authority(port, path))
    warm, bodies = messages(ca, WARM, f"{name}-warm"), messages(ca, count, name)
    asyncio.run(load(port, path, warm, post=post))
    before = spent(process)
    good = asyncio.run(load(port, path, bodies, post=post))
    assert good == count, f"{good} of {count} enrolments were answered"
    return count / (spent(process) - before)


@contextmanager
def server(*words: str, core: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A process on one core that listens on the port which is its last word."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    pin = [f"{shutil.which('taskset')}", "-c", str(core)] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []
    process = subprocess.Popen([*pin, *words, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"GOMAXPROCS": "1"})
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until, "the server does not start"
                assert process.poll() is None, "the server has ended"
                time.sleep(0.05)
        yield process, port
    finally:
        process.kill()
        process.wait()


def router(state: Path) -> tuple[str, ...]:
    return sys.executable, "-m", "tests.bench.enrolment", "serve", str(state)


def figures(many: int) -> dict[str, Any]:
    """All of them. `many`: certificates that are issued before the last measurement."""
    found: dict[str, Any] = {}
    floors = [floor()]
    # In memory: on a disk that much is made and deleted on, ext4 looks longer for a free inode than all the rest takes.
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        with server(*router(Path(folder) / "CA")) as (process, port):
            found["post"] = rate(process, port, PATHS["ioscli"], post=True, name="post")
            floors.append(floor())
            found["get"] = rate(process, port, PATHS["ioscli"], post=False, name="get")
            floors.append(floor())
            rate(process, port, PATHS["ioscli"], post=True, count=many, name="many")
            found["late"] = rate(process, port, PATHS["ioscli"], post=True, name="late")
        peer = shutil.which("scepserver")
        if peer is not None:
            depot = Path(folder) / "depot"
            subprocess.run([peer, "ca", "-init", "-depot", str(depot), "-keySize", "2048"], check=True, capture_output=True)
            with server(peer, "-depot", str(depot), "-challenge", "secret", "-port") as (process, port):
                found["scepserver"] = rate(process, port, PATHS["scepserver"], post=True)
    return found | {"floor": median(floors), "crl": crl()}


def crl() -> float:
    """Seconds that a list of 10,000 takes."""
    from datetime import UTC, datetime, timedelta

    from ioscli.wire.x509 import Revoked, build_crl

    now, key = datetime.now(UTC), stored_key("rsa", 2048)
    root = profile.root_certificate(parse_name("CN=CA"), key, serial=1, not_before=now, not_after=now + timedelta(days=1))
    revoked = [Revoked(serial, now) for serial in range(2, 10_002)]
    start = time.perf_counter()
    build_crl(issuer=root, key=key, this_update=now, next_update=now + timedelta(hours=6), revoked=revoked, number=7)
    return time.perf_counter() - start


# ---- the process that has the router

CONFIG = """hostname CA
ip http server
ip http port {port}
ip http max-connections 16
ip http timeout-policy idle 180 life 86400 requests 86400
interface GigabitEthernet0/0
 ip address 127.0.0.1 255.0.0.0
 no shutdown
end
"""
SERVER = ("crypto pki server CA", "database level complete", "database url flash:", "grant auto", "no shutdown")


async def serve(state: Path, port: int, *lines: str) -> None:
    """Has a router with a certificate server until it is killed; one that was there before starts from what it saved."""
    from ioscli.features.core.save import save
    from tests.pki.live import LiveRouter, booted

    if (state / "nvram" / "startup-config").exists():
        path = state / "nvram" / "startup-config"
        text = path.read_text()
        before = text.partition("ip http port ")[2].split("\n")[0]
        path.write_text(text.replace(f"ip http port {before}", f"ip http port {port}"))
        device = await booted(state, "", HostNet(["127.0.0.1"]))
    else:
        device = await booted(state, CONFIG.format(port=port), HostNet(["127.0.0.1"]))
        await LiveRouter(device).configure(*(lines or SERVER), answers=("cisco123", "cisco123"))
        list(save(device, ""))
    await asyncio.Event().wait()


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(Path(sys.argv[2]), int(sys.argv[-1])))
        return
    print(json.dumps(figures(int(sys.argv[1]) if sys.argv[1:] else 9000)))


if __name__ == "__main__":
    main()
