"""Files from and to servers: TFTP, FTP and HTTP."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ioscli.device.terminal import Refused
from ioscli.device.turn import loop

if TYPE_CHECKING:
    from collections.abc import Callable
    from ftplib import FTP

    from ioscli.device.device import Device

PATIENCE = 5  # seconds without an answer
SCHEMES = ("tftp", "ftp", "http", "https")


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
        if split.scheme.lower() not in SCHEMES or not split.hostname:
            raise Refused(f"%Error opening {url} (Invalid argument)")
        self.scheme, self.host = split.scheme.lower(), split.hostname
        self.user, self.password = split.username, split.password
        self.path = split.path.removeprefix("/")


async def fetch(device: Device, remote: Remote) -> bytes:
    """The content of a file on a server. Raises Refused."""
    return await _elsewhere({"tftp": _tftp_get, "ftp": _ftp_get}.get(remote.scheme, _http_get), device, remote)


async def send(device: Device, remote: Remote, data: bytes) -> None:
    """Puts a file on a server. Raises Refused."""
    await _elsewhere({"tftp": _tftp_put, "ftp": _ftp_put}.get(remote.scheme, _http_put), device, remote, data)


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


def _tftp_client(remote: Remote) -> Any:
    """The library and a client of it."""
    import logging

    import tftpy

    logging.getLogger("tftpy").setLevel(logging.CRITICAL)
    return tftpy, tftpy.TftpClient(remote.host, remote.port or 69, flock=False)


def _tftp_get(_: Device, remote: Remote) -> bytes:
    tftpy, client = _tftp_client(remote)
    found = io.BytesIO()
    try:
        client.download(remote.path, found, timeout=PATIENCE)
    except tftpy.TftpTimeout:
        raise TimeoutError from None
    except tftpy.TftpException as error:
        raise OSError(0, _tftp_reason(error)) from None
    return found.getvalue()


def _tftp_put(_: Device, remote: Remote, data: bytes) -> bytes:
    tftpy, client = _tftp_client(remote)
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
    ftp.connect(remote.host, remote.port or 21)
    password = remote.password or device.said("ip ftp password").removeprefix("0 ")
    ftp.login(remote.user or device.said("ip ftp username", default="anonymous"), password)
    ftp.set_pasv(device.said("ip ftp passive", default="on") == "on")


def _ftp_reason(error: Exception) -> str:
    code = str(error)[:3]
    return {"530": "Incorrect Login/Password", "550": "No such file or directory"}.get(code, "Undefined error")


def _http_get(_: Device, remote: Remote) -> bytes:
    return _http(remote, "GET", None)


def _http_put(_: Device, remote: Remote, data: bytes) -> bytes:
    return _http(remote, "PUT", data)


def _http(remote: Remote, method: str, data: bytes | None) -> bytes:
    import http.client
    import ssl
    from base64 import b64encode

    connection: http.client.HTTPConnection
    if remote.scheme == "https":
        anybody = ssl.create_default_context()  # IOS checks a server only with a trustpoint
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(remote.host, remote.port, timeout=PATIENCE, context=anybody)
    else:
        connection = http.client.HTTPConnection(remote.host, remote.port, timeout=PATIENCE)
    headers = {}
    if remote.user is not None:
        headers["Authorization"] = "Basic " + b64encode(f"{remote.user}:{remote.password or ''}".encode()).decode("ascii")
    with suppress(http.client.HTTPException):
        try:
            connection.request(method, f"/{remote.path}", data, headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status < 300:
                return body
            reason = {401: "Permission denied", 403: "Permission denied", 404: "No such file or directory"}
            raise OSError(0, reason.get(answer.status, "I/O error"))
        finally:
            connection.close()
    raise OSError(0, "I/O error")
