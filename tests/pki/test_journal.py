"""The journal of requests: what is appended is there, what is torn is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ioscli.features.pki.journal import Journal
from ioscli.features.pki.requests import GRANTED, PENDING, Requests
from ioscli.wire.names import parse_name
from ioscli.wire.x509 import build_request
from tests.stored_keys import stored_key
from tests.wire.authority import root

if TYPE_CHECKING:
    from pathlib import Path


def test_records_come_back_and_a_torn_one_does_not(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    for number in range(3):
        journal.append({"id": number})
    asyncio.run(journal.synced())
    journal.close()
    whole = (tmp_path / "j").read_bytes()
    (tmp_path / "j").write_bytes(whole + b"00000000 {half")
    again = Journal(tmp_path / "j")
    assert [record["id"] for record in again.read()] == [0, 1, 2]
    again.append({"id": 3})
    again.close()
    assert (tmp_path / "j").read_bytes().startswith(whole)
    assert [record["id"] for record in Journal(tmp_path / "j").read()] == [0, 1, 2, 3]
    assert (tmp_path / "j").stat().st_mode & 0o077 == 0


@given(st.binary(max_size=300))
def test_any_file_is_read(data: bytes) -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "j").write_bytes(data)
        assert list(Requests(Path(folder) / "j")) == []


def test_it_forgets_and_keeps_the_highest_number(tmp_path: Path) -> None:
    key, certificate = stored_key("rsa", 2048, 2), root().certificate
    requests = Requests(tmp_path / "j")
    for number in range(70):
        opened = requests.open(build_request(subject=parse_name(f"cn=R{number}"), key=key), float(number), f"t{number}", "h")
        requests.put(opened, GRANTED if number == 5 else PENDING, certificate if number == 5 else None)
    large = (tmp_path / "j").stat().st_size
    for number in range(1, 70):
        requests.remove(number)
    assert (tmp_path / "j").stat().st_size < large / 10
    again = Requests(tmp_path / "j")
    assert [each.number for each in again] == [70]
    assert again.highest == certificate.serial
    following = again.open(build_request(subject=parse_name("cn=last"), key=key), 99.0)
    assert following.number == 71
