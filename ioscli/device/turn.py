"""Waiting, for an event loop too where none runs yet.

A command that never waits needs no event loop, and its import is half of a short command's time. So a coroutine of ours is
started without one, and says by `await loop()` that it goes on only under asyncio.
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

T = TypeVar("T")


@types.coroutine
def loop() -> Generator[None, None, None]:
    """From here on an event loop runs. Under asyncio it is a pause of one turn."""
    yield


async def settled(value: Any) -> Any:
    """A value, or what it comes to where it has to be awaited."""
    return await value if hasattr(value, "__await__") else value


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, under asyncio from the first moment on that it has to wait."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    import asyncio

    return asyncio.run(_rest(coroutine))


async def _rest(coroutine: Coroutine[Any, Any, T]) -> T:
    return await _resumed(coroutine)


@types.coroutine
def _resumed(coroutine: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
    """Goes on with a coroutine that has been started."""
    value: Any = None
    while True:
        try:
            waited = coroutine.send(value)
            while True:
                try:
                    value = yield waited
                    break
                except GeneratorExit:
                    coroutine.close()
                    raise
                except BaseException as error:  # noqa: BLE001 - handed on to the coroutine
                    waited = coroutine.throw(error)
        except StopIteration as done:
            result: T = done.value
            return result
