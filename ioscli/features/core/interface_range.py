"""`interface range`: several interfaces at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.device.configure import configure
from ioscli.device.place import Place
from ioscli.device.terminal import Refused
from ioscli.grammar import interfaces

if TYPE_CHECKING:
    from ioscli.config.tree import Key, Statement
    from ioscli.device.session import Session

PROMPT = "(config-if-range)#"
_MOST = 1000  # interfaces of a range
_PART = re.compile(r"(?P<kind>[A-Za-z-]+)\s*(?P<place>(?:\d+/)*)(?P<first>\d+)(?:\s*-\s*(?:[A-Za-z-]*\s*(?:\d+/)*)(?P<last>\d+))?")


async def enter(session: Session, *, interfaces: str) -> None:
    """`interface range GigabitEthernet0/0 - 1 , Loopback0`: the next lines go to each of them."""
    names = _names(interfaces)
    outer = session.place
    heads: list[tuple[Key, Statement]] = []
    try:
        for name in names:
            session.leave_to(outer)
            refusal = await configure(session, f"interface {name}")
            if refusal is not None:
                raise Refused(f"% Invalid interface: {name}")
            heads += session.place.heads
    except Refused:
        session.leave_to(outer)
        raise
    session.place = Place(session.place.mode, session.place.root, heads, session.place.parent, prompt=PROMPT)


def _names(text: str) -> list[str]:
    """The names that a range means. Raises Refused."""
    found: list[str] = []
    for part in text.split(","):
        split = _PART.fullmatch(part.strip())
        if split is None:
            raise Refused("% Invalid interface range")
        first, last = int(split["first"]), int(split["last"] or split["first"])
        for number in range(first, min(last, first + _MOST) + 1):
            name = interfaces.canonical(f"{split['kind']}{split['place']}{number}")
            if name is None:
                raise Refused("% Invalid interface range")
            if name not in found:
                found.append(name)
    if not found:
        raise Refused("% Invalid interface range")
    return found
