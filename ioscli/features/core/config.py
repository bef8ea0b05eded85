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


class Lines:
    """The lines of the running-config, written once for as long as it does not change: it is asked for more often than it changes."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._at: tuple[int, Section] | None = None
        self._lines: list[str] = []

    def __iter__(self) -> Iterator[str]:
        at = self._device.revision, self._device.config
        if self._at != at:
            self._lines = list(write(self._device.config))
            self._at = at
        return iter(self._lines)


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
    yield from device[Lines] if tree is None or tree is device.config else write(tree)


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
    """`show running-config interface X`. Raises Refused where there is none of that name."""
    from ioscli.features.core.ip import chosen  # what writes a configuration has no interfaces to know

    chosen(session.device, interface)
    tree = _with_defaults(session.device.config) if all_ else session.device.config
    return built(part(tree, lambda text: text.split()[:2] == ["interface", interface]), number=linenum is not None)


def part(tree: Section, wanted: Callable[[str], bool]) -> Iterator[str]:
    version = version_of(tree)
    yield "!"
    for statement in tree:
        if wanted(statement.text):
            yield from statement_lines(statement, "", version)
    yield "end"


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
