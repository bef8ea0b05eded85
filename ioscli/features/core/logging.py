"""`logging`: what the configuration makes of the log, and what `show logging` says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.device.log import DEBUGGING, INFORMATIONAL, SEVERITIES, WARNINGS, Destination, Rate, Stamps
from ioscli.device.terminal import Refused
from ioscli.features.core.syslog import Server, Syslog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ioscli.config.tree import Statement
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.log import Log, Message
    from ioscli.device.session import Session

_BUFFER = 8192  # bytes, where `logging buffered` says no size (an ISR G2's)


def settle(device: Device, _: Touched) -> None:
    """Makes the log what `logging ...`, `service timestamps` and `service sequence-numbers` say."""
    log = device.log
    said = [statement for statement in device.config if statement.text.startswith(("logging ", "no logging ", "service ", "no service "))]
    texts = {statement.text for statement in said}
    log.enabled = "no logging on" not in texts
    log.counting = "logging count" in texts
    log.sequence = "service sequence-numbers" in texts
    log.stamps = {"log": Stamps(), "debug": Stamps()}
    size = _BUFFER
    for destination, level in ((log.console, DEBUGGING), (log.monitor, DEBUGGING), (log.buffered, DEBUGGING), (log.trap, INFORMATIONAL)):
        destination.level, destination.name, destination.discriminator, destination.rate = level, "", None, None
    log.history.level, log.kept, log.rate = WARNINGS, 1, None
    for statement in said:
        size = _statement(device, statement, size)
    if size != log.size:
        log.size = size
        log.clear()
    device[Syslog].settle(list(_servers(device, said)), texts)


def _statement(device: Device, statement: Statement, size: int) -> int:
    """Takes in a statement. Returns the size of the buffer that is known by now."""
    log = device.log
    match statement.text.split():
        case ["logging", ("console" | "monitor" | "buffered" | "trap") as which, *words]:
            if words[:1] not in (["filtered"], ["xml"], ["guaranteed"]):
                numbers = _destination(device, getattr(log, which), words)
                if which == "buffered":
                    return max(numbers, default=_BUFFER)
        case ["no", "logging", ("console" | "monitor" | "buffered" | "trap") as which, *words] if not words:
            destination: Destination = getattr(log, which)
            destination.level = None
        case ["logging", "history", "size", number]:
            log.kept = int(number)
        case ["logging", "history", level]:
            log.history.level = _severity(level)
        case ["logging", "rate-limit", *words]:
            _rate(log, words)
        case ["service", "timestamps", ("log" | "debug") as kind, *words]:
            log.stamps[kind] = stamps(words)
        case ["no", "service", "timestamps", ("log" | "debug") as kind, *_]:
            log.stamps[kind].kind = None
    return size


def stamps(words: list[str]) -> Stamps:
    """The time stamps that `service timestamps log WORDS` asks for; without a word it is the uptime."""
    kind = words[0] if words else "uptime"
    return Stamps(kind, msec="msec" in words, localtime="localtime" in words, zone="show-timezone" in words, year="year" in words)


def _severity(word: str) -> int:
    return int(word) if word.isdecimal() else SEVERITIES.index(word)


def _destination(device: Device, destination: Destination, words: list[str]) -> list[int]:
    """Sets level and discriminator of a destination. Returns the sizes among its words."""
    words = list(words)
    if words[:1] == ["discriminator"]:
        destination.name = words[1]
        destination.discriminator = discriminator(device, words[1])
        del words[:2]
    sizes = [int(word) for word in words if word.isdecimal() and int(word) > DEBUGGING]
    for word in words:
        if word in SEVERITIES or (word.isdecimal() and int(word) <= DEBUGGING):
            destination.level = _severity(word)
    return sizes


def _rate(log: Log, words: list[str]) -> None:
    spared = _severity(words[words.index("except") + 1]) if "except" in words else -1
    limit = next(int(word) for word in words if word.isdecimal())
    rate = Rate(limit, debugs="all" in words, spared=spared)
    if words[0] == "console":
        log.console.rate = rate
    else:
        log.rate = rate


def discriminator(device: Device, name: str) -> Callable[[Message], bool] | None:
    """What `logging discriminator NAME` lets pass, None where there is none of that name."""
    words = next((found.text.split()[3:] for found in device.statements(f"logging discriminator {name}")), [])
    tests: list[Callable[[Message], bool]] = []
    for at, word in enumerate(words):
        if word in ("facility", "mnemonics", "msg-body", "severity") and words[at + 1 : at + 2] in (["drops"], ["includes"]):
            tests.append(_test(word, words[at + 1], words[at + 2]))
    return (lambda message: all(test(message) for test in tests)) if tests else None


def _test(part: str, verb: str, value: str) -> Callable[[Message], bool]:
    wanted = verb == "includes"
    if part == "severity":
        levels = {number for piece in value.split(",") for number in range(int(piece.split("-")[0]), int(piece.split("-")[-1]) + 1)}
        return lambda message: (message.severity in levels) is wanted
    try:
        expression = re.compile(value)
    except re.error:  # what is no expression stands for itself
        expression = re.compile(re.escape(value))
    field = {"facility": "facility", "mnemonics": "mnemonic", "msg-body": "body"}[part]
    return lambda message: (expression.search(getattr(message, field)) is not None) is wanted


def _servers(device: Device, said: list[Statement]) -> Iterator[Server]:
    for statement in said:
        words = statement.text.split()
        if words[0] != "logging":
            continue
        if words[1] == "host":
            rest = words[3:] if words[2] == "ipv6" else words[2:]
        elif words[1][0].isdecimal():
            rest = words[1:]
        else:
            continue
        port = int(rest[rest.index("port") + 1]) if "port" in rest else 601 if "tcp" in rest else 514
        name = rest[rest.index("discriminator") + 1] if "discriminator" in rest else ""
        destination = Destination(name=name, discriminator=discriminator(device, name) if name else None)
        vrf = rest[rest.index("vrf") + 1] if "vrf" in rest else ""
        yield Server(rest[0], port, "tcp" if "tcp" in rest else "udp", vrf, sequence="sequence-num-session" in rest, destination=destination)


def show(session: Session, *, count: str | None, xml: str | None) -> Iterator[str]:
    """`show logging`."""
    device = session.device
    log = device.log
    if xml is not None:
        raise Refused("% show logging xml is not available yet")
    if count is not None:
        yield from _counts(log)
        return
    state = "enabled" if log.enabled else "disabled"
    limited = log.limited + log.console.limited
    yield f"Syslog logging: {state} (0 messages dropped, {limited} messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)"
    yield ""
    yield from _discriminators(device)
    for title, destination, column in (("Console", log.console, 21), ("Monitor", log.monitor, 21), ("Buffer", log.buffered, 20)):
        yield from _destination_lines(f"    {title} logging:{' ' * (len('Console') - len(title))} ", destination, column)
    yield f"    Exception Logging: size ({device.said('logging exception', default='4096')} bytes)"
    yield f"    Count and timestamp logging messages: {'enabled' if log.counting else 'disabled'}"
    yield "    Persistent logging: disabled"
    yield ""
    yield "No active filter modules."
    yield ""
    yield from device[Syslog].lines()
    yield ""
    if log.buffered.level is None:
        return
    yield f"Log Buffer ({log.size} bytes):"
    yield ""
    for message in tuple(log.buffer):  # others come while these are read page by page
        yield message.text


def _destination_lines(start: str, destination: Destination, column: int) -> Iterator[str]:
    if destination.level is None:
        yield f"{start.rstrip()} disabled{', xml disabled,' if column == 20 else ''}"
        if column == 20:
            yield f"{' ' * column}filtering disabled"
        return
    yield f"{start}level {SEVERITIES[destination.level]}, {destination.count} messages logged, xml disabled,"
    selected = f", discriminator({destination.name})," if destination.name else ""
    yield f"{' ' * column}filtering disabled{selected}"
    if destination.name or destination.rate is not None:
        yield f"{' ' * column}{destination.limited} messages rate-limited, {destination.dropped} messages dropped-by-MD"


def _discriminators(device: Device) -> Iterator[str]:
    log = device.log
    used = {destination.name for destination in (log.console, log.monitor, log.buffered, *(server.destination for server in device[Syslog].servers))}
    named = {
        found.text.split()[2]: found.text.split(None, 3)[3] for found in device.statements("logging discriminator") if len(found.text.split()) > 3
    }
    for title, names in (("Active", [name for name in named if name in used]), ("Inactive", [name for name in named if name not in used])):
        if names:
            yield f"{title} Message Discriminator:"
            yield from (f"{name:<9} {named[name]}" for name in names)
            yield from ("", "")
        else:
            yield f"No {title} Message Discriminator."
            yield from ("", "", "") if title == "Active" else ("", "")


def _counts(log: Log) -> Iterator[str]:
    """`show logging count`, as a capture of it stands in Genie."""
    if not log.counting:
        yield "Count and timestamp logging messages: disabled"
        return
    yield "Facility       Message Name                     Sev Occur      Last Time"
    yield "=" * 82
    for facility in sorted({key[0] for key in log.tallies}):
        tallies = {key: tally for key, tally in log.tallies.items() if key[0] == facility}
        for (_, mnemonic, severity), tally in sorted(tallies.items()):
            yield f"{facility:<15}{mnemonic:<32}{severity:4d}{tally.count:5d} {tally.last}"
        yield "-------------  -------------------------------  ----------------------------------"
        yield f"{f'{facility} TOTAL':<51}{sum(tally.count for tally in tallies.values()):5d}"
        yield ""


def show_history(session: Session) -> Iterator[str]:
    """`show logging history`."""
    log = session.device.log
    level = SEVERITIES[log.history.level or 0]
    yield f"Syslog History Table:{log.kept} maximum table entries,"
    yield f"saving level {level} or higher"
    yield f" {log.number - log.history.count} messages ignored, 0 dropped, 0 recursion drops"
    yield f" {log.history.count - len(log.past)} table entries flushed"
    yield f" SNMP notifications {'enabled' if session.device.statements('snmp-server enable traps syslog') else 'not enabled'}"
    for at, message in enumerate(tuple(log.past), log.history.count - len(log.past) + 1):
        yield f"   entry number {at} : {message.facility}-{message.severity}-{message.mnemonic}"
        yield f"    {message.body}"
        yield f"    timestamp: {int((message.moment - session.device.clock.started) * 100)}"


def show_persistent(_: Session) -> Iterator[str]:
    """`show logging persistent`."""
    yield "Persistent logging: disabled"


async def clear(session: Session) -> None:
    """`clear logging`."""
    if await session.confirm("Clear logging buffer"):
        session.device.log.clear()
