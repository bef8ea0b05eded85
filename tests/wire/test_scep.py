"""SCEP, both halves in one process: every outcome, every cipher and digest, and what a peer may not do."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

import pytest

from ioscli.wire import cms
from ioscli.wire.algorithms import CIPHERS, DIGESTS
from ioscli.wire.errors import LocalError, RemoteError, SignatureError, UnsupportedAlgorithmError
from ioscli.wire.identity import Identity
from ioscli.wire.names import parse_name
from ioscli.wire.scep import messages as m
from ioscli.wire.scep.client import CaCertificates, Issued, Pending, Rejected, Terms, Transaction, parse_ca_reply, parse_next_ca_reply, transaction_of
from ioscli.wire.scep.codec import build_message, decode_base64, parse_message, parse_query, query_target
from ioscli.wire.scep.server import CaQuery, CertPoll, GetCert, GetCrl, PkcsReq, Refused, ScepServer, Standing
from ioscli.wire.x509 import build_crl, build_request, profile
from tests.wire.authority import DAY, NOW, ec_key, key, root, signer

if TYPE_CHECKING:
    from ioscli.wire.x509 import Certificate, Request

REQUEST = build_request(subject=parse_name("cn=R1"), key=key(1), challenge="secret")


def server(*, legacy: bool = False) -> ScepServer:
    return ScepServer(root(), os.urandom, legacy=legacy)


def ca() -> CaCertificates:
    return parse_ca_reply(m.CONTENT_CA, server().ca_reply().body)


def enrolment(terms: Terms | None = None, **changes: object) -> Transaction:
    made = Transaction.enrol(REQUEST, signer(), ca(), os.urandom, terms=terms or Terms())
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def issue(request: Request, serial: int = 2) -> Certificate:
    return profile.issue_certificate(request, issuer=root().certificate, key=root().key, serial=serial, not_before=NOW - DAY, not_after=NOW + DAY)


def refused(data: bytes, *, legacy: bool = False) -> tuple[m.Refusal, m.FailInfo, ScepServer, Refused]:
    asked = server(legacy=legacy)
    event = asked.receive_message(data, NOW)
    assert isinstance(event, Refused), event
    return event.refusal, event.refusal.fail_info, asked, event


@pytest.mark.parametrize("digest", list(DIGESTS))
@pytest.mark.parametrize("cipher", list(CIPHERS))
def test_the_answer_has_the_cipher_and_digest_of_the_request(cipher: str, digest: str) -> None:
    asked, client = server(legacy=True), enrolment(Terms(digest, cipher, legacy=True))
    event = asked.receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    assert event.origin.cipher is not None
    assert (event.origin.cipher.name, event.origin.digest.name) == (cipher, digest)
    reply = asked.success(event, [issue(event.request)])
    message = parse_message(reply.body)
    assert message.envelope is not None
    assert cms.parse_enveloped(message.envelope).cipher(legacy=True).name == cipher
    assert message.verify(root().certificate.public_key, legacy=True).name == digest
    answer = client.receive(reply.body)
    assert isinstance(answer, Issued)
    assert answer.certificate is not None
    assert answer.certificate.spki == REQUEST.spki


def test_pending_then_granted() -> None:
    asked, client = server(), enrolment()
    event = asked.receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    assert (event.request.challenge, event.origin.standing, event.same_key) == ("secret", Standing.SELF_SIGNED, True)
    assert client.receive(asked.pending(event).body) == Pending()
    poll = asked.receive_message(client.poll(), NOW)
    assert isinstance(poll, CertPoll)
    assert (str(poll.issuer), str(poll.subject), poll.origin.transaction) == (str(root().certificate.subject), "cn=R1", event.origin.transaction)
    assert client.receive(asked.pending(poll).body) == Pending()
    poll = asked.receive_message(client.poll(), NOW)
    assert isinstance(poll, CertPoll)
    assert isinstance(client.receive(asked.success(poll, [issue(event.request), root().certificate]).body), Issued)


@pytest.mark.parametrize("why", list(m.FailInfo))
def test_rejected(why: m.FailInfo) -> None:
    asked, client = server(), enrolment()
    event = asked.receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    answer = client.receive(asked.failure(event, why, "no").body)
    assert answer == Rejected(why, "no")
    assert answer.word == why.word


def test_renewal_with_a_new_key() -> None:
    held = Identity(issue(REQUEST), key(1))
    request = build_request(subject=parse_name("cn=R1"), key=key(2))
    client = Transaction.enrol(request, held, ca(), os.urandom, kind=m.MessageType.RENEWAL_REQ)
    event = server().receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    assert (event.origin.message_type, event.origin.standing, event.same_key) == (17, Standing.ISSUED, False)
    assert isinstance(client.receive(server().success(event, [issue(request, 3)]).body), Issued)


def test_somebody_elses_certificate() -> None:
    other = root("cn=other", 2)
    held = profile.issue_certificate(REQUEST, issuer=other.certificate, key=other.key, serial=2, not_before=NOW - DAY, not_after=NOW + DAY)
    event = server().receive_message(enrolment(signer=Identity(held, key(1))).message(), NOW)
    assert isinstance(event, PkcsReq)
    assert event.origin.standing is Standing.FOREIGN


def test_queries() -> None:
    asked, held = server(), Identity(issue(REQUEST), key(1))
    want = Transaction.get_cert(2, held, ca(), os.urandom)
    event = asked.receive_message(want.message(), NOW)
    assert isinstance(event, GetCert)
    assert (event.serial, event.issuer) == (2, root().certificate.subject)
    answer = want.receive(asked.success(event, [held.certificate]).body)
    assert isinstance(answer, Issued)
    assert answer.certificate == held.certificate
    want = Transaction.get_crl(held.certificate, held, ca(), os.urandom)
    asking = asked.receive_message(want.message(), NOW)
    assert isinstance(asking, GetCrl)
    crl = build_crl(issuer=root().certificate, key=root().key, this_update=NOW, next_update=NOW + DAY)
    answer = want.receive(asked.success_crl(asking, crl).body)
    assert isinstance(answer, Issued)
    assert answer.crl == crl
    with pytest.raises(LocalError):
        want.poll()


# ---- what a server refuses


def test_a_forged_message() -> None:
    data = enrolment().message()
    transaction = transaction_of(REQUEST.spki).encode()
    refusal, fail_info, asked, event = refused(data.replace(transaction, transaction[::-1]))
    assert (refusal, fail_info) == (m.Refusal.FORGED, m.FailInfo.BAD_MESSAGE_CHECK)
    with pytest.raises(LocalError):
        asked._success(event.origin, b"")


def test_a_message_for_somebody_else() -> None:
    other = parse_ca_reply("", root("cn=other").certificate.der)
    client = enrolment(ca=other)
    refusal, fail_info, asked, event = refused(client.message())
    assert (refusal, fail_info) == (m.Refusal.WRONG_RECIPIENT, m.FailInfo.BAD_CERT_ID)
    client.ca = ca()
    assert client.receive(asked.failure(event).body) == Rejected(m.FailInfo.BAD_CERT_ID)


@pytest.mark.parametrize(("begin", "end", "refusal"), [(-2, -1, m.Refusal.SIGNER_EXPIRED), (1, 2, m.Refusal.SIGNER_NOT_YET_VALID)])
def test_a_signer_out_of_time(begin: int, end: int, refusal: m.Refusal) -> None:
    late = profile.signer_certificate(parse_name("cn=R1"), key(1), not_before=NOW + begin * DAY, not_after=NOW + end * DAY)
    found = refused(enrolment(signer=Identity(late, key(1))).message())
    assert found[:2] == (refusal, m.FailInfo.BAD_TIME)


@pytest.mark.parametrize("terms", [Terms("sha256", "des", legacy=True), Terms("md5", "3des", legacy=True)])
def test_old_algorithms(terms: Terms) -> None:
    assert refused(enrolment(terms).message())[:2] == (m.Refusal.UNKNOWN_ALGORITHM, m.FailInfo.BAD_ALG)
    with pytest.raises(LocalError):
        enrolment(Terms(terms.digest, terms.cipher)).message()


def test_an_unknown_cipher() -> None:
    data = enrolment().message()
    aes, camellia = bytes.fromhex("0609608648016503040102"), bytes.fromhex("0609608648016503040162")
    envelope = parse_message(data).envelope
    assert envelope is not None
    changed = build_message(
        m.MessageType.PKCS_REQ, "1", signer(), DIGESTS["sha256"], sender_nonce=bytes(16),
        envelope=envelope.replace(aes, camellia), certificates=[signer().certificate],
    )  # fmt: skip
    assert refused(changed)[:2] == (m.Refusal.UNKNOWN_ALGORITHM, m.FailInfo.BAD_ALG)


def test_a_request_without_its_key() -> None:
    stolen = build_request(subject=parse_name("cn=R1"), key=key(2)).der.replace(b"R1", b"R2")
    assert refused(enrolment(content=stolen).message())[:2] == (m.Refusal.NO_POSSESSION, m.FailInfo.BAD_MESSAGE_CHECK)


@pytest.mark.parametrize("kind", [17, 18, 19, 20, 21, 22])
def test_content_that_does_not_fit_its_type(kind: int) -> None:
    found = refused(enrolment(content=b"\x05\x00", kind=m.MessageType(kind)).message())
    assert found[:2] == (m.Refusal.BROKEN_CONTENT, m.FailInfo.BAD_REQUEST)


def test_a_type_that_is_not_for_servers() -> None:
    assert refused(enrolment(kind=m.MessageType.CERT_REP).message())[:2] == (m.Refusal.NOT_SUPPORTED, m.FailInfo.BAD_REQUEST)


def test_no_content() -> None:
    data = build_message(m.MessageType.PKCS_REQ, "1", signer(), DIGESTS["sha256"], sender_nonce=bytes(16), certificates=[signer().certificate])
    assert refused(data)[0] is m.Refusal.UNREADABLE


def test_no_signer_cannot_be_answered() -> None:
    data = build_message(m.MessageType.PKCS_REQ, "1", signer(), DIGESTS["sha256"], sender_nonce=bytes(16))
    with pytest.raises(RemoteError):
        server().receive_message(data, NOW)


def test_an_ec_requester_is_told_that_it_cannot_be_answered() -> None:
    name = parse_name("cn=ec")
    held = Identity(profile.signer_certificate(name, ec_key(1), not_before=NOW - DAY, not_after=NOW + DAY), ec_key(1))
    request = build_request(subject=name, key=ec_key(1))
    client = Transaction.enrol(request, held, ca(), os.urandom)
    event = server().receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    assert client.receive(server().success(event, [issue(request)]).body) == Rejected(m.FailInfo.BAD_ALG)


# ---- what a client refuses


def test_answers_that_are_not_for_us() -> None:
    asked, client = server(), enrolment()
    event = asked.receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    reply = asked.pending(event).body
    client.message()  # a new nonce: the answer to the old message is a replay
    with pytest.raises(SignatureError):
        client.receive(reply)
    other = enrolment(identifier="1")
    other.nonce = event.origin.sender_nonce
    with pytest.raises(SignatureError):
        other.receive(reply)
    client.nonce = event.origin.sender_nonce
    assert client.receive(reply) == Pending()
    client.ca = parse_ca_reply("", root("cn=other", 2).certificate.der)
    with pytest.raises(SignatureError):
        client.receive(reply)


def test_a_certificate_that_was_not_asked_for() -> None:
    asked, client = server(), enrolment()
    event = asked.receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    with pytest.raises(RemoteError):
        client.receive(asked.success(event, [root().certificate]).body)


def test_an_answer_in_an_old_cipher() -> None:
    asked, client = server(legacy=True), enrolment(Terms("sha1", "des", legacy=True))
    event = asked.receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    client.terms = Terms()
    with pytest.raises(UnsupportedAlgorithmError):
        client.receive(asked.success(event, [issue(REQUEST)]).body)


# ---- registration authorities, rollover


def ra_identity(usage: int, number: int, serial: int) -> Identity:
    from ioscli.wire.x509 import extensions as ext

    request = build_request(subject=parse_name("cn=ra, ou=ioscs RA"), key=key(number), extensions=[ext.key_usage(usage)])
    return Identity(issue(request, serial), key(number))


def test_an_ra_with_two_certificates() -> None:
    signing, opening = ra_identity(0x80, 2, 5), ra_identity(0x20, 3, 6)
    agent = ScepServer(signing, os.urandom, encryption=opening, chain=[root().certificate])
    reply = agent.ca_reply()
    assert reply.content_type == m.CONTENT_CA_RA
    found = parse_ca_reply(reply.content_type, reply.body)
    assert (found.ca, found.signer, found.recipient) == (root().certificate, signing.certificate, opening.certificate)
    client = Transaction.enrol(REQUEST, signer(), found, os.urandom)
    event = agent.receive_message(client.message(), NOW)
    assert isinstance(event, PkcsReq)
    assert isinstance(client.receive(agent.success(event, [issue(REQUEST)]).body), Issued)
    # The CA sees a request that its RA has signed.
    passed_on = Transaction.enrol(event.request, signing, ca(), os.urandom)
    at_the_ca = server().receive_message(passed_on.message(), NOW)
    assert isinstance(at_the_ca, PkcsReq)
    assert (at_the_ca.origin.standing, at_the_ca.same_key) == (Standing.ISSUED, False)
    assert at_the_ca.origin.signer.subject.get("2.5.4.11") == "ioscs RA"


def test_the_next_ca() -> None:
    shadow = root("cn=CA.lab.lcl,o=Lab,c=US", 4).certificate
    reply = server().next_ca_reply([shadow])
    assert reply.content_type == m.CONTENT_NEXT_CA
    assert parse_next_ca_reply(reply.body, ca()) == [shadow]
    with pytest.raises(SignatureError):
        parse_next_ca_reply(reply.body, parse_ca_reply("", root("cn=other", 2).certificate.der))


# ---- HTTP


def test_targets_as_routers_write_them() -> None:
    assert query_target("/cgi-bin/pkiclient.exe", m.Operation.GET_CA_CERT, b"R1CA") == "/cgi-bin/pkiclient.exe?operation=GetCACert&message=R1CA"
    data = enrolment().message()
    target = query_target("/x", m.Operation.PKI_OPERATION, data)
    assert "%0A" in target
    assert not {"+", "\n", " "} & set(target)
    assert parse_query(target).message == data


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace(b"+", b" "),
        lambda text: text.rstrip(b"="),
        lambda text: text.replace(b"+", b"%2B").replace(b"/", b"%2F").replace(b"=", b"%3D"),
        lambda text: text.replace(b"+", b"-").replace(b"/", b"_"),
        lambda text: b"%0D%0A".join(text[at : at + 64] for at in range(0, len(text), 64)),
    ],
)
def test_every_way_to_write_base64(change: object) -> None:
    assert callable(change)
    data = bytes(range(256)) + b"\xfb\xff\xfe"
    target = "/x?operation=PKIOperation&message=" + change(base64.b64encode(data)).decode()
    assert parse_query(target).message == data


def test_queries_over_http() -> None:
    asked = server()
    assert asked.receive(parse_query("/x?operation=GetCACaps&message=a%20b"), NOW) == CaQuery(m.Operation.GET_CA_CAPS, "a b")
    assert asked.receive(parse_query("/x?message=1&operation=getcacert"), NOW) == CaQuery(m.Operation.GET_CA_CERT, "1")
    assert parse_query("/x?operation=PKIOperation", b"\x30\x00").message == b"\x30\x00"
    for wrong in ("/x", "/x?operation=Nothing", "/x?operation=PKIOperation&message=$$$"):
        with pytest.raises(RemoteError):
            parse_query(wrong)
    with pytest.raises(RemoteError):
        decode_base64(b"a")


def test_capabilities() -> None:
    assert m.Capabilities.parse(m.SERVER_CAPABILITIES.format()) == m.SERVER_CAPABILITIES
    assert m.Capabilities.parse(b"<html>").digest == "sha1"
    assert m.Capabilities.parse(b"SCEPStandard\r\n") == m.Capabilities(aes=True, post=True, sha256=True)
    assert Terms.for_server(m.Capabilities.parse(b"SHA-512\nAES\n")) == Terms("sha512", "aes128")
    assert m.Capabilities().cipher == "3des"


def test_the_transaction_identifier_of_routers() -> None:
    assert len(transaction_of(REQUEST.spki)) == 32
    assert transaction_of(REQUEST.spki).isupper()
