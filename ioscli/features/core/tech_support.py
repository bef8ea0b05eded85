"""`show tech-support`: what others want to see of a router, one show after the other, without its secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.device.binding import call, resolve
from ioscli.device.turn import settled
from ioscli.grammar.arguments import arguments

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ioscli.device.session import Session

_COMMANDS = (
    "show clock", "show version", "show running-config", "show logging", "show interfaces", "show ip interface", "show ip route", "show ip arp",
    "show inventory", "show license", "show ntp status", "show users", "show file systems", "show flash:",
)  # fmt: skip
_SECRET = re.compile(r"^(.*?\b(?:secret|password|key|community|key-string|md5|sha)(?: \d+)?) \S.*$")


async def show(session: Session, *, password: str | None) -> AsyncIterator[str]:
    """`show tech-support [password]`: with `password`, secrets are shown."""
    for command in _COMMANDS:
        match = session.mode.trie.match(command.split(), command)
        function = resolve(match.end.line.action) if match is not None and match.end.line.action is not None else None
        if match is None or function is None:
            continue
        yield ""
        yield f"------------------ {command} ------------------"
        yield ""
        for line in await settled(call(function, session, arguments(match.end.line, match.text))):
            yield _SECRET.sub(r"\1 <removed>", line) if command == "show running-config" and password is None else line
        yield ""
