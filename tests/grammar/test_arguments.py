"""What a command was given, and what the functions that the grammar names want of it."""

from __future__ import annotations

import inspect
import random
from typing import TYPE_CHECKING

import pytest

from ioscli.device.binding import resolve, wanted
from ioscli.grammar.arguments import arguments, names
from ioscli.grammar.loader import installed
from tests.grammar.sampling import tokens

if TYPE_CHECKING:
    from ioscli.grammar.line import Line

MODES = sorted(installed().modes)


def given(mode: str, text: str) -> dict[str, str]:
    match = installed().modes[mode].trie.match(text.split(), text)
    assert match is not None
    return arguments(match.end.line, match.text)


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        ("exec", "show clock detail", {"detail": "detail"}),
        ("exec", "copy running-config startup-config", {"whence": "running-config", "whither": "startup-config"}),
        ("exec", "reload in 5 because of this", {"minutes": "5", "reason": "because of this"}),
        ("exec", "verify /md5 flash:x", {"how": "/md5", "file": "flash:x"}),
        ("exec", "crypto pki server CA grant all", {"name": "CA", "which": "all"}),
        ("config", "crypto key generate rsa label A exportable modulus 2048", {"label": "A", "exportable": "exportable", "bits": "2048"}),
        ("ctl-client", "server capf 10.1.1.1 trustpoint T", {"role": "capf", "address": "10.1.1.1", "label": "T"}),
        ("config", "username bob privilege 15 secret 9 $9$x", {"name": "bob", "level": "15", "kind": "9", "password": "$9$x"}),
    ],
)
def test_arguments_by_name(mode: str, text: str, expected: dict[str, str]) -> None:
    found = given(mode, text)
    assert {name: found.get(name) for name in expected} == expected


def test_what_stands_several_times_is_joined() -> None:
    assert given("ephone", "button 1:1 2:2 3:3")["button"] == "1:1 2:2 3:3"


@pytest.mark.parametrize("name", MODES)
def test_every_argument_of_a_line_is_a_part_of_it(name: str) -> None:
    mode = installed().modes[name]
    rng = random.Random(name)
    for command in mode.commands:
        line = mode.trie.line(command)
        if line.accepted:
            continue
        text = " ".join(" ".join(tokens(line.items, rng)).split())
        found = arguments(line, text)
        assert set(found) <= names(line.items), line.source
        for argument, value in found.items():
            assert all(word.strip('"') in text for word in value.split()), f"{line.source}: {argument}={value!r} of {text!r}"


def bound() -> list[tuple[str, Line]]:
    lines = [line for mode in installed().modes.values() for line in mode.lines]
    return [(name, line) for line in lines for name in (line.action, line.asks) if name is not None]


def test_functions_want_what_their_commands_have() -> None:
    have: dict[str, set[str]] = {}
    for name, line in bound():
        have.setdefault(name, {"text", "negated"} if name == line.asks else set()).update(names(line.items))
    wrong = []
    for name, known in have.items():
        function = resolve(name)
        if function is not None:
            wrong += [f"{name} wants {missing!r}" for missing in sorted(wanted(function) - known)]
    assert wrong == []


def test_functions_that_apply_are_told_what_was_touched() -> None:
    applying = {line.applies for mode in installed().modes.values() for line in mode.lines if line.applies is not None}
    for name in sorted(applying):
        function = resolve(name)
        assert function is not None, f"{name} is not there"
        assert len(inspect.signature(function).parameters) == 2, f"{name} takes a device and what was touched"
