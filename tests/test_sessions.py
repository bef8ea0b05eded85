"""Every transcript of tests/sessions comes out as it stands. `pytest --update` writes them anew, to be read in the diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import lab
from tests.transcript import line_of, parse, play

SESSIONS = sorted(Path(__file__).with_name("sessions").rglob("*.session"))


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_transcript(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    provenance, transcript, files = parse(path)
    routers = lab.routers_of(provenance)
    shown = lab.play(routers, transcript, files, tmp_path) if routers else play(transcript, files, tmp_path, line_of(provenance))
    if request.config.getoption("--update") and shown != transcript:
        blocks = "".join(f"-- {name} --\n{text}" for name, text in files.items())
        path.write_text(provenance + shown + blocks, encoding="utf-8")
    assert shown == transcript
