"""A session under whatever is typed: all at once or key by key, dialogues in the middle of a paste, and things no keyboard has."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.device.turn import run
from ioscli.features.core.boot import start
from ioscli.shell.vty import Expired, Vty, converse

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIG = "hostname R1\nno ip domain lookup\nno logging console\nend\n"


class Hand:
    """Somebody who types pieces of text, one whenever he is waited for, and then goes."""

    def __init__(self, pieces: Iterable[str], device: Device | None = None) -> None:
        self.pieces = iter(pieces)
        self.shown = ""
        self.device = device or Device(None, clock=Clock(0, lambda: 0.0), entropy=random.Random(1).randbytes)
        self.vty = Vty(self._write, self._more)
        self.waits: list[float | None] = []

    def _write(self, text: str) -> None:
        self.shown += text

    async def _more(self, seconds: float | None) -> bool:
        self.waits.append(seconds)
        piece = next(self.pieces, None)
        if piece is None:
            raise Disconnected
        self.vty.feed(piece)
        return bool(piece)

    async def _sit(self) -> Session:
        await start(self.device, [("test", CONFIG)])
        session = Session(self.device, self.vty)
        session.level, session.length = 15, 0
        with suppress(Disconnected), self.vty.of(session):
            await converse(session, self.vty)
        return session

    def sit(self) -> Session:
        """The whole session."""
        return run(self._sit())


def typed(*pieces: str) -> str:
    """What is shown for these pieces."""
    hand = Hand(pieces)
    hand.sit()
    return hand.shown


PASTE = (
    "configure terminal\r"
    "interface GigabitEthernet0/0\r description an uplink to nowhere in particular, told at such a length that it is scrolled\r"
    "banner motd #\rhello\r#\r"
    "username bob secret cisco\rno username bob\ry\r"
    "hostname R2\rfoo\rdo show privilege\rend\r"
    "show users\rcl?ock\rshow priv\t\r"
)


def test_a_paste_looks_like_typing() -> None:
    assert typed(PASTE) == typed(*PASTE)


def test_a_dialogue_takes_the_next_pasted_line() -> None:
    shown = typed("configure terminal\rusername bob secret cisco\rno username bob\rhostname R2\rhostname R3\r")
    assert "[confirm]h\nR1(config)#ostname R2\n" in shown
    assert shown.endswith("R3(config)#")


def test_do_do_do() -> None:
    shown = typed("configure terminal\r" + "do " * 5000 + "show privilege\r")
    assert shown.endswith("Current privilege level is 15\nR1(config)#")


def test_a_line_of_a_million_characters() -> None:
    shown = typed("x" * 1_000_000 + "\rshow privilege\r")
    assert shown.endswith("Current privilege level is 15\nR1#")


@pytest.mark.parametrize("asking", ["configure", "reload", "copy running-config flash:x", "erase startup-config", "clear logging", "send *"])
@pytest.mark.parametrize("key", ["\x03", "\x1a", "\x1e\x03"], ids=["^C", "^Z", "^^ ^C"])
def test_a_dialogue_is_left(asking: str, key: str) -> None:
    shown = typed(f"{asking}\r", key, "\x03", "\x15show privilege\r")
    assert shown.endswith("Current privilege level is 15\nR1#")


def test_nobody_types() -> None:
    hand = Hand(["show privilege\r", ""])
    with pytest.raises(Expired):
        run(_left_alone(hand))
    assert hand.waits == [600, 600]


async def _left_alone(hand: Hand) -> None:
    await start(hand.device, [("test", CONFIG)])
    session = Session(hand.device, hand.vty)
    with hand.vty.of(session):
        await converse(session, hand.vty)


def test_two_routers_in_one_process_share_nothing() -> None:
    first, second = Hand(["configure terminal\rhostname A\rend\r"]), Hand(["show running-config | include hostname\r"])
    first.sit()
    second.sit()
    assert first.device.hostname == "A"
    assert "hostname R1" in second.shown


WORDS = st.sampled_from(
    [
        "show ",
        "configure terminal\r",
        "interface GigabitEthernet0/0\r",
        "do ",
        "no ",
        "exit\r",
        "end\r",
        "| include x",
        "banner motd #",
        "ip address ",
    ]
)
KEYS = st.sampled_from([*map(chr, range(256)), "\x1b[A", "\x1bOB", "\x1b[200~", "\x1b[201~", "\x1b[", "\r", "\r", "?", "\t", "\U0001f600", "\ud800"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(WORDS | KEYS | st.text(min_size=1, max_size=5), max_size=40))
def test_whatever_is_typed_ends_at_a_prompt(pieces: list[str]) -> None:
    # ^C leaves what was asked, a line that looks like a delimiter what was not.
    hand = Hand([*pieces, "\x1b\x1b\x03", "q\x03", "\r#\r\x03", "\x03", "\x15\rshow privilege\r"])
    hand.sit()
    assert [message.text for message in hand.device.log.buffer if "INTERNAL" in message.text] == []
    assert "Current privilege level" in hand.shown or "exit" in "".join(pieces)
