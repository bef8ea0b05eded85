"""The pool of authorities, the event trace, the benchmark."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ioscli.features.pki.validate import validate
from ioscli.wire import cms
from ioscli.wire.names import parse_name
from ioscli.wire.pem import encode_pem
from ioscli.wire.x509.chain import Fault
from ioscli.wire.x509.profile import root_certificate
from tests.lab import rest
from tests.pki.test_trustpoint_garbage import ROOT
from tests.pki.test_trustpoint_lab import Net
from tests.stored_keys import stored_key

if TYPE_CHECKING:
    from pathlib import Path

OTHER = root_certificate(
    parse_name("cn=Other"), stored_key("ec", 256), serial=7, not_before=datetime(2026, 1, 1, tzinfo=UTC), not_after=datetime(2036, 1, 1, tzinfo=UTC)
)


def test_the_pool_is_trusted_without_a_trustpoint(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        router = await net.add("R1")
        assert (await validate(router.device, [ROOT])).fault is Fault.NO_ISSUER
        pasted = [*encode_pem("CERTIFICATE", ROOT.der).splitlines(), *encode_pem("CERTIFICATE", OTHER.der).splitlines(), "quit"]
        shown = await router.configure("crypto pki trustpool import terminal", answers=tuple(pasted))
        assert "% 2 certificates imported" in shown
        for each in (ROOT, OTHER):
            verdict = await validate(router.device, [each])
            assert (verdict.valid, verdict.trustpoint) == (True, "Trustpool")
        await router.type("write memory")
        await net.reload()
        assert (await validate(router.device, [OTHER])).valid
        assert "Trustpool has 2 certificates" in await router.type("show crypto pki trustpool count")
        assert "  Associated Trustpoints: Trustpool" in await router.type("show crypto pki trustpool")
        router.device.files.write("flash:bundle", cms.build_certificates([OTHER.der]))
        assert "% 1 certificates imported" in await router.configure("crypto pki trustpool import clean url flash:bundle")
        router.device.files.write("flash:bundle", b"0garbage")
        assert "cannot be read" in await router.configure("crypto pki trustpool import url flash:bundle")
        await router.configure("crypto pki trustpool clean", answers=("yes",))
        assert not (await validate(router.device, [OTHER])).valid
        await net.close()

    asyncio.run(play())


def test_what_happens_is_traced_and_timed(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        await net.authority("grant auto")
        router = await net.add("R1")
        await router.type(
            "monitor event-trace crypto pki event enable", "monitor event-trace crypto pki error enable", "crypto pki benchmark start 10"
        )
        section = ("enrollment url http://10.0.0.1", "serial-number none", "ip-address none", "password x", "rsakeypair R1")
        await router.configure("crypto pki trustpoint T", *section, "crypto pki authenticate T", "crypto pki enroll T", answers=("yes", "yes"))
        await rest()
        assert "PKI:T:Client received CertRep - GRANTED." in await router.type("show monitor event-trace crypto pki event latest")
        assert await router.type("show monitor event-trace crypto pki event latest") == ""
        assert "CERTRET" not in await router.type("show monitor event-trace crypto pki error all")
        await validate(router.device, [OTHER])
        assert "Certificate chain validation has failed." in await router.type("show monitor event-trace crypto pki error all")
        shown = await router.type("show crypto pki benchmarks", "show crypto pki benchmarks failures")
        assert shown.count("passed") == 1
        assert shown.count("failed") == 2
        await router.type("monitor event-trace crypto pki event dump pretty flash:trace")
        assert b"GRANTED" in router.device.files.read("flash:trace")
        await net.close()

    asyncio.run(play())
