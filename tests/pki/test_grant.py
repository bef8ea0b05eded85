"""Who is granted a certificate: the decision alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ioscli.features.pki.grant import Granted, Pending, Rejected, Sender, decide
from ioscli.features.pki.server_settings import ServerSettings
from ioscli.wire.names import parse_name
from ioscli.wire.scep.server import Standing
from ioscli.wire.x509 import Certificate, Request, build_request
from ioscli.wire.x509 import extensions as ext
from tests.stored_keys import stored_key
from tests.wire.authority import root

CA = parse_name("CN=CA")
MANUAL = ServerSettings("CA")
AUTO = replace(MANUAL, grant="auto")


def request(subject: str = "cn=R1", challenge: str | None = None, *, authority: bool = False) -> Request:
    extensions = [ext.basic_constraints(ca=True)] if authority else []
    return build_request(subject=parse_name(subject), key=stored_key("rsa", 2048, 2), challenge=challenge, extensions=extensions)


def holder(subject: str) -> Certificate:
    return root(subject).certificate


FIRST = Sender()
RENEWAL = Sender(holder("cn=R1"), Standing.ISSUED)
AGENT = Sender(holder("cn=ra,ou=ioscs RA"), Standing.ISSUED, same_key=False)


@pytest.mark.parametrize(
    ("settings", "asked", "sender", "expected"),
    [
        (MANUAL, request(), FIRST, Pending),
        (AUTO, request(), FIRST, Granted),
        (replace(MANUAL, grant="none"), request(), RENEWAL, Rejected),
        (replace(MANUAL, grant="ra-auto"), request(), FIRST, Pending),
        (replace(MANUAL, grant="ra-auto"), request("cn=R9"), AGENT, Granted),
        (replace(MANUAL, grant="ra-auto"), request("cn=R9"), replace(AGENT, standing=Standing.FOREIGN), Pending),
        (MANUAL, request("cn=R9"), AGENT, Pending),
        (replace(MANUAL, grant_trustpoints=("OLD",)), request(), replace(RENEWAL, standing=Standing.FOREIGN, trustpoints=("OLD",)), Granted),
        (replace(MANUAL, grant_trustpoints=("OLD",)), request(), replace(RENEWAL, standing=Standing.FOREIGN, trustpoints=("NEW",)), Pending),
        (AUTO, request("cn=Sub", authority=True), FIRST, Pending),
        (AUTO, request("cn=x,ou=IOSCS RA"), FIRST, Pending),
        (replace(AUTO, grant_rollover=("ca-cert",)), request("cn=R1", authority=True), RENEWAL, Granted),
        (replace(AUTO, grant_rollover=("ra-cert",)), request("cn=R1", authority=True), RENEWAL, Pending),
        (replace(AUTO, grant_rollover=("ca-cert",)), request("cn=Sub", authority=True), FIRST, Pending),
        (AUTO, request(), RENEWAL, Granted),
        (AUTO, request("cn=R2"), RENEWAL, Rejected),
        (AUTO, request(), replace(RENEWAL, revoked=True), Rejected),
        (AUTO, request(), replace(FIRST, same_key=False), Rejected),
        (AUTO, request("cn=ca"), FIRST, Rejected),
    ],
)
def test_decisions(settings: ServerSettings, asked: Request, sender: Sender, expected: type) -> None:
    assert isinstance(decide(settings, asked, sender, CA), expected)


@pytest.mark.parametrize(("challenge", "expected"), [("right", Granted(password=True)), (None, Pending()), ("wrong", Rejected)])
def test_passwords(challenge: str | None, expected: object) -> None:
    decision = decide(MANUAL, request(challenge=challenge), FIRST, CA, "right")
    assert decision == expected if not isinstance(expected, type) else isinstance(decision, expected)
