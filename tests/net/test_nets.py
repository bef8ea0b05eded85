"""The three nets do the same; the registry lets processes find each other; services hold their bounds."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ioscli.net import BindError, ConnectError, HostNet, LoopbackNet, MemoryNet, NetError, exchange, serve, serve_datagrams
from ioscli.net.memory import Wire
from ioscli.net.registry import Registry, TakenError, socket_key
from tests.net.machines import Asker, Echo, EchoDatagrams, EchoRefusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ioscli.net import Connection, Net, Stream

KINDS = ["memory", "loopback", "host"]


class Pair:
    """Two routers of one kind of net: addresses and a free port."""

    def __init__(self, kind: str, folder: Path) -> None:
        wire = Wire()
        if kind == "host":
            self.first: Net = HostNet(["127.0.0.1"])
            self.second: Net = HostNet(["127.0.0.1"])
        elif kind == "loopback":
            self.first = LoopbackNet(folder / "r1", ["10.1.1.1", "10.1.2.1"], folder=folder / "map", router="R1")
            self.second = LoopbackNet(folder / "r2", ["10.1.1.2"], folder=folder / "map", router="R2")
        else:
            self.first, self.second = MemoryNet(wire, ["10.1.1.1", "10.1.2.1"]), MemoryNet(wire, ["10.1.1.2"])
        self.port = 0 if kind == "host" else 80

    @property
    def address(self) -> str:
        return self.first.addresses[0]


@asynccontextmanager
async def pair(kind: str, folder: Path) -> AsyncIterator[Pair]:
    made = Pair(kind, folder)
    try:
        yield made
    finally:
        await made.first.close()
        await made.second.close()


def run(kind: str, folder: Path, story: Callable[[Pair], object]) -> None:
    async def told() -> None:
        async with asyncio.timeout(20), pair(kind, folder) as made:
            await story(made)  # type: ignore[misc]

    asyncio.run(told(), debug=True)


def shout(connection: Connection[Echo], line: str) -> None:
    connection.send(line.upper())


@pytest.mark.parametrize("kind", KINDS)
def test_a_service_and_its_clients(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        peers = []

        async def answer(connection: Connection[Echo], line: str) -> None:
            peers.append(connection.peer[0])
            assert connection.local == (net.address, port)
            await asyncio.sleep(0)
            connection.send(line.upper())

        service = await serve(net.first, net.port, Echo, answer)
        assert service.listener is not None
        port = service.listener.local[1]
        answers = await asyncio.gather(*(exchange(net.second, net.address, port, Asker(f"hello {n}")) for n in range(20)))
        assert answers == [[f"HELLO {n}"] for n in range(20)]
        assert set(peers) == {net.second.addresses[0]}
        await settled(lambda: not service.connections)
        service.close()
        with pytest.raises(ConnectError):
            await exchange(net.second, net.address, port, Asker("hello"), patience=2)

    run(kind, tmp_path, story)


@pytest.mark.parametrize("kind", KINDS)
def test_large_answers_and_ends(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        service = await serve(net.first, net.port, Echo, lambda connection, line: connection.send(line * 300_000))
        assert service.listener is not None
        (answer,) = await exchange(net.second, net.address, service.listener.local[1], Asker("abcdefghij"))
        assert len(answer) == 3_000_000

    run(kind, tmp_path, story)


@pytest.mark.parametrize("kind", KINDS)
def test_bounds(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        service = await serve(net.first, net.port, Echo, shout, limit=2, refusals=(EchoRefusal,))
        assert service.listener is not None
        port = service.listener.local[1]
        idle: list[Stream] = [await net.second.connect(net.address, port) for _ in range(2)]
        await settled(lambda: len(service.connections) == 2)
        third = await net.second.connect(net.address, port)
        assert await third.read() == b""
        assert service.turned_away == 1
        # The machine's deadline ends the idle ones.
        assert await idle[0].read() == b"too slow\n"
        assert await idle[0].read() == b""
        for stream in (*idle, third):
            stream.close()
        await settled(lambda: not service.connections)
        bad = await net.second.connect(net.address, port)
        await bad.write(b"bad\n")
        assert await bad.read() == b"no\n"
        assert await bad.read() == b""
        bad.close()

    run(kind, tmp_path, story)


async def settled(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for is on the other side of a socket
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_an_access_list(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        service = await serve(net.first, net.port, Echo, shout, allows=lambda peer: peer[0] == "10.9.9.9")
        assert service.listener is not None
        stream = await net.second.connect(net.address, service.listener.local[1])
        assert await stream.read() == b""
        stream.close()

    run(kind, tmp_path, story)


@pytest.mark.parametrize("kind", KINDS)
def test_a_handler_that_fails_ends_only_its_connection(tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    async def story(net: Pair) -> None:
        def fail(connection: Connection[Echo], line: str) -> None:
            if line == "fail":
                raise ZeroDivisionError
            shout(connection, line)

        service = await serve(net.first, net.port, Echo, fail)
        assert service.listener is not None
        port = service.listener.local[1]
        assert await exchange(net.second, net.address, port, Asker("fail")) == []
        assert await exchange(net.second, net.address, port, Asker("hello")) == ["HELLO"]

    run(kind, tmp_path, story)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_port_in_use(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        service = await serve(net.first, net.port, Echo, shout, address=net.address)
        assert service.listener is not None
        port = service.listener.local[1]
        with pytest.raises(BindError) as error:
            await serve(net.first, port, Echo, shout, address=net.address)
        assert str(error.value).startswith(f"cannot listen on tcp {net.address}:{port}: ")
        assert (error.value.address, error.value.port) == (net.address, port)
        assert error.value.reason

    run(kind, tmp_path, story)


@pytest.mark.parametrize("kind", KINDS)
def test_datagrams(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        socket = await net.first.datagrams(0 if kind == "host" else 69, address=net.address if kind == "host" else None)
        heard: list[str] = []
        serving = asyncio.ensure_future(serve_datagrams(socket, EchoDatagrams(), heard.append, (EchoRefusal,)))
        client = await net.second.datagrams(address=net.address if kind == "host" else None)
        client.send(b"bad", (net.address, socket.local[1]))
        client.send(b"hello", (net.address, socket.local[1]))
        assert await client.receive() == (b"HELLO", (net.address, socket.local[1]))
        assert heard == ["hello"]
        client.send(b"lost", ("10.9.9.9", 69))
        client.close()
        with pytest.raises(NetError):
            await client.receive()
        socket.close()
        with pytest.raises(NetError):
            await serving

    run(kind, tmp_path, story)


@pytest.mark.parametrize("kind", ["memory", "loopback"])
def test_all_addresses_also_new_ones(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        await serve(net.first, 80, Echo, shout)
        assert await exchange(net.second, "10.1.2.1", 80, Asker("x")) == ["X"]
        net.first.readdress(["10.1.1.1", "10.7.7.7"])
        assert await exchange(net.second, "10.7.7.7", 80, Asker("x")) == ["X"]
        with pytest.raises(ConnectError):
            await exchange(net.second, "10.1.2.1", 80, Asker("x"))

    run(kind, tmp_path, story)


@pytest.mark.parametrize("kind", KINDS)
def test_closing_ends_what_is_served(tmp_path: Path, kind: str) -> None:
    async def story(net: Pair) -> None:
        service = await serve(net.first, net.port, Echo, shout)
        assert service.listener is not None
        stream = await net.second.connect(net.address, service.listener.local[1])
        await settled(lambda: bool(service.connections))
        await net.first.close()
        assert await stream.read() == b""
        assert not service.connections
        stream.close()

    run(kind, tmp_path, story)


# ---- loopback


def test_the_map_for_people(tmp_path: Path) -> None:
    async def story() -> None:
        net = LoopbackNet(tmp_path, ["10.1.1.1"])
        await serve(net, 80, Echo, shout)
        await net.datagrams(69)
        entries = json.loads((tmp_path / "net.json").read_text())
        assert list(entries) == ["tcp 10.1.1.1:80", "udp 10.1.1.1:69"]
        assert all(where.split(":")[0] == net.real and where.split(":")[1] in {"80", "69", "8080", "8069"} for where in entries.values())
        await net.close()
        assert json.loads((tmp_path / "net.json").read_text()) == {}
        assert json.loads((tmp_path / "map.json").read_text()) == {"hosts": {}, "sockets": {}}

    asyncio.run(story(), debug=True)


def test_two_labs_on_one_host(tmp_path: Path) -> None:
    async def story() -> None:
        nets = [LoopbackNet(tmp_path / name, ["10.1.1.1"]) for name in ("a", "b")]
        for net in nets:
            await serve(net, 4711, Echo, shout)
        assert len({net.real for net in nets}) == 2
        for net in nets:
            assert await exchange(net, "10.1.1.1", 4711, Asker("x")) == ["X"]
            await net.close()

    asyncio.run(story(), debug=True)


def test_two_routers_of_one_address(tmp_path: Path) -> None:
    async def story() -> None:
        nets = [LoopbackNet(tmp_path / name, ["10.1.1.1"], folder=tmp_path, router=name) for name in ("R1", "R2")]
        await serve(nets[0], 80, Echo, shout)
        with pytest.raises(BindError, match="belongs to router R1"):
            await serve(nets[1], 80, Echo, shout)
        for net in nets:
            await net.close()

    asyncio.run(story(), debug=True)


ROUTER = """
import asyncio, sys
from pathlib import Path
from ioscli.net import LoopbackNet, serve
from tests.net.machines import Echo

async def main():
    net = LoopbackNet(Path(sys.argv[1]) / "r9", ["10.9.9.9"], folder=Path(sys.argv[1]), router="R9")
    await serve(net, 80, Echo, lambda connection, line: connection.send(line.upper()))
    print("ready", flush=True)
    await asyncio.sleep(30)

asyncio.run(main())
"""


def test_two_processes_find_each_other_until_one_dies(tmp_path: Path) -> None:
    async def story() -> None:
        net = LoopbackNet(tmp_path / "r1", ["10.1.1.1"], folder=tmp_path, router="R1")
        assert await exchange(net, "10.9.9.9", 80, Asker("hello")) == ["HELLO"]
        process.kill()
        process.wait()
        # Its entries are still in the file, and count no more.
        assert "tcp 10.9.9.9:80" in (tmp_path / "map.json").read_text()
        with pytest.raises(ConnectError, match="No route to host"):
            await exchange(net, "10.9.9.9", 80, Asker("hello"))
        await serve(net, 80, Echo, shout)
        assert "10.9.9.9" not in (tmp_path / "map.json").read_text()
        await net.close()

    with subprocess.Popen([sys.executable, "-c", ROUTER, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path.cwd()) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            asyncio.run(story(), debug=True)
        finally:
            process.kill()


def test_the_registry(tmp_path: Path) -> None:
    first, second = Registry(tmp_path, "R1"), Registry(tmp_path, "R2")
    key = socket_key("tcp", ("10.1.1.1", 80))
    first.claim([key], ("127.10.1.1", 8080))
    assert second.find("tcp", ("10.1.1.1", 80)) == ("127.10.1.1", 8080)
    assert second.name_of("tcp", ("127.10.1.1", 8080)) == ("10.1.1.1", 80)
    with pytest.raises(TakenError):
        second.claim([key], ("127.0.0.1", 1))
    second.release([key])  # not its own
    assert second.find("tcp", ("10.1.1.1", 80)) is not None
    first.leave()
    assert second.find("tcp", ("10.1.1.1", 80)) is None
    for broken in ("", "[]", "{", '{"sockets": {"x": 1}}', '{"sockets": 5}'):
        (tmp_path / "map.json").write_text(broken)
        assert second.find("tcp", ("10.1.1.1", 80)) is None
    second.claim([key], ("127.0.0.1", 1))
    assert first.find("tcp", ("10.1.1.1", 80)) == ("127.0.0.1", 1)


@pytest.mark.parametrize("kind", ["memory", "loopback"])
def test_who_is_there(tmp_path: Path, kind: str) -> None:
    async def story() -> None:
        nets = Pair(kind, tmp_path)
        for net in (nets.first, nets.second):
            net.join()
        assert [nets.second.knows(address) for address in ("10.1.1.1", "10.1.2.1", "10.1.1.2", "10.1.1.3")] == [True, True, True, False]
        nets.first.readdress(["10.1.2.1"])
        assert [nets.second.knows(address) for address in ("10.1.1.1", "10.1.2.1")] == [False, True]
        await nets.first.close()
        assert not nets.second.knows("10.1.2.1")
        await nets.second.close()

    asyncio.run(story())
