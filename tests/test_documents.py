"""The documents say what is true: samples, the README's sessions, the index of commands, links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ioscli.config.reader import read
from ioscli.config.writer import write
from ioscli.grammar.loader import installed
from tests.measure.commands import index

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "running-configs").glob("*.cfg"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def sessions(text: str) -> list[tuple[str, str]]:
    """The commands of the `console` blocks, each with the output shown."""
    found = []
    for block in _FENCE.findall(text):
        for part in block.removeprefix("$ ").split("\n$ "):
            command, _, output = part.partition("\n")
            found.append((command, output if output.endswith("\n") or not output else output + "\n"))
    return found


def pattern(shown: str) -> str:
    """The regular expression of an output; a line of three dots is any number of lines."""
    return "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in shown.splitlines())


def significant(text: str) -> list[str]:
    """The lines of a configuration without separators and comments."""
    return [line for line in text.splitlines() if not line.startswith("!")]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_known_to_the_last_line_and_comes_back_as_it_was(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reading = read(text, installed())
    assert reading.unknown == []
    assert reading.wrong == []
    assert significant("\n".join(write(reading.config))) == significant(text)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_stands_in_the_order_of_the_grammar(path: Path) -> None:
    # What is not a whole show-run, to its `end`, is put in order, sections too.
    text = path.read_text(encoding="utf-8")
    assert text.endswith("!\nend\n")
    reading = read(text.removesuffix("end\n"), installed())
    assert significant("\n".join(write(reading.config))) == significant(text)


def test_there_are_samples_and_sessions() -> None:
    assert len(SAMPLES) >= 10
    assert {command.split("| ")[-1].split()[1] for command, _ in sessions((ROOT / "README.md").read_text())} == {"check", "print", "diff"}


@pytest.mark.parametrize(("command", "shown"), sessions((ROOT / "README.md").read_text(encoding="utf-8")))
def test_the_readme_shows_what_the_command_prints(command: str, shown: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert re.fullmatch(pattern(shown), done.stdout), done.stdout


def test_the_readme_shows_parts_of_transcripts() -> None:
    played = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "sessions" / "readme").glob("*.session")]
    parts = re.findall(r"^```session\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert parts
    assert [part for part in parts if not any(part in transcript for transcript in played)] == []


def test_the_index_of_commands_is_up_to_date() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == index(installed()), "`make docs` writes it anew"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    missing = [target for target in _LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize(
    ("shown", "printed", "fits"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n...\nc\n", "a\nb\nb\nc\n", True),
        ("...\n", "", True),
        ("a\n", "a\nb\n", False),
        ("a\n...\nd\n", "a\nb\n", False),
    ],
)
def test_three_dots_stand_for_any_lines(shown: str, printed: str, *, fits: bool) -> None:
    assert (re.fullmatch(pattern(shown), printed) is not None) is fits
