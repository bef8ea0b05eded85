"""Chains, and what is wrong with them."""

from __future__ import annotations

import pytest

from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.scep.client import parse_ca_reply
from ioscli.wire.scep.server import ScepServer
from ioscli.wire.x509 import Certificate, Crl, Revoked, build_crl, build_request, profile
from ioscli.wire.x509.chain import ChainError, Fault, check_revoked, verify_chain
from tests.wire.authority import DAY, HOUR, NOW, key, root


def under(issuer: Identity, name: str, number: int, *, authority: bool = False, begin: int = -1, end: int = 1) -> Identity:
    request = build_request(subject=parse_name(name), key=key(number))
    made = profile.issue_certificate(
        request, issuer=issuer.certificate, key=issuer.key, serial=number + 5,
        not_before=NOW + begin * DAY, not_after=NOW + end * DAY, authority=authority,
    )  # fmt: skip
    return Identity(made, key(number))


def test_chains() -> None:
    sub = under(root(), "cn=sub", 1, authority=True)
    leaf = under(sub, "cn=leaf", 2)
    assert verify_chain(leaf.certificate, [root().certificate], NOW, others=[sub.certificate]) == (
        leaf.certificate,
        sub.certificate,
        root().certificate,
    )
    assert verify_chain(leaf.certificate, [sub.certificate], NOW) == (leaf.certificate, sub.certificate)
    assert verify_chain(root().certificate, [root().certificate], NOW) == (root().certificate,)


def fault(certificate: Certificate, *trusted: Certificate, others: tuple[Certificate, ...] = ()) -> Fault:
    with pytest.raises(ChainError) as error:
        verify_chain(certificate, trusted, NOW, others=others)
    assert str(error.value.certificate.subject) in str(error.value)
    return error.value.fault


def test_faults() -> None:
    ca = root().certificate
    assert fault(under(root(), "cn=x", 1, begin=-3, end=-2).certificate, ca) is Fault.EXPIRED
    assert fault(under(root(), "cn=x", 1, begin=1, end=2).certificate, ca) is Fault.NOT_YET_VALID
    assert fault(under(root(), "cn=x", 1).certificate, root("cn=other").certificate) is Fault.NO_ISSUER
    assert fault(under(root(), "cn=x", 1).certificate, root(number=3).certificate) is Fault.BAD_SIGNATURE
    leaf = under(root(), "cn=leaf", 1)
    assert fault(under(leaf, "cn=x", 2).certificate, ca, others=(leaf.certificate,)) is Fault.NOT_AN_AUTHORITY
    assert fault(root("cn=other").certificate, ca, others=(root("cn=other").certificate,)) is Fault.NO_ISSUER


def crl(*revoked: Revoked, issuer: Identity | None = None, hours: int = 1) -> Crl:
    ca = issuer or root()
    return build_crl(issuer=ca.certificate, key=ca.key, this_update=NOW - 2 * HOUR, next_update=NOW + hours * HOUR, revoked=revoked)


def test_revocation() -> None:
    ca, leaf = root().certificate, under(root(), "cn=leaf", 1).certificate
    check_revoked(leaf, ca, crl(), NOW)
    for listed, expected in (
        (crl(Revoked(leaf.serial, NOW)), Fault.REVOKED),
        (crl(hours=-1), Fault.NO_CRL),
        (crl(issuer=root(number=3)), Fault.NO_CRL),
        (crl(issuer=root("cn=other")), Fault.NO_CRL),
    ):
        with pytest.raises(ChainError) as error:
            check_revoked(leaf, ca, listed, NOW)
        assert error.value.fault is expected


def test_a_subordinate_server_hands_out_its_chain() -> None:
    sub = under(root(), "cn=sub", 1, authority=True)
    server = ScepServer(sub, bytes, chain=[root().certificate])
    assert server.trusted == (sub.certificate,)
    reply = server.ca_reply()
    found = parse_ca_reply(reply.content_type, reply.body)
    assert found.ca == found.signer == found.recipient == sub.certificate
    assert found.all == (sub.certificate, root().certificate)
