"""Speed and memory against peers: `python -m tests.bench [--rounds N] [--lines N] [--markdown FILE] [--quick]`.

Every figure is taken in a process of its own and is the median of several rounds; a round runs all programs one after the
other, so that whatever else the machine does meets all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.report import markdown, plain

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv" / "peers"
Rounds = dict[str, list[dict[str, Any]]]


PARSERS = ("ciscoconfparse2", "hier_config3", "hier_config4")
_PASTED = 10_000  # lines
_READ = "import sys, ciscoconfparse2 as c; c.CiscoConfParse(config=open(sys.argv[1]).read().splitlines(), syntax='ios', factory=False)"


def python(*arguments: str, path: Path | None = None) -> str:
    """What a Python process prints that finds packages in `path` before its own."""
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def seconds(*arguments: str, path: Path | None = None) -> float:
    """The seconds of processor time that a whole Python process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    python(*arguments, path=path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rounds(count: int, lines: int, certificates: int) -> Rounds:
    """The figures of every program, an entry a round."""
    found: Rounds = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        short, long, pasted, one = (str(Path(folder) / name) for name in ("short.cfg", "long.cfg", "pasted.cfg", "one.cfg"))
        # Nothing large is made in this process: ru_maxrss of a child begins with what its parent has.
        python("-m", "tests.bench.generate", "--lines", "2000", short)
        python("-m", "tests.bench.generate", "--lines", str(lines), long)
        python("-m", "tests.bench.generate", "--lines", str(_PASTED), pasted)
        Path(one).write_text("hostname R1\n", encoding="utf-8")
        for number in range(1, count + 1):
            print(f"round {number} of {count}", file=sys.stderr)
            found["ioscli"].append(json.loads(python("-m", "tests.bench.subject", "ioscli", short, long)))
            for peer in PARSERS:
                found[peer].append(json.loads(python("-m", "tests.bench.subject", peer, short, long, path=PEERS / peer)))
            found["answers"].append(json.loads(python("-m", "tests.bench.answers")))
            found["console"].append(json.loads(python("-m", "tests.bench.console", pasted)))
            found["enrolment"].append(json.loads(python("-m", "tests.bench.enrolment", str(certificates))))
            found["processes"].append(
                {
                    "print": seconds("-m", "ioscli", "print", long),
                    "ciscoconfparse2": seconds("-c", _READ, long, path=PEERS / "ciscoconfparse2"),
                    "check": seconds("-m", "ioscli", "check", one),
                    "pass": seconds("-c", "pass"),
                    "exec": seconds("-m", "ioscli", "exec", "show clock"),
                    "prompt_toolkit": seconds("-c", "import prompt_toolkit", path=PEERS / "prompt_toolkit"),
                }
            )
    return found


def medians(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """One entry of the medians of all; what is no number is the same in every round."""
    first = entries[0]
    return {
        key: medians([entry[key] for entry in entries])
        if isinstance(value, dict)
        else median(entry[key] for entry in entries)
        if isinstance(value, (int, float))
        else value
        for key, value in first.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the report there, too")
    parser.add_argument("--quick", action="store_true", help="one round of 10,000 lines: does it run at all?")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # users have modules compiled
    count, lines, certificates = (1, 10_000, 200) if options.quick else (options.rounds, options.lines, 9000)
    if not PEERS.is_dir():
        parser.error("the peers are not installed: `make bench` does that")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # starts are those of an installed program, its byte code written
    figures = {name: medians(entries) for name, entries in rounds(count, lines, certificates).items()}
    print(plain(figures, count))
    if options.markdown is not None:
        options.markdown.write_text(markdown(figures, count), encoding="utf-8")


if __name__ == "__main__":
    main()
