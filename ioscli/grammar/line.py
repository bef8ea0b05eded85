"""A command as its line in a .cli file gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.grammar.notation import Arg, Choice, NotationError, Word, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ioscli.grammar.notation import Item
    from ioscli.grammar.types import Type


# Of a singleton, its command; of a repeatable one, the command and its key arguments, or the whole text.
Key = object


class Line:
    """One command of a mode, as its line in a .cli file gives it. `source`: file:line."""

    __slots__ = (
        "accepted",
        "action",
        "applies",
        "asks",
        "body",
        "default",
        "enters",
        "hidden",
        "items",
        "keeps_no",
        "keys",
        "leads",
        "level",
        "mode",
        "negative",
        "order",
        "reads_no",
        "secret",
        "shown",
        "simple",
        "sorted",
        "source",
        "stored",
        "toggles",
        "typed",
        "whole",
        "whole_no",
    )

    def __init__(self, items: tuple[Item, ...], mode: str, source: str, order: int = 0) -> None:
        self.items = items
        self.mode = mode
        self.source = source
        self.order = order
        self.level = 15
        self.default: str | None = None  # the text of the statement that equals the default
        self.shown = False
        self.keeps_no = False
        self.whole_no = False  # the kept `no` form keeps its arguments
        self.reads_no = False  # the `no` form is kept beside the statement when text is read
        self.keys: tuple[str, ...] = ()
        self.whole = False  # the whole text is the key
        self.sorted = 0  # by how many of the keys the instances are ordered
        self.action: str | None = None
        self.asks: str | None = None
        self.applies: str | None = None
        self.toggles: tuple[str, str] | None = None
        self.enters: str | None = None
        self.accepted = False
        self.hidden = False
        self.negative: str | None = None  # irregular `no` form; "-": none
        self.secret = False  # it has an argument that nobody should see
        self.body: Type | None = None
        self.typed: str | None = None  # the prompt at which the lines of its body are typed
        self.leads = 1  # how many leading items the `no` form needs
        self.stored = True  # it is a statement of the configuration, neither an action nor a flag
        self.simple = False  # nothing is to be done about it but to store it: no body

    @property
    def head(self) -> str:
        """The leading keywords, as they are printed."""
        return " ".join(item.printed for item in self.leading)

    @property
    def leading(self) -> list[Word]:
        words = []
        for item in self.items:
            if not isinstance(item, Word):
                break
            words.append(item)
        return words


class End:
    """A command is complete here; `keys` are the places of its key arguments among the tokens."""

    __slots__ = ("keys", "line")

    def __init__(self, line: Line, keys: tuple[int, ...]) -> None:
        self.line = line
        self.keys = keys

    def key(self, tokens: list[str], text: str) -> Key:
        """What a section holds the statement under that has these canonical tokens and this text."""
        line = self.line
        if line.whole:
            return text
        if line.keys:
            places = self.keys
            return (line, tokens[places[0]]) if len(places) == 1 else (line, *[tokens[at] for at in places])
        return line


def lead_count(items: tuple[Item, ...], keys: tuple[str, ...]) -> int:
    """How many items the `no` form needs: the leading keywords, and all up to the last key.

    Raises NotationError for a key that the notation does not have.
    """
    count = 0
    while count < len(items) and isinstance(items[count], Word):
        count += 1
    count = max(count, 1)
    for key in keys:
        for at, item in enumerate(items):
            if key in names((item,)):
                count = max(count, at + 1)
                break
        else:
            raise NotationError(f"there is no argument {key!r} to be a key")
    return count


def names(items: Iterable[Item]) -> set[str]:
    """The names of the arguments and choices in a tree."""
    return {item.name for item in walk(tuple(items)) if isinstance(item, (Arg, Choice)) and item.name is not None}
