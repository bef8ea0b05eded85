"""An image of the grammar: its files as they were read, kept beside Python's own byte code and as that is.

Each mode's commands, glossary and order are packed for themselves, and commands by the word that they begin with, so a start
unpacks what it uses. An image holds for the files of the grammar and of this package as they were, by name, size and
date; any other one is not looked at.
"""

from __future__ import annotations

import os
import sys
from marshal import dumps, loads
from typing import TYPE_CHECKING, Any

from ioscli.grammar.family import Family, family_of
from ioscli.grammar.modes import Grammar, Mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from pathlib import Path

    from ioscli.grammar.order import Order

State = list[tuple[str, int, int]]
_LOOKS = ("title", "prompt", "prompts", "parents", "open", "leave", "indents", "new", "spellings")


class Packed:
    """What an image holds of a mode beyond its looks."""

    __slots__ = ("_help", "_order", "family")

    def __init__(self, family: Family, glossary: bytes, order: bytes) -> None:
        self.family = family
        self._help = glossary
        self._order = order

    def help_lines(self) -> list[tuple[str, int, str]]:
        found: list[tuple[str, int, str]] = loads(self._help)  # noqa: S302 - of our own image
        return found

    def order(self) -> Order | None:
        fields = loads(self._order)  # noqa: S302 - of our own image
        if fields is None:
            return None
        from ioscli.grammar.order import Order

        return Order.unpack(*fields)


def image_of(module: ModuleSpec) -> str | None:
    """Where the image lies: beside the byte code of a module. None where Python keeps none."""
    if module.cached is None:
        return None
    folder, name = os.path.split(module.cached)
    return os.path.join(folder, f"grammar{name[name.index('.') :].removesuffix('.pyc')}.image")  # noqa: PTH118 - pathlib is slow to import


def kept(root: Path, image: str | None, load: Callable[[Path], Grammar]) -> Grammar:
    """The grammar of `root`: from its image where that holds, else from its files; the image is made anew then, where Python may."""
    state = _state(root)
    if image is not None and (modes := _read(image, state)) is not None:
        return Grammar(root, modes)
    grammar = load(root)
    if image is not None and not sys.dont_write_bytecode:
        _write(image, dumps((state, [_packed(mode) for mode in grammar.modes.values()])))
    return grammar


def _state(root: Path) -> State:
    """The name, size and date of every file that an image depends on."""
    found: State = []
    folders = [os.fspath(root), os.path.dirname(__file__)]  # noqa: PTH120
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                elif entry.name.endswith((".cli", ".py")) or entry.name == "ORDER":
                    about = entry.stat()
                    found.append((entry.path, about.st_size, about.st_mtime_ns))
    found.sort()
    return found


def _read(image: str, state: State) -> dict[str, Mode] | None:
    """The modes in an image; None where there is none, or none that holds."""
    try:
        with open(image, "rb") as file:  # noqa: PTH123
            made, modes = loads(file.read())  # noqa: S302 - as safe as the byte code beside it
        return {fields[0]: _unpacked(*fields) for fields in modes} if made == state else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _write(image: str, data: bytes) -> None:
    """Puts an image in its place whole, or not at all."""
    fresh = f"{image}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(image), exist_ok=True)  # noqa: PTH103, PTH120
        try:
            with open(fresh, "xb") as file:  # noqa: PTH123
                file.write(data)
            os.replace(fresh, image)  # noqa: PTH105
        except OSError:
            os.unlink(fresh)  # noqa: PTH108
    except OSError:
        return  # the next start reads the files, too


def _packed(mode: Mode) -> tuple[Any, ...]:
    order = mode.order.pack() if mode.order is not None else None
    return mode.name, [getattr(mode, name) for name in _LOOKS], family_of(mode.commands).pack(), dumps(mode.help_lines), dumps(order)


def _unpacked(name: str, looks: list[Any], family: tuple[Any, ...], glossary: bytes, order: bytes) -> Mode:
    mode = Mode(name, Packed(Family(*family), glossary, order))
    for attribute, value in zip(_LOOKS, looks, strict=True):
        setattr(mode, attribute, value)
    return mode
