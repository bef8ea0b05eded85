"""The router's file systems: folders of the host below the state folder. A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.lock import Lock
from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

NVRAM_SIZE = 262136  # bytes of configuration memory of a 2911
FLASH_SIZE = 256487424
STARTUP = "nvram:startup-config"
PRIVATE = "nvram:private-config"
_CLUSTER = 4096  # bytes that flash memory is given out in
_PRIVATE_MODE = 0o600
_UNFINISHED = ".new-"


class System(NamedTuple):
    """A file system as `show file systems` lists it. `size`: in bytes, 0 for one that holds nothing."""

    kind: str
    flags: str
    prefixes: tuple[str, ...]
    size: int = 0


# Those of a 2911, in its order.
SYSTEMS = (
    System("opaque", "rw", ("archive",)),
    System("opaque", "rw", ("system",)),
    System("opaque", "rw", ("tmpsys",)),
    System("opaque", "rw", ("null",)),
    System("network", "rw", ("tftp",)),
    System("disk", "rw", ("flash0", "flash"), FLASH_SIZE),
    System("nvram", "rw", ("nvram",), NVRAM_SIZE),
    System("opaque", "wo", ("syslog",)),
    System("opaque", "rw", ("xmodem",)),
    System("opaque", "rw", ("ymodem",)),
    System("network", "rw", ("rcp",)),
    System("network", "rw", ("http",)),
    System("network", "rw", ("ftp",)),
    System("network", "rw", ("scp",)),
    System("opaque", "ro", ("tar",)),
    System("network", "rw", ("https",)),
    System("opaque", "ro", ("cns",)),
)
NETWORKS = ("tftp", "ftp", "http", "https")  # those of them that files can be had from
_STORED = {"flash0": "flash", "flash": "flash", "nvram": "nvram"}  # prefixes of what is kept, and the folders
_SIZES = {"flash": FLASH_SIZE, "nvram": NVRAM_SIZE}


class Where(NamedTuple):
    """A place in a stored file system: its folder below the state folder, the path in it, and its name as a router writes it."""

    folder: str
    path: str
    url: str


class Files:
    """The files of a router. URLs are IOS's: `flash:dir/x`, `nvram:startup-config`, or a bare name in the current directory.

    `now`: the router's clock, in seconds since 1970; it dates what is written. Raises InUse where another process has the folder.
    """

    def __init__(self, root: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self.temporary = root is None  # it goes with the process
        if root is None:
            root = Path(f"{os.environ.get('TMPDIR') or '/tmp'}/ioscli-{os.urandom(8).hex()}")  # noqa: S108 - nobody can guess it
            root.mkdir(0o700)
            weakref.finalize(self, _remove, root)
        self.root = root
        self.now = now
        self.directory = "flash0:/"
        self.elsewhere: Callable[[str, bytes], Awaitable[None]] | None = None  # puts a file on a server
        self._count = 0  # of what was written, for names of files that are not whole yet
        self._taken: dict[str, int] = {}  # bytes of each file system by our own count, at least as many as there are
        self.lock = Lock(self.root / "lock")
        self._open()

    def _open(self) -> None:
        """Makes the folders; what was being written when a process ended is removed. A folder that is read-only stays as it is."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.lock.take()
            for folder in _SIZES:
                (self.root / folder).mkdir(exist_ok=True)
                for where, _, names in os.walk(self.root / folder):
                    for name in names:
                        if name.startswith(_UNFINISHED):
                            os.unlink(f"{where}/{name}")  # noqa: PTH108
        except OSError as error:
            if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
                raise

    def close(self) -> None:
        """Lets another process have them."""
        self.lock.release()

    def locate(self, url: str, doing: str = "opening") -> Where:
        """Where a URL leads. Raises Refused for a file system that there is none of."""
        prefix, colon, path = url.partition(":")
        if not colon or "/" in prefix:
            prefix, _, directory = self.directory.partition(":")
            path = url if url.startswith("/") else f"{directory}/{url}"
        prefix = prefix.lower()
        if prefix not in _STORED:
            raise Refused(f"%Error {doing} {url} (No such device)")
        parts: list[str] = []
        for part in path.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        return Where(_STORED[prefix], "/".join(parts), f"{prefix}:/{'/'.join(parts)}")

    def path(self, url: str) -> Path:
        """Where a file lies on the host. It never lies outside the state folder."""
        where = self.locate(url)
        return self.root / where.folder / where.path

    def exists(self, url: str) -> bool:
        return self.path(url).exists()

    def is_directory(self, url: str) -> bool:
        return self.path(url).is_dir()

    def read(self, url: str) -> bytes:
        """The content of a file. Raises Refused with the router's words."""
        where = self.locate(url)
        try:
            return (self.root / where.folder / where.path).read_bytes()
        except OSError as error:
            raise Refused(f"%Error opening {where.url} ({_reason(error)})") from None

    def write(self, url: str, data: bytes, *, private: bool = False) -> None:
        """Replaces a file: whoever looks, and however this process ends, finds the old content or the new, whole.

        Raises Refused where the disk is full or the folder cannot be written to.
        """
        where = self.locate(url)
        try:
            self.replace(where, data, private=private)
        except OSError as error:
            raise Refused(f"%Error opening {where.url} ({_reason(error)})") from None

    def replace(self, where: Where, data: bytes, *, private: bool = False, sync: bool = True) -> None:
        """As write. Without `sync` a power cut may undo it; the end of this process cannot. Raises OSError."""
        path = f"{self.root}/{where.folder}/{where.path}"
        folder = os.path.dirname(path)  # noqa: PTH120 - a Path costs more than the system call
        self._make_room(where.folder, path, len(data))
        self._count += 1
        fresh = f"{folder}/{_UNFINISHED}{os.getpid()}-{self._count}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _PRIVATE_MODE if private else 0o644)
        try:
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(handle, view) :]
                if sync:
                    os.fsync(handle)
                now = self.now()
                os.utime(handle, (now, now))
            finally:
                os.close(handle)
            os.replace(fresh, path)  # noqa: PTH105
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
        if sync:
            os.utime(folder, (now, now))
            _sync(Path(folder))

    def _make_room(self, folder: str, path: str, size: int) -> None:
        """Counts a file that will be written. What is there is looked at when our count says that it does not fit. Raises OSError."""
        unit = _CLUSTER if folder == "flash" else 1
        size = -(-size // unit) * unit
        taken = self._taken.get(folder)
        if taken is None or taken + size > _SIZES[folder]:
            taken = self.used(folder, without=Path(path))
            if taken + size > _SIZES[folder]:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._taken[folder] = taken + size

    def _changed(self, folder: Path) -> None:
        """Dates a directory by the router's clock."""
        os.utime(folder, (self.now(), self.now()))

    async def put(self, url: str, data: bytes, *, append: bool = False) -> None:
        """Writes what a filter kept. Raises Refused."""
        if self._is_elsewhere(url):
            if append:
                raise Refused(f"%Error opening {url} (Function not implemented)")
            assert self.elsewhere is not None
            await self.elsewhere(url, data)
            return
        before = self.read(url) if append and self.exists(url) else b""
        self.write(url, before + data)

    def check_writable(self, url: str) -> None:
        """Raises Refused where nothing can be written to a URL."""
        if not self._is_elsewhere(url):
            self.path(url)

    def _is_elsewhere(self, url: str) -> bool:
        return self.elsewhere is not None and any(url.lower().startswith(f"{name}://") for name in NETWORKS)

    def delete(self, url: str) -> None:
        """Removes a file. Raises Refused."""
        where = self.locate(url, "deleting")
        path = self.root / where.folder / where.path
        try:
            path.unlink()
            self._changed(path.parent)
        except OSError as error:
            raise Refused(f"%Error deleting {where.url} ({_reason(error)})") from None

    def rename(self, url: str, target: str) -> None:
        """Gives a file or directory another name in its file system. Raises Refused."""
        where, to = self.locate(url, "renaming"), self.locate(target, "renaming")
        try:
            if where.folder != to.folder:
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            if self.exists(to.url):
                raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
            (self.root / where.folder / where.path).rename(self.root / to.folder / to.path)
        except OSError as error:
            raise Refused(f"%Error renaming {where.url} ({_reason(error)})") from None

    def make_directory(self, url: str) -> None:
        """Raises Refused."""
        where = self.locate(url, "Creating dir")
        try:
            if where.folder == "nvram":
                raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
            path = self.root / where.folder / where.path
            path.mkdir()
            self._changed(path)
            self._changed(path.parent)
        except OSError as error:
            raise Refused(f"%Error Creating dir {where.url} ({_reason(error)})") from None

    def remove_directory(self, url: str) -> None:
        """Removes an empty directory. Raises Refused."""
        where = self.locate(url, "Removing dir")
        try:
            (self.root / where.folder / where.path).rmdir()
        except OSError as error:
            raise Refused(f"%Error Removing dir {where.url} ({_reason(error)})") from None

    def list(self, url: str) -> list[Path]:
        """What lies in a directory, the oldest first, as a FAT directory has it. Raises Refused."""
        where = self.locate(url)
        try:
            found = [path for path in (self.root / where.folder / where.path).iterdir() if not path.name.startswith(_UNFINISHED)]
        except OSError as error:
            raise Refused(f"%Error opening {where.url} ({_reason(error)})") from None
        return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))

    def names(self, url: str) -> Iterable[str]:
        """The names of what lies in a directory, in no order. Raises Refused."""
        where = self.locate(url)
        try:
            return [name for name in os.listdir(self.root / where.folder / where.path) if not name.startswith(_UNFINISHED)]  # noqa: PTH208 - names only
        except OSError as error:
            raise Refused(f"%Error opening {where.url} ({_reason(error)})") from None

    def used(self, folder: str, without: Path | None = None) -> int:
        """Bytes that the files of a file system take."""
        unit = _CLUSTER if folder == "flash" else 1
        return sum(-(-path.stat().st_size // unit) * unit for path in self.walk(folder) if path != without)

    def free(self, folder: str) -> int:
        """Bytes that are left."""
        return max(_SIZES[folder] - self.used(folder), 0)

    def walk(self, folder: str) -> Iterator[Path]:
        """Every file of a file system; those that are being written are left out."""
        return (path for path in sorted((self.root / folder).rglob("*")) if path.is_file() and not path.name.startswith(_UNFINISHED))


def _remove(root: Path) -> None:
    """Removes a folder and all that is in it, as far as that can be done."""
    for folder, folders, files in os.walk(root, topdown=False):
        for remove, names in ((os.unlink, files), (os.rmdir, folders)):
            for name in names:
                with suppress(OSError):
                    remove(f"{folder}/{name}")
    with suppress(OSError):
        root.rmdir()


def _sync(folder: Path) -> None:
    """Puts what a folder lists on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
