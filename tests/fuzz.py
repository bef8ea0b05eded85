"""Random changes of real and made configurations, as long as one likes: `python -m tests.fuzz SECONDS [SEED]`.

What must hold for every text is tried on each; the first text that breaks it is made as small as it goes, printed, and ends
the run with 1. The same seed gives the same texts.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.config.diff import diff
from ioscli.config.reader import read
from ioscli.grammar.ask import HIGHEST
from ioscli.grammar.loader import installed
from tests.config.circle import gone_round
from tests.config.made import configuration
from tests.config.properties import is_answered, loses_nothing, prints_itself_again
from tests.grammar.sampling import tokens
from tests.measure.corpus import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random
    from types import FrameType

_PATIENCE = 20  # seconds that a text of a few hundred lines may take, and that its reduction may take
_LINES = 80
_BETWEEN = "\n=== to ===\n"
_PIECES = [
    " ", "  ", "\t", "\r", "\n", "\x00", "\x1b", "\x03", "^C", "!", "no ", "default ", "end", "exit", "quit", "@", '"', "é", "\udcff", "0", "9" * 12,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A text, and what must hold for it."""

    name: str
    check: Callable[[str], None]
    text: str


def cases(rng: Random) -> Iterator[Case]:
    """Texts without end."""
    sources = [sample.text for sample in samples()] or [path.read_text() for path in Path("running-configs").glob("*.cfg")]
    modes = sorted(installed().modes)
    while True:
        text = mutated(source(sources, rng), rng)
        # A refused line at the margin may find itself in the section before it when it is read again, so only texts
        # without one must print themselves.
        if not (found := read(text, installed())).unknown and not found.wrong:
            yield Case("prints itself again", prints_itself_again, text)
        yield Case("loses nothing", loses_nothing, text)
        yield Case("does not differ from itself", does_not_differ, text)
        yield Case("arrives", arrives, made(rng) + _BETWEEN + made(rng))
        for _ in range(20):
            mode, level = rng.choice(modes), rng.choice([0, 1, HIGHEST])
            yield Case(f"is answered in mode {mode} at level {level}", partial(is_answered, installed().modes[mode], level=level), line(mode, rng))


def source(texts: list[str], rng: Random) -> str:
    """A part of a real configuration, or a made one."""
    if not texts or rng.random() < 0.4:
        return made(rng)
    lines = rng.choice(texts).split("\n")
    start = rng.randrange(len(lines))
    return "\n".join(lines[start : start + rng.randint(1, _LINES)])


def made(rng: Random) -> str:
    return configuration([rng.randrange(1 << 20) for _ in range(rng.randint(0, 5))])


def line(mode: str, rng: Random) -> str:
    """A line of a command of the mode, changed or not."""
    lines = installed().modes[mode].lines
    words = tokens(rng.choice(lines).items, rng) if lines else []
    text = " ".join([*rng.choice([[], [], ["no"], ["default"]]), *words])
    return text if rng.random() < 0.3 else mutated(text, rng).replace("\n", " ")


def mutated(text: str, rng: Random) -> str:
    """The text with a few random changes of lines and of characters."""
    lines = text.split("\n")
    for _ in range(rng.randint(0, 4)):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(5):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(at, lines[other])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = " " * rng.randint(0, 3) + lines[at].lstrip()
            case _:
                lines[at] = rng.choice(["no ", "default ", "  "]) + lines[at].lstrip()
    text = "\n".join(lines)
    for _ in range(rng.choice([0, 0, 1, 3, 10])):
        at = rng.randrange(len(text) + 1)
        inserted = rng.choice([*_PIECES, chr(rng.randrange(32, 127)), chr(rng.randrange(0xD800))])
        text = text[:at] + rng.choice([inserted, ""]) + text[at + rng.randint(0, 2) :]
    return text


def does_not_differ(text: str) -> None:
    lines = list(diff(read(text, installed()).config, read(text, installed()).config))
    assert lines == [], f"{lines[:3]} lies between it and itself"


def arrives(text: str) -> None:
    """Typing the lines of the difference between two texts makes the second of the first. What is no command may not have a `no` form."""
    before, _, after = text.partition(_BETWEEN)
    if any(reading.unknown or reading.wrong for reading in (read(before, installed()), read(after, installed()))):
        return
    want, got = gone_round(before, after)
    assert got == want, f"only in what was reached: {[row for row in got if row not in want]}, missing: {[row for row in want if row not in got]}"


class TooSlowError(Exception):
    """A text that takes longer than anything of its size should."""


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError(f"it takes more than {_PATIENCE} seconds")


def problem(check: Callable[[str], None], text: str) -> Exception | None:
    """What is wrong with a text, or None."""
    signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(_PATIENCE)
    try:
        check(text)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return error
    finally:
        signal.alarm(0)
    return None


def smallest(check: Callable[[str], None], text: str, kind: type[Exception]) -> str:
    """The text without all lines, then without all characters, that it fails in the same way without."""
    deadline = time.monotonic() + _PATIENCE
    for separator in ("\n", " ", ""):
        parts = text.split(separator) if separator else list(text)
        size = max(len(parts) // 2, 1)
        while size:
            at = 0
            while at < len(parts) and time.monotonic() < deadline:
                fewer = parts[:at] + parts[at + size :]
                if type(problem(check, separator.join(fewer))) is kind:
                    parts = fewer
                else:
                    at += size
            size //= 2
        text = separator.join(parts)
    return text


def run(stream: Iterator[Case], seconds: float, seed: int) -> int:
    """Tries cases for so many seconds; returns the exit status."""
    deadline = time.monotonic() + seconds
    tried: Counter[str] = Counter()
    for case in stream:
        if time.monotonic() > deadline:
            break
        tried[case.name.partition(" in ")[0]] += 1
        error = problem(case.check, case.text)
        if error is not None:
            text = smallest(case.check, case.text, type(error))
            again = problem(case.check, text) or error
            print(f"seed {seed}, after {tried.total()} tries: this should hold, and does not: it {case.name}")
            print(f"{text!a}\n{type(again).__name__}: {again}")
            return 1
    print(f"seed {seed}: " + ", ".join(f"{count} times it {name}" for name, count in tried.items()))
    return 0


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print(__doc__, file=sys.stderr)
        return 2
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(1 << 32)
    return run(cases(random.Random(seed)), float(arguments[0]), seed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
