"""HTTP, both halves: whatever way the octets are cut, within bounds, and closing when it should."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioscli.wire.errors import LocalError, RemoteError
from ioscli.wire.http import HttpClient, HttpError, HttpServer, Request, Response
from ioscli.wire.http.message import Limits

GET = (
    b"GET /cgi-bin/pkiclient.exe?operation=GetCACert&message=R1CA HTTP/1.0\r\n"
    b"User-Agent: Mozilla/4.0 (compatible; MSIE 5.0; Cisco PKI)\r\nHost: 10.1.1.1\r\n\r\n"
)
POST = b"POST /x?operation=PKIOperation HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: x\r\n\r\n"


def asked(machine: HttpServer, *pieces: bytes, now: float = 1.0) -> list[Request]:
    found = []
    for piece in pieces:
        machine.receive(piece, now)
        for request in machine.events():
            found.append(request)
            machine.send(Response(200, {"Content-Type": "text/plain"}, b"ok"), now)
    return found


def status_of(output: bytes) -> int:
    return int(output.split(b" ")[1])


def test_a_router_asks() -> None:
    machine = HttpServer(0)
    (request,) = asked(machine, GET)
    assert (request.method, request.path, request.version) == ("GET", "/cgi-bin/pkiclient.exe", (1, 0))
    assert machine.output() == (
        b"HTTP/1.1 200 OK\r\nServer: cisco-IOS\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
    )
    assert machine.closing


@pytest.mark.parametrize("text", [POST, CHUNKED])
@given(cuts=st.lists(st.integers(0, 120), max_size=6))
def test_however_it_is_cut(text: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(text)]
    machine = HttpServer(0)
    (request,) = asked(machine, *(part for a, b in pairwise(edges) if (part := text[a:b])))
    assert request.body == b"hello"
    assert not machine.closing


def test_pipelined_requests_are_answered_in_order() -> None:
    machine = HttpServer(0)
    assert [request.method for request in asked(machine, POST + CHUNKED + GET)] == ["POST", "POST", "GET"]
    assert machine.output().count(b"HTTP/1.1 200 OK") == 3
    assert machine.closing


def test_close_is_honoured() -> None:
    machine = HttpServer(0)
    asked(machine, POST.replace(b"Host: a", b"Host: a\r\nConnection: Close"))
    assert machine.closing
    machine = HttpServer(0)
    asked(machine, GET.replace(b"Host", b"Connection: keep-alive\r\nHost"))
    assert not machine.closing


def test_the_peer_may_end_behind_its_request() -> None:
    machine = HttpServer(0)
    machine.receive(POST, 0)
    machine.receive(b"", 0)
    for _ in machine.events():
        machine.send(Response(), 0)
    assert status_of(machine.output()) == 200
    assert machine.closing


def test_continue() -> None:
    machine = HttpServer(0)
    head, _, body = POST.replace(b"Host: a", b"Host: a\r\nExpect: 100-continue").partition(b"\r\n\r\n")
    machine.receive(head + b"\r\n\r\n", 0)
    assert machine.output() == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert asked(machine, body)[0].body == b"hello"


def test_head_has_no_body() -> None:
    machine = HttpServer(0)
    asked(machine, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert machine.output().endswith(b"Content-Length: 2\r\nConnection: keep-alive\r\n\r\n")


SMALL = Limits(line=60, headers=80, header_lines=3, body=10)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET / FTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"GET /" + b"x" * 80, 414),
        (b"GET / HTTP/1.0\r\n" + b"A: " + b"x" * 90, 431),
        (b"GET / HTTP/1.0\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", 431),
        (b"POST / HTTP/1.0\r\nContent-Length: 11\r\n\r\n", 413),
        (b"POST / HTTP/1.0\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n2\r\n", 413),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417),
        (b"GET / HTTP/1.0\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\nA: \x01\r\n\r\n", 400),
        (b"GET /\xe9 HTTP/1.0\r\n\r\n", 400),
    ],
)
def test_refused(text: bytes, status: int) -> None:
    machine = HttpServer(0, limits=SMALL)
    assert asked(machine, text) == []
    output = machine.output()
    assert status_of(output) == status
    assert machine.closing
    assert b"Connection: close" in output
    assert machine.refused is not None
    machine.receive(b"more", 1)
    assert machine.output() == b""


def test_a_slow_peer_is_sent_away() -> None:
    machine = HttpServer(10, patience=30)
    assert machine.deadline() == 40
    machine.receive(GET[:20], 35)
    assert machine.deadline() == 65
    machine.receive(GET[20:30], 64)  # a trickle wins no time
    assert machine.deadline() == 65
    machine.elapse(65)
    assert status_of(machine.output()) == 408
    assert machine.closing


@pytest.mark.parametrize(("now", "closing"), [(64, False), (65, True)])
def test_an_idle_peer_is_left(now: float, closing: bool) -> None:  # noqa: FBT001
    machine = HttpServer(0, patience=30, idle=60)
    asked(machine, POST, now=5)
    machine.output()
    assert machine.deadline() == 65
    machine.elapse(now)
    assert machine.closing is closing
    assert machine.output() == b""


def test_no_deadline_while_we_think() -> None:
    machine = HttpServer(0)
    machine.receive(POST, 1)
    assert [request.method for request in machine.events()] == ["POST"]
    assert machine.deadline() is None


def test_mistakes_of_ours() -> None:
    machine = HttpServer(0)
    with pytest.raises(LocalError):
        machine.send(Response(), 0)
    machine.receive(POST, 0)
    list(machine.events())
    with pytest.raises(LocalError):
        machine.send(Response(200, {"X": "a\r\nSet-Cookie: b"}), 0)
    with pytest.raises(LocalError):
        HttpClient(Request("GET", "/a b"), "x")


# ---- the client


def test_what_a_router_sends() -> None:
    request = Request("GET", "/cgi-bin/pkiclient.exe?operation=GetCACert&message=R1CA")
    assert HttpClient(request, "10.1.1.1").output() == GET
    post = HttpClient(Request("POST", "/x", body=b"hello"), "a").output()
    assert post.startswith(b"POST /x HTTP/1.1\r\n")
    assert post.endswith(b"Content-Length: 5\r\nConnection: close\r\n\r\nhello")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and what belongs to nobody",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
@given(size=st.integers(1, 60))
def test_an_answer(answer: bytes, size: int) -> None:
    machine = HttpClient(Request("GET", "/"), "a")
    for at in range(0, len(answer), size):
        machine.receive(answer[at : at + size], 0)
    machine.receive(b"", 0)
    (response,) = machine.events()
    assert (response.status, response.body) == (200, b"hello")
    assert machine.closing


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 2 x\r\n\r\n"]
)
def test_no_answer(answer: bytes) -> None:
    with pytest.raises(RemoteError):
        told(HttpClient(Request("GET", "/"), "a"), answer)


def told(machine: HttpClient, answer: bytes) -> None:
    for piece in (answer, b""):
        machine.receive(piece, 0)


def test_too_large_an_answer() -> None:
    machine = HttpClient(Request("GET", "/"), "a", limits=SMALL)
    with pytest.raises(HttpError):
        machine.receive(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 11, 0)
