"""The image of the grammar: it holds what the files say, is made where Python keeps byte code, and is not looked at once they differ."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from ioscli.grammar.command import Command
from ioscli.grammar.image import kept
from ioscli.grammar.loader import grammar_root, load

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.grammar.modes import Grammar, Mode

TOY = "mode config\n\nfirst word <n:1-9>  = 3\nfirst <other>\nsecond\n\nhelp\n  first  The first\n"
LOOKS = ("name", "title", "prompt", "prompts", "parents", "open", "leave", "indents", "new", "spellings", "help_lines")


class Files:
    """A grammar of one file, its image, and how often the file was read."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "grammar"
        self.file = self.root / "toy.cli"
        self.image = folder / "cache" / "grammar.image"
        self.root.mkdir()
        self.file.write_text(TOY)
        self.read = 0

    def grammar(self) -> Grammar:
        return kept(self.root, str(self.image), self._load)

    def heads(self) -> list[str]:
        return [command.text for command in self.grammar().modes["config"].commands]

    def _load(self, root: Path) -> Grammar:
        self.read += 1
        return load(root)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return Files(tmp_path)


def facts(mode: Mode) -> object:
    looks = [getattr(mode, name) for name in LOOKS]
    commands = [[getattr(command, name) for name in Command.FIELDS] for command in mode.commands]
    order = mode.order
    return looks, commands, None if order is None else [order.places, order.rest, order.likes, order.longest]


def test_an_image_holds_what_the_files_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    image = str(tmp_path / "grammar.image")
    read = kept(grammar_root(), image, load)
    again = kept(grammar_root(), image, lambda _: pytest.fail("the image does not hold"))
    assert list(again.modes) == list(read.modes)
    for name, mode in read.modes.items():
        assert facts(again.modes[name]) == facts(mode), name
        assert again.modes[name].trie.build_all().spelled.keys() == mode.trie.build_all().spelled.keys(), name


def test_the_second_start_reads_no_file(files: Files) -> None:
    assert files.heads() == files.heads() == ["first word <n:1-9>", "first <other>", "second"]
    assert files.read == 1
    assert [path.name for path in files.image.parent.iterdir()] == ["grammar.image"]


def test_a_changed_file_is_seen_at_the_next_start(files: Files) -> None:
    files.heads()
    files.file.write_text(TOY.replace("second", "third!"))  # as long as before
    os.utime(files.file, ns=(1, 1))
    assert "third!" in files.heads()
    assert "third!" in files.heads()
    assert files.read == 2


def test_a_new_file_and_one_that_went_are_seen(files: Files) -> None:
    files.heads()
    more = files.root / "folder" / "more.cli"
    more.parent.mkdir()
    more.write_text("mode config\n\nthird\n")
    assert "third" in files.heads()
    more.unlink()
    assert "third" not in files.heads()
    assert files.read == 3


@pytest.mark.parametrize("data", [b"", b"x", b"\xa9\x02N", b"i\x01\x00\x00\x00", "half"])
def test_a_broken_image_is_ignored_and_made_anew(files: Files, data: bytes | str) -> None:
    heads = files.heads()
    whole = files.image.read_bytes()
    files.image.write_bytes(whole[: len(whole) // 2] if isinstance(data, str) else data)
    assert files.heads() == heads
    assert (files.read, files.image.read_bytes()) == (2, whole)


def test_no_image_is_written_where_python_writes_no_byte_code(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert files.heads() == files.heads()
    assert files.read == 2
    assert not files.image.parent.exists()


def test_where_no_image_can_be_written_the_files_do(files: Files) -> None:
    files.image.parent.write_text("a file where the folder should be")
    assert files.heads() == files.heads()
    assert files.read == 2


def test_a_mistake_is_told_each_time(files: Files) -> None:
    files.file.write_text("first\n")
    for _ in range(2):
        with pytest.raises(ValueError, match=r"toy\.cli:1: a file begins with its mode"):
            files.grammar()
    assert not files.image.exists()
