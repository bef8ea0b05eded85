"""A line of a .cli file: text until the word that begins it is met, then a command with its attributes."""

from __future__ import annotations

from ioscli.grammar.line import Line, lead_count
from ioscli.grammar.notation import NotationError, parse_notation


class GrammarError(ValueError):
    """A grammar file that cannot be used: the text names file, line and what is wrong."""


class Command:
    """A line of a .cli file that is not read yet beyond its first word.

    `source`: file:line; `order`: its place in the mode; `enters`: the mode that it opens; `folder`: of its file.
    """

    FIELDS = ("text", "attributes", "mode", "source", "order", "accepted", "enters", "folder", "default_level")  # what makes it
    __slots__ = (*FIELDS, "read")

    def __init__(
        self,
        text: str,
        attributes: list[str],
        mode: str,
        source: str,
        order: int,
        accepted: bool,  # noqa: FBT001 - as packed
        enters: str | None,
        folder: str,
        default_level: int,
    ) -> None:
        self.text = text
        self.attributes = attributes
        self.mode = mode
        self.source = source
        self.order = order
        self.accepted = accepted
        self.enters = enters
        self.folder = folder
        self.default_level = default_level
        self.read: Line | None = None  # once it has been

    @property
    def first(self) -> str | None:
        """The keyword that the command begins with, or None where it begins otherwise."""
        word = self.text.split(None, 1)[0]
        return None if word[0] in "{[<" or word == "..." else word.strip("~")

    @property
    def words(self) -> list[str]:
        """The keywords that the command begins with, as they stand there."""
        text = self.text
        end = min([at for mark in "[]{}|<>" if (at := text.find(mark)) >= 0], default=len(text))
        words = text[:end].split()
        if "..." in words:
            at = words.index("...")
            # At the end of the line `...` is the rest of it; before that it repeats the word in front.
            return words[: at if end == len(text) else at - 1]
        return words

    def following(self, depth: int) -> str | None:
        """The keyword behind its first `depth` ones, as it stands there; None where there is none."""
        if depth == 0:  # asked of all commands
            return self.text.split(None, 1)[0] if self.first is not None else None
        words = self.words
        return words[depth] if len(words) > depth else None

    @property
    def leading(self) -> tuple[str, ...]:
        """The keywords that it begins with as they are compared: in lower case, without the blanks around them."""
        return tuple(word.strip("~").lower() for word in self.words)

    @property
    def level(self) -> int:
        """The privilege level that the command needs."""
        for attribute in self.attributes:
            if attribute[0] == "@" and attribute[1:].isdecimal():
                return int(attribute[1:])
        return self.default_level

    @property
    def hidden(self) -> bool:
        return "hidden" in self.attributes

    def line(self) -> Line:
        """The command read; the same line each time. Raises GrammarError."""
        if self.read is None:
            self.read = self._read()
        return self.read

    def _read(self) -> Line:
        try:
            items = parse_notation(self.text)
            line = Line(items, self.mode, self.source, self.order)
            line.level, line.accepted, line.enters = self.level, self.accepted, self.enters
            for attribute in self.attributes:
                self._attribute(line, attribute)
            if self.accepted and self.text.endswith("...") and not line.keys:
                line.whole = line.whole or line.enters is None
                line.keeps_no = True
            line.secret = ":secret" in self.text
            line.leads = lead_count(items, line.keys)
            line.stored = line.action is None and line.toggles is None
        except (NotationError, ValueError) as error:
            raise GrammarError(f"{self.source}: {error}") from None
        return line

    def _attribute(self, line: Line, attribute: str) -> None:
        word, _, rest = attribute.partition(" ")
        match word:
            case "=":
                line.shown = rest.endswith(" shown")
                value = rest.removesuffix(" shown")
                line.keeps_no = line.keeps_no or value == "on"
                line.default = line.head if value == "on" else f"{line.head} {value}"
            case "keeps" if rest in ("no", "no whole"):
                line.keeps_no = True
                line.whole_no = rest == "no whole"
            case "reads" if rest == "no":
                line.reads_no = True
            case "key":
                before, ordered, count = rest.partition(" sorted")
                line.whole = before == "*"
                line.keys = () if line.whole else tuple(before.split())
                line.sorted = (int(count) if count else len(line.keys)) if ordered else 0
            case "->":
                line.action = f"{self.folder}.{rest}"
            case "asks":
                line.asks = f"{self.folder}.{rest}"
            case "applies":
                line.applies = f"{self.folder}.{rest}"
            case "toggles":
                flag, _, text = rest.partition(" ")
                line.toggles = (flag, text.strip().strip('"'))
            case "hidden":
                line.hidden = True
            case "typed":
                line.typed = rest
            case "no":
                line.negative = rest
            case _ if attribute[0] == "@" and attribute[1:].isdecimal() and int(attribute[1:]) <= 15:
                pass
            case _:
                raise NotationError(f"unknown attribute {attribute!r}")
