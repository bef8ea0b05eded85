"""The console as a person has it: a terminal, keys, a paste, a window that changes its size; and the program without one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.command import ROOT, ioscli
from tests.pseudoterminal import STARTED, PseudoTerminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = "hostname R1\nno ip domain lookup\nline con 0\n privilege level 15\nend\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "r1.cfg"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def router(tmp_path: Path, config: Path) -> Iterator[PseudoTerminal]:
    """A router at whose privileged prompt somebody sits."""
    with PseudoTerminal("run", "--state", tmp_path / "state", "--config", config) as terminal:
        terminal.type("", STARTED)
        terminal.type("\r", "R1#")
        yield terminal


def test_keys_help_tab_and_leaving(router: PseudoTerminal) -> None:
    assert router.type("sh priv\t", "R1#sh privilege ") == "sh priv\r\nR1#sh privilege "
    assert router.type("\r", "R1#") == "\r\nCurrent privilege level is 15\r\nR1#"
    assert router.type("clo?", "R1#clo") == "clo?\r\nclock\r\n\r\nR1#clo"
    router.type("\x15exit\r", "started.\r\n" + "\r\n" * 8)
    router.type("\x04")
    assert router.ended() == 0
    assert router.shown.endswith("\x1b[?2004l")


@pytest.mark.parametrize(("before", "after"), [("", ""), ("\x1b[200~", "\x1b[201~")], ids=["raw", "bracketed"])
def test_a_paste_loses_no_character(router: PseudoTerminal, before: str, after: str) -> None:
    lines = [f"ip host host{number} 10.{number // 250}.{number % 250}.1" for number in range(2000)]
    router.type(f"{before}configure terminal\r" + "".join(f"{line}\r" for line in lines) + f"end\r{after}")
    router.type("terminal length 0\r", "terminal length 0\r\nR1#")
    assert router.shown.count("R1(config)#ip host") == 2000
    shown = router.type("show running-config | include ^ip host\r", "R1#")
    assert [line for line in shown.split("\r\n") if line.startswith("ip host")] == lines


def test_a_paste_with_control_characters_and_sequences_ends_at_a_prompt(router: PseudoTerminal) -> None:
    junk = "".join(chr(code) for code in range(256) if code not in (0x0A, 0x0D)) + "\x1b]0;title\x07\x1b[1;31mred\x1b[0m\x1bP+q\x1b\\\ufffd"
    router.type(junk + "\r\x15\r")
    router.type("\x15\x1aexit\x15show privilege\r", "level is 15\r\nR1#")


def test_a_window_that_changes_its_size(router: PseudoTerminal) -> None:
    first = router.type("show ?", " --More-- ")
    assert first.count("\r\n") == 24
    router.resize(10, 80)
    assert router.type(" ", " --More-- ").count("\r\n") == 9
    router.resize(40, 120)
    router.type("q", "R1#show ")
    assert "Length: 40 lines, Width: 120 columns" in router.type("terminal\r", "R1#")


def test_ctrl_c_in_a_dialogue(router: PseudoTerminal) -> None:
    router.type("reload\r", "[yes/no]: ")
    router.type("\x03", "R1#")
    router.type("reload\r", "[yes/no]: ")
    router.type("no\r", "[confirm]")
    router.type("\x03", "R1#")
    router.type("configure\r", "? ")
    router.type("\x03", "R1#")
    router.type("configure terminal\r", "(config)#")
    router.type("banner motd #\r", "'#'.\r\n")
    router.type("text\x03", "(config)#")
    router.type("\x03")
    router.type("show privilege\r", "level is 15\r\nR1#")


def test_a_reload_starts_it_again_in_the_same_process(router: PseudoTerminal) -> None:
    router.type("write memory\r", "[OK]\r\nR1#")
    router.type("reload\r", "[confirm]")
    router.type("\r", STARTED)
    router.type("\r", "R1#")


def test_two_terminals(tmp_path: Path, router: PseudoTerminal) -> None:
    with PseudoTerminal("attach", tmp_path / "state") as second:
        second.type("", STARTED)
        second.type("\r", "R1>")
        shown = second.type("show users\r", "R1>")
        assert "   0 con 0" in shown
        assert "*  1 aux 0" in shown
        with PseudoTerminal("attach", tmp_path / "state") as third:
            assert third.ended() == 0
            assert "in use" in third.shown
        second.type("\x1d")
        assert second.ended() == 0
    assert "attach" not in {path.name for path in (tmp_path / "state").iterdir() if path.stat().st_mode & 0o077}
    router.type("show privilege\r", "R1#")


def test_a_script_is_a_transcript(tmp_path: Path, config: Path) -> None:
    typed = b"configure terminal\nhostname R9\nbanner motd #\nhello #\nend\nshow privilege\nexit\n"
    done = ioscli("run", "--state", tmp_path / "state", "--config", config, given=typed)
    assert done.returncode == 0
    shown = done.stdout.decode()
    assert "R1#configure terminal\nEnter configuration commands" in shown
    assert "R9(config)#banner motd #\nEnter TEXT message.  End with the character '#'.\nhello #\nR9(config)#end\nR9#" in shown
    assert "R9 con0 is now available" in shown


def test_a_script_that_ends_in_the_middle(tmp_path: Path, config: Path) -> None:
    done = ioscli("run", "--state", tmp_path / "state", "--config", config, given=b"configure terminal\nbanner motd #\nhello")
    assert (done.returncode, done.stderr) == (0, b"")


def test_exec(config: Path) -> None:
    done = ioscli("exec", "--config", config, "show privilege", "show running-config | include ^hostname")
    assert (done.returncode, done.stdout) == (0, b"Current privilege level is 15\nhostname R1\n")
    done = ioscli("exec", "show foo")
    assert (done.returncode, done.stdout) == (1, b"show foo\n       ^\n% Invalid input detected at '^' marker.\n\n")


def test_two_processes_on_one_folder(tmp_path: Path, router: PseudoTerminal) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ioscli", "exec", "--state", str(tmp_path / "state"), "show clock"], capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2
    assert f"in use by process {router.process.pid}" in done.stderr.decode()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_and_leave_the_terminal_as_it_was(router: PseudoTerminal, number: signal.Signals) -> None:
    router.type("show running-config\r", " --More-- ")
    router.process.send_signal(number)
    assert router.ended() == 0
    assert router.shown.endswith(" --More-- \r\n\x1b[?2004l")


def test_a_terminal_that_is_closed_ends_it(tmp_path: Path, config: Path) -> None:
    router = PseudoTerminal("run", "--state", tmp_path / "state", "--config", config)
    router.type("", STARTED)
    router.type("\r", "R1#")
    os.close(router.terminal)
    assert router.process.wait(60) == 0


def test_a_line_of_a_megabyte_is_refused_in_time(router: PseudoTerminal) -> None:
    router.type("terminal length 0\r", "R1#")
    shown = router.type("x" * (1 << 20) + " y\r", "R1#")
    assert "% Invalid input detected at '^' marker." in shown
    assert router.type("show privilege\r", "R1#") == "show privilege\r\nCurrent privilege level is 15\r\nR1#"


def test_a_terminal_that_takes_nothing_does_not_stop_the_router(tmp_path: Path, router: PseudoTerminal) -> None:
    with socket.socket(socket.AF_UNIX) as stopped:
        stopped.connect(str(tmp_path / "state" / "attach"))
        stopped.sendall(b"\r" + b"show interfaces\r" * 500)
        time.sleep(1)
        router.type("show privilege\r", "level is 15\r\nR1#", seconds=20)
        assert "aux 0" not in router.type("show users\r", "Peer Address\r\n\r\nR1#")
