"""A router for tests that look at one command's output at a time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.device.turn import run
from tests.transcript import START

if TYPE_CHECKING:
    from pathlib import Path


class Hands:
    """A counter of seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Paper:
    """A terminal that keeps what is printed. Whoever asks gets the answers in turn."""

    location = ""

    def __init__(self) -> None:
        self.text = ""
        self.answers: list[str] = []

    def write(self, text: str) -> None:
        self.text += text

    async def line(self, prompt: str, *, echo: bool = True) -> str:  # noqa: ARG002 - as a terminal's
        self.write(prompt)
        if not self.answers:
            raise Disconnected
        return self.answers.pop(0)

    async def key(self) -> str:
        return (await self.line("")) or "\r"

    def wake(self) -> None:
        return


class Router:
    """A device that has started from a configuration, and a privileged session on it."""

    def __init__(self, state: Path, configuration: str, *, set_clock: bool = True) -> None:
        self.hands = Hands()
        clock = Clock(START, self.hands) if set_clock else Clock(None, self.hands, truth=lambda: START + self.hands.seconds)
        self.device = Device(state, clock=clock, entropy=random.Random(1).randbytes)
        run(self.device.boot(configuration))
        self.paper = Paper()
        self.session = Session(self.device, self.paper)
        self.session.level, self.session.length = 15, 0
        self.device.sessions.append(self.session)

    def type(self, *lines: str, answers: tuple[str, ...] = ()) -> str:
        """What lines print."""
        self.paper.text = ""
        self.paper.answers = list(answers)
        for line in lines:
            run(self.session.execute(line))
        return self.paper.text
