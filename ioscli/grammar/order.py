"""The order of show-run: the table of contents in grammar/ORDER.

A file of sections `mode NAME`, each a list of command heads in the order that a router prints them; `!` alone is a
separator line; `...` is where heads that are not listed go. A head may be followed by attributes in columns of their own:
`12`, `15` or `16` (the place holds for that release train only, and wins there over one without), `!` (each is followed by a separator).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TRAINS = ("12", "15", "16")


class OrderError(ValueError):
    """A line of ORDER that cannot be read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a head stands. `gap`: a separator stands between this place's group and the one before; `closes`: one follows each."""

    rank: int
    gap: int
    closes: bool


@dataclass(slots=True)
class Order:
    """The places of one mode's heads."""

    places: dict[str, dict[tuple[str, ...], Place]] = field(default_factory=lambda: {train: {} for train in ("", *TRAINS)})
    rest: Place | None = None

    def place(self, words: list[str], train: str) -> Place | None:
        """The place of a statement by its first words (a leading `no` does not count unless listed); `rest` where none is."""
        tables = (self.places[train], self.places[""]) if train else (self.places[""],)
        starts = (words, words[1:]) if words[0] == "no" else (words,)
        for start in starts:
            for length in range(min(len(start), 4), 0, -1):
                head = tuple(start[:length])
                for table in tables:
                    if head in table:
                        return table[head]
        return self.rest

    def listed(self, words: list[str]) -> bool:
        """Whether a head has a place of its own."""
        return self.place(words, "") is not self.rest


def train_of(version: str) -> str:
    """The train of ORDER that a `version` line's argument belongs to: 15 where it says none that we know."""
    major = version.partition(".")[0]
    if not major.isdecimal():
        return "15"
    return "12" if int(major) <= 12 else "15" if int(major) == 15 else "16"


def read_order(path: Path) -> dict[str, Order]:
    """The orders of all modes in a file. Raises OrderError with file and line."""
    orders: dict[str, Order] = {}
    current: Order | None = None
    gap = 0
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.partition("#")[0].rstrip()
        if not line:
            continue
        head, *attributes = re.split(r"\s{2,}", line)
        if head.startswith("mode "):
            current = orders.setdefault(head[5:], Order())
            continue
        if current is None:
            raise OrderError(f"{path.name}:{number}: {head!r} stands before the first mode")
        if head == "!":
            gap += 1
            continue
        unknown = [attribute for attribute in attributes if attribute not in (*TRAINS, "!")]
        if unknown:
            raise OrderError(f"{path.name}:{number}: unknown attribute {unknown[0]!r}")
        place = Place(number, gap, "!" in attributes)
        if head == "...":
            current.rest = place
            continue
        for train in [attribute for attribute in attributes if attribute in TRAINS] or [""]:
            if tuple(head.split()) in current.places[train]:
                raise OrderError(f"{path.name}:{number}: {head!r} is listed twice")
            current.places[train][tuple(head.split())] = place
    return orders
