"""TLS on all three nets, and against openssl."""

from __future__ import annotations

import asyncio
import subprocess
from typing import TYPE_CHECKING

import pytest

from ioscli.net import HostNet, TlsError, TlsStream, client_context, exchange, serve, server_context
from ioscli.wire.keys import encode_pkcs8
from ioscli.wire.pem import encode_pem
from tests import foreign
from tests.net.machines import Asker, Echo
from tests.net.test_nets import KINDS, Pair, run
from tests.wire.authority import root, signer

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.net import Connection
    from ioscli.wire.identity import Identity


def pem(identity: Identity) -> tuple[str, str]:
    return encode_pem("CERTIFICATE", identity.certificate.der), encode_pem("PRIVATE KEY", encode_pkcs8(identity.key))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("old_phones", [False, True])
def test_both_sides_show_certificates(tmp_path: Path, kind: str, old_phones: bool) -> None:  # noqa: FBT001
    (server, server_key), (client, client_key) = pem(root()), pem(signer())
    seen: list[bytes | None] = []

    def answer(connection: Connection[Echo], line: str) -> None:
        assert isinstance(connection.stream, TlsStream)
        seen.append(connection.stream.certificate)
        assert connection.stream.cipher
        connection.send(line * 20_000)

    async def story(net: Pair) -> None:
        context = server_context(server, server_key, authorities=[client], demand=True, old_phones=old_phones)
        service = await serve(net.first, net.port, Echo, answer, tls=context)
        assert service.listener is not None
        port = service.listener.local[1]
        trusting = client_context([server], chain=client, key=client_key, old_phones=old_phones)
        (answered,) = await exchange(net.second, net.address, port, Asker("hello"), tls=trusting)
        assert len(answered) == 100_000
        with pytest.raises(TlsError, match="CERTIFICATE_VERIFY_FAILED"):
            await exchange(net.second, net.address, port, Asker("hello"), tls=client_context([client], chain=client, key=client_key))
        # No TLS at all: the service ends it, and lives.
        assert await exchange(net.second, net.address, port, Asker("hello")) == []
        assert len(await exchange(net.second, net.address, port, Asker("hello"), tls=client_context([], chain=client, key=client_key))) == 1

    run(kind, tmp_path, story)
    assert seen == [signer().certificate.der] * 2


def test_openssl_connects(tmp_path: Path) -> None:
    openssl = foreign.need("openssl")
    (server, key) = pem(root())
    (tmp_path / "ca.pem").write_text(server)

    async def story() -> bytes:
        net = HostNet()
        service = await serve(
            net, 0, Echo, lambda connection, line: connection.send(line.upper()), address="127.0.0.1", tls=server_context(server, key)
        )
        assert service.listener is not None
        words = [
            openssl,
            "s_client",
            "-connect",
            f"127.0.0.1:{service.listener.local[1]}",
            "-CAfile",
            str(tmp_path / "ca.pem"),
            "-verify_return_error",
        ]
        process = await asyncio.create_subprocess_exec(*words, "-quiet", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said, _ = await asyncio.wait_for(process.communicate(b"hello\n"), 20)
        await net.close()
        return said

    assert b"HELLO" in asyncio.run(story())


def test_a_key_that_does_not_fit() -> None:
    with pytest.raises(TlsError):
        server_context(pem(root())[0], pem(signer())[1])
