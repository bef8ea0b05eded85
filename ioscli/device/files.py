"""The router's file systems: folders of the host below the state folder. A file is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

NVRAM_SIZE = 262136  # bytes of configuration memory of a 2911
FLASH_SIZE = 256487424
STARTUP = "nvram:startup-config"
PRIVATE = "nvram:private-config"
SYSTEMS = {"flash": FLASH_SIZE, "nvram": NVRAM_SIZE}
_OTHER_NAMES = {"flash0": "flash", "disk0": "flash"}
_PRIVATE_MODE = 0o600


class Files:
    """The files of a router. URLs are IOS's: `flash:dir/x`, `nvram:startup-config`, or a bare name in the current directory."""

    def __init__(self, root: Path | None = None) -> None:
        if root is None:
            root = Path(tempfile.mkdtemp(prefix="ioscli-"))
            weakref.finalize(self, shutil.rmtree, root, ignore_errors=True)
        self.root = root
        self.directory = "flash:"
        for system in SYSTEMS:
            (self.root / system).mkdir(parents=True, exist_ok=True)

    def split(self, url: str) -> tuple[str, str]:
        """The file system and the path of a URL, as they are called here. Raises Refused for a file system that there is none of."""
        system, colon, path = url.partition(":")
        if not colon:
            system, _, directory = self.directory.partition(":")
            path = f"{directory.rstrip('/')}/{url}" if directory and not url.startswith("/") else url
        system = _OTHER_NAMES.get(system.lower(), system.lower())
        if system not in SYSTEMS:
            raise Refused(f"%Error opening {url} (No such device)")
        parts: list[str] = []
        for part in path.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        return system, "/".join(parts)

    def path(self, url: str) -> Path:
        """Where a file lies on the host. It never lies outside the state folder."""
        system, path = self.split(url)
        return self.root / system / path

    def exists(self, url: str) -> bool:
        return self.path(url).exists()

    def read(self, url: str) -> bytes:
        """The content of a file. Raises Refused with the router's words."""
        try:
            return self.path(url).read_bytes()
        except OSError as error:
            raise Refused(f"%Error opening {url} ({error.strerror})") from None

    def write(self, url: str, data: bytes, *, private: bool = False) -> None:
        """Replaces a file: whoever looks, and however this process ends, finds the old content or the new, whole.

        Raises Refused where the disk is full or the folder cannot be written to.
        """
        path = self.path(url)
        system = self.split(url)[0]
        if system == "nvram" and self.used("nvram", without=path) + len(data) > NVRAM_SIZE:
            raise Refused(f"%Error writing {url} (No space left on device)")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).chmod(_PRIVATE_MODE if private else 0o644)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise Refused(f"%Error writing {url} ({error.strerror})") from None

    async def put(self, url: str, data: bytes, *, append: bool = False) -> None:
        """Writes what a filter kept."""
        before = self.read(url) if append and self.exists(url) else b""
        self.write(url, before + data)

    def check_writable(self, url: str) -> None:
        """Raises Refused where nothing can be written to a URL."""
        self.path(url)

    def delete(self, url: str) -> None:
        """Removes a file. Raises Refused."""
        try:
            self.path(url).unlink()
        except OSError as error:
            raise Refused(f"%Error deleting {url} ({error.strerror})") from None

    def used(self, system: str, without: Path | None = None) -> int:
        """Bytes that the files of a file system take."""
        return sum(path.stat().st_size for path in self.walk(system) if path != without)

    def walk(self, system: str) -> Iterator[Path]:
        """Every file of a file system; those that are being written are left out."""
        return (path for path in sorted((self.root / system).rglob("*")) if path.is_file() and not path.name.startswith(".new-"))
