"""The router's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

_LONGEST = 63  # characters (CF CR, `hostname`)
_LEGAL = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)


def named(session: Session, *, text: str, name: str | None, negated: str | None) -> str:
    """Before `hostname NAME`: a name that no host may have is warned of, and taken all the same (CF CR)."""
    if not negated and name is not None:
        if len(name) > _LONGEST:
            raise Refused(f"% Hostname is longer than {_LONGEST} characters.")
        if not _LEGAL.fullmatch(name):
            session.write("% Hostname contains one or more illegal characters.\n")
    return text


def hostname(device: Device, _: Touched) -> None:
    """`hostname`."""
    device.hostname = device.said("hostname", default="Router")
