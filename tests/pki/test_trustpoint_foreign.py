"""The router as a client of foreign servers: Debian's scepserver, openssl's OCSP responder; openssl reads what it writes."""

from __future__ import annotations

import asyncio
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ioscli.features.pki.certificates import Certificates
from ioscli.features.pki.trustpoint import known
from ioscli.features.pki.validate import validate
from ioscli.net import HostNet
from ioscli.wire.pem import decode_pem, encode_pem
from ioscli.wire.x509 import Certificate
from ioscli.wire.x509.chain import Fault
from tests import foreign
from tests.pki.live import LiveRouter, booted, free_port
from tests.wire.test_foreign_scep import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """hostname R1
ip domain name lab.lcl
interface GigabitEthernet0/0
 ip address 127.0.0.1 255.0.0.0
end
"""


async def router(state: Path) -> LiveRouter:
    return LiveRouter(await booted(state, CONFIG, HostNet(["127.0.0.1"])))


@contextmanager
def running(*words: object, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([str(word) for word in words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


async def until(router: LiveRouter, word: str) -> str:
    """The router's log, when a word is in it."""
    for _ in range(200):
        log = "\n".join(message.text for message in router.device.log.buffer)
        if word in log:
            return log
        await asyncio.sleep(0.05)
    raise AssertionError(log)


def test_we_enrol_with_micromdm(tmp_path: Path) -> None:
    """It answers in single DES whatever it is asked with, so the trustpoint has to allow that (baselines 4)."""
    server, port = foreign.need("scepserver"), free_port()
    foreign.run(server, "ca", "-init", folder=tmp_path)

    async def enrol() -> tuple[str, Certificates]:
        found = await router(tmp_path / "R1")
        section = (
            f"enrollment url http://127.0.0.1:{port}/scep",
            "subject-name cn=r0,o=Lab",
            "serial-number none",
            "ip-address none",
            "password secret",
        )
        await found.configure("crypto pki trustpoint T", *section, "crypto pki authenticate T", "crypto pki enroll T", answers=("yes", "yes"))
        log = await until(found, "CERTRETFAIL")
        assert "CERTRET:" not in log
        await found.configure("crypto pki trustpoint T", "subject-name cn=r1,o=Lab", "scepencrypt des", "crypto pki enroll T", answers=("yes",))
        await until(found, "CERTRET:")
        return await found.type("show crypto pki certificates"), found.device[Certificates]

    with running(server, "-depot", "depot", "-port", port, "-challenge", "secret", folder=tmp_path):
        wait_for(port)
        shown, held = asyncio.run(enrol())
    own, ca = held.own("T"), held.ca("T")
    assert own is not None
    assert ca is not None
    assert "    Name: r1\n" in shown  # it leaves out what it does not know of a subject
    (tmp_path / "ca.pem").write_text(encode_pem("CERTIFICATE", ca.der))
    (tmp_path / "r1.pem").write_text(encode_pem("CERTIFICATE", own.der))
    foreign.run(foreign.need("openssl"), "verify", "-CAfile", tmp_path / "ca.pem", tmp_path / "r1.pem")


def authority(folder: Path) -> None:
    """An authority of openssl's, and the certificates of two peers, the second one revoked."""
    openssl = foreign.need("openssl")
    config = """[ca]
default_ca=x
[x]
dir=.
database=index.txt
serial=serial
new_certs_dir=.
default_md=sha256
default_days=30
policy=p
certificate=ca.pem
private_key=ca.key
[p]
commonName=supplied
"""
    (folder / "ca.cnf").write_text(config)
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("10\n")
    make = ("-newkey", "rsa:2048", "-nodes", "-sha256")
    foreign.run(openssl, "req", "-x509", *make, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Root", "-days", "100", folder=folder)
    for name in ("good", "bad"):
        foreign.run(openssl, "req", *make, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", folder=folder)
        foreign.run(openssl, "ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem", "-notext", folder=folder)
    foreign.run(openssl, "ca", "-config", "ca.cnf", "-revoke", "bad.pem", folder=folder)


def certificate(path: Path) -> Certificate:
    return Certificate.parse(next(block.data for block in decode_pem(path.read_text()) if block.label == "CERTIFICATE"))


def test_openssl_tells_what_is_revoked(tmp_path: Path) -> None:
    authority(tmp_path)
    port = free_port()
    words = ("ocsp", "-port", port, "-index", "index.txt", "-CA", "ca.pem", "-rkey", "ca.key", "-rsigner", "ca.pem", "-nmin", "5")

    async def ask() -> dict[str, Fault | None]:
        found = await router(tmp_path / "R1")
        section = ("enrollment terminal", "revocation-check ocsp", f"ocsp url http://127.0.0.1:{port}")
        pasted = (*(tmp_path / "ca.pem").read_text().splitlines(), "", "yes")
        await found.configure("crypto pki trustpoint T", *section, "crypto pki authenticate T", answers=pasted)
        trustpoints = [known(found.device, "T")]
        faults = {name: (await validate(found.device, [certificate(tmp_path / f"{name}.pem")], trustpoints)).fault for name in ("good", "bad")}
        found.device.close()
        return faults

    with running(foreign.need("openssl"), *words, folder=tmp_path):
        time.sleep(0.5)
        assert asyncio.run(ask()) == {"good": None, "bad": Fault.REVOKED}
    assert asyncio.run(ask()) == {"good": Fault.NO_CRL, "bad": Fault.NO_CRL}


def test_pem_and_pkcs12_go_both_ways(tmp_path: Path) -> None:
    authority(tmp_path)
    openssl = foreign.need("openssl")
    for name, more in (("old", ("-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1")), ("new", ())):
        files = ("-inkey", "good.key", "-in", "good.pem", "-certfile", "ca.pem", "-passout", "pass:cisco123")
        foreign.run(openssl, "pkcs12", "-export", *files, "-out", f"{name}.p12", *more, folder=tmp_path)
    foreign.run(openssl, "rsa", "-in", "good.key", "-aes128", "-traditional", "-passout", "pass:cisco123", "-out", "good.prv", folder=tmp_path)

    async def carry() -> None:
        found = await router(tmp_path / "R1")
        files = found.device.files
        for name in ("old", "new"):
            files.write(f"flash:{name}.p12", (tmp_path / f"{name}.p12").read_bytes())
            shown = await found.configure(f"crypto pki import {name} pkcs12 flash:{name}.p12 password cisco123", answers=("",))
            assert "CRYPTO_PKI: Imported PKCS12 file successfully." in shown
            wrong = await found.configure(f"crypto pki import X pkcs12 flash:{name}.p12 password cisco124", answers=("",))
            assert "bad HMAC" in wrong
        shown = await found.configure("crypto pki export old pkcs12 flash: password cisco345", answers=("",))
        assert "Writing pkcs12 file to flash:old" in shown
        (tmp_path / "again.p12").write_bytes(files.read("flash:old"))
        pasted = [(tmp_path / name).read_text().splitlines() for name in ("ca.pem", "good.prv", "good.pem")]
        answers = (*pasted[0], "", *pasted[1], "quit", *pasted[2], "")
        assert "% PEM files import succeeded." in await found.configure(
            "crypto pki import P pem exportable terminal password cisco123", answers=answers
        )
        (tmp_path / "out.pem").write_text(await found.configure("crypto pki export P pem terminal 3des password cisco678"))
        await found.type("write memory")
        again = found.device.successor()
        from ioscli.features.core.boot import start

        await start(again)
        assert again[Certificates].own("P") == certificate(tmp_path / "good.pem")
        assert await LiveRouter(again).configure("crypto pki export P pem terminal 3des password cisco678")

    asyncio.run(carry())
    done = foreign.run(openssl, "pkcs12", "-in", "again.p12", "-passin", "pass:cisco345", "-nodes", "-legacy", folder=tmp_path)
    assert certificate(tmp_path / "good.pem").der in [block.data for block in decode_pem(done.stdout.decode())]
    blocks = (tmp_path / "out.pem").read_text()
    (tmp_path / "key.pem").write_text(blocks[blocks.index("-----BEGIN RSA") : blocks.index("-----END RSA")] + "-----END RSA PRIVATE KEY-----\n")
    key = foreign.run(openssl, "rsa", "-in", "key.pem", "-passin", "pass:cisco678", "-pubout", folder=tmp_path).stdout
    assert key == foreign.run(openssl, "rsa", "-in", "good.key", "-pubout", folder=tmp_path).stdout
