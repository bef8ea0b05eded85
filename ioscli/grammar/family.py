"""The commands of a mode that begin with the same keywords, and what is known of them before any is looked at.

A family has its commands in the order of the files: those whose leading keywords end here, and for each keyword that goes on
a family of its own, where the first of its commands stands. A mode's commands are one family, of no keyword.
"""

from __future__ import annotations

from marshal import dumps, loads
from typing import TYPE_CHECKING

from ioscli.grammar.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

Packed = tuple[str, int, bool, bool, bytes]


class Family:
    """Commands that begin with the same keywords. `word`: the last of these, as the first command writes it.

    `level`: the lowest that one of them needs; `hidden`: all of them are; `accepted`: all of them only are.
    `members`: commands and families, made when they are wanted: from an image, or from the commands and how many keywords they share.
    """

    __slots__ = ("_members", "accepted", "hidden", "level", "word")

    def __init__(self, word: str, level: int, hidden: bool, accepted: bool, members: bytes | tuple[list[Command], int]) -> None:  # noqa: FBT001 - as packed
        self.word = word
        self.level = level
        self.hidden = hidden
        self.accepted = accepted
        self._members: list[Command | Family] | bytes | tuple[list[Command], int] = members

    @property
    def low(self) -> str:
        """The keyword as it is compared."""
        return self.word.strip("~").lower()

    @property
    def members(self) -> list[Command | Family]:
        if isinstance(self._members, bytes):
            packed = loads(self._members)  # noqa: S302 - of our own image
            self._members = [Family(*fields) if len(fields) == _FIELDS else Command(*fields) for fields in packed]
        elif isinstance(self._members, tuple):
            self._members = _members(*self._members)
        return self._members

    @property
    def commands(self) -> list[Command]:
        """All its commands, in the order of the files."""
        return sorted(self._all(), key=lambda command: command.order)

    def _all(self) -> Iterator[Command]:
        for member in self.members:
            if isinstance(member, Family):
                yield from member._all()  # noqa: SLF001
            else:
                yield member

    def pack(self) -> Packed:
        """What an image holds of it: what makes it again."""
        members = [
            member.pack() if isinstance(member, Family) else tuple(getattr(member, name) for name in Command.FIELDS) for member in self.members
        ]
        return self.word, self.level, self.hidden, self.accepted, dumps(members)


_FIELDS = len(Family.__slots__)


def family_of(commands: list[Command], word: str = "", depth: int = 0) -> Family:
    """Commands that share `depth` leading keywords, the last of them `word`, as a family."""
    return Family(
        word,
        min([command.level for command in commands], default=99),
        all(command.hidden for command in commands),
        all(command.accepted for command in commands),
        (commands, depth),
    )


def _members(commands: list[Command], depth: int) -> list[Command | Family]:
    places: list[Command | str] = []
    further: dict[str, tuple[str, list[Command]]] = {}  # by the next keyword
    for command in commands:
        following = command.following(depth)
        if following is None:
            places.append(command)
            continue
        low = following.strip("~").lower()
        if low not in further:
            further[low] = following, []
            places.append(low)  # its family comes here
        further[low][1].append(command)
    return [family_of(further[place][1], further[place][0], depth + 1) if isinstance(place, str) else place for place in places]
