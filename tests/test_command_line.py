"""`python -m ioscli` as its users and their scripts meet it: output, exit status, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ioscli.grammar.command import GrammarError
from ioscli.grammar.loader import load
from tests.command import ROOT, ioscli

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "version 15.7\n!\nhostname R1\n!\nephone  1\n mac-address 0012.4302.A7CC\n!\nend\n"
WRONG = "hostname R1\nctl-client\n server cme 10.1.1.500 trustpoint x\nfrobnicate\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.cfg"
    path.write_text(GOOD)
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.cfg"
    path.write_text(WRONG)
    return path


def checked(*arguments: str | Path, given: bytes = b"") -> list[dict[str, Any]]:
    """The files of `check --json`."""
    found = json.loads(ioscli("check", "--json", *arguments, given=given).stdout)
    assert list(found) == ["files"]
    files: list[dict[str, Any]] = found["files"]
    return files


def test_check_says_how_many_lines_are_what(good: Path) -> None:
    done = ioscli("check", good)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"{good}: 5 lines: 5 modelled, 0 accepted, 0 unknown, 0 wrong\n"


def test_check_puts_the_caret_under_the_character(wrong: Path) -> None:
    done = ioscli("check", wrong)
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        f"{wrong}:3:22: refused",
        "   server cme 10.1.1.500 trustpoint x",
        "                       ^",
        "  % Invalid input detected at '^' marker.",
        f"{wrong}:4: unknown: frobnicate",
        "  no command of mode config begins with 'fro'",
        f"{wrong}: 4 lines: 2 modelled, 0 accepted, 1 unknown, 1 wrong",
    ]


def test_check_as_json_has_exactly_this_shape(good: Path, wrong: Path) -> None:
    files = checked(good, wrong)
    assert files[0] == {"file": str(good), "lines": 5, "modelled": 5, "accepted": 0, "unknown": [], "wrong": [], "findings": []}
    assert files[1] == {
        "file": str(wrong),
        "lines": 4,
        "modelled": 2,
        "accepted": 0,
        "unknown": [{"line": 4, "text": "frobnicate", "reason": files[1]["unknown"][0]["reason"]}],
        "wrong": [
            {"line": 3, "column": 22, "text": " server cme 10.1.1.500 trustpoint x", "message": "% Invalid input detected at '^' marker."},
        ],
        "findings": [],
    }
    assert [list(entry) for entry in files] == [["file", "lines", "modelled", "accepted", "unknown", "wrong", "findings"]] * 2
    assert [list(entry) for entry in files[1]["unknown"] + files[1]["wrong"]] == [["line", "text", "reason"], ["line", "column", "text", "message"]]


def test_an_unknown_line_alone_is_no_failure() -> None:
    # Nobody can say that a router would refuse it.
    assert ioscli("check", "-", given=b"frobnicate\n").returncode == 0
    assert ioscli("check", "-", given=b"hostname R1\n").returncode == 0
    assert ioscli("check", "-", given=b"hostname R1 R2\n").returncode == 1


def test_one_wrong_file_of_several_fails_all(good: Path, wrong: Path) -> None:
    assert ioscli("check", good, wrong).returncode == 1
    assert ioscli("check", "--json", wrong, good).returncode == 1
    assert ioscli("check", good, good).returncode == 0


def test_print_prints_as_a_router_does(good: Path) -> None:
    done = ioscli("print", good)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [line for line in done.stdout.decode().splitlines() if line != "!"] == [line for line in GOOD.splitlines() if line != "!"]
    assert ioscli("print", "-", given=done.stdout).stdout == done.stdout


def test_print_keeps_what_it_does_not_know(wrong: Path) -> None:
    done = ioscli("print", wrong)
    assert done.returncode == 0
    assert {"frobnicate", " server cme 10.1.1.500 trustpoint x"} <= set(done.stdout.decode().splitlines())


def test_diff_prints_the_commands_to_type(good: Path, tmp_path: Path) -> None:
    wanted = tmp_path / "wanted.cfg"
    wanted.write_text(GOOD.replace("R1", "R2").replace("A7CC", "A7CD"))
    done = ioscli("diff", good, wanted)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == ["hostname R2", "ephone  1", " mac-address 0012.4302.A7CD"]
    assert ioscli("diff", good, good).stdout == b""


def test_a_dash_is_standard_input(good: Path) -> None:
    assert ioscli("print", "-", given=GOOD.encode()).stdout == ioscli("print", good).stdout
    assert checked("-", given=GOOD.encode())[0] == {**checked(good)[0], "file": "-"}
    assert ioscli("diff", "-", good, given=GOOD.encode()).stdout == b""


@pytest.mark.parametrize("command", [["check"], ["check", "--json"], ["print"], ["diff"]], ids=" ".join)
def test_a_file_that_is_not_there_is_told_and_ends_with_two(command: list[str], good: Path, tmp_path: Path) -> None:
    rest = [good] if command == ["diff"] else []
    done = ioscli(*command, tmp_path / "none.cfg", *rest)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"ioscli: {tmp_path}/none.cfg: No such file or directory\n"


def test_a_folder_is_told_and_ends_with_two(tmp_path: Path) -> None:
    done = ioscli("check", tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode() == f"ioscli: {tmp_path}: Is a directory\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told_and_ends_with_two(good: Path) -> None:
    good.chmod(0)
    done = ioscli("check", good)
    assert done.returncode == 2
    assert done.stderr.decode() == f"ioscli: {good}: Permission denied\n"


def test_a_name_that_cannot_be_a_file_is_told_and_ends_with_two() -> None:
    assert ioscli("check", "x" * 5000).returncode == 2
    assert ioscli("check", "").returncode == 2


@pytest.mark.parametrize(
    "arguments", [["frobnicate"], ["exec"], ["check"], ["check", "--frob", "x"], ["diff", "one"], ["print", "one", "two"]], ids=" ".join
)
def test_what_it_does_not_understand_ends_with_two(arguments: list[str]) -> None:
    done = ioscli(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"usage: ioscli")


def test_help_names_the_commands_and_the_exit_status() -> None:
    done = ioscli("--help")
    assert done.returncode == 0
    assert all(word in done.stdout for word in (b"check", b"print", b"diff", b"Exit status"))


@pytest.mark.parametrize("command", ["print", "check"])
def test_a_reader_that_goes_away_is_no_failure(command: str, tmp_path: Path) -> None:
    path = tmp_path / "long.cfg"
    path.write_text("".join(f"frobnicate {number}\n" for number in range(20_000)))
    # A shell is what breaks pipes; its own status is that of `head`, so the program's goes to standard error.
    script = f'{{ "{sys.executable}" -m ioscli {command} "{path}"; echo "status $?" >&2; }} | head -n 1'
    done = subprocess.run(["/bin/sh", "-c", script], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == b"status 0\n"


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("voice/capf-server.cli", "mode    capf-server\n", "", r"voice/capf-server\.cli:\d+: a file begins with its mode"),
        ("voice/capf-server.cli", "from config", "", r"voice/capf-server\.cli:\d+: enter LINE  from MODE"),
        ("voice/capf-server.cli", "help\n", "help\nstray\n", r"voice/capf-server\.cli:\d+: nothing follows the glossary"),
        ("ORDER", "mode config\n", "", r"ORDER:\d+: '.*' stands before the first mode"),
        ("ORDER", "mode config\n", "mode konfig\n", r"ORDER: there is no mode 'konfig'"),
    ],
)
def test_a_grammar_with_a_mistake_says_where_and_what(tmp_path: Path, file: str, before: str, after: str, message: str) -> None:
    root = tmp_path / "grammar"
    shutil.copytree(ROOT / "grammar", root)
    text = (root / file).read_text()
    assert before in text
    (root / file).write_text(text.replace(before, after, 1))
    with pytest.raises(GrammarError, match=message):
        load(root)


def test_a_command_with_a_mistake_is_told_when_its_word_is_met(tmp_path: Path) -> None:
    root = tmp_path / "grammar"
    shutil.copytree(ROOT / "grammar", root)
    path = root / "voice" / "capf-server.cli"
    path.write_text(path.read_text().replace("<port:2000-9999>", "<port:2000-99>", 1))
    number = next(number for number, line in enumerate(path.read_text().splitlines(), 1) if "2000-99>" in line)
    mode = load(root).modes["capf-server"]
    with pytest.raises(GrammarError, match=rf"voice/capf-server\.cli:{number}: <port:2000-99>: there is no type '2000-99'"):
        mode.trie.match(["port", "3804"], "port 3804")


def test_a_grammar_with_a_mistake_ends_the_program_with_two(tmp_path: Path) -> None:
    # The program takes its grammar from beside itself, so here it is copied and broken.
    for name in ("ioscli", "grammar"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "grammar" / "core" / "config.cli"
    path.write_text("no mode\n" + path.read_text())
    done = subprocess.run(
        [sys.executable, "-m", "ioscli", "check", "-"], cwd=tmp_path, input=b"hostname R1\n", capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"ioscli: core/config.cli:1: a file begins with its mode\n"
