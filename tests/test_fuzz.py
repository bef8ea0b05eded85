"""The fuzzer itself: a failure is found, made small and told."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

from tests import fuzz

if TYPE_CHECKING:
    import pytest


def refuses_both(text: str) -> None:
    assert not ("bad" in text and "worse" in text)


def test_a_failing_text_is_made_as_small_as_it_goes() -> None:
    text = "\n".join(f"line {number}" for number in range(50)) + "\nso bad a line\nmore\nworse by far\nend\n"
    error = fuzz.problem(refuses_both, text)
    assert isinstance(error, AssertionError)
    assert fuzz.smallest(refuses_both, text, AssertionError) == "badworse"


def test_another_failure_on_the_way_is_not_taken_for_the_same() -> None:
    def check(text: str) -> None:
        if "bad" not in text:
            raise KeyError(text)
        raise ValueError(text)

    assert fuzz.smallest(check, "one\nbad\ntwo", ValueError) == "bad"


def test_the_same_seed_gives_the_same_texts() -> None:
    once, twice = (list(islice(fuzz.cases(random.Random(3)), 30)) for _ in range(2))
    assert [(case.name, case.text) for case in once] == [(case.name, case.text) for case in twice]


def test_a_run_that_finds_nothing_counts_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    fine = (fuzz.Case("is fine", lambda _: None, "") for _ in range(5))
    assert fuzz.run(fine, 10, 1) == 0
    assert capsys.readouterr().out == "seed 1: 5 times it is fine\n"


def test_a_run_that_finds_something_prints_it_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.run(iter([fuzz.Case("holds", refuses_both, "a\nbad\nb\nworse\n")]), 10, 1) == 1
    assert "'badworse'\nAssertionError" in capsys.readouterr().out
