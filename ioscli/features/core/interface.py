"""Which interfaces there are: a router has the ports that its configuration names, and loses none of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.config.tree import Statement
from ioscli.device.change import Change
from ioscli.device.terminal import Refused
from ioscli.grammar import interfaces

if TYPE_CHECKING:
    from ioscli.config.tree import Section
    from ioscli.device.device import Device
    from ioscli.device.session import Session


def is_physical(statement: Statement) -> bool:
    """Whether it is the head of a port's section: no logical interface, and none on a port."""
    words = statement.text.split()
    return words[0] == "interface" and len(words) > 1 and is_port(words[1])


def is_port(name: str) -> bool:
    """Whether a name (`GigabitEthernet0/0`) is a port's."""
    kind = re.split(r"\d", name, maxsplit=1)[0]
    return interfaces.is_hardware(kind) and "." not in name and ":" not in name


def fresh(device: Device, head: str) -> Section:
    """The section of an interface that nothing was configured on: a port is shut down, and an Ethernet one negotiates."""
    section = device.new_section("interface")
    name = head.split()[1]
    texts = ["shutdown"] if is_port(name) else []
    if texts and name.startswith(("GigabitEthernet", "FastEthernet")):
        texts += ["duplex auto", "speed auto"]
    for text in texts:
        match = section.mode.trie.match(text.split(), text) if section.mode is not None else None
        assert match is not None, text
        section.statements[match.end.line] = Statement(match.end.line, match.text)
    return section


async def ask(session: Session, *, text: str, name: str, negated: str | None) -> str | None:
    """Before `interface X` is entered or removed, and in the place of `default interface X`. Raises Refused."""
    device = session.device
    if negated == "default":
        await _default(session, name)
        return None
    if negated is not None and is_port(name):
        raise Refused("% Removal of physical interfaces is not permitted")
    whole = name.partition(".")[0]
    if negated is None and "." in name and is_port(whole) and not device.statements(f"interface {whole}"):
        raise Refused("%Invalid interface type and number")
    return text


async def _default(session: Session, name: str) -> None:
    device = session.device
    found = next((found for found in device.config.statements.items() if found[1].text.split()[:2] == ["interface", name]), None)
    if found is None:
        raise Refused("%Invalid interface type and number")
    key, statement = found
    session.write("Building configuration...\n\n")
    assert statement.section is not None
    change = Change(device, session.user)
    change.keep(statement.section)
    statement.section.statements = fresh(device, statement.text).statements
    statement.section.printed = False
    if statement.line is not None and statement.line.applies is not None:
        change.touch(statement.line.applies, key, statement)
    await change.commit()
    session.write(f"Interface {name} set to default configuration\n")
