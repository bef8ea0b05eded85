"""The enrolment requests that a certificate server knows: waiting, granted, refused. A journal keeps them over a reload."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ioscli.features.pki.grant import Kind, kind_of
from ioscli.features.pki.journal import Journal
from ioscli.wire.algorithms import DIGESTS
from ioscli.wire.errors import RemoteError
from ioscli.wire.x509 import Certificate, Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ioscli.features.pki.journal import Record

PENDING, AUTHORIZED, GRANTED, REJECTED = "pending", "authorized", "granted", "rejected"
MOST = 10_000  # requests without a certificate that are kept; who sends more has to wait until an operator has looked at them
_SPARE = 64  # records of requests that are gone, at which the journal is written anew


@dataclass
class Enrolment:
    """A request. `number`: its ReqID; `opened`: in seconds since 1970; `pem`: whether the operator gave it as PEM.

    `holder`: SHA-256 of the key that its messages are signed with, in hexadecimal, "" for one that an operator brought. `state`: it is
    `authorized` where a registration authority has granted it, and its authority has not yet.
    """

    number: int
    der: bytes = field(repr=False)
    opened: float
    transaction: str = ""
    holder: str = ""
    state: str = PENDING
    certificate_der: bytes | None = field(default=None, repr=False)
    pem: bool = False
    sent: bool = False  # by a registration authority to its authority, since the start

    @cached_property
    def request(self) -> Request:
        return Request.parse(self.der)

    @cached_property
    def certificate(self) -> Certificate | None:
        """What was issued."""
        return None if self.certificate_der is None else Certificate.parse(self.certificate_der)

    @cached_property
    def fingerprint(self) -> str:
        """MD5 of the request, as routers show it at both ends."""
        return DIGESTS["md5"].of(self.der).hex().upper()

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.request)

    @property
    def subject(self) -> str:
        return str(self.request.subject)


class Requests:
    """The request database of a server. Raises OSError where its file cannot be written; then nothing has changed."""

    def __init__(self, path: Path) -> None:
        self.journal = Journal(path)
        self.all: dict[int, Enrolment] = {}
        self.highest = 0  # serial number of a certificate that was issued for any of them
        self._last = 0
        self._gone = 0
        self._by_transaction: dict[tuple[str, str], Enrolment] = {}
        self._bare: set[int] = set()  # numbers of those without a certificate
        for record in self.journal.read():
            self._replay(record)
        if self._gone > _SPARE:
            self._compact()

    def _replay(self, record: Record) -> None:
        try:
            self._take(record)
        except (KeyError, ValueError, TypeError, RemoteError):
            self.journal.damaged += 1

    def _take(self, record: Record) -> None:
        number = int(record["id"])
        self._last = max(self._last, number)
        self.highest = max(self.highest, int(record.get("serial", 0)))
        state = str(record["state"])
        if "der" in record:
            self._index(
                Enrolment(
                    number,
                    b64decode(record["der"]),
                    float(record["opened"]),
                    record["transaction"],
                    record["holder"],
                    state,
                    None,
                    bool(record["pem"]),
                )
            )
        elif state == "gone":
            self._forget(number)
            return
        enrolment = self.all.get(number)
        if enrolment is None:
            return
        enrolment.state = state
        if "certificate" in record:
            enrolment.certificate_der = b64decode(record["certificate"])
            self._bare.discard(number)

    def _index(self, enrolment: Enrolment) -> None:
        self.all[enrolment.number] = enrolment
        if enrolment.certificate_der is None:
            self._bare.add(enrolment.number)
        else:
            self._bare.discard(enrolment.number)
        if enrolment.transaction:
            self._by_transaction[enrolment.transaction, enrolment.holder] = enrolment

    def _forget(self, number: int) -> Enrolment | None:
        enrolment = self.all.pop(number, None)
        self._bare.discard(number)
        if enrolment is not None:
            self._gone += 1
            key = (enrolment.transaction, enrolment.holder)
            if self._by_transaction.get(key) is enrolment:
                del self._by_transaction[key]
        return enrolment

    def __iter__(self) -> Iterator[Enrolment]:
        """All, the newest first."""
        return iter(sorted(self.all.values(), key=lambda each: -each.number))

    def find(self, transaction: str, holder: str) -> Enrolment | None:
        """The request of a SCEP transaction, of whoever holds that key."""
        return self._by_transaction.get((transaction, holder))

    @property
    def full(self) -> bool:
        """Whether another request that is not granted at once is too much."""
        return len(self._bare) >= MOST

    def waiting(self) -> list[Enrolment]:
        """Those that an operator has to decide about, the oldest first."""
        return [each for each in self.all.values() if each.state == PENDING]

    def open(self, request: Request, now: float, transaction: str = "", holder: str = "", *, pem: bool = False) -> Enrolment:
        """A request that is decided about at once: it has a number, and is in the database when it has a state."""
        self._last += 1  # whoever comes meanwhile has another one
        enrolment = Enrolment(self._last, request.der, now, transaction, holder, pem=pem)
        enrolment.request = request  # it has been read already
        return enrolment

    def put(self, enrolment: Enrolment, state: str, certificate: Certificate | None = None) -> None:
        """A request has a state, and maybe a certificate; from now on neither can be lost."""
        record: Record = {"id": enrolment.number, "state": state}
        if enrolment.number not in self.all:
            record |= {"der": _text(enrolment.der), "opened": enrolment.opened, "transaction": enrolment.transaction}
            record |= {"holder": enrolment.holder, "pem": enrolment.pem}
        if certificate is not None:
            record |= {"serial": certificate.serial, "certificate": _text(certificate.der)}
        self.journal.append(record)
        self._last = max(self._last, enrolment.number)
        enrolment.state = state
        if certificate is not None:
            enrolment.certificate_der, enrolment.certificate = certificate.der, certificate
            self.highest = max(self.highest, certificate.serial)
        self._index(enrolment)

    def remove(self, number: int) -> None:
        """A request is no more."""
        if number not in self.all:
            return
        self.journal.append({"id": number, "state": "gone"})
        self._forget(number)
        if self._gone > max(_SPARE, len(self.all)):
            self._compact()

    def _compact(self) -> None:
        """Leaves out of the journal what is gone. The highest serial number is not: it stands in a record of its own."""
        self._gone = 0
        self.journal.replace(self._records())

    def _records(self) -> Iterator[Record]:
        yield {"id": self._last, "state": "gone", "serial": self.highest}
        for each in self.all.values():
            record: Record = {"id": each.number, "state": each.state, "der": _text(each.der), "opened": each.opened, "transaction": each.transaction}
            record |= {"holder": each.holder, "pem": each.pem}
            if each.certificate is not None:
                record |= {"serial": each.certificate.serial, "certificate": _text(each.certificate.der)}
            yield record

    def close(self) -> None:
        self.journal.close()


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def holder_of(spki: bytes) -> str:
    """Who holds a key."""
    return DIGESTS["sha256"].of(spki).hex()
