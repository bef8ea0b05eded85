"""Configurations as files of the host, and the folders of routers that run on it."""

from __future__ import annotations

import os
import sys
from pathlib import Path


class FileError(Exception):
    """A file that cannot be read; the text says which and why."""


def text_of(name: str) -> str:
    """A configuration file, `-` for standard input. Bytes that are no UTF-8 pass through unchanged. Raises FileError."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise FileError(f"{name}: {error.strerror}") from None
    return data.decode("utf-8-sig", errors="surrogateescape").replace("\r\n", "\n")


def state_folder(name: str = "router") -> Path:
    """The folder of a router of this user: where there is one of this name, or among those of ioscli."""
    if os.sep in name or name in (".", ".."):
        return Path(name)
    states = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "ioscli"
    return states / name
