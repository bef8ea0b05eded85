"""A certificate server that is killed at any moment loses no certificate that it gave out, and gives no serial number twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 200 if os.environ.get("CI") == "true" else 50


def test_nothing_is_lost_or_given_twice(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.pki.killed", str(tmp_path), str(KILLS), "1"], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["lost"] == []
    assert found["serial"] >= found["highest"]
    assert found["lives"] > KILLS / 10, "the kills come too early to mean anything"
    assert found["issued"] > KILLS / 10
    assert found["revoked"] > 0
