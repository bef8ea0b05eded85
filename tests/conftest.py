"""The closing lines of a run name the foreign tools that it missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import foreign

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in foreign.closing_lines():
        terminalreporter.write_line(line)
