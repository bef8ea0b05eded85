"""Banners: what is printed to who connects, with the router's names filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core import line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Statement
    from ioscli.device.device import Device
    from ioscli.device.session import Session

_TOKEN = re.compile(r"\$\(([a-z-]+)\)")


def text_of(statement: Statement) -> str:
    """The text between the delimiters of a statement."""
    body = statement.body or ""
    mark = "^C" if body.startswith("^C") else body[:1]
    return body.removeprefix(mark).removesuffix(mark)


def banner(device: Device, kind: str) -> str | None:
    """A banner as it was configured; None where there is none."""
    return next((text_of(statement) for statement in device.statements(f"banner {kind}")), None)


def print_banner(session: Session, kind: str) -> None:
    """Prints a banner to a session, on lines of its own (Configuration Fundamentals CR, `banner exec`: the tokens)."""
    text = banner(session.device, kind)
    if text is not None:
        print_text(session, _TOKEN.sub(lambda found: _value(session, found[1], found[0]), text))


def print_text(session: Session, text: str) -> None:
    """Prints a text that stood between delimiters, on lines of its own."""
    before = "" if text.startswith("\n") else "\n"
    after = "" if text.endswith("\n") else "\n"
    session.write(f"{before}{text}{after}")


def _value(session: Session, token: str, written: str) -> str:
    device = session.device
    match token:
        case "hostname":
            return device.hostname
        case "domain":
            return device.said("ip domain name") or device.said("ip domain-name")
        case "line":
            return str(session.number)
        case "line-desc":
            return line.said(device, session.name, "location")
        case "peer-ip":
            return session.terminal.location
        case _:
            return written


def show(session: Session, *, banner: str) -> Iterator[str]:
    """`show banner KIND`."""
    found = session.device.statements(f"banner {banner}")
    if not found:
        raise Refused(f"No {banner} banner is configured.")
    yield from text_of(found[0]).strip("\n").split("\n")
