r"""Transcripts of several routers on one wire (tests/transcript.py has those of one).

`# routers CA R1` among the first lines names them; their files are `-- CA:nvram:startup-config --`. The user goes from console to
console: a row that begins with the prompt of another router is typed there, and so are those behind it. What a router printed
meanwhile stands behind the prompt that its user left.

All have one time. A Return takes a second; whatever the routers do to each other is done before the next key. `«60 s»` is a Return
after so many seconds. A user who finds a message of the log behind his prompt presses Return before he goes to another console.
"""

from __future__ import annotations

import asyncio
import random
import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.features.core.boot import start
from ioscli.features.core.line import settle
from ioscli.net.memory import MemoryNet, Wire
from ioscli.shell.vty import Ended, converse
from tests.stored_keys import StoredKeys
from tests.transcript import START, Typist

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ROUTERS = re.compile(r"^# routers (.+)$", re.MULTILINE)
_WAIT = re.compile(r"(\d+) s")
_SOON = 0.05  # seconds: what an engine waits for on purpose, to do several things at once
_TURNS = 100_000  # of the event loop, after which routers have still something to say to each other: something is wrong


def routers_of(provenance: str) -> list[str]:
    """The names of `# routers`, none for a transcript of one router."""
    found = _ROUTERS.search(provenance)
    return found[1].split() if found else []


class _AtOnce(ThreadPoolExecutor):
    """Does what belongs into a thread at once, so that its end does not depend on the machine."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **named))
        except BaseException as error:  # noqa: BLE001 - handed on to who waits
            done.set_exception(error)
        return done


def begin_at_once() -> None:
    """From now on the event loop that runs has no threads."""
    asyncio.get_running_loop().set_default_executor(_AtOnce())


async def rest() -> None:
    """Lets routers do what they have begun: until the event loop has nothing to do, and nothing to do soon."""
    loop: Any = asyncio.get_running_loop()
    for _ in range(_TURNS):
        await asyncio.sleep(0)
        soon = any(not each.cancelled() and each.when() < loop.time() + _SOON for each in loop._scheduled)
        if not loop._ready and not soon:
            return
        if not loop._ready:
            await asyncio.sleep(0.001)
    raise AssertionError("the routers do not come to rest")


class Console(Typist):
    """The user at one of the consoles: types while it is his turn."""

    def __init__(self, lab: Lab) -> None:
        super().__init__("")
        self.lab = lab
        self.turn = asyncio.Event()
        self.shown = 0  # rows of the screen that are in the transcript

    def take(self, rows: list[str]) -> None:
        """The next rows are to be typed here."""
        self._rows += rows
        self.turn.set()

    def _pressed(self, name: str) -> str:
        waited = _WAIT.fullmatch(name)
        if waited is None:
            return super()._pressed(name)
        self.lab.seconds += int(waited[1])
        return "\r"

    async def _more(self, seconds: float | None) -> bool:
        while True:
            await self.turn.wait()
            await rest()
            try:
                key = self._key()
            except Disconnected:
                self.turn.clear()
                await self.lab.next(self)
                continue
            break
        self.lab.seconds += key.endswith("\r")
        for device in self.lab.devices.values():
            device.timers.run()
        self.vty.feed(key)
        _ = seconds
        return True


class Lab:
    """Routers, their consoles, and the user who goes between them."""

    def __init__(self, names: list[str], transcript: str, files: dict[str, str], state: Path) -> None:
        self.seconds = 0.0
        self.shown: list[str] = []
        self.over = asyncio.Event()
        wire, keys = Wire(), StoredKeys()  # one for all, so that no two have the same key
        self.devices: dict[str, Device] = {}
        for number, name in enumerate(names):
            clock = Clock(START, lambda: self.seconds)
            chance = random.Random(number + 1).randbytes
            self.devices[name] = Device(state / name, clock=clock, entropy=chance, key_source=keys, net=MemoryNet(wire))
        for url, text in files.items():
            name, _, rest = url.partition(":")
            self.devices[name].files.write(rest, text.encode())
        self.consoles = {name: Console(self) for name in names}
        self._segments = list(_segments(names, transcript))

    async def play(self) -> str:
        begin_at_once()
        for device in self.devices.values():
            await start(device)
        tasks = [asyncio.ensure_future(self._sit(name)) for name in self.consoles]
        await self.next(None)
        over = asyncio.ensure_future(self.over.wait())
        await asyncio.wait([over, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in (over, *tasks):
            task.cancel()
        await asyncio.gather(over, *tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        for device in self.devices.values():
            device.close()
        return "".join(f"{row}\n" for row in self.shown)

    async def next(self, console: Console | None) -> None:
        """The user has nothing more to type at a console: what it shows is noted, and he goes to the next one."""
        if console is not None:
            rows = console.screen.rows[:-1]
            self.shown += rows[console.shown :]
            console.shown = len(rows)
        if not self._segments:
            self.over.set()
            return
        name, rows = self._segments.pop(0)
        self.consoles[name].take(rows)

    async def _sit(self, name: str) -> None:
        """The console of a router, also after a reload."""
        typist, device = self.consoles[name], self.devices[name]
        while True:
            session = Session(device, typist.vty, "console")
            settle(session)
            session.level = 15
            with typist.vty.of(session), suppress(Ended):
                await converse(session, typist.vty)
            if not device.reloading:
                return
            device = self.devices[name] = device.successor()
            typist.screen.write("".join(f"{row}\n" for row in await start(device)))


def _segments(names: list[str], transcript: str) -> list[tuple[str, list[str]]]:
    """The rows of a transcript by the console that they belong to."""
    prompt = re.compile(rf"({'|'.join(map(re.escape, names))})[>#(]")
    found: list[tuple[str, list[str]]] = []
    for row in transcript.split("\n")[:-1]:
        match = prompt.match(row)
        if match and (not found or found[-1][0] != match[1]):
            found.append((match[1], []))
        assert found, "a transcript begins with a prompt"
        found[-1][1].append(row)
    return found


def play(names: list[str], transcript: str, files: dict[str, str], state: Path) -> str:
    """What the consoles show when a transcript's user types."""

    async def begin() -> str:
        return await Lab(names, transcript, files, state).play()

    return asyncio.run(begin())
