"""Routers that run while a test does something else: an event loop in a thread of its own, sockets of 127.0.0.1, an operator who types."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.features.core.boot import start
from ioscli.net import HostNet
from tests.stored_keys import StoredKeys

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from pathlib import Path

    from ioscli.net import Net


class Operator:
    """A terminal whose user has the answers ready, in their order."""

    location = ""

    def __init__(self, answers: tuple[str, ...] = ()) -> None:
        self.answers = list(answers)
        self.out = ""

    def write(self, text: str) -> None:
        self.out += text

    async def line(self, prompt: str, *, echo: bool = True) -> str:  # noqa: ARG002 - as a terminal has it
        self.write(f"{prompt}\n")
        if not self.answers:
            raise Disconnected
        return self.answers.pop(0)

    async def key(self) -> str:
        return (await self.line("") or "\r")[0]

    def wake(self) -> None:
        """Nobody waits."""


class LiveRouter:
    """A router and its operator. Commands are typed from EXEC mode; what they show is returned."""

    def __init__(self, device: Device, port: int = 80) -> None:
        self.device = device
        self.port = port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin/pkiclient.exe"

    async def type(self, *commands: str, answers: tuple[str, ...] = ()) -> str:
        """Types commands. The configuration mode is left at the end."""
        operator = Operator(answers)
        session = Session(self.device, operator)
        session.level, session.length = 15, 0
        for command in commands:
            try:
                await session.execute(command)
            except Disconnected as error:
                raise AssertionError(f"{command}: a question without an answer\n{operator.out}") from error
        return operator.out

    async def configure(self, *commands: str, answers: tuple[str, ...] = ()) -> str:
        return await self.type("configure terminal", *commands, answers=answers)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


async def booted(state: Path, config: str, net: Net, clock: Clock | None = None) -> Device:
    """A router that has started from a configuration, or without one from what it has saved."""
    device = Device(state, clock=clock or Clock(time.time()), net=net, key_source=StoredKeys())
    await start(device, [("test", config)] if config else [])
    return device


class Background:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def do(self, work: Coroutine[Any, Any, Any], patience: float = 60) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(patience)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class LiveAuthority:
    """A certificate server on 127.0.0.1, and an operator for the thread of the test."""

    def __init__(self, router: LiveRouter, background: Background) -> None:
        self.router, self._background = router, background
        self.url = router.url

    def type(self, *commands: str, answers: tuple[str, ...] = ()) -> str:
        shown: str = self._background.do(self.router.type(*commands, answers=answers))
        return shown

    def configure(self, *commands: str, answers: tuple[str, ...] = ()) -> str:
        return self.type("configure terminal", *commands, answers=answers)

    @property
    def log(self) -> str:
        return "\n".join(message.text for message in self.router.device.log.buffer)


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


@contextmanager
def authority(state: Path, *lines: str) -> Iterator[LiveAuthority]:
    """A certificate server `CA` that has been enabled with these lines in its section."""
    background = Background()
    port = free_port()
    net = HostNet(["127.0.0.1"])
    device = background.do(booted(state, CONFIG.format(port=port), net))
    found = LiveAuthority(LiveRouter(device, port), background)
    try:
        shown = found.configure("crypto pki server CA", *lines, "no shutdown", answers=("cisco123", "cisco123"))
        assert "Certificate Server enabled" in shown, shown
        yield found
    finally:

        async def end() -> None:
            device.close()
            await net.close()

        background.do(end())
        background.end()
