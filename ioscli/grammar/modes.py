"""The modes of the shell: their commands, their looks, and the glossaries that explain their words."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from ioscli.grammar.command import GrammarError
from ioscli.grammar.family import family_of
from ioscli.grammar.trie import Trie

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ioscli.grammar.command import Command
    from ioscli.grammar.image import Packed
    from ioscli.grammar.line import Line
    from ioscli.grammar.order import Order
    from ioscli.grammar.refusal import Refusal

ALL = "..."  # behind the words of a privilege level: of all commands that begin so
_OF_COMMANDS = {"trie", "modelled_heads", "strict", "lines"}  # what a mode makes of its commands


class Entry:
    """A line of a glossary."""

    __slots__ = ("path", "source", "text")

    def __init__(self, path: tuple[str, ...], text: str, source: str) -> None:
        self.path = path
        self.text = text
        self.source = source


class Mode:
    """A mode of the shell: its commands and how it looks. `packed`: what it has that an image of the grammar holds."""

    def __init__(self, name: str, packed: Packed | None = None) -> None:
        self.name = name
        self.packed = packed
        self.title = ""
        self.prompt = ""
        self.prompts: list[tuple[str, str]] = []
        self.parents: list[str] = []
        self.open = False
        self.leave: str | None = None
        self.indents: tuple[int, ...] = (1,)
        self.new: list[str] = []
        self.spellings: list[tuple[list[str], list[str]]] = []

    @cached_property
    def commands(self) -> list[Command]:
        """All its commands, in the order of the files."""
        return self.packed.family.commands if self.packed is not None else []

    @cached_property
    def help_lines(self) -> list[tuple[str, int, str]]:
        """The lines of its glossary: file, number, text."""
        return self.packed.help_lines() if self.packed is not None else []

    @cached_property
    def order(self) -> Order | None:
        """Its part of the table of contents."""
        return self.packed.order() if self.packed is not None else None

    @cached_property
    def trie(self) -> Trie:
        # Commands that nobody has wanted as a list are those of the image.
        packed = self.packed if "commands" not in self.__dict__ else None
        trie = Trie(packed.family if packed is not None else family_of(self.commands))
        for old, new in self.spellings:
            trie.spell(old, new)
        return trie

    def prompt_of(self, head: str) -> str:
        """The prompt in a section whose first line is `head`."""
        if not self.prompts:
            return self.prompt
        from fnmatch import fnmatchcase

        return next((prompt for pattern, prompt in self.prompts if fnmatchcase(head, pattern)), self.prompt)

    def refusal(self, line: str) -> Refusal | None:
        """Why a line is no command of the mode, None where it is one."""
        from ioscli.grammar.ask import explain  # most starts have nothing to explain

        return explain(self, line)

    def allowed(self, level: int, levels: Mapping[tuple[str, ...], int]) -> Mode:
        """The mode with the commands that a privilege level may use. `levels`: other levels than their own, by leading words."""
        return self.having([command for command in self.commands if _level(command, levels) <= level])

    def having(self, commands: list[Command]) -> Mode:
        """The mode with these of its commands only."""
        mode = Mode(self.name, self.packed)
        mode.__dict__ |= {name: value for name, value in self.__dict__.items() if name not in _OF_COMMANDS}
        mode.commands = commands
        return mode

    @cached_property
    def modelled_heads(self) -> frozenset[str]:
        """The first words (lower-case) of the commands that are not only accepted."""
        return frozenset(word.lower() for command in self.commands if not command.accepted and (word := command.first))

    @cached_property
    def strict(self) -> bool:
        """Whether every line that no command matches is refused: nothing in the mode is only accepted."""
        return not self.open and not any(command.accepted for command in self.commands)

    @cached_property
    def lines(self) -> list[Line]:
        """Every command, read."""
        self.trie.build_all()
        return [line for command in self.commands for line in [self.trie.line(command)]]

    @cached_property
    def glossary(self) -> dict[tuple[str, ...], Entry]:
        """The mode's own entries; where two explain the same words, the first one."""
        entries: dict[tuple[str, ...], Entry] = {}
        for entry in self.entries:
            entries.setdefault(entry.path, entry)
        return entries

    @cached_property
    def entries(self) -> list[Entry]:
        """All entries, in the order of the files."""
        return [parse_entry(raw, f"{file}:{number}") for file, number, raw in self.help_lines if not raw.isspace() and raw.lstrip()[0] != "#"]


class Grammar:
    """All modes. `root`: the folder that they come from."""

    def __init__(self, root: Path, modes: dict[str, Mode]) -> None:
        self.root = root
        self.modes = modes

    @cached_property
    def words(self) -> dict[tuple[str, ...], Entry]:
        """The glossary of words that mean the same in every mode."""
        path = self.root / "WORDS"
        entries = {}
        if path.exists():
            for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if raw.strip() and not raw.startswith("#"):
                    entry = parse_entry(raw, f"WORDS:{number}")
                    entries[entry.path] = entry
        return entries

    def help(self, mode: Mode, path: tuple[str, ...]) -> str | None:
        """The text that explains the last word of a path: the longest suffix that a glossary has."""
        entry = self.entry(mode, path)
        return entry.text if entry else None

    def entry(self, mode: Mode, path: tuple[str, ...]) -> Entry | None:
        for start in range(len(path)):
            for glossary in (mode.glossary, self.words):
                if path[start:] in glossary:
                    return glossary[path[start:]]
        return None


def _level(command: Command, levels: Mapping[tuple[str, ...], int]) -> int:
    """The level that a command needs: that of its own words, or of words with ALL behind them that lead into it, else its own;
    and at least that of each of the words before.
    """
    words = command.leading
    own, gate = command.level, 0
    for length in range(1, len(words) + 1):
        own = levels.get((*words[:length], ALL), own)
        if length < len(words):
            gate = max(gate, levels.get(words[:length], 0))
    own = levels.get(words, own)
    # Where only some of the command's options have a level, those who have it need the command.
    further = [level for named, level in levels.items() if len(named) > len(words) and named[: len(words)] == words]
    return max(min([own, *further]), gate)


def parse_entry(raw: str, source: str) -> Entry:
    """Reads an entry of a glossary. Raises GrammarError."""
    path, *text = re.split(r"\s{2,}", raw.strip(), maxsplit=1)
    if not text:
        raise GrammarError(f"{source}: an entry is a path, two blanks, a text")
    return Entry(tuple(path.split()), text[0], source)
