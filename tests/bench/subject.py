"""What one process measures of itself: `python -m tests.bench.subject NAME SHORT LONG` prints the figures as JSON.

Each subject has a process of its own, reads a short text of all sections first (what is built on first use is built then),
and then the long one. Imports are not timed; memory is what the peak grew by after them. Peers read as they document it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_KIB = 1024 if sys.platform == "darwin" else 1  # macOS gives ru_maxrss in bytes


@dataclass(frozen=True, slots=True)
class Subject:
    """A program that reads configurations. `kept` counts the lines in what `read` returned."""

    distribution: str
    read: Callable[[str], Any]
    kept: Callable[[Any], int]
    refused: Callable[[Any], int] = lambda _: 0
    load: Callable[[], object] = lambda: None  # what it must have before it can read, counted as its memory
    write: Callable[[Any], Iterable[str]] | None = None


def _ioscli() -> Subject:
    from ioscli.config.reader import read
    from ioscli.config.writer import write
    from ioscli.grammar.loader import installed

    return Subject(
        "ioscli",
        lambda text: read(text, installed()),
        lambda reading: reading.lines,
        lambda reading: len(reading.unknown) + len(reading.wrong),
        installed,
        lambda reading: write(reading.config),
    )


def _ciscoconfparse2() -> Subject:
    from ciscoconfparse2 import CiscoConfParse

    return Subject(
        "ciscoconfparse2",
        lambda text: CiscoConfParse(config=text.splitlines(), syntax="ios", factory=False),
        lambda tree: len(tree.objs),
    )


def _hier_config() -> Subject:
    from hier_config import Platform, get_hconfig

    return Subject("hier-config", partial(get_hconfig, Platform.CISCO_IOS), lambda tree: sum(1 for _ in tree.all_children()))


SUBJECTS = {"ioscli": _ioscli, "ciscoconfparse2": _ciscoconfparse2, "hier_config3": _hier_config, "hier_config4": _hier_config}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB


def measure(subject: Subject, short: str, long: str) -> dict[str, float | str]:
    """Seconds to load, to read the short text for the first time, to read and to write the long one; KiB; lines."""
    before = _peak()
    start = time.process_time()
    subject.load()
    loaded = time.process_time()
    subject.read(short)
    warm = time.process_time()
    tree = subject.read(long)
    done = time.process_time()
    figures: dict[str, float | str] = {"version": version(subject.distribution), "load": loaded - start, "first": warm - loaded, "read": done - warm}
    figures["memory"] = max(1.0, _peak() - before)
    figures |= {"lines": long.count("\n"), "kept": subject.kept(tree), "refused": subject.refused(tree)}
    if subject.write is not None:
        start = time.process_time()
        "\n".join(subject.write(tree))
        figures["write"] = time.process_time() - start
    return figures


if __name__ == "__main__":
    name, *files = sys.argv[1:]
    short, long = (Path(file).read_text(encoding="utf-8") for file in files)
    print(json.dumps(measure(SUBJECTS[name](), short, long)))
