"""TLS on any stream: the standard library's machine between two memory buffers."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

from ioscli.net.streams import NetError

if TYPE_CHECKING:
    from ioscli.net.streams import Endpoint, Stream

_PATIENCE = 30.0  # seconds in which a handshake must be done
_CHUNK = 65536


class TlsError(NetError):
    """A handshake that failed."""


class TlsStream:
    """A stream whose octets are enciphered on another one. A connection that breaks looks like one that ends."""

    def __init__(self, under: Stream, context: ssl.SSLContext, *, name: str | None = None) -> None:
        self._under = under
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=name is None, server_hostname=name)

    @property
    def peer(self) -> Endpoint:
        return self._under.peer

    @property
    def local(self) -> Endpoint:
        return self._under.local

    async def _flush(self) -> None:
        if data := self._out.read():
            await self._under.write(data)

    async def _more(self) -> bool:
        data = await self._under.read()
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()
        return bool(data)

    async def shake(self) -> None:
        """Raises TlsError."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._more():
                    raise TlsError("the peer is gone") from None
            except ssl.SSLError as error:
                await self._flush()  # the alert
                raise TlsError(error.reason or "the handshake failed") from None
            else:
                await self._flush()
                return

    async def read(self) -> bytes:
        while True:
            try:
                return self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._more():
                    return b""
            except ssl.SSLError:
                return b""

    async def write(self, data: bytes) -> None:
        try:
            self._tls.write(data)
        except ssl.SSLError:
            return
        await self._flush()

    def end(self) -> None:
        self._under.end()

    def close(self) -> None:
        self._under.close()


async def handshake(under: Stream, context: ssl.SSLContext, *, name: str | None = None) -> TlsStream:
    """Either end of TLS: the client's, to a server of that name, or the server's without one. Raises TlsError."""
    stream = TlsStream(under, context, name=name)
    try:
        async with asyncio.timeout(_PATIENCE):
            await stream.shake()
    except TimeoutError:
        raise TlsError("the handshake is too slow") from None
    return stream
