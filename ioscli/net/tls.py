"""TLS on any stream of any net, through the ssl module's memory buffers: 10 times smaller than asyncio's own, and the same in memory.

TLS 1.2 and up unless the caller asks for old phones' versions.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import tempfile
from typing import TYPE_CHECKING

from ioscli.net.streams import NetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ioscli.net.streams import Endpoint, Stream

_CHUNK = 65536


class TlsError(NetError):
    """The handshake failed, or the peer broke the protocol. The text is the library's."""


def server_context(chain: str, key: str, *, authorities: Iterable[str] = (), demand: bool = False, old_phones: bool = False) -> ssl.SSLContext:
    """For a service: PEM of its certificate (and those above it) and of its private key, which touches no disk where the system can do so.

    authorities: PEM of CAs whose clients are verified; demand: there must be a client certificate. old_phones: TLS 1.0 and its ciphers
    too. TlsError if key and certificate do not fit.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _set_version(context, old_phones=old_phones)
    for authority in authorities:
        context.load_verify_locations(cadata=authority)
        context.verify_mode = ssl.CERT_REQUIRED if demand else ssl.CERT_OPTIONAL
    return _with_key(context, chain, key)


def client_context(
    authorities: Iterable[str], *, chain: str | None = None, key: str | None = None, check_name: bool = False, old_phones: bool = False
) -> ssl.SSLContext:
    """For a client that trusts these CAs (PEM) and no others. Without any it accepts every certificate: a phone before its first CTL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusted = list(authorities)
    context.check_hostname = check_name and bool(trusted)
    context.verify_mode = ssl.CERT_REQUIRED if trusted else ssl.CERT_NONE
    for authority in trusted:
        context.load_verify_locations(cadata=authority)
    _set_version(context, old_phones=old_phones)
    return _with_key(context, chain, key) if chain and key else context


def _set_version(context: ssl.SSLContext, *, old_phones: bool) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if old_phones:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")


def _with_key(context: ssl.SSLContext, chain: str, key: str) -> ssl.SSLContext:
    with _file(chain + "\n" + key) as path:
        try:
            context.load_cert_chain(path)
        except ssl.SSLError as error:
            raise TlsError(error.reason or str(error)) from error
    return context


@contextlib.contextmanager
def _file(text: str) -> Iterator[str]:
    """A path that the ssl module, which takes nothing else, can read a key from: in memory (Linux), or a file that only we can read."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("key")
        try:
            os.write(descriptor, text.encode())
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        yield file.name


class TlsStream:
    """A stream inside a stream. `certificate` is the peer's, DER, if it showed one and the context verifies."""

    def __init__(self, stream: Stream, context: ssl.SSLContext, *, server: bool, name: str | None = None) -> None:
        self._stream = stream
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=server, server_hostname=name)
        self._ended = False

    @property
    def local(self) -> Endpoint:
        return self._stream.local

    @property
    def peer(self) -> Endpoint:
        return self._stream.peer

    @property
    def certificate(self) -> bytes | None:
        return self._tls.getpeercert(binary_form=True)

    @property
    def cipher(self) -> str:
        """The suite's name, empty before the handshake."""
        chosen = self._tls.cipher()
        return chosen[0] if chosen else ""

    async def handshake(self) -> None:
        """TlsError if it fails; the peer is told why."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._fill():
                    raise TlsError("the peer ended the handshake") from None
            except ssl.SSLError as error:
                await self._flush()
                raise TlsError(error.reason or str(error)) from error
            else:
                await self._flush()
                return

    async def _flush(self) -> None:
        data = self._out.read()
        if data:
            await self._stream.write(data)

    async def _fill(self) -> bool:
        data = await self._stream.read()
        if data:
            self._in.write(data)
        return bool(data)

    async def read(self) -> bytes:
        while not self._ended:
            try:
                data = self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                await self._flush()  # answers to key updates
                self._ended = not await self._fill()
            except ssl.SSLError:
                self._ended = True  # close_notify, or a peer that breaks the protocol: it has ended either way
            else:
                return data
        return b""

    async def write(self, data: bytes) -> None:
        for at in range(0, len(data), _CHUNK):
            try:
                self._tls.write(data[at : at + _CHUNK])
            except ssl.SSLError:
                return
            await self._flush()

    async def end(self) -> None:
        """Our close_notify (RFC 8446 6.1), without which the peer would take the end for an attack."""
        with contextlib.suppress(ssl.SSLError):  # the peer's own notice has not come; we do not wait for it
            self._tls.unwrap()
        await self._flush()
        await self._stream.end()

    def close(self) -> None:
        self._stream.close()


async def start_tls(stream: Stream, context: ssl.SSLContext, *, server: bool = False, name: str | None = None, patience: float = 10) -> TlsStream:
    """The handshake. TlsError, also after patience seconds; the stream beneath is closed then."""
    tls = TlsStream(stream, context, server=server, name=name)
    try:
        async with asyncio.timeout(patience):
            await tls.handshake()
    except TimeoutError as error:
        stream.close()
        raise TlsError("the handshake is too slow") from error
    except TlsError:
        stream.close()
        raise
    return tls
