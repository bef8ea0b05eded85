"""What the run says about foreign tools that are missing."""

from __future__ import annotations

import pytest

from tests import foreign


@pytest.fixture(autouse=True)
def a_tool_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(foreign.TOOLS, "no-such-tool", "no-such-package")
    monkeypatch.setattr(foreign, "missing", set())


def test_a_missing_tool_skips_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-tool is not installed"):
        foreign.need("no-such-tool")
    assert "no-such-tool (no-such-package)" in foreign.closing_lines()[0]


def test_a_missing_tool_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-tool"):
        foreign.need("no-such-tool")


def test_nothing_to_say() -> None:
    assert foreign.closing_lines() == []
    foreign.TOOLS.pop("no-such-tool")
    if all(map(foreign.find, foreign.TOOLS)):
        assert foreign.install() == 0
