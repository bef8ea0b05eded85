"""The modes as `alias`, `privilege` and `parser view` call them, and commands of them in whole words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.grammar.modes import Mode

# Where IOS has another name than we; a prompt's name (`config-if`) is not one.
_NAMES = {"configure": "config"}


def mode_named(device: Device, name: str) -> Mode | None:
    """The mode of a name that IOS has for it, None where there is none."""
    known = _NAMES.get(name.lower(), name.lower())
    return device.grammar.modes.get(known) if known != "config" or name.lower() in _NAMES else None


def spelled(mode: Mode, command: str) -> str:
    """The first words of a command, whole; words that no command has stay as they are."""
    words = command.split()
    node = mode.trie.head(words[0])
    found: list[str] = []
    for at, word in enumerate(words):
        following = node if at == 0 else node.keyword(word) if node is not None else None
        if following is None:
            return " ".join([*found, *words[at:]])
        found.append(following.word.strip())
        node = following
    return " ".join(found)
