"""A change of the running-config: the tree first, then the engines that have to agree with it.

The grammar says which function makes an engine agree (`applies F`). F is told which statements came or went, and looks at the
tree for what is wanted now, so that a typed line, a pasted file, a reload, `configure replace` and an undo are one thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.binding import resolve
from ioscli.device.terminal import Refused
from ioscli.device.turn import settled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ioscli.config.tree import Key, Section, Statement
    from ioscli.device.device import Device

SEAL = "core.password.seal"  # hashes and hides what statements say in clear text
Touched = dict["Key", "Statement | None"]  # by key: the statement as it is now, None where it has gone


class Change:
    """One change, from the first edit of the tree to the engines' agreement.

    A function that cannot agree raises Refused before it does anything; then the tree is as it was, but for what others have changed
    while it waited. `who`: the user, "" for nobody.
    """

    def __init__(self, device: Device, who: str = "") -> None:
        self.device = device
        self.who = who
        self.touched: dict[str, Touched] = {}
        self.secrets: list[Statement] = []  # new ones, to be hashed or hidden before anything else
        self._kept: dict[int, tuple[Section, dict[Key, Statement]]] = {}

    def keep(self, section: Section) -> None:
        """Remembers what a section holds, to be put back if the change is refused."""
        if id(section) not in self._kept:
            self._kept[id(section)] = (section, dict(section.statements))

    def touch(self, applies: str, key: Key, statement: Statement | None) -> None:
        """Notes a statement that `applies` has to be told of."""
        self.touched.setdefault(applies, {})[key] = statement

    def undo(self, made: dict[int, dict[Key, Statement]]) -> None:
        """Puts the tree back. `made`: what the sections held when the edits were done."""
        for number, (section, before) in self._kept.items():
            after = made[number]
            if section.statements == after:
                section.statements = before
                continue
            for key in before.keys() | after.keys():
                if before.get(key) is not after.get(key) and section.statements.get(key) is after.get(key):
                    if key in before:
                        section.statements[key] = before[key]
                    else:
                        section.statements.pop(key, None)

    async def commit(self) -> None:
        """Makes the engines agree. Raises Refused; the tree is put back then, and also where an engine fails or is called off."""
        made = {number: dict(section.statements) for number, (section, _) in self._kept.items()}
        self.device.changed(self.who)
        try:
            if self.secrets and (refused := sealed(self.device, self.secrets)):
                raise Refused(refused[0])
            for name, touched in self.touched.items():
                function = resolve(name)
                if function is None:
                    continue
                await settled(function(self.device, touched))
        except BaseException:
            self.undo(made)
            raise
        finally:
            self.device.changed(self.who)  # engines write into the tree too


def sealed(device: Device, statements: Iterable[Statement]) -> list[str]:
    """Hashes and hides secrets. Returns the messages of what was refused."""
    function = resolve(SEAL)
    refused: list[str] = function(device, statements) if function is not None else []
    return refused


async def apply_all(device: Device) -> list[str]:
    """Makes every engine agree with the whole tree, as after a start. Returns what engines refused: their messages."""
    sections = [device.config, *device.config.sections()]
    secrets = [found for section in sections for found in section if found.line is not None and found.line.secret]
    refused = sealed(device, secrets) if secrets else []
    touched: dict[str, Touched] = {}
    for key, statement in device.config.statements.items():
        if statement.line is not None and statement.line.applies is not None:
            touched.setdefault(statement.line.applies, {})[key] = statement
    for name, statements in touched.items():
        change = Change(device)
        change.touched = {name: statements}
        try:
            await change.commit()
        except Refused as error:
            refused.append(str(error))
        except Exception as error:  # noqa: BLE001 - one engine less, but a router
            device.crashed(error, name)
            refused.append(f"% Internal error: {name} does not work; see crashinfo")
    return refused
