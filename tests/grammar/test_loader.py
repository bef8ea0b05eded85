"""Grammar files: what an author writes wrong is told with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ioscli.grammar.command import GrammarError
from ioscli.grammar.lint import problems
from ioscli.grammar.loader import load

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
mode    toy
enter   toy <name>  from config  key name
prompt  (toy)#

colour {red | blue}  = red
size <size:1-9>

help
  colour  What it looks like
  red     Like blood
  blue    Like the sea
  size    How big it is
  <size>  Number
"""


def grammar_of(folder: Path, text: str, order: str = "mode config\ntoy\n") -> Path:
    (folder / "core").mkdir()
    (folder / "core" / "toy.cli").write_text(text)
    (folder / "ORDER").write_text(order)
    (folder / "WORDS").write_text("toy  A toy\ntoy <name>  Its name\n")
    return folder


def test_a_good_grammar_has_no_problems(tmp_path: Path) -> None:
    assert list(problems(load(grammar_of(tmp_path, GOOD)))) == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("mode    toy\n", "", "a file begins with its mode"),
        ("<size:1-9>", "<size:1-", "core/toy.cli:6"),
        ("<size:1-9>", "<size:sizes>", "there is no type 'sizes'"),
        ("= red", "= green", "is not one of its own statements"),
        ("= red", "=red", "unknown attribute '=red'"),
        ("  blue    Like the sea\n", "", "no help for 'colour blue'"),
        ("  blue    Like the sea\n", "  blue    Like the sea\n  brown   Like earth\n", "'brown' explains nothing"),
        ("key name", "key nome", "there is no argument 'nome' to be a key"),
        ("size <size:1-9>", "size <size:1-9>\nsize <size:1-9>", "the same words as"),
        ("  from config", "", "enter LINE  from MODE"),
        ("size <size:1-9>", "size <size:1-9>  -> toy.size  key size", "an action stores nothing"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, before: str, after: str, message: str) -> None:
    root = grammar_of(tmp_path, GOOD.replace(before, after, 1))
    try:
        found = "\n".join(problems(load(root)))
    except GrammarError as error:
        found = str(error)
    assert message in found
    assert "toy.cli:" in found


def test_a_mistake_in_order_is_told(tmp_path: Path) -> None:
    with pytest.raises(GrammarError, match="ORDER:3: 'toy' is listed twice"):
        load(grammar_of(tmp_path, GOOD, "mode config\ntoy\ntoy\n"))


def test_a_head_without_place_is_told(tmp_path: Path) -> None:
    assert "'toy' is not in ORDER" in "\n".join(problems(load(grammar_of(tmp_path, GOOD, "mode config\nother\n"))))


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    root = grammar_of(tmp_path, GOOD)
    (root / "core" / "bad.cli").write_bytes(b"mode x\xff\n")
    with pytest.raises(GrammarError, match=r"core/bad\.cli"):
        load(root)
