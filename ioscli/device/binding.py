"""From a name in the grammar to the function that it stands for, and from what was typed to its parameters.

There is no table: `-> show.clock` in grammar/core is `ioscli.features.core.show.clock`, imported when it is first wanted. A
function takes what it wants of the command's arguments by their names (ioscli.grammar.arguments); what was not said is None.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.grammar.arguments import Arguments

PACKAGE = "ioscli.features"


@cache
def resolve(name: str) -> Callable[..., Any] | None:
    """The function that the grammar calls `name`, None where there is none yet.

    A module that is there and cannot be imported is an error of ours, and raised.
    """
    path, _, function = f"{PACKAGE}.{name}".rpartition(".")
    try:
        module = import_module(path)
    except ModuleNotFoundError as error:
        if error.name is not None and (path == error.name or path.startswith(f"{error.name}.")):
            return None
        raise
    found = getattr(module, function, None)
    return found if callable(found) else None


@cache
def wanted(function: Callable[..., Any]) -> frozenset[str]:
    """The names of a function's keyword parameters."""
    code = function.__code__
    return frozenset(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])


def call(function: Callable[..., Any], subject: object, arguments: Arguments) -> Any:
    """Calls a function of the grammar with its subject (a session) and the arguments that it wants."""
    return function(subject, **{name: arguments.get(name) for name in wanted(function)})
