"""The files of grammar/ to modes: headers, commands, glossaries, order.

A command stays text until a word that begins it is met (ioscli.grammar.trie), so a start pays only for what it uses.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ioscli.grammar.command import Command, GrammarError
from ioscli.grammar.image import image_of, kept
from ioscli.grammar.modes import Grammar, Mode

_HEADER = {"mode", "title", "enter", "prompt", "new", "leave", "open", "accepted", "indent", "was"}


def grammar_root() -> Path:
    """The folder of the grammar: inside the installed package, or beside the sources."""
    inside = Path(__file__).parent.parent / "_grammar"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "grammar"


@cache
def installed() -> Grammar:
    """The grammar that comes with the program."""
    return kept(grammar_root(), image_of(__spec__), load)


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
        from ioscli.grammar.order import OrderError, read_order

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
        self.columns = re.compile(r"\s{2,}")
        self.entries: list[Command] = []  # of the block at hand: `accepted` holds for them too, wherever it stands

    def fail(self, what: str) -> GrammarError:
        return GrammarError(f"{self.name}:{self.number}: {what}")

    def read(self) -> None:
        header = True
        for number, raw in enumerate(self.lines, 1):
            if not raw or raw[0] == "#" or raw.isspace():
                continue
            self.number = number
            if raw.startswith("help") and raw.rstrip() == "help":
                self._help(number)
                break
            if raw.startswith("mode") and raw.split(None, 1)[0] == "mode" and (self.mode is None or self.columns.search(raw)):
                header = True
                self._mode(raw)
                continue
            if self.mode is None:
                raise self.fail("a file begins with its mode")
            columns = self.columns.split(raw.partition("  #")[0].strip()) if "  " in raw else [raw.strip()]
            if header and (word := raw.split(None, 1)[0]) in _HEADER and self._header(word, raw, columns):
                continue
            header = False
            self._add(self.mode, columns[0], columns[1:])

    def _mode(self, raw: str) -> None:
        name = raw.split()[1]
        self.mode = self.grammar.modes.setdefault(name, Mode(name))
        self.accepted = False
        self.entries = []

    def _header(self, word: str, raw: str, columns: list[str]) -> bool:
        assert self.mode is not None
        value = raw.partition("  #")[0].strip().partition(" ")[2].strip()
        match word:
            case "title":
                self.mode.title = value
            case "prompt":
                prompt, _, pattern = value.partition("  where ")
                if pattern:
                    self.mode.prompts.append((pattern.strip(), prompt.strip()))
                else:
                    self.mode.prompt = prompt.strip()
            case "new":
                self.mode.new.append(value)
            case "leave":
                self.mode.leave = value
            case "indent":
                self.mode.indents = tuple(int(number) for number in value.split())
            case "open" if not value:
                self.mode.open = True
            case "accepted" if not value:
                self.accepted = True
                for command in self.entries:
                    command.accepted = True
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

    def _add(self, mode: Mode, text: str, attributes: list[str], enters: str | None = None) -> None:
        level = 1 if mode.name in ("exec", "any") else 15
        source = f"{self.name}:{self.number}"
        command = Command(text, attributes, mode.name, source, len(mode.commands), self.accepted, enters, self.folder, level)
        mode.commands.append(command)
        if enters is not None:
            self.entries.append(command)

    def _help(self, start: int) -> None:
        assert self.mode is not None
        help_lines = self.mode.help_lines
        for number, raw in enumerate(self.lines[start:], start + 1):
            if raw[:1] == " ":
                help_lines.append((self.name, number, raw))
            elif raw and raw[0] != "#":
                self.number = number
                raise self.fail("nothing follows the glossary; its entries begin with two blanks")
