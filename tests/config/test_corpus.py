"""Real configurations: how much of them is known, and what comes back when they are printed.

The figures are those of `make corpus`; the thresholds are what this version promises.
"""

from __future__ import annotations

import pytest

from tests.measure.corpus import DAMAGED, Result, measure, samples, summary


@pytest.fixture(scope="session")
def results() -> list[Result]:
    if not samples():
        pytest.skip("the corpus is not here")
    return [measure(sample) for sample in samples()]


def test_at_most_three_lines_in_a_thousand_are_unknown(results: list[Result]) -> None:
    worst = sorted(results, key=lambda result: -result.unknown)[:5]
    assert summary(results)["unknown_percent"] <= 0.3, [(result.name, result.unknown, result.heads[:3]) for result in worst]


def test_every_line_is_modelled_accepted_or_told(results: list[Result]) -> None:
    lost = [result.name for result in results if result.modelled + result.accepted + result.unknown != result.lines]
    assert lost == []


def test_what_is_printed_prints_itself_again(results: list[Result]) -> None:
    assert [result.name for result in results if not result.fixpoint] == []


def test_nine_of_ten_whole_configurations_come_back_line_by_line(results: list[Result]) -> None:
    assert summary(results)["identical_percent"] >= 90


def test_the_lines_of_whole_configurations_come_back_in_their_sections(results: list[Result]) -> None:
    # DAMAGED names the files whose text is not what the router printed, and why.
    worst = sorted((result for result in results if result.whole and result.name not in DAMAGED), key=lambda result: -result.misplaced)[:5]
    assert summary(results)["in_place_undamaged_percent"] >= 99.9, [(result.name, result.misplaced) for result in worst]
    assert summary(results)["in_place_percent"] >= 99.6


def test_three_of_four_whole_configurations_find_their_order_again(results: list[Result]) -> None:
    assert summary(results)["shuffled_percent"] >= 75
