"""The notation to a tree, and what it refuses."""

from __future__ import annotations

import pytest

from ioscli.grammar.notation import Arg, Choice, NotationError, Optional, Repeat, Word, parse_notation
from ioscli.grammar.types import type_named


def test_words_arguments_choices_options_and_repeats() -> None:
    items = parse_notation("server {capf | cme}:role <address:ipv4> [port <port:1-9>] <label> ...")
    assert items == (
        Word("server"),
        Choice(((Word("capf"),), (Word("cme"),)), "role"),
        Arg("address", type_named("ipv4")),
        Optional((Word("port"), Arg("port", type_named("1-9")))),
        Repeat(Arg("label", type_named("word"))),
    )


def test_blanks_printed_around_a_keyword() -> None:
    assert [item.printed for item in parse_notation("ephone-dn~ ~dual-line") if isinstance(item, Word)] == ["ephone-dn ", " dual-line"]


def test_three_dots_after_a_keyword_are_the_rest_of_the_line() -> None:
    assert parse_notation("ip nat ...")[-1] == Optional((Arg("rest", type_named("line")),))


@pytest.mark.parametrize("text", ["", "{a | b", "a]", "{a | }", "<n:1-", "<Name>", "<n:nonsense>", "<n:9-1>", "a > b"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(NotationError):
        parse_notation(text)
