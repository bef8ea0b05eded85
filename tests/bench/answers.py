"""How long `?`, Tab and the caret take in the largest mode: `python -m tests.bench.answers` prints the figures as JSON."""

from __future__ import annotations

import json
import random
import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from ioscli.grammar import ask
from ioscli.grammar.loader import installed
from tests.grammar.sampling import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.grammar.modes import Mode

_COMMANDS = 80


def typed(mode: Mode, rng: random.Random) -> tuple[list[str], list[str], list[str]]:
    """Lines in the middle of typing: up to a blank, up to a letter, and with a wrong character."""
    blank, letter, wrong = [""], [], []
    for line in rng.sample([line for line in mode.lines if not line.hidden], _COMMANDS):
        parts = " ".join(tokens(line.items, rng)).split()
        for at, part in enumerate(parts[:6]):
            before = "".join(f"{word} " for word in parts[:at])
            blank.append(f"{before}{part} ")
            letter.append(before + part[: rng.randint(1, 4)])
            wrong.append(f"{before}{part[: len(part) // 2]}~{part[len(part) // 2 :]}")
    return blank, letter, [line for line in wrong if ask.explain(mode, line) is not None]


def measure() -> dict[str, dict[str, object]]:
    """Median and longest seconds of each kind of answer, once every line was asked before."""
    grammar = installed()
    mode = max(grammar.modes.values(), key=lambda mode: len(mode.commands))
    blank, letter, wrong = typed(mode, random.Random(1))
    asked: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "? after a blank": (partial(ask.rows, grammar, mode), blank),
        "? after letters": (partial(ask.words, mode), letter),
        "Tab": (partial(ask.complete, mode), letter),
        "the caret": (partial(ask.explain, mode), wrong),
    }
    return {
        name: {"mode": mode.name, "commands": len(mode.commands), "lines": len(lines)} | _times(answer, lines)
        for name, (answer, lines) in asked.items()
    }


def _times(answer: Callable[[str], object], lines: list[str]) -> dict[str, float]:
    for line in lines:
        answer(line)
    taken = []
    for line in lines:
        start = time.perf_counter()
        answer(line)
        taken.append(time.perf_counter() - start)
    return {"median": median(taken), "longest": max(taken)}


if __name__ == "__main__":
    print(json.dumps(measure()))
