"""h11's rule: no matter what garbage a peer sends, we parse it or raise RemoteError, never any other error."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioscli.wire import cms, der
from ioscli.wire.errors import RemoteError
from ioscli.wire.http import HttpClient, HttpServer, Request, Response
from ioscli.wire.keys import decode_pkcs8, decode_private_pem, decode_public_pem, parse_hex
from ioscli.wire.names import NameTextError, parse_name
from ioscli.wire.pem import decode_any, decode_pem
from ioscli.wire.pkcs12 import decode_pkcs12
from ioscli.wire.scep.client import parse_ca_reply, parse_next_ca_reply
from ioscli.wire.scep.codec import parse_query
from ioscli.wire.scep.messages import Capabilities
from ioscli.wire.scep.server import ScepServer
from ioscli.wire.x509 import Certificate, Crl, build_crl
from ioscli.wire.x509 import Request as CertificationRequest
from tests.wire.golden import FOLDER, RECORDED, authority, golden

if TYPE_CHECKING:
    from collections.abc import Callable

# A few examples each time, the same ones; FUZZ=10000 tries that many new ones.
EXAMPLES = int(os.environ.get("FUZZ", "0"))
GARBAGE = settings(max_examples=EXAMPLES or 60, deadline=None, derandomize=not EXAMPLES, suppress_health_check=list(HealthCheck))
ALL = sorted(path.name for path in FOLDER.glob("*.*") if path.suffix in {".der", ".p12", ".pem"})


@st.composite
def changed(draw: st.DrawFn, *names: str) -> bytes:
    """A golden with a few octets changed, cut out, doubled or put in."""
    data = bytearray(golden(draw(st.sampled_from(names))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.sampled_from([0, 1, 1, 1, 2, 40]))
        data[at : at + size] = draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b"\x30\x80", b"\x00\x00", b"\x05\x00", b"\x84\xff\xff\xff\xff", bytes(data[:20])]))
        )
    return bytes(data)


def certificate(data: bytes) -> None:
    found = Certificate.parse(data)
    _ = str(found.subject), found.usage, found.serial_hex, found.signature_label, found.key_id, found.issued_by(found)


def crl(data: bytes) -> None:
    found = Crl.parse(data)
    _ = found.entries, found.number, str(found.issuer)
    found.verify(authority().certificate)


def request(data: bytes) -> None:
    found = CertificationRequest.parse(data)
    _ = str(found.subject), found.challenge
    found.verify()


def signed(data: bytes) -> None:
    found = cms.parse_signed(data)
    for signer in found.signers:
        cms.verify_signed(found, signer, authority().certificate.public_key, legacy=True)


READERS: dict[str, Callable[[bytes], object]] = {
    "certificate": certificate,
    "request": request,
    "signed": signed,
    "enveloped": lambda data: cms.open_enveloped(cms.parse_enveloped(data), [authority()], legacy=True),
    "normalise": der.normalise,
    "server": lambda data: ScepServer(authority(), bytes, legacy=True).receive_message(data, RECORDED),
    "ca": lambda data: parse_ca_reply("", data),
    "pkcs8": decode_pkcs8,
    "pkcs8 with a passphrase": lambda data: decode_pkcs8(data, "cisco123"),
    "pkcs12": lambda data: decode_pkcs12(data, "cisco123"),
    "pem key": lambda data: decode_private_pem(data.decode("latin-1"), "cisco123"),
    "public pem": lambda data: decode_public_pem(data.decode("latin-1")),
    "pem": lambda data: decode_pem(data.decode("latin-1")),
    "pasted": lambda data: decode_any(data.decode("latin-1"), "CERTIFICATE"),
    "hex": lambda data: parse_hex(data.decode("latin-1")),
    "query": lambda data: parse_query(data.decode("latin-1")),
    "capabilities": Capabilities.parse,
    "next ca": lambda data: parse_next_ca_reply(data, parse_ca_reply("", authority().certificate.der)),
    "crl": crl,
}


@pytest.mark.parametrize("name", READERS)
@GARBAGE
@given(data=st.one_of(st.binary(max_size=200), changed(*ALL)))
def test_garbage(name: str, data: bytes) -> None:
    with contextlib.suppress(RemoteError):
        READERS[name](data)


@GARBAGE
@given(data=st.data())
def test_garbage_that_was_a_crl(data: st.DataObject) -> None:
    whole = bytearray(build_crl(issuer=authority().certificate, key=authority().key, this_update=RECORDED, next_update=RECORDED, number=5).der)
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(RemoteError):
        crl(bytes(whole))


LINES = st.sampled_from(
    [
        b"GET / HTTP/1.1\r\n", b"POST /x?operation=PKIOperation HTTP/1.1\r\n", b"GET / HTTP/1.0\n", b"HEAD * HTTP/1.1\r\n",
        b"PRI * HTTP/2.0\r\n", b"Host: a\r\n", b"Content-Length: 5\r\n", b"Content-Length: 6\r\n", b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Expect: 100-continue\r\n",
        b" folded\r\n", b"\r\n", b"\n", b"hello", b"5\r\nhello\r\n", b"0\r\n\r\n", b"ffffffff\r\n", b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.0 404\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 999999 x\r\n",
    ]
)  # fmt: skip
TALK = st.lists(st.one_of(LINES, LINES, st.binary(max_size=30)), max_size=12)


@GARBAGE
@given(pieces=TALK)
def test_garbage_to_the_http_server(pieces: list[bytes]) -> None:
    machine = HttpServer(0.0)
    for now, piece in enumerate([*pieces, b""]):
        machine.receive(piece, float(now))
        for found in machine.events():
            assert isinstance(found, Request)
            machine.send(Response(200, {}, b"x"), float(now))
        machine.output()
        machine.elapse(float(now))
    assert machine.closing


@GARBAGE
@given(pieces=TALK)
def test_garbage_to_the_http_client(pieces: list[bytes]) -> None:
    machine = HttpClient(Request("GET", "/"), "a")
    with contextlib.suppress(RemoteError):
        for piece in [*pieces, b""]:
            machine.receive(piece, 0.0)
            list(machine.events())
        assert machine.closing


@GARBAGE
@given(
    text=st.one_of(st.text(max_size=40), st.lists(st.sampled_from(["cn=", "o=", "c=US", ",", "+", '"', "\\", " ", "x", "1.2.3=", "é"])).map("".join))
)
def test_typed_names(text: str) -> None:
    try:
        name = parse_name(text)
    except NameTextError:
        return
    assert str(name).count("=") >= 1
    assert name.rdns == type(name)(name.der).rdns
