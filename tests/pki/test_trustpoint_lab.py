"""A certificate server and two clients on one wire: enrolment, revocation, renewal, and what is left after reloads."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from ioscli.device.clock import Clock
from ioscli.device.device import Device
from ioscli.features.core.boot import start
from ioscli.features.pki.certificates import CA_ROLLOVER, Certificates
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.trustpoint import known
from ioscli.features.pki.validate import validate
from ioscli.net.memory import MemoryNet, Wire
from ioscli.wire.x509.chain import Fault
from tests.lab import begin_at_once, rest
from tests.pki.live import LiveRouter
from tests.stored_keys import StoredKeys

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.wire.algorithms import PrivateKey

DAY = 86400.0
NOW = 1_795_000_000.0
CONFIG = """hostname {name}
ip domain name lab.lcl
{more}
interface GigabitEthernet0/0
 ip address {address} 255.255.255.0
 no shutdown
end
"""
SECTION = ("enrollment url http://10.0.0.1", "serial-number none", "ip-address none", "password secret")


class Net:
    """Routers on a wire, with one time."""

    def __init__(self, folder: Path) -> None:
        self.seconds = 0.0
        self.folder, self.wire, self.keys = folder, Wire(), StoredKeys()
        self.routers: list[LiveRouter] = []
        begin_at_once()

    async def add(self, name: str, more: str = "") -> LiveRouter:
        number = len(self.routers) + 1
        clock = Clock(NOW, lambda: self.seconds)
        net = MemoryNet(self.wire)
        device = Device(self.folder / name, clock=clock, entropy=random.Random(number).randbytes, key_source=self.keys, net=net)
        await start(device, [("test", CONFIG.format(name=name, address=f"10.0.0.{number}", more=more))])
        self.routers.append(LiveRouter(device))
        return self.routers[-1]

    async def authority(self, *lines: str) -> LiveRouter:
        router = await self.add("CA", "ip http server")
        shown = await router.configure("crypto pki server CA", *lines, "no shutdown", answers=("cisco123", "cisco123"))
        assert "Certificate Server enabled" in shown
        return router

    async def client(self, name: str, *lines: str) -> LiveRouter:
        router = await self.add(name)
        section = (*SECTION, f"subject-name cn={name}", f"rsakeypair {name} 2048", *lines)
        await router.configure("crypto pki trustpoint CA", *section, "crypto pki authenticate CA", answers=("yes",))
        return router

    async def wait(self, seconds: float) -> None:
        """Lets time pass, and the routers do what is due."""
        await rest()
        self.seconds += seconds
        for _ in range(3):
            for router in self.routers:
                await router.device.timers.run_due()
            await rest()

    async def reload(self) -> None:
        for router in self.routers:
            router.device = router.device.successor()
            await start(router.device)
        await rest()

    async def close(self) -> None:
        for router in self.routers:
            router.device.close()
            await router.device.net.close()


def log(router: LiveRouter) -> str:
    return "\n".join(message.text for message in router.device.log.buffer)


def test_a_lab_from_the_first_request_to_the_reload(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca = await net.authority("database level complete", "cdp-url http://10.0.0.1/cgi-bin/pkiclient.exe?operation=GetCRL")
        clients = [await net.client(name) for name in ("R1", "R2")]
        for client in clients:
            await client.configure("crypto pki enroll CA", answers=("yes",))
            await rest()
            assert "Status: Pending" in await client.type("show crypto pki certificates"), log(client)
        await ca.type("crypto pki server CA grant all")
        await net.wait(61)
        held = [client.device[Certificates] for client in clients]
        assert [own.serial for each in held if (own := each.own("CA")) is not None] == [2, 3]
        assert all("%PKI-6-CERTRET: " in log(client) for client in clients)
        peer = held[1].own("CA")
        assert peer is not None
        trusted = [known(clients[0].device, "CA")]
        assert (await validate(clients[0].device, [peer], trusted)).valid
        await ca.type("crypto pki server CA revoke 0x3")
        assert (await validate(clients[0].device, [peer], trusted)).valid, "the list is kept until it ends"
        await clients[0].type("crypto pki crl request CA")
        assert (await validate(clients[0].device, [peer], trusted)).fault is Fault.REVOKED
        assert "%PKI-3-CERTIFICATE_REVOKED: Certificate chain validation has failed.  The certificate (SN: 03) is revoked" in log(clients[0])
        for router in net.routers:
            await router.type("write memory")
        await net.reload()
        assert "Status: enabled" in await ca.type("show crypto pki server")
        for client, name in zip(clients, ("R1", "R2"), strict=True):
            own = client.device[Certificates].own("CA")
            pair = client.device[KeyRing].get(name)
            assert own is not None
            assert pair is not None
            assert own.spki == pair.public_data
        assert (await validate(clients[0].device, [peer])).fault is Fault.REVOKED
        await ca.configure("no ip http server")
        await clients[0].type("clear crypto pki crls")
        assert (await validate(clients[0].device, [peer])).fault is Fault.NO_CRL
        assert "%PKI-3-CRL_FETCH_FAIL: CRL fetch for trustpoint CA failed" in log(clients[0])
        await clients[0].configure("crypto pki trustpoint CA", "revocation-check crl none")
        assert (await validate(clients[0].device, [peer])).valid
        await net.close()

    asyncio.run(play())


def test_a_request_is_rejected_and_asked_for_in_vain(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca = await net.authority()
        first, second = await net.client("R1"), await net.client("R2", "enrollment retry count 3")
        for client in (first, second):
            await client.configure("crypto pki enroll CA", answers=("yes",))
        await rest()
        await ca.type("crypto pki server CA reject 1")
        for _ in range(4):
            await net.wait(61)
        assert "%PKI-6-CERTREJECT: " in log(first)
        assert "%PKI-3-CERTRETFAIL: " in log(second)
        assert "Pending" not in await second.type("show crypto pki certificates")
        await net.close()

    asyncio.run(play())


def test_a_server_that_comes_later_is_reached(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca = await net.authority("grant auto")
        client = await net.client("R1")
        await ca.configure("no ip http server")
        await client.configure("crypto pki enroll CA", answers=("yes",))
        await rest()
        assert "%PKI-3-SOCKETSEND: " in log(client)
        assert "CONNECT RETRY CA" in await client.type("show crypto pki timers")
        await ca.configure("ip http server")
        await net.wait(61)
        assert client.device[Certificates].own("CA") is not None
        await net.close()

    asyncio.run(play())


def test_auto_enroll_requests_and_renews(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        await net.authority("grant auto", "lifetime certificate 100")
        client = await net.client("R1", "auto-enroll 80 regenerate")
        await net.wait(1)
        held = client.device[Certificates]
        first = held.own("CA")
        assert first is not None
        assert "79d23:59:59.000  RENEW CA" in await client.type("show crypto pki timers")
        await net.wait(80 * DAY)
        second = held.own("CA")
        assert second is not None
        assert (first.serial, second.serial) == (2, 3)
        assert first.spki != second.spki
        assert second.subject == first.subject
        pair = client.device[KeyRing].get("R1")
        assert pair is not None
        assert pair.public_data == second.spki
        await net.close()

    asyncio.run(play())


def test_the_authoritys_next_certificate_comes_in_time(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca = await net.authority("grant auto", "lifetime ca-certificate 100", "lifetime certificate 90", "auto-rollover 30")
        client = await net.client("R1")
        held = client.device[Certificates]
        before = held.ca("CA")
        for _ in range(5):
            await net.wait(18.2 * DAY)
        shadow = held.find("CA", CA_ROLLOVER)
        assert shadow is not None, log(client) + log(ca)
        assert before is not None
        assert shadow.not_before == before.not_after
        await net.wait(10 * DAY)
        assert held.ca("CA") == shadow
        assert held.find("CA", CA_ROLLOVER) is None
        await net.close()

    asyncio.run(play())


def test_maps_choose_who_is_accepted(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        await net.authority("grant auto")
        first, second = await net.client("R1"), await net.client("R2")
        await second.configure("crypto pki enroll CA", answers=("yes",))
        await rest()
        peer = second.device[Certificates].own("CA")
        assert peer is not None

        async def with_map(*lines: str, more: str = "") -> Fault | None:
            await first.configure("no crypto pki certificate map M 10", "crypto pki certificate map M 10", *lines)
            await first.configure("crypto pki trustpoint CA", "no match certificate M", f"match certificate M{more}")
            return (await validate(first.device, [peer])).fault

        assert await with_map("subject-name co cn = r2", "issuer-name eq CN=ca") is None
        assert await with_map("subject-name nc r2") is Fault.NO_ISSUER
        assert await with_map("serial-number eq 02", "expires-on ge jan 1 2027") is None
        assert await with_map("valid-start lt jan 1 2020") is Fault.NO_ISSUER
        net.seconds += 400 * DAY
        assert await with_map("name co R2", more=" skip revocation-check") is Fault.EXPIRED
        assert "%PKI-3-CERTIFICATE_INVALID_EXPIRED: Certificate chain validation has failed.  The certificate (SN: 02) has expired." in log(first)
        await net.close()

    asyncio.run(play())


def test_files_carry_a_request_and_its_answer(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca, client = await net.authority("grant auto"), await net.add("R1")
        files = client.device.files
        authority = ca.device[Certificates].ca("CA")
        assert authority is not None
        files.write("flash:T.ca", authority.der)
        section = ("enrollment url flash:", "serial-number none", "ip-address none", "rsakeypair T")
        await client.configure("crypto pki trustpoint T", *section, "crypto pki authenticate T", "crypto pki enroll T", answers=("yes", "yes"))
        ca.device.files.write("flash:T.req", files.read("flash:T.req"))
        shown = await ca.type("crypto pki server CA request pkcs10 flash:T.req pem", answers=("",) * 3)
        files.write("flash:T.crt", shown.encode())
        assert "% Router Certificate successfully imported" in await client.configure("crypto pki import T certificate")
        own = client.device[Certificates].own("T")
        assert own is not None
        assert own.issued_by(authority)
        await net.close()

    asyncio.run(play())


def test_a_renewal_that_fails_is_tried_again(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca = await net.authority("grant auto", "lifetime certificate 100")
        client = await net.client("R1", "auto-enroll 80", "enrollment retry count 1")
        await net.wait(1)
        await ca.configure("no ip http server")
        for seconds in (80 * DAY, 61, 61):
            await net.wait(seconds)
        assert "%PKI-3-CERTRETFAIL: " in log(client)
        await ca.configure("ip http server")
        await net.wait(3601)
        own = client.device[Certificates].own("CA")
        assert own is not None
        assert own.serial == 3
        await net.close()

    asyncio.run(play())


def test_a_certificate_that_has_ended_is_asked_for_anew(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca = await net.authority("grant auto", "lifetime certificate 100")
        client = await net.client("R1", "auto-enroll 80", "enrollment retry count 1")
        await net.wait(1)
        await ca.configure("no ip http server")
        for seconds in (80 * DAY, 61, 61):
            await net.wait(seconds)
        await ca.configure("ip http server")
        await net.wait(30 * DAY)
        own = client.device[Certificates].own("CA")
        assert own is not None
        assert own.serial == 3
        assert "%PKI-6-CERTREJECT: " not in log(client)
        await net.close()

    asyncio.run(play())


def test_the_list_of_an_authority_that_was_before_is_not_asked(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        ca = await net.authority("grant auto")
        client = await net.client("R1", "auto-enroll")
        await net.wait(1)
        await client.type("crypto pki crl request CA")
        await ca.configure("no crypto pki server CA", answers=("yes",))
        await ca.configure("crypto pki server CA", "grant auto", "no shutdown", answers=("cisco123", "cisco123"))
        await client.configure("no crypto pki trustpoint CA", answers=("yes",))
        await client.configure("crypto pki trustpoint CA", *SECTION, "auto-enroll", "crypto pki authenticate CA", answers=("yes",))
        await net.wait(1)
        assert "Certificate chain for CA is valid" in await client.type("crypto pki certificate validate CA"), log(client)
        await net.close()

    asyncio.run(play())


def test_a_router_without_time_says_so(tmp_path: Path) -> None:
    async def play() -> None:
        device = Device(tmp_path, clock=Clock(None), net=MemoryNet(), key_source=StoredKeys())
        await start(device, [("test", "crypto pki trustpoint T\n enrollment terminal\nend\n")])
        router = LiveRouter(device)
        await rest()
        assert "%PKI-2-NON_AUTHORITATIVE_CLOCK: " in log(router)
        await router.type("clock set 12:00:00 1 jan 2027")
        assert log(router).count("%PKI-6-AUTHORITATIVE_CLOCK: The system clock has been set.") == 1
        device.close()

    asyncio.run(play())


def test_another_certificate_vouches_for_a_first_request(tmp_path: Path) -> None:
    """`enrollment credential`: an authority refuses a name that is not that of the certificate which signed, so that shows who did."""

    async def play() -> None:
        net = Net(tmp_path)
        await net.authority("grant auto")
        client = await net.client("R1")
        profile = (
            "crypto pki profile enrollment P",
            "authentication url http://10.0.0.1",
            "enrollment url http://10.0.0.1",
            "enrollment credential CA",
        )
        section = ("enrollment profile P", *SECTION[1:], "rsakeypair OTHER 2048")
        await client.configure(*profile, "crypto pki trustpoint TP", *section, "subject-name cn=R1", "crypto pki authenticate TP", answers=("yes",))
        await client.configure("crypto pki enroll TP", answers=("yes",))
        await rest()
        assert "%PKI-3-CERTRETFAIL: " in log(client), "there is no certificate yet that could vouch"
        await client.configure("crypto pki enroll CA", answers=("yes",))
        await rest()
        await client.configure("crypto pki enroll TP", answers=("yes",))
        await rest()
        assert client.device[Certificates].own("TP") is not None, log(client)
        await client.configure("crypto pki trustpoint TP", "subject-name cn=R9", "crypto pki enroll TP", answers=("yes", "yes"))
        await rest()
        assert "%PKI-6-CERTREJECT: " in log(client)
        await net.close()

    asyncio.run(play())


def test_a_trustpoint_that_is_removed_while_its_user_is_asked(tmp_path: Path) -> None:
    async def play() -> None:
        net = Net(tmp_path)
        await net.authority()
        client = await net.client("R1")
        await client.configure("crypto pki trustpoint OTHER", *SECTION)
        asked = client.device.key_source

        async def removes(kind: str, bits: int) -> PrivateKey:
            await client.configure("no crypto pki trustpoint CA", answers=("yes",))
            return await asked(kind, bits)

        client.device.key_source = removes
        shown = await client.configure("crypto pki enroll CA", answers=("yes",))
        assert "% Certificate Authority (trustpoint) CA is unknown\n" in shown
        assert "Pending" not in await client.type("show crypto pki certificates")
        await net.close()

    asyncio.run(play())
