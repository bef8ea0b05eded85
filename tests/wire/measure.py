"""How fast: `python -m tests.wire.measure`. Ratios to the limit that private-key operations set in the same run; medians of five."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from ioscli.net import HostNet, serve
from ioscli.wire import cms
from ioscli.wire.http import HttpServer
from ioscli.wire.names import parse_name
from ioscli.wire.scep.client import Transaction, parse_ca_reply
from ioscli.wire.scep.codec import query_target
from ioscli.wire.scep.messages import Operation
from ioscli.wire.scep.server import PkcsReq
from ioscli.wire.x509 import Certificate, Crl, Revoked, build_crl, build_request
from tests.wire.authority import HOUR, NOW, Authority, key, root, signer

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS, _ENROLMENTS, _CLIENTS = 5, 200, 8


def cost(work: Callable[[], object], times: int) -> float:
    """Seconds of processor time each."""
    spent = []
    for _ in range(_ROUNDS):
        begin = time.process_time()
        for _ in range(times):
            work()
        spent.append((time.process_time() - begin) / times)
    return statistics.median(spent)


def limit() -> float:
    """Three private-key operations: decrypt the request, sign the certificate, sign the reply."""
    secret = root().key
    sealed = key(0).public_key().encrypt(bytes(16), PKCS1v15())

    def three() -> None:
        key(0).decrypt(sealed, PKCS1v15())
        key(0).sign(b"x", PKCS1v15(), SHA256())
        key(0).sign(b"y", PKCS1v15(), SHA256())

    assert secret is key(0)
    return cost(three, _ENROLMENTS)


def messages() -> list[bytes]:
    authority = Authority(root())
    ca = parse_ca_reply("", authority.scep.ca_reply().body)
    request = build_request(subject=parse_name("cn=R1"), key=key(1))
    return [Transaction.enrol(request, signer(), ca, os.urandom).message() for _ in range(_ENROLMENTS)]


def engine(sent: list[bytes]) -> float:
    """Message to reply, without HTTP."""
    authority, left = Authority(root()), iter(sent * _ROUNDS)

    def one() -> None:
        event = authority.scep.receive_message(next(left), NOW)
        assert isinstance(event, PkcsReq)
        authority.scep.success(event, [authority.issue(event)])

    return cost(one, len(sent))


async def over_http(sent: list[bytes], *, post: bool) -> float:
    """Seconds of processor time for each. The clients, who send what was made before, run in the same thread and are in it."""
    authority, net = Authority(root()), HostNet()
    service = await serve(net, 0, HttpServer, authority.handle, address="127.0.0.1")
    assert service.listener is not None
    port = service.listener.local[1]

    targets = {data: query_target("/cgi-bin/pkiclient.exe", Operation.PKI_OPERATION, data, in_body=post) for data in sent}

    async def client(share: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for data in share:
            head = f"{'POST' if post else 'GET'} {targets[data]} HTTP/1.1\r\nHost: a\r\n"
            writer.write((head + f"Content-Length: {len(data)}\r\n\r\n").encode() + data if post else (head + "\r\n").encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            size = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(size)
        writer.close()

    begin = time.process_time()
    await asyncio.gather(*(client(sent[at::_CLIENTS]) for at in range(_CLIENTS)))
    spent = time.process_time() - begin
    assert len(authority.issued) == len(sent)
    await net.close()
    return spent / len(sent)


def main() -> None:
    sent = messages()
    least = limit()
    print(f"three private-key operations      {least * 1e6:8.0f} us   {1 / least:6.0f}/s")
    spent = engine(sent)
    print(f"enrolment, message to reply       {spent * 1e6:8.0f} us   {1 / spent:6.0f}/s   {least / spent:.2f} of the limit")
    for post in (False, True):
        spent = statistics.median(asyncio.run(over_http(sent, post=post)) for _ in range(_ROUNDS))
        print(f"enrolment over HTTP, {'POST' if post else 'GET ':12} {spent * 1e6:8.0f} us   {1 / spent:6.0f}/s   {least / spent:.2f} of the limit")
    print(f"SignedData, read                  {cost(lambda: cms.parse_signed(sent[0]), 500) * 1e6:8.0f} us")
    print(f"certificate, read                 {cost(lambda: Certificate.parse(root().certificate.der), 500) * 1e6:8.0f} us")
    ca = root()
    print(f"10,000 entries of a CRL, made     {cost(lambda: [Revoked(serial, NOW) for serial in range(10_000)], 1) * 1e3:8.1f} ms")
    entries = [Revoked(serial, NOW) for serial in range(10_000)]

    def crl() -> Crl:
        return build_crl(issuer=ca.certificate, key=ca.key, this_update=NOW, next_update=NOW + HOUR, revoked=entries)

    print(f"CRL of 10,000 made entries        {cost(crl, 5) * 1e3:8.1f} ms")
    made = crl().der
    print(f"CRL of 10,000 entries, read       {cost(lambda: Crl.parse(made), 2) * 1e3:8.1f} ms")


if __name__ == "__main__":
    main()
