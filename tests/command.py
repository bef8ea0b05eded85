"""The program as its users start it: a process of its own, bytes in and out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def ioscli(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs `python -m ioscli` to its end; `given` is its standard input."""
    return subprocess.run([sys.executable, "-m", "ioscli", *map(str, arguments)], cwd=ROOT, input=given, capture_output=True, timeout=60, check=False)
