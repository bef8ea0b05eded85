"""The order of show-run: the table of contents in grammar/ORDER.

A file of sections `mode NAME`, each a list of command heads in the order that a router prints them; `!` alone is a
separator line; `...` is where heads that are not listed go. A head may be followed by attributes in columns of their own:
a release (`12`, `15.2`: the place holds for versions that begin so, and wins there over one without), and `!` (a separator
follows each of its statements). `like R1  R2  HEAD` says that a configuration of release R2 with a statement HEAD is listed as R1 (`15.2-iol`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_RELEASE = r"\d+(\.\d+)?(-\w+)?"


class OrderError(ValueError):
    """A line of ORDER that cannot be read."""


class Place(NamedTuple):
    """Where a head stands. `gap`: a separator stands between this place's group and the one before; `closes`: one follows each."""

    rank: int
    gap: int
    closes: bool


class Order:
    """The places of one mode's heads, by release ("": of all).

    `rest`: where what is not listed goes. `likes`: a release, of which release it is one, with which head. `longest`: how many words
    the longest head has that begins with one.
    """

    __slots__ = ("likes", "longest", "places", "rest")

    def __init__(self) -> None:
        self.places: dict[str, dict[tuple[str, ...], Place]] = {"": {}}
        self.rest: Place | None = None
        self.likes: list[tuple[str, str, str]] = []
        self.longest: dict[str, int] = {}

    def pack(self) -> tuple[Any, ...]:
        """What makes it again, in tuples and dictionaries."""
        places = {release: {head: tuple(place) for head, place in table.items()} for release, table in self.places.items()}
        return places, None if self.rest is None else tuple(self.rest), self.likes, self.longest

    @classmethod
    def unpack(cls, places: Any, rest: Any, likes: Any, longest: Any) -> Order:
        order = cls()
        order.places = {release: {head: Place(*place) for head, place in table.items()} for release, table in places.items()}
        order.rest = None if rest is None else Place(*rest)
        order.likes, order.longest = likes, longest
        return order

    def release(self, version: str, heads: Iterable[str]) -> str:
        """The release whose places hold for a configuration of this version with statements that begin so."""
        texts: list[str] | None = None
        for release, of, head in self.likes:
            if of in (version, version.partition(".")[0]):
                texts = list(heads) if texts is None else texts
                if any(text.startswith(head) for text in texts):
                    return release
        return version

    def tables(self, version: str) -> list[dict[tuple[str, ...], Place]]:
        """The places that hold for a version (`15.4`, or "" for any), the most particular first."""
        return [self.places[release] for release in (version, version.partition(".")[0], "") if release in self.places]

    def place(self, words: list[str], tables: list[dict[tuple[str, ...], Place]]) -> Place | None:
        """The place of a statement by its first words (a leading `no` does not count unless listed); `rest` where none is."""
        negative = words[0] == "no"
        bare = words[1:] if negative else words
        longest = self.longest.get(bare[0], 0) if bare else 0
        for length in range(min(len(bare), longest, 4), 0, -1):
            head = tuple(bare[:length])
            for whole in (("no", *head), head) if negative else (head,):
                for table in tables:
                    if whole in table:
                        return table[whole]
        return self.rest

    def listed(self, words: list[str]) -> bool:
        """Whether a head has a place of its own."""
        return any(self.place(words, [table]) is not self.rest for table in self.places.values())


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
        if head.startswith("like ") and len(attributes) == 2:
            current.likes.append((head[5:], attributes[0], attributes[1]))
            continue
        unknown = [attribute for attribute in attributes if attribute != "!" and not re.fullmatch(_RELEASE, attribute)]
        if unknown:
            raise OrderError(f"{path.name}:{number}: unknown attribute {unknown[0]!r}")
        place = Place(number, gap, "!" in attributes)
        if head == "...":
            current.rest = place
            continue
        words = tuple(head.split())
        bare = words[words[0] == "no" :]
        current.longest[bare[0]] = max(current.longest.get(bare[0], 0), len(bare))
        for release in [attribute for attribute in attributes if attribute != "!"] or [""]:
            table = current.places.setdefault(release, {})
            if words in table:
                raise OrderError(f"{path.name}:{number}: {head!r} is listed twice")
            table[words] = place
    return orders
