"""`archive tar`: tar files, such as those that phone software and web pages come in."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core import copy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ioscli.device.session import Session


async def _opened(session: Session, url: str) -> tarfile.TarFile:
    """Raises Refused for what is no tar file."""
    data = await copy.read_bytes(session, url)
    try:
        return tarfile.open(fileobj=io.BytesIO(data))
    except tarfile.TarError:
        raise Refused(f"%Error opening {url} (Not a tar file)") from None


async def table(session: Session, *, file: str) -> Iterator[str]:
    """`archive tar {/table | /list} URL`."""
    with await _opened(session, file) as archive:
        return iter([f"{member.name}{'/ (directory)' if member.isdir() else f' ({member.size} bytes)'}" for member in archive])


async def extract(session: Session, *, file: str, destination: str) -> None:
    """`archive tar /xtract URL URL`: files and directories; nothing lands outside the destination."""
    files = session.device.files
    folder = files.locate(destination).url.rstrip("/")
    if not files.path(folder).exists():
        files.make_directory(folder)
    with await _opened(session, file) as archive:
        for member in archive:
            parts = [part for part in member.name.split("/") if part not in ("", ".", "..")]
            for depth in range(1, len(parts) + member.isdir()):
                inner = f"{folder}/{'/'.join(parts[:depth])}"
                if not files.path(inner).exists():
                    files.make_directory(inner)
            taken = archive.extractfile(member) if member.isfile() else None
            if taken is not None:
                files.write(f"{folder}/{'/'.join(parts)}", taken.read())
                session.write(f"extracting {'/'.join(parts)} ({member.size} bytes)\n")


async def create(session: Session, *, file: str, source: str) -> None:
    """`archive tar /create URL URL`: a file, or a directory with all that is below."""
    files = session.device.files
    path = files.path(source)
    if not path.exists():
        raise Refused(f"%Error opening {files.locate(source).url} (No such file or directory)")
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for found in sorted(path.rglob("*")) if path.is_dir() else [path]:
            member = _member(found, found.relative_to(path if path.is_dir() else path.parent).as_posix())
            session.write(f"archiving {member.name}{' (directory)' if member.isdir() else f' ({member.size} bytes)'}\n")
            archive.addfile(member, io.BytesIO(found.read_bytes()) if found.is_file() else None)
    files.write(file, made.getvalue())


def _member(path: Path, name: str) -> tarfile.TarInfo:
    """What a tar file says of a file: nothing about its owner on the host."""
    member = tarfile.TarInfo(name)
    member.mtime = int(path.stat().st_mtime)
    if path.is_dir():
        member.type = tarfile.DIRTYPE
    else:
        member.size = path.stat().st_size
    return member
