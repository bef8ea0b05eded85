"""Every action and dialogue of the grammar has an engine behind it, or waits for one on the list.

`python -m tests.grammar.test_actions --update` writes the list anew, so that it changes only where somebody means it to.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

from ioscli.grammar.loader import installed

LIST = Path(__file__).with_name("actions_without_engine.txt")


def actions() -> set[str]:
    """The functions that the grammar names, as module paths."""
    lines = [line for mode in installed().modes.values() for line in mode.lines]
    return {f"ioscli.features.{name}" for line in lines for name in (line.action, line.asks) if name is not None}


def is_there(action: str) -> bool:
    """Whether the function can be called. A module that is there but cannot be imported is a failure, not an absence."""
    module, _, function = action.rpartition(".")
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and (module == error.name or module.startswith(f"{error.name}.")):
            return False
        raise
    return callable(getattr(found, function, None))


def waiting() -> list[str]:
    return sorted(action for action in actions() if not is_there(action))


def test_an_action_is_a_function_of_a_module_of_its_folder() -> None:
    assert [action for action in sorted(actions()) if not re.fullmatch(r"ioscli\.features\.[a-z]+\.[a-z]\w*\.[a-z]\w*", action)] == []


def test_actions_without_engine_are_exactly_those_on_the_list() -> None:
    listed = LIST.read_text(encoding="utf-8").splitlines()
    found = waiting()
    missing, gone = sorted(set(found) - set(listed)), sorted(set(listed) - set(found))
    assert missing == [], "not on the list, and no engine either"
    assert gone == [], "on the list, but there by now, or no longer in the grammar"
    assert listed == found, "the list is sorted, each action once"


def main(arguments: list[str]) -> int:
    if arguments != ["--update"]:
        print("\n".join(waiting()))
        return 0
    LIST.write_text("".join(f"{action}\n" for action in waiting()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
