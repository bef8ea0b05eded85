"""The files of grammar/ to modes: headers, commands, glossaries, order.

A command stays text until a word that begins it is met (ioscli.grammar.trie), so a start pays only for what it uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.grammar.notation import NotationError, Word, parse_notation
from ioscli.grammar.order import Order, OrderError, read_order
from ioscli.grammar.trie import Line, Trie, lead_count

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLUMNS = re.compile(r"\s{2,}")
_HEADER = {"mode", "title", "enter", "prompt", "new", "leave", "open", "accepted", "was"}


class GrammarError(ValueError):
    """A grammar file that cannot be used: the text names file, line and what is wrong."""


@dataclass(slots=True)
class Command:
    """A line of a .cli file that is not read yet beyond its first word."""

    text: str
    attributes: list[str]
    mode: str
    source: str
    order: int
    accepted: bool
    enters: str | None = None
    folder: str = ""
    default_level: int = 15

    @property
    def first(self) -> str | None:
        """The keyword that the command begins with, or None where it begins otherwise."""
        word = self.text.split(None, 1)[0]
        return None if word[0] in "{[<" or word == "..." else word.rstrip("~")

    @property
    def level(self) -> int:
        """The privilege level that the command needs."""
        for attribute in self.attributes:
            if attribute[0] == "@":
                return int(attribute[1:])
        return self.default_level

    @property
    def hidden(self) -> bool:
        return "hidden" in self.attributes

    def line(self) -> Line:
        """The command read. Raises GrammarError."""
        try:
            items = parse_notation(self.text)
            line = Line(items, self.mode, self.source, self.order, level=self.level, accepted=self.accepted, enters=self.enters)
            for attribute in self.attributes:
                self._attribute(line, attribute)
            if self.accepted and self.text.endswith("...") and not line.keys:
                line.whole = line.whole or line.enters is None
                line.keeps_no = True
            line.leads = lead_count(items, line.keys)
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
            case "keeps" if rest == "no":
                line.keeps_no = True
            case "key":
                keys = rest.split()
                line.sorted = keys[-1] == "sorted"
                keys = keys[:-1] if line.sorted else keys
                line.whole = keys == ["*"]
                line.keys = () if line.whole else tuple(keys)
            case "->":
                line.action = f"{self.folder}.{rest}"
            case "asks":
                line.asks = f"{self.folder}.{rest}"
            case "toggles":
                flag, _, text = rest.partition(" ")
                line.toggles = (flag, text.strip().strip('"'))
            case "hidden":
                line.hidden = True
            case "no":
                line.negative = rest
            case _ if re.fullmatch(r"@\d+", attribute) and int(attribute[1:]) <= 15:
                pass
            case _:
                raise NotationError(f"unknown attribute {attribute!r}")


@dataclass(slots=True)
class Entry:
    """A line of a glossary."""

    path: tuple[str, ...]
    text: str
    source: str


@dataclass
class Mode:
    """A mode of the shell: its commands and how it looks."""

    name: str
    title: str = ""
    prompt: str = ""
    parents: list[str] = field(default_factory=list)
    open: bool = False
    leave: str | None = None
    new: list[str] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    spellings: list[tuple[list[str], list[str]]] = field(default_factory=list)
    help_lines: list[tuple[str, int, str]] = field(default_factory=list)
    order: Order | None = None

    @cached_property
    def trie(self) -> Trie:
        trie = Trie(self.commands)
        for old, new in self.spellings:
            trie.spell(old, new)
        return trie

    @cached_property
    def lines(self) -> list[Line]:
        """Every command, read."""
        self.trie.build_all()
        return [line for command in self.commands for line in [self.trie.line(command)]]

    @cached_property
    def glossary(self) -> dict[tuple[str, ...], Entry]:
        entries: dict[tuple[str, ...], Entry] = {}
        for file, number, raw in self.help_lines:
            entry = _entry(raw, f"{file}:{number}")
            if entry.path in entries and entries[entry.path].text != entry.text:
                raise GrammarError(f"{entry.source}: {' '.join(entry.path)!r} is explained in {entries[entry.path].source} already")
            entries.setdefault(entry.path, entry)
        return entries


@dataclass
class Grammar:
    """All modes."""

    root: Path
    modes: dict[str, Mode]

    @cached_property
    def words(self) -> dict[tuple[str, ...], Entry]:
        """The glossary of words that mean the same in every mode."""
        path = self.root / "WORDS"
        entries = {}
        if path.exists():
            for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if raw.strip() and not raw.startswith("#"):
                    entry = _entry(raw, f"WORDS:{number}")
                    entries[entry.path] = entry
        return entries

    def help(self, mode: Mode, path: tuple[str, ...]) -> str | None:
        """The text that explains the last word of a path: the longest suffix that a glossary has."""
        entry = self.entry(mode, path)
        return entry.text if entry else None

    def entry(self, mode: Mode, path: tuple[str, ...]) -> Entry | None:
        for glossary in (mode.glossary, self.words):
            for start in range(len(path)):
                if path[start:] in glossary:
                    return glossary[path[start:]]
        return None


def grammar_root() -> Path:
    """The folder of the grammar: inside the installed package, or beside the sources."""
    inside = Path(__file__).parent.parent / "_grammar"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "grammar"


@cache
def installed() -> Grammar:
    """The grammar that comes with the program."""
    return load(grammar_root())


def load(root: Path) -> Grammar:
    """Reads the headers of all files below `root`. Raises GrammarError for what cannot be read."""
    grammar = Grammar(root, {"config": Mode("config"), "exec": Mode("exec"), "any": Mode("any")})
    for path in sorted(root.rglob("*.cli")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise GrammarError(f"{path.relative_to(root)}: {error}") from None
        _File(grammar, str(path.relative_to(root)), text).read()
    for name, mode in grammar.modes.items():
        if mode.commands or name in ("config", "exec", "any"):
            continue
        if not mode.parents:
            raise GrammarError(f"mode {name!r} has neither commands nor an entry")
    if (root / "ORDER").exists():
        try:
            for name, order in read_order(root / "ORDER").items():
                if name not in grammar.modes:
                    raise OrderError(f"ORDER: there is no mode {name!r}")
                grammar.modes[name].order = order
        except OrderError as error:
            raise GrammarError(str(error)) from None
    return grammar


class _File:
    """One .cli file on its way into the modes."""

    def __init__(self, grammar: Grammar, name: str, text: str) -> None:
        self.grammar = grammar
        self.name = name
        self.lines = text.splitlines()
        self.mode: Mode | None = None
        self.accepted = False
        self.folder = name.partition("/")[0]
        self.number = 0

    def fail(self, what: str) -> GrammarError:
        return GrammarError(f"{self.name}:{self.number}: {what}")

    def read(self) -> None:
        header = True
        for number, raw in enumerate(self.lines, 1):
            if not raw or raw[0] == "#" or raw.isspace():
                continue
            self.number = number
            word = raw.split(None, 1)[0]
            if word == "help" and raw.rstrip() == "help":
                self._help(number)
                break
            if word == "mode" and (self.mode is None or _COLUMNS.search(raw)):
                header = True
                self._mode(raw)
                continue
            if self.mode is None:
                raise self.fail("a file begins with its mode")
            columns = _COLUMNS.split(raw.partition("  #")[0].strip())
            if header and word in _HEADER and self._header(word, raw, columns):
                continue
            header = False
            self._command(columns)

    def _mode(self, raw: str) -> None:
        name = raw.split()[1]
        self.mode = self.grammar.modes.setdefault(name, Mode(name))
        self.accepted = False

    def _header(self, word: str, raw: str, columns: list[str]) -> bool:
        assert self.mode is not None
        value = raw.partition("  #")[0].strip().partition(" ")[2].strip()
        match word:
            case "title":
                self.mode.title = value
            case "prompt":
                self.mode.prompt = value
            case "new":
                self.mode.new.append(value)
            case "leave":
                self.mode.leave = value
            case "open" if not value:
                self.mode.open = True
            case "accepted" if not value:
                self.accepted = True
            case "was":
                old, equals, new = value.partition(" = ")
                if not equals:
                    raise self.fail("was OLD WORDS = NEW WORDS")
                self.mode.spellings.append((old.split(), new.split()))
            case "enter":
                self._enter(columns)
            case _:
                return False
        return True

    def _enter(self, columns: list[str]) -> None:
        assert self.mode is not None
        text = columns[0].removeprefix("enter").strip()
        rest = columns[1:]
        if not text and rest:
            text, *rest = rest
        parents = next((column[5:].split() for column in rest if column.startswith("from ")), None)
        if parents is None:
            raise self.fail("enter LINE  from MODE")
        attributes = [column for column in rest if not column.startswith("from ")]
        for parent in parents:
            mode = self.grammar.modes.setdefault(parent, Mode(parent))
            if parent not in self.mode.parents:
                self.mode.parents.append(parent)
            self._add(mode, text, attributes, enters=self.mode.name)

    def _command(self, columns: list[str]) -> None:
        assert self.mode is not None
        self._add(self.mode, columns[0], columns[1:])

    def _add(self, mode: Mode, text: str, attributes: list[str], enters: str | None = None) -> None:
        level = 1 if mode.name in ("exec", "any") else 15
        source = f"{self.name}:{self.number}"
        mode.commands.append(Command(text, attributes, mode.name, source, len(mode.commands), self.accepted, enters, self.folder, level))

    def _help(self, start: int) -> None:
        assert self.mode is not None
        for number, raw in enumerate(self.lines[start:], start + 1):
            if raw and not raw.isspace() and raw.lstrip()[0] != "#":
                if raw[0] != " ":
                    self.number = number
                    raise self.fail("nothing follows the glossary; its entries begin with two blanks")
                self.mode.help_lines.append((self.name, number, raw))


def _entry(raw: str, source: str) -> Entry:
    path, *text = _COLUMNS.split(raw.strip(), maxsplit=1)
    if not text:
        raise GrammarError(f"{source}: an entry is a path, two blanks, a text")
    return Entry(tuple(path.split()), text[0], source)


def first_words(commands: Iterable[Command]) -> set[str]:
    """The keywords that commands begin with."""
    return {word for command in commands if (word := command.first)}


def leading_text(line: Line) -> str:
    """The leading keywords of a command, single blanks between them."""
    return " ".join(item.text for item in line.items[: len(line.leading)] if isinstance(item, Word))
