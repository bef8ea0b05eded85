"""Keys as PEM: openssl reads what is exported, what openssl writes is imported, and anything else is refused."""

from __future__ import annotations

import asyncio
import re
import subprocess
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioscli.features.pki.keyring import KeyRing
from ioscli.wire.algorithms import spki_of
from tests import foreign
from tests.pki.console import console
from tests.stored_keys import FOLDER, stored_key

if TYPE_CHECKING:
    from pathlib import Path

# As a router of 15.x exported one (a capture).
LAYOUT = r"""% Key name: A
   Usage: {usage} Key
   Key data:
-----BEGIN PUBLIC KEY-----
([\w+/]{{64}}\n)*[\w+/]+=*
-----END PUBLIC KEY-----
-----BEGIN {kind} PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: {dek},[0-9A-F]{{16}}

([\w+/]{{64}}\n)*[\w+/]+=*
-----END {kind} PRIVATE KEY-----
"""
LEGACY = ("-provider", "legacy", "-provider", "default")


def openssl(*arguments: str, stdin: str = "") -> str:
    done = subprocess.run([foreign.need("openssl"), *arguments], input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("cipher", ["3des", "des"])
@pytest.mark.parametrize(("kind", "bits"), [("rsa", 1024), ("rsa", 2048), ("rsa", 4096), ("ec", 256), ("ec", 384), ("ec", 521)])
def test_openssl_reads_an_export(tmp_path: Path, kind: str, bits: int, cipher: str) -> None:
    async def scenario() -> str:
        router = await console(tmp_path)
        await router.device[KeyRing].generate("A", kind=kind, bits=bits, exportable=True)
        return await router.type(f"crypto key export {kind} A pem terminal {cipher} cisco 123")

    shown = asyncio.run(scenario())
    usage = "General Purpose" if kind == "rsa" else "Signature"
    assert re.fullmatch(LAYOUT.format(usage=usage, kind=kind.upper(), dek={"3des": "DES-EDE3-CBC", "des": "DES-CBC"}[cipher]), shown)
    public = openssl("pkey", "-in", str(FOLDER / f"{kind}-{bits}-1.pem"), "-pubout")
    at = shown.index("-----BEGIN PUBLIC")
    private = shown.index(f"-----BEGIN {kind.upper()} PRIVATE")
    assert shown[at:private] == public
    assert openssl(kind, *LEGACY, "-passin", "pass:cisco 123", "-pubout", stdin=shown[private:]) == public


FORMS = {
    "pkcs8": ("pkey",),
    "pkcs8 encrypted": ("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:cisco123"),
    "pkcs8 3des": ("pkcs8", "-topk8", "-v2", "des3", "-passout", "pass:cisco123"),
    "traditional": ("pkey", "-traditional"),
    "traditional 3des": ("KIND", "-traditional", "-des3", "-passout", "pass:cisco123"),
    "traditional des": ("KIND", *LEGACY, "-traditional", "-des", "-passout", "pass:cisco123"),
    "traditional aes": ("KIND", "-traditional", "-aes256", "-passout", "pass:cisco123"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind", "bits"), [("rsa", 2048), ("ec", 256)])
@pytest.mark.parametrize("public", ["none", "key", "certificate"])
def test_what_openssl_writes_is_imported(tmp_path: Path, kind: str, bits: int, form: str, public: str) -> None:
    path = str(FOLDER / f"{kind}-{bits}-2.pem" if kind == "rsa" else FOLDER / f"{kind}-{bits}-1.pem")
    command = [kind if word == "KIND" else word for word in FORMS[form]]
    command = [word for word in command if kind == "rsa" or word != "-traditional" or command[0] == "pkey"]
    private = openssl(*command, "-in", path)
    texts = {
        "none": "",
        "key": openssl("pkey", "-in", path, "-pubout"),
        "certificate": openssl("req", "-x509", "-new", "-key", path, "-subj", "/CN=x"),
    }

    async def scenario() -> None:
        router = await console(tmp_path)
        lines = [*texts[public].splitlines(), "", *private.splitlines(), "quit"]
        shown = await router.type(f"crypto key import {kind} NEW exportable terminal cisco123", lines)
        assert shown.endswith("% Key pair import succeeded.\n")
        pair = router.device[KeyRing].pairs["NEW"]
        assert pair.exportable
        assert pair.public_data == spki_of(stored_key(kind, bits, 2 if kind == "rsa" else 1))

    asyncio.run(scenario())


def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    rsa, other = (FOLDER / "rsa-2048-1.pem").read_text(), openssl("pkey", "-in", str(FOLDER / "rsa-2048-2.pem"), "-pubout")
    small = openssl("genrsa", "512")

    async def scenario() -> None:
        router = await console(tmp_path)
        enter = partial(router.type, "crypto key import rsa NEW pem terminal cisco123")
        assert "does not belong" in await enter([*other.splitlines(), "", *rsa.splitlines(), "quit"])
        assert "no public key" in await enter([*rsa.splitlines(), "", *rsa.splitlines(), "quit"])
        assert "takes" in await enter(["", *small.splitlines(), "quit"])
        assert "takes" in await enter(["", *(FOLDER / "ec-256-1.pem").read_text().splitlines(), "quit"])
        assert "too long" in await enter(["", *["A" * 64] * 100, "quit"])
        assert "exists" not in await router.type("do show crypto key mypubkey all")

    asyncio.run(scenario())


def test_garbage_is_refused(tmp_path: Path) -> None:
    """A damaged PEM is told of in a line, and is no crash."""
    router = asyncio.run(console(tmp_path))
    pem = (FOLDER / "ec-256-1.pem").read_text()

    @settings(max_examples=100, deadline=None)
    @given(data=st.data())
    def damaged(data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(pem)))
        private = pem[:at] + data.draw(st.text(max_size=40)) + pem[data.draw(st.integers(at, len(pem))) :]
        lines = [line for line in private.splitlines() if line.strip() != "quit"]
        shown = asyncio.run(router.type("crypto key import ec NEW pem terminal cisco123", ["", *lines, "quit"]))
        assert "import failed" in shown or "import succeeded" in shown
        router.device[KeyRing].pairs.clear()

    damaged()
    assert not list(router.device.files.walk("flash"))
