"""Servers that are no roots: a subordinate authority, and registration authorities in front of one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ioscli.device.clock import Clock
from ioscli.features.pki.certificate_server import CertificateServer
from ioscli.features.pki.certificates import Certificates
from ioscli.net import MemoryNet
from ioscli.net.memory import Wire
from ioscli.wire.scep.client import Issued, Pending, Transaction
from tests.pki.live import LiveRouter, booted
from tests.pki.scep_client import ScepClient
from tests.pki.stepped import NOW, Steps

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.device.device import Device

CONFIG = """hostname {name}
ip http server
ip http max-connections 16
interface GigabitEthernet0/0
 ip address {address} 255.255.255.0
 no shutdown
end
"""


class Lab:
    """Routers on one wire, under one clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.wire, self.steps = folder, Wire(), Steps()
        self.routers: list[Device] = []

    async def router(self, name: str, address: str) -> Device:
        net = MemoryNet(self.wire, [address])
        config = CONFIG.format(name=name, address=address)
        device = await booted(self.folder / name, config, net, Clock(NOW.timestamp(), self.steps))
        self.routers.append(device)
        return device

    async def root(self, *lines: str) -> Device:
        device = await self.router("ROOT", "10.1.1.1")
        await LiveRouter(device).configure("crypto pki server ROOT", *lines, "no shutdown", answers=("cisco123", "cisco123"))
        return device

    async def run(self, seconds: float = 0) -> None:
        """Time passes, and all that is due is done."""
        self.steps.seconds += seconds
        for _ in range(3):
            for device in self.routers:
                await device.timers.run_due()

    def close(self) -> None:
        for device in self.routers:
            device.close()


def test_a_subordinate_authority(tmp_path: Path) -> None:
    async def run() -> None:
        lab = Lab(tmp_path)
        root = await lab.root("grant auto")
        sub = await lab.router("SUB", "10.1.1.2")
        shown = await LiveRouter(sub).configure(
            "crypto pki trustpoint SUB",
            "enrollment url http://10.1.1.1:80",
            "revocation-check none",
            "crypto pki server SUB",
            "mode sub-cs",
            "issuer-name CN=Sub,O=Lab",
            "grant auto",
            "no shutdown",
            answers=("cisco123", "cisco123", "yes"),
        )
        assert shown.endswith("% Certificate request sent to Certificate Authority\n% Enrollment in progress...\n")
        engine = sub[CertificateServer]
        assert engine.reason == "waiting for CA certificate"
        await lab.run()
        assert engine.state == "check failed", "the root's operator has not granted it"
        assert "Subordinate CA certificate requests:" in await LiveRouter(root).type("show crypto pki server ROOT requests")
        await LiveRouter(root).type("crypto pki server ROOT grant all")
        await lab.run(61)
        assert (engine.state, engine.reason) == ("enabled", "")
        shown = await LiveRouter(sub).type("show crypto pki server")
        assert "Server configured in subordinate server mode\n    Upper CA cert fingerprint: " in shown
        assert "Last certificate issued serial number (hex): 0\n" in shown
        certificate = await ScepClient(sub).certificate()
        own, upper = engine.enabled().certificate, root[CertificateServer].enabled().certificate
        certificate.verify_issued_by(own)
        own.verify_issued_by(upper)
        assert (certificate.serial, str(own.subject), own.extensions.ca) == (1, "cn=Sub,o=Lab", True)
        lab.close()

    asyncio.run(run())


AGENT = (
    "crypto pki trustpoint RA",
    "enrollment url http://10.1.1.1:80",
    "subject-name cn=ra,ou=ioscs RA,o=Lab",
    "fqdn none",
    "serial-number none",
    "ip-address none",
    "password secret",
    "revocation-check none",
    "crypto pki server RA",
    "mode ra",
)


@pytest.mark.parametrize("authority", ["grant ra-auto", "manual"])
def test_a_registration_authority(tmp_path: Path, authority: str) -> None:
    async def run() -> None:
        lab = Lab(tmp_path)
        root = await lab.root(*(() if authority == "manual" else (authority,)))
        agent = await lab.router("RA", "10.1.1.2")
        await LiveRouter(agent).configure(*AGENT, "no shutdown", answers=("yes", "yes"))
        await lab.run()
        await LiveRouter(root).type("crypto pki server ROOT grant all")
        await lab.run(61)
        engine = agent[CertificateServer]
        assert (engine.state, engine.reason) == ("enabled", "")
        assert "Server configured in RA mode\n    RA cert fingerprint: " in await LiveRouter(agent).type("show crypto pki server")
        client = ScepClient(agent, "cn=R9", 3)
        authorities = await client.authority()
        assert authorities.ca == root[CertificateServer].enabled().certificate == agent[Certificates].ca("RA")
        assert authorities.recipient == engine.enabled().certificate
        assert isinstance(await client.enrol(), Pending)
        await LiveRouter(agent).type("crypto pki server RA grant all")
        if authority == "manual":
            assert engine.requests.all[1].state == "authorized"
            assert isinstance(await client.poll(), Pending)
            assert "cn=R9" in await LiveRouter(root).type("show crypto pki server ROOT requests")
            await LiveRouter(root).type("crypto pki server ROOT grant all")
        answer = await client.poll()
        assert isinstance(answer, Issued)
        assert answer.certificate is not None
        answer.certificate.verify_issued_by(authorities.ca)
        assert str(answer.certificate.subject) == "cn=R9"
        client.transaction = Transaction.get_crl(answer.certificate, client.signer(), authorities, client.random)
        listed = await client.send(client.transaction.message())
        assert isinstance(listed, Issued)
        assert listed.crl is not None
        listed.crl.verify(authorities.ca)
        lab.close()

    asyncio.run(run())


def test_an_agent_whose_authority_is_away(tmp_path: Path) -> None:
    async def run() -> None:
        lab = Lab(tmp_path)
        root = await lab.root("grant ra-auto")
        agent = await lab.router("RA", "10.1.1.2")
        await LiveRouter(agent).configure(*AGENT, "grant auto", "no shutdown", answers=("yes", "yes"))
        await lab.run()
        await LiveRouter(root).type("crypto pki server ROOT grant all")
        await lab.run(61)
        await LiveRouter(root).configure("no ip http server")
        client = ScepClient(agent, "cn=R9", 3)
        assert isinstance(await client.enrol(), Pending)
        await LiveRouter(root).configure("ip http server")
        assert isinstance(await client.poll(), Issued)
        lab.close()

    asyncio.run(run())


def test_an_agent_asks_for_several_at_once(tmp_path: Path) -> None:
    async def run() -> None:
        lab = Lab(tmp_path)
        root = await lab.root("grant ra-auto")
        agent = await lab.router("RA", "10.1.1.2")
        await LiveRouter(agent).configure(*AGENT, "grant auto", "no shutdown", answers=("yes", "yes"))
        await lab.run()
        await LiveRouter(root).type("crypto pki server ROOT grant all")
        await lab.run(61)
        clients = [ScepClient(agent, f"cn=R{number}", number) for number in (3, 4)]
        answers = await asyncio.gather(*(client.enrol() for client in clients))
        given = [str(answer.certificate.subject) for answer in answers if isinstance(answer, Issued) and answer.certificate is not None]
        assert given == ["cn=R3", "cn=R4"]
        kept = {each.subject: str(each.certificate and each.certificate.subject) for each in agent[CertificateServer].requests}
        assert kept == {"cn=R3": "cn=R3", "cn=R4": "cn=R4"}
        # The same one twice at the same time is asked for once.
        again = ScepClient(agent, "cn=R5", 2)
        message = (await again.begin()).message()
        assert [type(answer) for answer in await asyncio.gather(again.send(message), again.send(message))] == [Issued, Pending]
        lab.close()

    asyncio.run(run())


def test_a_transparent_agent(tmp_path: Path) -> None:
    async def run() -> None:
        lab = Lab(tmp_path)
        root = await lab.root("grant auto")
        agent = await lab.router("RA", "10.1.1.2")
        await LiveRouter(agent).configure(*AGENT[:-1], "mode ra transparent", "no shutdown", answers=("yes", "yes"))
        await lab.run()
        await LiveRouter(root).type("crypto pki server ROOT grant all")
        await lab.run(61)
        assert agent[CertificateServer].state == "enabled"
        certificate = await ScepClient(agent, "cn=R9", 3).certificate()
        certificate.verify_issued_by(root[CertificateServer].enabled().certificate)
        lab.close()

    asyncio.run(run())
