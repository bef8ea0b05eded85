"""What holds for every command of the grammar, tried on random lines of each."""

from __future__ import annotations

import random

import pytest

from ioscli.grammar.ask import explain
from ioscli.grammar.lint import problems
from ioscli.grammar.loader import grammar_root, installed, load
from tests.grammar.sampling import tokens

MODES = sorted(installed().modes)
TRIES = 6


def test_the_grammar_keeps_its_own_rules() -> None:
    assert sorted(set(problems(load(grammar_root())))) == []


@pytest.mark.parametrize("name", MODES)
def test_a_line_of_a_command_is_that_command_and_prints_as_it_was_made(name: str) -> None:
    mode = installed().modes[name]
    rng = random.Random(name)
    for command in mode.commands:
        line = mode.trie.line(command)
        for _ in range(TRIES):
            made = tokens(line.items, rng)
            text = " ".join(made)
            found = mode.trie.match(text.split(), text)
            assert found is not None, f"{line.source}: {text!r} is refused"
            assert found.text.split() == text.split(), f"{line.source}: {text!r} prints as {found.text!r}"
            assert explain(mode, text) is None, f"{line.source}: {text!r}"
            as_it_prints = mode.trie.printed(text)
            assert as_it_prints in (None, (found.end, found.end.key(found.tokens, found.text))), f"{line.source}: {text!r}"
            assert as_it_prints is None or found.text == text, f"{line.source}: {text!r} stands as it prints, and does not"


@pytest.mark.parametrize("name", MODES)
def test_no_takes_every_statement_back(name: str) -> None:
    mode = installed().modes[name]
    rng = random.Random(name)
    for command in mode.commands:
        line = mode.trie.line(command)
        if line.action is not None or line.negative is not None or line.accepted:
            continue
        made = " ".join(tokens(line.items, rng)).split()
        text = " ".join(made)
        found = mode.trie.match_no(made, text)
        assert found is not None, f"{line.source}: no {text}"


@pytest.mark.parametrize("name", MODES)
def test_unique_abbreviations_mean_the_same(name: str) -> None:
    mode = installed().modes[name]
    rng = random.Random(name)
    for command in mode.commands:
        line = mode.trie.line(command)
        first = command.first
        if first is None:
            continue
        made = " ".join(tokens(line.items, rng)).split()
        for length in range(1, len(first)):
            short = [first[:length], *made[1:]]
            found_heads = mode.trie.root.abbreviated(short[0].lower())
            if [node.word.strip() for node in found_heads] != [first]:
                continue
            text = " ".join(short)
            found = mode.trie.match(short, text)
            assert found is not None, f"{line.source}: {text!r}"
            assert found.tokens[0].strip() == first, f"{line.source}: {text!r}"
            break
