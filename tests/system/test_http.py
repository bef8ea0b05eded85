"""The web server: where it listens, whom it serves, when it lets go."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ioscli.features.core.http import HttpServer
from ioscli.net import MemoryNet, exchange
from ioscli.net.memory import Wire
from ioscli.net.tls import client_context, start_tls
from ioscli.wire import http
from tests.pki.live import LiveRouter, booted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import pytest

    from ioscli.device.device import Device
    from ioscli.net.streams import Listener, Stream

CONFIG = """hostname R1
ip domain name lab.lcl
ip http server
interface GigabitEthernet0/0
 ip address 10.1.1.1 255.255.255.0
 no shutdown
access-list 7 permit 10.1.1.0 0.0.0.127
end
"""


async def router(state: Path, wire: Wire) -> Device:
    device = await booted(state, CONFIG, MemoryNet(wire, ["10.1.1.1"]))
    device[HttpServer].pages["/hello"] = lambda request, peer: http.Response(
        200, {"Content-Type": "text/plain"}, f"{request.method} {peer[0]}".encode()
    )
    return device


async def get(wire: Wire, source: str = "10.1.1.9", port: int = 80, path: str = "/hello") -> http.Response | None:
    net = MemoryNet(wire, [source])
    found = await exchange(net, "10.1.1.1", port, http.HttpClient(http.Request("GET", path), "10.1.1.1"), patience=5)
    return found[0] if found else None


def test_pages_ports_and_access(tmp_path: Path) -> None:
    async def run() -> None:
        wire = Wire()
        device = await router(tmp_path, wire)
        found = await get(wire)
        assert found is not None
        assert (found.status, found.body, found.headers["server"], found.headers["connection"]) == (200, b"GET 10.1.1.9", "cisco-IOS", "close")
        missing = await get(wire, path="/level/15/exec/-")
        assert missing is not None
        assert missing.status == 404
        operator = LiveRouter(device)
        await operator.configure("ip http port 8080", "ip http access-class 7")
        assert (await get(wire, port=8080)) is not None
        try:
            refused = await get(wire, "10.1.1.200", 8080)
        except http.HttpError:
            refused = None
        assert refused is None
        shown = await operator.type("show ip http server all")
        assert "HTTP server port: 8080\n" in shown
        assert "HTTP server access class: 7\n" in shown
        assert "Accepted connections total: 3\n" in shown
        assert "10.1.1.1:80  10.1.1.9:" in shown or "0.0.0.0:80  10.1.1.9:" in shown
        await operator.configure("no ip http server")
        assert not device[HttpServer].running
        assert ("tcp", "10.1.1.1", 8080) not in wire.taken
        device.close()

    asyncio.run(run())


def test_a_page_that_fails_is_no_more_than_that(tmp_path: Path) -> None:
    async def run() -> None:
        wire = Wire()
        device = await router(tmp_path, wire)

        def broken(request: http.Request, peer: object) -> http.Response:
            raise KeyError(request.path)

        device[HttpServer].pages["/broken"] = broken
        answer = await get(wire, path="/broken?secret")
        assert answer is not None
        assert (answer.status, answer.body) == (500, b"500 Internal Server Error\n")
        assert (await get(wire)) is not None
        device.close()

    asyncio.run(run())


def test_too_many_connections(tmp_path: Path) -> None:
    async def run() -> None:
        wire = Wire()
        device = await router(tmp_path, wire)
        await LiveRouter(device).configure("ip http max-connections 1")
        net = MemoryNet(wire, ["10.1.1.9"])
        idle = await net.connect("10.1.1.1", 80)
        await asyncio.sleep(0)
        second = await net.connect("10.1.1.1", 80)
        assert await second.read() == b""
        idle.close()
        device.close()

    asyncio.run(run())


def test_the_secure_server(tmp_path: Path) -> None:
    async def run() -> None:
        wire = Wire()
        device = await router(tmp_path, wire)
        shown = await LiveRouter(device).configure("ip http secure-server")
        assert "Failed" not in shown
        stream = await MemoryNet(wire, ["10.1.1.9"]).connect("10.1.1.1", 443)
        tls = await start_tls(stream, client_context([]), name="R1")
        await tls.write(b"GET /hello HTTP/1.1\r\nHost: R1\r\nConnection: close\r\n\r\n")
        answer = b""
        while data := await tls.read():
            answer += data
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"GET 10.1.1.9")
        shown = await LiveRouter(device).type("show ip http server secure status", "show running-config | include TP-self-signed")
        assert "HTTP secure server status: Enabled\n" in shown
        assert "HTTP secure server trustpoint: TP-self-signed-" in shown
        device.close()

    asyncio.run(run())


def test_what_changes_while_a_server_begins_to_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        wire = Wire()
        device = await router(tmp_path, wire)
        listen, wanted = device.net.listen, asyncio.Event()

        async def slow(port: int, accept: Callable[[Stream], Awaitable[None]], *, address: str | None = None) -> Listener:
            await wanted.wait()
            return await listen(port, accept, address=address)

        monkeypatch.setattr(device.net, "listen", slow)
        first = asyncio.create_task(LiveRouter(device).configure("ip http port 8080"))
        await asyncio.sleep(0.01)
        await LiveRouter(device).configure("ip http port 8081")
        wanted.set()
        await first
        assert list(device[HttpServer].services) == [8081]
        assert {port for _, _, port in wire.taken} == {8081}
        wanted.clear()
        second = asyncio.create_task(LiveRouter(device).configure("ip http port 8082"))
        await asyncio.sleep(0.01)
        device.close()
        wanted.set()
        await second
        assert wire.taken == {}

    asyncio.run(run())


def test_a_trustpoint_without_a_certificate(tmp_path: Path) -> None:
    async def run() -> None:
        device = await router(tmp_path, Wire())
        shown = await LiveRouter(device).configure(
            "crypto pki trustpoint TP", "ip http secure-trustpoint TP", "ip http secure-server", "do show logging"
        )
        assert "%HTTP-3-SERVER_LISTEN: HTTP server cannot listen on port 443: trustpoint TP has no certificate with a key\n" in shown
        device.close()

    asyncio.run(run())
