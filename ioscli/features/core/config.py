"""`show running-config` in its forms: with its header, with defaults, in part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.tree import Section, Statement
from ioscli.config.writer import statement_lines, version_of, write
from ioscli.device.clock import written
from ioscli.features.core.privilege import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.grammar.line import Line

_PARTITIONS = {  # what `partition` takes of the configuration, by the first words of its statements
    "access-list": ("access-list", "ip access-list", "ipv6 access-list"),
    "boot": ("boot", "boot-start-marker", "boot-end-marker"),
    "class-map": ("class-map",),
    "global-cdp": ("cdp",),
    "interface": ("interface",),
    "ip-as-path": ("ip as-path",),
    "ip-community": ("ip community-list",),
    "ip-prefix-list": ("ip prefix-list",),
    "ip-static-routes": ("ip route",),
    "line": ("line",),
    "policy-map": ("policy-map",),
    "route-map": ("route-map",),
    "router": ("router",),
    "service": ("service",),
    "snmp": ("snmp-server",),
    "tacacs": ("tacacs-server", "tacacs", "ip tacacs"),
}


def header(device: Device) -> Iterator[str]:
    """The comments above a configuration: when it was changed and saved, and by whom (A12, captures of 15.1 to 15.7)."""
    yield "!"
    if device.changed_at is None:
        yield "! No configuration change since last restart"
    else:
        yield f"! Last configuration change at {written(device.clock.local(device.changed_at))}{_by(device.changed_by)}"
    if device.saved_at is not None:
        yield f"! NVRAM config last updated at {written(device.clock.local(device.saved_at))}{_by(device.saved_by)}"
    yield "!"


def _by(user: str) -> str:
    return f" by {user}" if user else ""


def printed(device: Device, tree: Section | None = None) -> Iterator[str]:
    """A configuration as it is printed and saved, from its header to `end`: the running-config unless another tree is given."""
    yield from header(device)
    yield from write(device.config if tree is None else tree)


def built(lines: Iterable[str], *, number: bool = False) -> Iterator[str]:
    """Lines of a configuration, with what stands above and below them on a screen. The size is that of the lines."""
    lines = list(lines)
    yield "Building configuration..."
    yield ""
    yield f"Current configuration : {sum(map(len, lines)) + len(lines)} bytes"
    yield from numbered(lines) if number else lines
    yield ""


def numbered(lines: Iterable[str]) -> Iterator[str]:
    """`linenum`."""
    return (f"{number:>5} : {line}" for number, line in enumerate(lines, 1))


def running(session: Session, *, all_: str | None = None, brief: str | None = None, linenum: str | None = None) -> Iterator[str]:
    """`show running-config`."""
    tree = visible(session, session.device.config)
    if all_:
        tree = _with_defaults(tree)
    if brief:
        tree = _without_certificates(tree)
    return built(printed(session.device, tree), number=linenum is not None)


def running_view(session: Session) -> Iterator[str]:
    """`show running-config view [full]`: the whole configuration, whatever the view is."""
    return built(printed(session.device))


def running_interface(session: Session, *, interface: str, all_: str | None, linenum: str | None) -> Iterator[str]:
    """`show running-config interface X`."""
    tree = _with_defaults(session.device.config) if all_ else session.device.config
    return built(_part(tree, lambda text: text.split()[:2] == ["interface", interface]), number=linenum is not None)


def _part(tree: Section, wanted: Callable[[str], bool]) -> Iterator[str]:
    version = version_of(tree)
    yield "!"
    for statement in tree:
        if wanted(statement.text):
            yield from statement_lines(statement, "", version)
    yield "end"


def running_partition(session: Session, *, partition: str, interface: str | None, protocol: str | None, process: str | None) -> Iterator[str]:
    """`show running-config partition P`: what its statements begin with; `common` is what no other partition has."""
    kind = partition.split(maxsplit=1)[0]
    further = " ".join(word for word in (interface, protocol, process) if word)
    tree = session.device.config

    def wanted(text: str) -> bool:
        text = text.removeprefix("no ")
        if kind == "common":
            return not any(_begins(text, head) for heads in _PARTITIONS.values() for head in heads)
        return any(_begins(text, f"{head} {further}".rstrip()) for head in _PARTITIONS[kind])

    def lines() -> Iterator[str]:
        yield "!"
        yield f"Configuration of Partition - {kind}"
        yield "!"
        yield "!"
        yield "!"
        yield from _part(tree, wanted)

    return built(lines())


def _begins(text: str, head: str) -> bool:
    return text == head or text.startswith(f"{head} ")


def _with_defaults(section: Section) -> Section:
    """A section with a statement for each default that nothing else stands for."""
    full = Section(section.mode)
    full.indent = section.indent
    for key, statement in section.statements.items():
        inner = _with_defaults(statement.section) if statement.section is not None else None
        full.statements[key] = Statement(statement.line, statement.text, inner, statement.body)
    said: set[Line] = {statement.line for statement in section if statement.line is not None}
    for line in section.mode.lines if section.mode is not None else ():
        if line.default is not None and not line.keys and not line.whole and line not in said and not line.accepted:
            full.statements[line] = Statement(line, line.default)
    return full


def _without_certificates(section: Section) -> Section:
    """A section without the digits of certificates and keys."""
    short = Section(section.mode)
    short.indent, short.offsets, short.printed = section.indent, section.offsets, section.printed
    for key, statement in section.statements.items():
        inner = _without_certificates(statement.section) if statement.section is not None else None
        hexadecimal = statement.line is not None and statement.line.body is not None and statement.line.body.name == "hex-until-quit"
        short.statements[key] = Statement(statement.line, statement.text, inner, None if hexadecimal else statement.body)
    return short
