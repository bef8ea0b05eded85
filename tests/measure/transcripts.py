"""Terminals of real routers typed again: `python -m tests.measure.transcripts FOLDER` says where ours answers otherwise.

A capture rarely says what the router was configured with, and hosts, times and images differ. What can be compared is whether a
line was taken, and the mode that it led to; each line is typed in the mode that its prompt shows.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.terminal import Disconnected
from ioscli.device.turn import run
from ioscli.features.core.boot import start
from ioscli.shell.vty import Vty

CONFIG = "hostname R1\nno ip domain lookup\nno logging console\nlicense boot module c2900 technology-package uck9\nend\n"
_TYPED = re.compile(r"^(?P<host>[A-Za-z][\w.-]*)(?P<mode>\([\w-]+\))?(?P<mark>[#>]) ?(?P<line>.*)$")
_REFUSED = re.compile(r"% (?:Invalid input|Incomplete|Ambiguous|Unknown)")
_LEFT_OUT = re.compile(r"[?^]|//|\.\.\.|^(?:show|sh|ping|clear|debug|wr|write|copy|reload|exit|end|do)\b")


class Typed(NamedTuple):
    """A line of a capture: the mode of its prompt (None: EXEC), the text, whether it was refused, the mode after it."""

    mode: str | None
    line: str
    refused: bool
    after: str | None


def lines(path: Path) -> list[Typed]:
    """The lines of a capture whose outcome can be compared."""
    rows = path.read_text(encoding="utf-8", errors="replace").splitlines()
    prompts = [(number, found) for number, row in enumerate(rows) if (found := _TYPED.match(row))]
    taken = []
    for (number, found), (following, after) in pairwise(prompts):
        line = found["line"]
        if found["mark"] == ">" or not line.strip() or _LEFT_OUT.search(line) or (after["host"] != found["host"] and not line.startswith("host")):
            continue
        refused = any(_REFUSED.search(row) for row in rows[number + 1 : following])
        taken.append(Typed(found["mode"], line, refused, after["mode"]))
    return taken


async def _gone(_: float | None) -> bool:
    raise Disconnected


async def compare(path: Path) -> list[tuple[Typed, str]]:
    """Each line of a capture, and how ours differs: "" where it does not."""
    device = Device()
    await start(device, [("capture", CONFIG)])
    shown: list[str] = []
    session = Session(device, Vty(shown.append, _gone))
    session.level, session.length = 15, 0
    found = []
    for typed in lines(path):
        if typed.mode != _mode(session):
            if typed.mode not in (None, "(config)"):
                found.append((typed, "no way there"))
                continue
            session.place_or_none = None
            if typed.mode is not None:
                session.enter_configuration()
        shown.clear()
        try:
            await session.execute(typed.line)
        except Disconnected:
            found.append((typed, "asks"))
            continue
        refused = _REFUSED.search("".join(shown)) is not None
        if refused != typed.refused:
            found.append((typed, "refused here" if refused else "taken here"))
        elif not refused and _mode(session) != typed.after:
            found.append((typed, f"leads to {_mode(session)} here, {typed.after} there"))
        else:
            found.append((typed, ""))
    return found


def _mode(session: Session) -> str | None:
    found = re.search(r"\([\w-]+\)", session.prompt)
    return found[0] if found else None


def main(arguments: list[str]) -> None:
    for folder in sorted(path for path in Path(arguments[0]).iterdir() if path.is_dir()):
        counts: Counter[str] = Counter()
        for path in sorted(folder.glob("*.txt")):
            for typed, difference in run(compare(path)):
                counts[difference.split(" here")[0] if not difference.startswith("leads") else "leads elsewhere"] += 1
                if difference and difference != "no way there":
                    print(f"{folder.name}/{path.name}: {typed.mode or ''}{typed.line}: {difference}")
        print(f"{folder.name}: {counts.pop('', 0)} the same, {dict(counts)}")


if __name__ == "__main__":
    main(sys.argv[1:])
