"""The commands of a mode that begin with the same keyword, and what is known of them before any is looked at."""

from __future__ import annotations

from marshal import dumps, loads
from typing import TYPE_CHECKING

from ioscli.grammar.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Packed = tuple[str, int, bool, bool, bytes]


class Family:
    """Commands that begin with the same keyword: `word` as the first of them writes it, "" for those that begin with none.

    `level`: the lowest that one of them needs; `hidden`: all of them are; `accepted`: all of them only are.
    """

    __slots__ = ("_commands", "accepted", "hidden", "level", "word")

    def __init__(self, word: str, level: int, hidden: bool, accepted: bool, commands: list[Command] | bytes) -> None:  # noqa: FBT001 - as packed
        self.word = word
        self.level = level
        self.hidden = hidden
        self.accepted = accepted
        self._commands = commands

    @property
    def low(self) -> str:
        """The keyword as it is compared."""
        return self.word.strip("~").lower()

    @property
    def commands(self) -> list[Command]:
        """The commands, unpacked when they are first wanted."""
        if isinstance(self._commands, bytes):
            self._commands = [Command(*fields) for fields in loads(self._commands)]  # noqa: S302 - of our own image
        return self._commands

    def __iter__(self) -> Iterator[tuple[Command, list[str]]]:
        """The commands with their further leading keywords."""
        return ((command, command.words[1:]) for command in self.commands)

    def pack(self) -> Packed:
        """What an image holds of it: what makes it again."""
        fields = [tuple(getattr(command, name) for name in Command.FIELDS) for command in self.commands]
        return self.word, self.level, self.hidden, self.accepted, dumps(fields)


def families_of(commands: Iterable[Command]) -> list[Family]:
    """Commands as families, in the order in which these begin."""
    found: dict[str, list[Command]] = {}
    for command in commands:
        found.setdefault((command.first or "").lower(), []).append(command)
    return [
        Family(
            members[0].text.split(None, 1)[0] if low else "",
            min(command.level for command in members),
            all(command.hidden for command in members),
            all(command.accepted for command in members),
            members,
        )
        for low, members in found.items()
    ]


def commands_of(families: Iterable[Family]) -> list[Command]:
    """The commands of all families of a mode, in their order."""
    return sorted([command for family in families for command in family.commands], key=lambda command: command.order)
