"""The line editor writes what routers write, for a terminal that knows a backspace and nothing else (reference A4)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioscli.shell.keys import Keys
from ioscli.shell.lineedit import Event, LineEditor
from tests.transcript import Screen


class Typed:
    """An editor behind `R1#`, and what it wrote."""

    def __init__(self, width: int = 80, prompt: str = "R1#", *, editing: bool = True) -> None:
        self.out: list[str] = []
        self.history = ["show clock", "show version"]
        self.editor = LineEditor(prompt, self.out.append, width=width, commands=True, history=self.history, editing=editing)
        self.out.clear()
        self.keys = Keys()
        self.events: list[Event] = []

    def __call__(self, text: str) -> str:
        """What is written for these characters."""
        self.out.clear()
        self.keys.feed(text)
        while True:
            run = self.keys.run()
            if run:
                self.editor.insert(run)
            key = self.keys.next()
            if key is None:
                return "".join(self.out)
            event = self.editor.press(key)
            if event is not None:
                self.events.append(event)


@pytest.mark.parametrize(
    ("typed", "key", "written", "line", "at"),
    [
        ("abc", "d", "d", "abcd", 4),
        ("abc", "\x7f", "\b \b", "ab", 2),
        ("abc", "\x08", "\b \b", "ab", 2),
        ("abc", "\x01", "\b\b\b", "abc", 0),
        ("abc\x01", "\x05", "abc", "abc", 3),
        ("abc\x01", "x", "xabc\b\b\b", "xabc", 1),
        ("abc\x02", "\x7f", "\bc \b\b", "ac", 1),
        ("abc\x01", "\x04", "bc \b\b\b", "bc", 0),
        ("abc", "\x04", "", "abc", 3),
        ("abc", "\x1b[D", "\b", "abc", 2),
        ("abc", "\x1bOD", "\b", "abc", 2),
        ("abc\x01", "\x06", "a", "abc", 1),
        ("abc\x01", "\x1b[C", "a", "abc", 1),
        ("show version", "\x17", "\b" * 7 + " " * 7 + "\b" * 7, "show ", 5),
        ("show ver", "\x15", "\b" * 8 + " " * 8 + "\b" * 8, "", 0),
        ("show ver", "\x18", "\b" * 8 + " " * 8 + "\b" * 8, "", 0),
        ("show ver\x1bb", "\x0b", "   \b\b\b", "show ", 5),
        ("show ver\x01", "\x1bd", " ver    " + "\b" * 8, " ver", 0),
        ("show ver\x01", "\x1bf", "show", "show ver", 4),
        ("show ver", "\x1bb", "\b\b\b", "show ver", 5),
        ("shwo", "\x14", "\b\bow", "show", 4),
        ("show ver\x01", "\x1bu", "SHOW ver\b\b\b\b", "SHOW ver", 4),
        ("SHOW ver\x01", "\x1bl", "show ver\b\b\b\b", "show ver", 4),
        ("show ver\x01", "\x1bc", "Show ver\b\b\b\b", "Show ver", 4),
        ("abc\x15", "\x19", "abc", "abc", 3),
        ("one\x15two\x15\x19", "\x1by", "\b\b\bone", "one", 3),
        ("abc", "\x10", "\b\b\bshow version", "show version", 12),
        ("abc\x10", "\x0e", "\b" * 12 + "abc" + " " * 9 + "\b" * 9, "abc", 3),
        ("abc", "\x0e", "\a", "abc", 3),
        ("\x10\x10", "\x10", "\a", "show clock", 10),
        ("abc", "\x12", "\nR1#abc", "abc", 3),
        ("abc\x02", "\x0c", "\nR1#abc\b", "abc", 2),
        ("a\x16", "?", "?", "a?", 2),
        ("a\x1bq", "?", "?", "a?", 2),
        ("abc", "\x00\x1b[99~\x1d", "", "abc", 3),
        ("", "\x1b[200~abc\x1b[201~", "abc", "abc", 3),
    ],
)
def test_keys_write_what_a_router_writes(typed: str, key: str, written: str, line: str, at: int) -> None:
    typing = Typed()
    typing(typed)
    assert typing(key) == written
    assert (typing.editor.text, typing.editor.at) == (line, at)


def test_without_editing_only_rubbing_out_works() -> None:
    typing = Typed(editing=False)
    assert typing("abc\x01\x10x\x7f") == "abcx\b \b"
    assert typing.editor.text == "abc"


def test_every_end_of_a_line_is_one_return() -> None:
    typing = Typed()
    typing("a\rb\nc\r\nd\r\n\n")
    assert typing.events == [Event.ENTER] * 5


def test_events() -> None:
    typing = Typed()
    typing("?\t\x03\x1a")
    assert typing.events == [Event.HELP, Event.COMPLETE, Event.INTERRUPT, Event.LEAVE]


def test_a_long_line_is_scrolled_by_ten_and_marked() -> None:
    typing = Typed(prompt="R15(config)#")
    screen = Screen()
    screen.write("R15(config)#" + typing("crypto key generate rsa general-keys label CA exportable modulus 4096"))
    # The capture of the reference.
    assert [row.rstrip() for row in screen.rows] == ["R15(config)#$generate rsa general-keys label CA exportable modulus 4096"]
    screen.write(typing("\x01"))
    assert screen.rows == ["R15(config)#crypto key generate rsa general-keys label CA exportable modulus 4$"]


@pytest.mark.parametrize("width", [0, 511, 512])
def test_wide_terminals_never_see_a_dollar_or_a_backspace(width: int) -> None:
    assert typing_of("x" * 1000, width) == "x" * 1000


def typing_of(text: str, width: int) -> str:
    return Typed(width)(text)


def test_what_is_written_does_not_depend_on_how_the_characters_come() -> None:
    text = "x" * 300
    one = Typed()
    assert "".join(one(char) for char in text) == typing_of(text, 80)


def test_a_line_of_a_million_characters() -> None:
    typing = Typed()
    typing("x" * 1_000_000)
    assert len(typing.editor.text) == 1_000_000


KEYS = st.sampled_from(
    [*"ab 01", *map(chr, range(1, 27)), "\x1b", "\x7f", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", *(f"\x1b{char}" for char in "bfdcluqy")]
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(KEYS | st.text(max_size=3), max_size=60), st.sampled_from([0, 20, 30, 80]))
def test_the_screen_shows_the_line_whatever_is_typed(pressed: list[str], width: int) -> None:
    typing = Typed(width)
    screen = Screen()
    screen.write("R1#")
    for key in pressed:
        screen.write(typing(key))
        editor = typing.editor
        assert 0 <= editor.at <= len(editor.text)
        shown = screen.rows[-1].rstrip(" ")
        assert shown == ("R1#" + editor._shown()).rstrip(" ")
        assert screen.column == 3 + editor.at - editor._start
