"""Files: `dir`, `more`, `delete`, `rename`, directories, digests, and what the file systems are."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.files import FLASH_SIZE, NVRAM_SIZE, SYSTEMS, Where
from ioscli.device.terminal import Refused
from ioscli.features.core import copy
from ioscli.features.core.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ioscli.device.device import Device
    from ioscli.device.session import Session

_SIZES = {"flash": FLASH_SIZE, "nvram": NVRAM_SIZE}
_FIRST = NVRAM_SIZE // 1024 - 2  # number of the startup-config in `dir nvram:`: files count from below, it and its kin from above
_KIN = ("startup-config", "private-config", "underlying-config")
_HIDDEN = "private-config"


class Row(NamedTuple):
    """A line of `dir`. `date`: None for a file system that keeps none."""

    number: int
    mode: str
    size: int
    date: datetime | None
    name: str

    def __str__(self) -> str:
        # Widths: an 1841's flash and nvram (ios-shell A10).
        date = "<no date>" if self.date is None else f"{self.date:%b} {self.date.day} {self.date:%Y %H:%M:%S} {_zone(self.date)}"
        return f"{self.number:5}  {self.mode}  {self.size:10}  {date:>27}  {self.name}"


def _zone(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:5]}"


def _date(device: Device, path: Path) -> datetime:
    moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return moment.astimezone(device.clock.local(moment.timestamp()).tzinfo)


def rows(device: Device, where: Where) -> list[Row]:
    """What `dir` lists of a directory. Raises Refused."""
    paths = device.files.list(where.url)
    if where.folder != "nvram":
        found = []
        for number, path in enumerate(paths, 1):
            mode = "drw-" if path.is_dir() else "-rw-"
            found.append(Row(number, mode, 0 if path.is_dir() else path.stat().st_size, _date(device, path), path.name))
        return found
    sizes = {path.name: path.stat().st_size for path in paths}
    sizes.setdefault("startup-config", 0)
    sizes.setdefault("private-config", 0)
    sizes["underlying-config"] = sizes["startup-config"]
    first = [Row(_FIRST + at, "----" if name == _HIDDEN else "-rw-", sizes.pop(name), None, name) for at, name in enumerate(_KIN)]
    return first + [Row(at, "-rw-", size, None, name) for at, (name, size) in enumerate(sizes.items(), 1)]


def dir(session: Session, *, where: str | None, directory: str | None, recursive: str | None) -> Iterator[str]:
    """`dir [/all] [/recursive] [all-filesystems | URL]`."""
    device = session.device
    wanted = directory or where or device.files.directory
    if wanted == "all-filesystems":
        for prefix in ("nvram:", "flash0:"):
            yield from _listing(device, device.files.locate(prefix), deep=recursive is not None)
            yield ""
        return
    if wanted.lower().rstrip("/") in ("system:", "null:", "tmpsys:", "archive:", "tar:"):
        yield from _opaque(wanted.lower().rstrip("/"))
        return
    yield from _listing(device, device.files.locate(wanted), deep=recursive is not None)


def _opaque(prefix: str) -> Iterator[str]:
    yield f"Directory of {prefix}/"
    yield ""
    if prefix == "system:":
        yield str(Row(1, "-rw-", 0, None, "running-config"))
    else:
        yield "No files in directory"
    yield ""
    yield "No space information available"


def _listing(device: Device, where: Where, *, deep: bool) -> Iterator[str]:
    path = device.files.path(where.url)
    if path.is_file() or "*" in path.name:
        found = [row for row in rows(device, device.files.locate(f"{where.url}/..")) if fnmatchcase(row.name, path.name)]
    else:
        found = rows(device, where)
    yield f"Directory of {where.url}"
    yield ""
    for row in found:
        yield str(row)
    if not found:
        yield "No files in directory"
    yield ""
    for row in found if deep else ():
        if row.mode[0] == "d":
            yield from _inner(device, device.files.locate(f"{where.url.rstrip('/')}/{row.name}"))
    yield f"{_SIZES[where.folder]} bytes total ({device.files.free(where.folder)} bytes free)"


def _inner(device: Device, where: Where) -> Iterator[str]:
    yield f"Directory of {where.url}"
    yield ""
    found = rows(device, where)
    yield from (map(str, found) if found else ["No files in directory"])
    yield ""
    for row in found:
        if row.mode[0] == "d":
            yield from _inner(device, device.files.locate(f"{where.url}/{row.name}"))


def cd(session: Session, *, directory: str | None) -> None:
    """`cd [URL]`: without one, to the first file system."""
    files = session.device.files
    where = files.locate(directory or "flash0:/", "changing dir")
    if not files.path(where.url).is_dir():
        raise Refused(f"%Error changing dir {where.url} (No such file or directory)")
    files.directory = where.url


def pwd(session: Session) -> Iterator[str]:
    """`pwd`."""
    yield session.device.files.directory


async def delete(session: Session, *, file: str, force: str | None, recursive: str | None) -> None:
    """`delete [/force] [/recursive] URL`."""
    files = session.device.files
    where = files.locate(file, "deleting")
    alert = force is None and session.device.said("file prompt", default="alert") != "quiet"
    if alert:
        name = await session.ask(f"Delete filename [{where.path}]? ")
        if name:
            where = files.locate(name if ":" in name else f"{where.url.partition(':')[0]}:{name}", "deleting")
    for path in _matching(session.device, where):
        if path.is_dir() and recursive is None:
            raise Refused(f"%Error deleting {where.url} (Is a directory)")
        url = f"{where.url.partition(':')[0]}:/{path.relative_to(files.root / where.folder).as_posix()}"
        if not alert or await session.confirm(f"Delete {url}?"):
            _remove(session.device, url, path)


def _matching(device: Device, where: Where) -> list[Path]:
    """The files that a name means; `*` stands for anything."""
    path = device.files.path(where.url)
    if not where.path:
        raise Refused(f"%Error deleting {where.url} (Is a directory)")
    if not any(mark in path.name for mark in "*["):
        return [path]
    return [found for found in sorted(path.parent.glob(path.name)) if found.is_file()]


def _remove(device: Device, url: str, path: Path) -> None:
    for inner in sorted(path.iterdir()) if path.is_dir() else ():
        _remove(device, f"{url}/{inner.name}", inner)
    if path.is_dir():
        device.files.remove_directory(url)
    else:
        device.files.delete(url)


async def rename(session: Session, *, file: str, target: str) -> None:
    """`rename URL URL`."""
    where = session.device.files.locate(target, "renaming")
    name = await session.ask(f"Destination filename [{where.path}]? ")
    session.device.files.rename(file, f"{where.url.partition(':')[0]}:{name}" if name else where.url)


async def mkdir(session: Session, *, directory: str) -> None:
    """`mkdir URL`."""
    where = session.device.files.locate(directory, "Creating dir")
    name = await session.ask(f"Create directory filename [{where.path}]? ")
    where = session.device.files.locate(f"{where.url.partition(':')[0]}:{name or where.path}")
    session.device.files.make_directory(where.url)
    session.write(f"Created dir {where.url}\n")


async def rmdir(session: Session, *, directory: str) -> None:
    """`rmdir URL`."""
    where = session.device.files.locate(directory, "Removing dir")
    name = await session.ask(f"Remove directory filename [{where.path}]? ")
    where = session.device.files.locate(f"{where.url.partition(':')[0]}:{name or where.path}")
    if not await session.confirm(f"Delete {where.url}?"):
        return
    session.device.files.remove_directory(where.url)
    session.write(f"Removed dir {where.url}\n")


async def more(session: Session, *, file: str, how: str | None) -> Iterator[str]:
    """`more [/ascii | /binary | /ebcdic] URL`: a file as text; one with unprintable bytes, or by wish, in hexadecimal too."""
    text = await copy.read(session, file.replace("underlying-config", "startup-config"))
    if how == "/ebcdic":
        return iter(text.encode("utf-8", "surrogateescape").decode("cp500").splitlines())
    if how == "/binary" or (how is None and "\0" in text):
        return _dump(text.encode("utf-8", "surrogateescape"))
    return iter(text.splitlines())


def _dump(data: bytes) -> Iterator[str]:
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        digits = " ".join(row[at : at + 4].hex().upper() for at in range(0, len(row), 4))
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{start:08X}:  {digits:<36}  {shown}"


async def verify(session: Session, *, file: str, how: str | None, digest: str | None) -> Iterator[str]:
    """`verify /md5 | /sha512 URL [DIGEST]`."""
    data = copy.local(session.device, copy.End("file", session.device.files.locate(file).url))
    if how not in ("/md5", "/sha512"):
        raise Refused(f"%Error verifying {file}: it is no image that is signed")
    found = (hashlib.md5(data, usedforsecurity=False) if how == "/md5" else hashlib.sha512(data)).hexdigest()
    lines = [f"{'.' * max(len(data) // 65536, 1)}Done!"]
    if digest is None:
        lines.append(f"verify {how} ({file}) = {found}")
    elif digest.lower() == found:
        lines.append(f"Verified ({file}) = {found}")
    else:
        lines += ["%Error verifying " + file, "Computed signature  = " + found, "Submitted signature = " + digest]
    return iter([*lines, ""])


def systems(session: Session) -> Iterator[str]:
    """`show file systems`. `*` marks the one that bare names are of."""
    files = session.device.files
    yield "File Systems:"
    yield ""
    yield "       Size(b)       Free(b)      Type  Flags  Prefixes"
    for system in SYSTEMS:
        folder = next((prefix for prefix in system.prefixes if prefix in _SIZES), None)
        free = str(files.free(folder)) if folder is not None else "-"
        mark = "*" if files.directory.partition(":")[0] in system.prefixes else " "
        prefixes = " ".join(f"{prefix}:" for prefix in system.prefixes) + ("#" if system.kind == "disk" else "")
        yield f"{mark}{system.size or '-':>13} {free:>13}  {system.kind:>8}  {system.flags:>5}   {prefixes}"
    yield ""


def information(session: Session, *, file: str) -> Iterator[str]:
    """`show file information URL`."""
    where = session.device.files.locate(file)
    data = session.device.files.read(where.url)
    kind = "ascii text" if not set(data) & (set(range(9)) | {0x7F}) else "data"
    yield f"{where.url}:"
    yield f"  type is {kind}"


def flash(session: Session, *, filesystem: str | None, what: str | None) -> Iterator[str]:
    """`show flash:`."""
    prefix = filesystem or "flash:"
    files = session.device.files
    where = files.locate(prefix)
    if what in ("chips", "err", "filesys"):
        raise Refused(f"% {prefix} is a folder of this host: it has no {what}")
    total, free = FLASH_SIZE, files.free("flash")
    if what not in ("summary", "totals"):
        yield "-#- --length-- -----date/time------ path"
        for number, path in enumerate(_deep(session.device, where), 1):
            date = _date(session.device, path)
            size = path.stat().st_size if path.is_file() else 0
            yield f"{number:<3} {size:10} {date:%b %d %Y %H:%M:%S} {_zone(date)} {path.relative_to(files.root / where.folder).as_posix()}"
        yield ""
    yield f"{free} bytes available ({total - free} bytes used)"
    yield ""


def _deep(device: Device, where: Where) -> Iterator[Path]:
    for path in device.files.list(where.url):
        yield path
        if path.is_dir():
            yield from _deep(device, device.files.locate(f"{where.url.rstrip('/')}/{path.name}"))


def filesystem(session: Session, *, filesystem: str) -> Iterator[str]:
    """`show nvram:` and the like."""
    return dir(session, where=filesystem, directory=None, recursive=None)


def bootvar(session: Session) -> Iterator[str]:
    """`show bootvar`: what it is told to boot from, and the configuration register."""
    device = session.device
    images = [statement.text.split()[-1] for statement in device.statements("boot system")]
    yield f"BOOT variable = {';'.join(f'{image},12' for image in images) + ';' if images else ''}"
    yield f"CONFIG_FILE variable = {device.said('boot config')}"
    yield "BOOTLDR variable does not exist"
    yield f"Configuration register is {device[Register]}"


def squeeze(session: Session) -> None:
    """`squeeze`: a FAT file system has nothing to squeeze."""
    raise Refused("%Error: squeeze is not supported on this file system: deleted files leave nothing behind")


def undelete(session: Session) -> None:
    """`undelete`."""
    raise Refused("%Error: undelete is not supported on this file system: deleted files leave nothing behind")


async def format(session: Session, *, filesystem: str) -> None:
    """`format flash:`: every file of it is removed."""
    where = session.device.files.locate(filesystem, "formatting")
    if where.folder != "flash":
        raise Refused(f"%Error formatting {filesystem} (Function not implemented)")
    if not await session.confirm("Format operation may take a while. Continue?"):
        return
    if not await session.confirm(f'Format operation will destroy all data in "{where.url[:-1]}".  Continue?'):
        return
    for path in session.device.files.list(where.url):
        _remove(session.device, f"{where.url}{path.name}", path)
    session.write(f"Format of {where.url[:-1]} complete\n")


def fsck(session: Session, *, filesystem: str | None) -> Iterator[str]:
    """`fsck`: reads every file of it."""
    where = session.device.files.locate(filesystem or "flash0:", "checking")
    files = session.device.files
    names = [path.relative_to(files.root / where.folder).as_posix() for path in files.walk(where.folder)]
    for name in names:
        files.read(f"{where.folder}:{name}")
    yield f"fsck of {where.url.rstrip('/')} complete: {len(names)} files read"
