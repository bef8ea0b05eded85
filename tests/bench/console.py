"""How long a person at the console waits: `python -m tests.bench.console LONG` prints the figures as JSON.

LONG is a configuration of 10,000 lines; it is pasted into a terminal, read from a file, and then looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.pseudoterminal import ROOT, STARTED, PseudoTerminal

_KEYS = 50
_CONFIG = "hostname R1\nno ip domain lookup\nno logging console\nline con 0\n privilege level 15\n exec-timeout 0 0\nend\n"


def measure(long: Path) -> dict[str, float]:
    """Seconds, by figure."""
    text = long.read_text(encoding="utf-8").removesuffix("end\n")
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "start.cfg"
        config.write_text(_CONFIG, encoding="utf-8")
        script = Path(folder) / "typed"
        script.write_text(f"configure terminal\n{text}end\n", encoding="utf-8")
        with PseudoTerminal("run", "--state", Path(folder) / "first") as terminal:
            start = time.perf_counter()
            terminal.type("", STARTED)
            first = time.perf_counter() - start
        with PseudoTerminal("run", "--state", Path(folder) / "pasted", "--config", config) as terminal:
            terminal.type("", STARTED)
            terminal.type("\r", "R1#")
            figures = {"first": first, "key": _key(terminal), "help": _help(terminal)}
            start = time.perf_counter()
            terminal.type(f"configure terminal\r{text}end\r")
            terminal.type("terminal length 0\r", "terminal length 0\r\nBENCH#")
            figures["paste"] = time.perf_counter() - start
            figures["section"] = _section(terminal)
        start = time.perf_counter()
        with script.open("rb") as typed:
            subprocess.run(
                [sys.executable, "-m", "ioscli", "run", "--state", f"{folder}/read", "--config", str(config)],
                stdin=typed,
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                check=True,
            )
        figures["file"] = time.perf_counter() - start
    return figures


def _key(terminal: PseudoTerminal) -> float:
    """From a key to its echo."""
    taken = []
    for _ in range(_KEYS):
        start = time.perf_counter()
        terminal.type("x", "x")
        taken.append(time.perf_counter() - start)
    terminal.type("\x15")
    return median(taken)


def _help(terminal: PseudoTerminal) -> float:
    """From `?` to the end of the first page of its answer."""
    taken = []
    for _ in range(_KEYS):
        terminal.type("show ", "show ")
        start = time.perf_counter()
        terminal.type("?", " --More-- ")
        taken.append(time.perf_counter() - start)
        terminal.type("q", "R1#show ")
        terminal.type("\x15", "\b")
    return median(taken)


def _section(terminal: PseudoTerminal) -> float:
    """From Return to the next prompt."""
    command = "show running-config | section ^line vty"
    taken = []
    for _ in range(5):
        terminal.type(command, command)
        start = time.perf_counter()
        terminal.type("\r", "BENCH#")
        taken.append(time.perf_counter() - start)
    return median(taken)


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
