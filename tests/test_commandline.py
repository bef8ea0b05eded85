"""The command line: what is read at once is what argparse reads, and the rest is left to it."""

from __future__ import annotations

import pytest

from ioscli.shell.commandline import _parsed, options_of, plain


@pytest.mark.parametrize(
    "line",
    [
        "run",
        "run --config a --config b --state s --clock unset",
        "run --config -",
        "exec show",
        "exec --json --clock host one two",
        "attach r",
        "check --json a b -",
        "check -",
        "print a",
        "diff a b",
    ],
)
def test_a_plain_line_is_what_argparse_makes_of_it(line: str) -> None:
    given = line.split()
    found = plain(given)
    assert found is not None
    assert vars(found) == vars(_parsed(given))


@pytest.mark.parametrize(
    "line",
    [
        "-h",
        "exec",
        "exec -x",
        "exec one --json",
        "run --clock soon",
        "run --config",
        "run --config --state",
        "run --con a",
        "run --config=a",
        "print a b",
        "run a",
    ],
)
def test_anything_else_is_left_to_argparse(line: str) -> None:
    assert plain(line.split()) is None


def test_without_a_command_a_router_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert options_of([]).command == options_of(["--clock", "unset"]).command == "run"
    with pytest.raises(SystemExit):
        options_of(["--help"])
    assert "ioscli diff router.cfg" in capsys.readouterr().out
