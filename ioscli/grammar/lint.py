"""What a good grammar keeps to: every word explained, no entry idle, no two commands alike, every head in ORDER.

`python -m ioscli.grammar.lint [FILE ...]` prints what is wrong, of the named files or of all, and exits with 1 if anything is.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.grammar.command import Command, GrammarError
from ioscli.grammar.loader import grammar_root, load
from ioscli.grammar.notation import Arg, Choice, Optional, Repeat, Word
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.grammar.modes import Grammar, Mode
    from ioscli.grammar.notation import Item
    from ioscli.grammar.order import Order


def problems(grammar: Grammar) -> Iterator[str]:
    """Everything that is wrong, as `file:line: what`."""
    used: set[str] = set()
    for mode in grammar.modes.values():
        good = []
        for command in mode.commands:
            try:
                command.line()
                good.append(command)
            except GrammarError as error:
                yield str(error)
        mode.commands = good
        yield from mode_problems(grammar, mode, used)
    for mode in grammar.modes.values():
        try:
            yield from glossary_problems(mode, used)
        except GrammarError:
            continue  # told by mode_problems
    for entry in grammar.words.values():
        if entry.source not in used:
            yield f"{entry.source}: {' '.join(entry.path)!r} explains nothing"


def mode_problems(grammar: Grammar, mode: Mode, used: set[str]) -> Iterator[str]:
    """What is wrong in one mode; adds the sources of the glossary entries that it uses."""
    if mode.commands:
        mode.trie.build_all()
    yield from mode.trie.problems
    for parent in mode.parents:
        if parent not in grammar.modes:
            yield f"{mode.name}: entered from {parent!r}, which is no mode"
    if mode.parents and not mode.prompt:
        yield f"{mode.name}: has no prompt"
    try:
        for entry in mode.entries:
            first = mode.glossary[entry.path]
            if first is not entry:
                same = "just so" if first.text == entry.text else "otherwise"
                yield f"{entry.source}: {' '.join(entry.path)!r} is explained in {first.source} already, {same}"
    except GrammarError as error:
        yield str(error)
        return
    for command in mode.commands:
        yield from command_problems(grammar, mode, command, used)
    if mode.order is not None:
        yield from order_problems(mode, mode.order)


def command_problems(grammar: Grammar, mode: Mode, command: Command, used: set[str]) -> Iterator[str]:
    line = mode.trie.line(command)
    missing: dict[str, str] = {}
    for path in sorted(paths(line.items), key=len):
        entry = grammar.entry(mode, path)
        if entry is not None:
            used.add(entry.source)
        elif not line.accepted:
            missing.setdefault(path[-1], " ".join(path))
    for text in missing.values():
        yield f"{line.source}: no help for {text!r}"
    if line.default is not None and line.default != line.head and line.action is None:
        tokens = line.default.split()
        found = mode.trie.match(tokens, line.default)
        if found is None or found.end.line is not line:
            yield f"{line.source}: the default {line.default!r} is not one of its own statements"
    kinds = sum(value is not None for value in (line.action, line.toggles))
    if kinds > 1 or (line.action and (line.keys or line.default)):
        yield f"{line.source}: an action stores nothing, so it has neither key nor default"
    if mode.name == "exec" and not (line.action or line.toggles):
        yield f"{line.source}: an EXEC command needs an action"


def paths(items: tuple[Item, ...]) -> set[tuple[str, ...]]:
    """The paths of every word and argument of a notation."""
    found: set[tuple[str, ...]] = set()
    _paths(items, {()}, found)
    return found


def _paths(items: tuple[Item, ...], before: set[tuple[str, ...]], found: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    for item in items:
        match item:
            case Word() | Arg():
                if isinstance(item, Word) or item.type.span is not Span.LINES:
                    word = item.text if isinstance(item, Word) else f"<{item.name}>"
                    before = {(*path, word) for path in before}
                    found |= before
            case Choice():
                before = {path for branch in item.branches for path in _paths(branch, before, found)}
            case Optional():
                before = before | _paths(item.inner, before, found)
            case Repeat():
                before = _paths((item.item,), before, found)
    return before


def glossary_problems(mode: Mode, used: set[str]) -> Iterator[str]:
    for entry in mode.glossary.values():
        if entry.source not in used:
            yield f"{entry.source}: {' '.join(entry.path)!r} explains nothing"


def order_problems(mode: Mode, order: Order) -> Iterator[str]:
    for command in mode.commands:
        line = mode.trie.line(command)
        if line.action or line.toggles or (line.accepted and order.rest is None):
            continue
        words = line.head.split() or ["..."]
        if not order.listed(words):
            yield f"{line.source}: {line.head!r} is not in ORDER"


def main(arguments: list[str]) -> int:
    try:
        grammar = load(grammar_root())
        found = sorted(set(problems(grammar)))
    except GrammarError as error:
        found = [str(error)]
    names = [Path(name).name for name in arguments]
    found = [text for text in found if not names or any(f"{name}:" in text for name in names)]
    for text in found:
        print(text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
