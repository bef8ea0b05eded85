"""`copy`: from a file, a configuration or a server to another one, with the questions that a router asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.files import NETWORKS, PRIVATE
from ioscli.device.terminal import Refused
from ioscli.features.core import config
from ioscli.features.core.merge import merge
from ioscli.features.core.nvram import saved_startup, store
from ioscli.features.core.save import write
from ioscli.features.core.transfer import Remote, fetch, send

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.device.session import Session

RUNNING, STARTUP = "running-config", "startup-config"
_ALIASES = {
    "system:running-config": RUNNING,
    "system:/running-config": RUNNING,
    "nvram:startup-config": STARTUP,
    "nvram:/startup-config": STARTUP,
}
_NO_TRANSFER = ("archive", "cns", "rcp", "scp", "syslog", "tar", "tmpsys", "xmodem", "ymodem")


class End(NamedTuple):
    """One end of a copy. `kind`: a configuration's name, `null`, `file`, or `server`. `url`: complete."""

    kind: str
    url: str

    @property
    def name(self) -> str:
        """What is behind the last slash or the colon."""
        return self.url.rstrip("/").rpartition("/")[2].rpartition(":")[2]


async def copy(session: Session, *, whence: str, whither: str) -> None:
    """`copy SOURCE DESTINATION`."""
    quiet = session.device.said("file prompt", default="alert") == "quiet"
    source = await _source(session, whence)
    await transfer(session, source, await _destination(session, whither, source, quiet=quiet), quiet=quiet)


async def network(session: Session, *, file: str | None) -> None:
    """`write network [URL]`."""
    whither = await _destination(session, file or "tftp:", End(RUNNING, RUNNING), quiet=file is not None)
    await transfer(session, End(RUNNING, RUNNING), whither, quiet=True)


async def _source(session: Session, text: str) -> End:
    if (end := _fixed(text)) is not None:
        return end
    scheme, _, rest = text.partition(":")
    if scheme.lower() in NETWORKS and text.find(":") > 0:
        if rest.strip("/"):
            return End("server", Remote(text).url)
        host = await session.ask("Address or name of remote host []? ")
        name = await session.ask("Source filename []? ")
        if not host or not name or any(letter.isspace() for letter in host + name):
            raise Refused("%Error opening URL (Invalid argument)" if host else "?Bad address or host name")
        return End("server", f"{scheme.lower()}://{host}/{name.removeprefix('/')}")
    if text.endswith(":"):
        name = await session.ask("Source filename []? ")
        if not name:
            raise Refused(f"%Error opening {text} (Invalid argument)")
        text = name if ":" in name else f"{text}{name}"
    return End("file", session.device.files.locate(text).url)


async def _destination(session: Session, text: str, whence: End, *, quiet: bool) -> End:
    end = _fixed(text)
    if end is not None:
        if end.kind != "null" and not quiet:
            answer = await session.ask(f"Destination filename [{end.kind}]? ")
            end = (_fixed(answer) or End("file", session.device.files.locate(answer).url)) if answer else end
        return end
    scheme, _, rest = text.partition(":")
    if scheme.lower() in NETWORKS and text.find(":") > 0:
        host, _, path = rest.strip("/").partition("/")
        asking = not host or not path or not quiet
        default = path or (f"{session.device.hostname.lower()}-confg" if whence.kind in (RUNNING, STARTUP) else whence.name)
        if asking:
            host = await session.ask(f"Address or name of remote host [{host}]? ") or host
            default = await session.ask(f"Destination filename [{default}]? ") or default
        if not host:
            raise Refused("?Bad address or host name")
        if any(letter.isspace() for letter in host + default):
            raise Refused("%Error opening URL (Invalid argument)")
        return End("server", Remote(f"{scheme.lower()}://{host}/{default}").url)
    files = session.device.files
    where = files.locate(text)
    directory = not where.path or files.is_directory(where.url)
    default = whence.name if directory else where.path.rpartition("/")[2]
    folder = where.url.rstrip("/") + "/" if directory else where.url.removesuffix(default)
    answer = "" if quiet else await session.ask(f"Destination filename [{default}]? ")
    return End("file", files.locate(answer if ":" in answer else f"{folder}{answer or default}").url)


def _fixed(text: str) -> End | None:
    """The end that a word stands for by itself. Raises Refused for a file system that nothing can be copied from or to."""
    low = text.lower()
    low = _ALIASES.get(low, low)
    if low in (RUNNING, STARTUP):
        return End(low, low)
    scheme = low.partition(":")[0] if ":" in low else ""
    if scheme == "null":
        return End("null", "null:")
    if scheme in _NO_TRANSFER or scheme == "system":
        raise Refused(f"%Error opening {text} (Function not implemented)")
    return None


async def transfer(session: Session, whence: End, whither: End, *, quiet: bool) -> None:
    """Copies from one end to the other. Raises Refused."""
    device = session.device
    if (whence.kind, whither.kind) == (RUNNING, STARTUP):
        await write(session)
        return
    if whence.url == whither.url:
        raise Refused(f"%Error copying {whence.url} to itself (Invalid argument)")
    if whither.kind == "file" and device.files.exists(whither.url) and not quiet:
        session.write("%Warning:There is a file already existing with this name \n")
        if not await session.confirm("Do you want to over write?"):
            return
    began = device.clock.uptime
    data = await content(session, whence)
    match whither.kind:
        case "running-config":
            text = data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
            await merge(session, text, "memory" if whence.kind == STARTUP else whence.url)
        case "startup-config":
            store(device, data)
            session.write("[OK]\n")
        case "file":
            if whence.kind == "file":
                session.write("Copy in progress...C\n")
            device.files.write(whither.url, data)
        case "server":
            session.write(f"Writing {Remote(whither.url).path} ")
            await send(device, Remote(whither.url), data)
            session.write("!\n")
    session.write(copied(len(data), device.clock.uptime - began))


def copied(size: int, seconds: float) -> str:
    """The last line of a copy. Nothing takes less than a thousandth of a second."""
    seconds = max(seconds, 0.001)
    return f"{size} bytes copied in {seconds:.3f} secs ({int(size / seconds)} bytes/sec)\n"


async def content(session: Session, whence: End) -> bytes:
    """What lies at one end. A server tells how far it is. Raises Refused."""
    device = session.device
    if whence.kind != "server":
        return local(device, whence)
    remote = Remote(whence.url)
    session.write(f"Accessing {remote.url}...\n")
    data = await fetch(device, remote)
    session.write(f"Loading {remote.path} from {remote.host}: !\n[OK - {len(data)} bytes]\n\n")
    return data


def local(device: Device, whence: End) -> bytes:
    """What lies at an end that is no server. Raises Refused."""
    match whence.kind:
        case "running-config":
            return "".join(f"{line}\n" for line in config.printed(device)).encode("utf-8", "surrogateescape")
        case "startup-config":
            data = saved_startup(device)
            if not data:
                raise Refused("%% Non-volatile configuration memory invalid or not present")
            return data
        case "null":
            return b""
    if device.files.locate(whence.url) == device.files.locate(PRIVATE)._replace(url=whence.url):
        raise Refused(f"%Error opening {whence.url} (Permission denied)")
    return device.files.read(whence.url)


async def read(session: Session, url: str) -> str:
    """The text of a configuration file, for commands that take one. Raises Refused."""
    return (await read_bytes(session, url)).decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")


async def read_bytes(session: Session, url: str) -> bytes:
    """The content of a file, for commands that take one. Raises Refused."""
    whence = _fixed(url)
    if whence is None:
        scheme = url.partition(":")[0].lower()
        whence = End("server", Remote(url).url) if ":" in url and scheme in NETWORKS else End("file", session.device.files.locate(url).url)
    return await content(session, whence)
