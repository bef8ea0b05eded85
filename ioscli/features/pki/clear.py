"""`clear crypto pki`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.features.pki.benchmark import Benchmarks
from ioscli.features.pki.crl import Crls
from ioscli.features.pki.events import Tally

if TYPE_CHECKING:
    from ioscli.device.session import Session


def counters(session: Session) -> None:
    """`clear crypto pki counters`."""
    session.device[Tally].counts.clear()


def benchmarks(session: Session) -> None:
    """`clear crypto pki benchmarks`."""
    session.device[Benchmarks].records.clear()


def crls(session: Session) -> None:
    """`clear crypto pki crls`: lists are fetched anew when they are needed next."""
    session.device[Crls].clear()
