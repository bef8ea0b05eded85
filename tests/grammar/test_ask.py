"""The caret, the two other refusals, `?` and Tab.

The caret columns are device captures (IOS 15.x; see the table in the test) unless a test says own reading.
"""

from __future__ import annotations

import pytest

from ioscli.grammar.ask import HIGHEST, Row, complete, explain, rows, words
from ioscli.grammar.loader import installed
from ioscli.grammar.refusal import Fault, Refusal

GRAMMAR = installed()


@pytest.mark.parametrize(
    ("mode", "prompt", "line", "column"),
    [
        ("exec", "cisco1>", "show foooooooo", 14),  # an 881, IOS 15
        ("interface", "R2(config-if)#", "ip ospf area 1", 23),  # a 1841, 15.1
        ("interface", "R1(config-if)#", "ip address 10.2.2.1 255.355.255.252", 40),
        ("config", "R1(config)#", "logging 0255.255.1", 19),
    ],
)
def test_the_caret_stands_under_the_first_character_that_cannot_be(mode: str, prompt: str, line: str, column: int) -> None:
    level = 1 if prompt.endswith(">") else HIGHEST
    refusal = explain(GRAMMAR.modes[mode], line, level)
    assert refusal is not None
    assert refusal.fault is Fault.INVALID
    assert len(prompt) + refusal.column == column


def test_a_privileged_command_is_an_unknown_word_to_a_user() -> None:
    # A CSR1000v: `configure terminal` at `>` puts the caret under the f, as `con` still begins `connect`.
    refusal = explain(GRAMMAR.modes["exec"], "configure terminal", 1)
    assert refusal is not None
    assert refusal.column == len("con")
    assert explain(GRAMMAR.modes["exec"], "configure terminal", HIGHEST) is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [("logging buffere", None), ("a", Fault.AMBIGUOUS), ("hostname", Fault.INCOMPLETE), ("hostname R1 R2", Fault.INVALID), ("no hostname", None)],
)
def test_the_three_refusals(line: str, fault: Fault | None) -> None:
    # Own reading of the rules in the captures above.
    refusal = explain(GRAMMAR.modes["config"], line)
    assert (refusal.fault if refusal else None) is fault


def test_an_ambiguous_line_is_quoted_whole_with_two_blanks_before_it() -> None:
    # 15.x: `% Ambiguous command:  "a"`.
    refusal = explain(GRAMMAR.modes["config"], "a")
    assert refusal is not None
    assert refusal.message("a") == '% Ambiguous command:  "a"'


def test_help_lists_what_may_follow_with_cr_last() -> None:
    # Own reading of the CME command reference, auth-mode and regenerate.
    found = rows(GRAMMAR, GRAMMAR.modes["capf-server"], "auth-mode ")
    assert isinstance(found, list)
    assert [row.label for row in found] == ["LSC", "MIC", "auth-string", "none", "null-string"]
    assert all(row.text for row in found)
    end = rows(GRAMMAR, GRAMMAR.modes["ctl-client"], "regenerate ")
    assert end == [Row("<cr>", "")]


def test_help_shows_a_range_before_keywords() -> None:
    # 15.x: argument forms stand first in the list.
    found = rows(GRAMMAR, GRAMMAR.modes["config"], "logging buffered ")
    assert isinstance(found, list)
    labels = [row.label for row in found]
    assert labels[0].startswith("<")
    assert "debugging" in labels
    assert labels[-1] == "<cr>"


def test_help_after_an_unknown_word_is_refused() -> None:
    found = rows(GRAMMAR, GRAMMAR.modes["config"], "zzz ")
    assert isinstance(found, Refusal)
    assert found.fault is Fault.INVALID


def test_word_help_lists_keywords_only() -> None:
    # `cl?` at privileged EXEC.
    assert words(GRAMMAR.modes["exec"], "cl") == ["clear", "clock"]


def test_tab_completes_one_keyword_and_no_more() -> None:
    mode = GRAMMAR.modes["config"]
    assert complete(mode, "hostn") == "hostname "
    assert complete(mode, "no hostn") == "no hostname "
    assert complete(mode, "a") is None
    assert complete(mode, "hostname ") is None


def test_a_mode_s_own_default_command_is_not_the_default_form() -> None:
    # `default-information originate` of a routing protocol and `default` itself are both real; own reading.
    assert explain(GRAMMAR.modes["config"], "default hostname") is None
    assert explain(GRAMMAR.modes["config"], "default zzz") is not None
