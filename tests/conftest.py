"""Options of the test run, and its closing lines: the foreign tools that it missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import foreign

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write transcripts anew as they come out; read the diff")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in foreign.closing_lines():
        terminalreporter.write_line(line)
