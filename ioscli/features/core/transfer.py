"""Files from and to servers: TFTP, FTP and HTTP."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ioscli.device.files import FLASH_SIZE, NETWORKS
from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.core.names import address_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from ftplib import FTP

    from ioscli.device.device import Device

PATIENCE = 5  # seconds without an answer
_HTTP_REASONS = {401: "Permission denied", 403: "Permission denied", 404: "No such file or directory"}


class Remote:
    """A file on a server: `scheme://[user[:password]@]host[:port]/path`. Raises Refused where it is none."""

    def __init__(self, url: str) -> None:
        from urllib.parse import urlsplit

        self.url = url
        split = urlsplit(url)
        try:
            self.port = split.port
        except ValueError:
            raise Refused(f"%Error opening {url} (Invalid argument)") from None
        if split.scheme.lower() not in NETWORKS or not split.hostname:
            raise Refused(f"%Error opening {url} (Invalid argument)")
        self.scheme, self.host = split.scheme.lower(), split.hostname
        self.user, self.password = split.username, split.password
        self.path = split.path.removeprefix("/")


async def fetch(device: Device, remote: Remote) -> bytes:
    """The content of a file on a server. Raises Refused."""
    if remote.scheme.startswith("http"):
        return await _http(device, remote, "GET", b"")
    return await _elsewhere(_tftp_get if remote.scheme == "tftp" else _ftp_get, device, remote)


def connect(device: Device) -> None:
    """What a filter sends to a server (`| redirect tftp://...`) goes there."""
    device.files.elsewhere = lambda url, data: send(device, Remote(url), data)


async def send(device: Device, remote: Remote, data: bytes) -> None:
    """Puts a file on a server. Raises Refused."""
    if remote.scheme.startswith("http"):
        await _http(device, remote, "PUT", data)
    else:
        await _elsewhere(_tftp_put if remote.scheme == "tftp" else _ftp_put, device, remote, data)


async def _elsewhere(work: Callable[..., bytes], device: Device, remote: Remote, *data: bytes) -> bytes:
    """Does in a thread what waits for a server."""
    await loop()
    import asyncio

    try:
        return await asyncio.to_thread(work, device, remote, *data)
    except TimeoutError:
        raise Refused(f"%Error opening {remote.url} (Timed out)") from None
    except OSError as error:
        raise Refused(f"%Error opening {remote.url} ({error.strerror or error})") from None


def _address(device: Device, remote: Remote) -> str:
    """Where a server is: as `ip host` says; any other name is the business of the host that we run on."""
    return str(address_of(device, remote.host) or remote.host)


def _tftp_client(device: Device, remote: Remote) -> Any:
    """The library and a client of it."""
    import logging

    import tftpy

    logging.getLogger("tftpy").setLevel(logging.CRITICAL)
    return tftpy, tftpy.TftpClient(_address(device, remote), remote.port or 69, flock=False)


def _tftp_get(device: Device, remote: Remote) -> bytes:
    tftpy, client = _tftp_client(device, remote)
    found = io.BytesIO()
    try:
        client.download(remote.path, found, timeout=PATIENCE)
    except tftpy.TftpTimeout:
        raise TimeoutError from None
    except tftpy.TftpException as error:
        raise OSError(0, _tftp_reason(error)) from None
    return found.getvalue()


def _tftp_put(device: Device, remote: Remote, data: bytes) -> bytes:
    tftpy, client = _tftp_client(device, remote)
    try:
        client.upload(remote.path, io.BytesIO(data), timeout=PATIENCE)
    except tftpy.TftpTimeout:
        raise TimeoutError from None
    except tftpy.TftpException as error:
        raise OSError(0, _tftp_reason(error)) from None
    return data


def _tftp_reason(error: Exception) -> str:
    text = str(error).lower()
    if "not found" in text:
        return "No such file or directory"
    return "Permission denied" if "access" in text or "illegal" in text else "Undefined error"


def _ftp_get(device: Device, remote: Remote) -> bytes:
    import ftplib

    found = io.BytesIO()
    try:
        with ftplib.FTP(timeout=PATIENCE) as ftp:  # noqa: S321 - it is what IOS speaks
            _ftp_login(ftp, device, remote)
            ftp.retrbinary(f"RETR {remote.path}", found.write)
    except ftplib.Error as error:
        raise OSError(0, _ftp_reason(error)) from None
    return found.getvalue()


def _ftp_put(device: Device, remote: Remote, data: bytes) -> bytes:
    import ftplib

    try:
        with ftplib.FTP(timeout=PATIENCE) as ftp:  # noqa: S321
            _ftp_login(ftp, device, remote)
            ftp.storbinary(f"STOR {remote.path}", io.BytesIO(data))
    except ftplib.Error as error:
        raise OSError(0, _ftp_reason(error)) from None
    return data


def _ftp_login(ftp: FTP, device: Device, remote: Remote) -> None:
    ftp.connect(_address(device, remote), remote.port or 21)
    password = remote.password or device.said("ip ftp password").removeprefix("0 ")
    ftp.login(remote.user or device.said("ip ftp username", default="anonymous"), password)
    ftp.set_pasv(device.said("ip ftp passive", default="on") == "on")


def _ftp_reason(error: Exception) -> str:
    code = str(error)[:3]
    return {"530": "Incorrect Login/Password", "550": "No such file or directory"}.get(code, "Undefined error")


async def _http(device: Device, remote: Remote, method: str, data: bytes) -> bytes:
    """One request over the router's own net, where the addresses of other routers are known too."""
    await loop()
    from base64 import b64encode

    from ioscli.net import ConnectError, NetError, exchange
    from ioscli.net.tls import client_context
    from ioscli.wire.http.client import HttpClient
    from ioscli.wire.http.message import HttpError, Limits, Request

    secure = remote.scheme == "https"
    headers = {}
    if remote.user is not None:
        headers["Authorization"] = "Basic " + b64encode(f"{remote.user}:{remote.password or ''}".encode()).decode("ascii")
    machine = HttpClient(Request(method, f"/{remote.path}", headers=headers, body=data), remote.host, limits=Limits(body=FLASH_SIZE))
    port = remote.port or (443 if secure else 80)
    # IOS checks a server only where a trustpoint is configured for its client.
    tls = client_context([]) if secure else None
    try:
        answers = await exchange(device.net, _address(device, remote), port, machine, patience=PATIENCE, tls=tls)
    except ConnectError as error:
        reason = "Timed out" if error.reason == "no answer" else error.reason
        raise Refused(f"%Error opening {remote.url} ({reason[:1].upper()}{reason[1:]})") from None
    except (NetError, HttpError):
        raise Refused(f"%Error opening {remote.url} (I/O error)") from None
    if not answers or answers[0].status >= 300:
        reason = _HTTP_REASONS.get(answers[0].status, "I/O error") if answers else "I/O error"
        raise Refused(f"%Error opening {remote.url} ({reason})")
    return answers[0].body
