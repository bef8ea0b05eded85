"""Hashes against samples that others published and against openssl."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioscli.features.core.secrets import digest, hide, is_hash, matches, reveal

entropy = random.Random(1).randbytes

# hashcat, "Example hashes": modes 5700, 500, 9200, 9300; the password of each is `hashcat`.
PUBLISHED = [
    ("4", "2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI"),
    ("5", "$1$28772684$iEwNOgGugqO9.bIz5sk8k/"),
    ("8", "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk"),
    ("9", "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6"),
]


@pytest.mark.parametrize(("kind", "stored"), PUBLISHED, ids=lambda value: value[:3])
def test_published_hashes(kind: str, stored: str) -> None:
    assert is_hash(kind, stored)
    assert matches(kind, stored, "hashcat")
    assert not matches(kind, stored, "Hashcat")


@pytest.mark.parametrize("hidden", ["0822455D0A16", "060506324F41", "094F471A1A0A", "02050D480809"])
def test_what_routers_print_for_cisco(hidden: str) -> None:
    """Each stands in configurations of real routers for the password `cisco`."""
    assert reveal(hidden) == "cisco"


@pytest.mark.parametrize("kind", ["5", "8", "9"])
def test_a_hash_fits_its_secret_only(kind: str) -> None:
    stored = digest(kind, "cisco", entropy)
    assert is_hash(kind, stored)
    assert matches(kind, stored, "cisco")
    assert not matches(kind, stored, "cisco ")
    assert digest(kind, "cisco", entropy) != stored


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")
@pytest.mark.parametrize("secret", ["a", "cisco", "a secret of more than sixteen characters", "\u00fc\u00df"])
def test_md5_as_openssl_has_it(secret: str) -> None:
    stored = digest("5", secret, entropy)
    salt = stored.split("$")[2]
    done = subprocess.run(["openssl", "passwd", "-1", "-salt", salt, secret], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == stored


@given(st.text())
def test_type_7_comes_back(secret: str) -> None:
    try:
        secret.encode()
    except UnicodeEncodeError:
        return
    assert reveal(hide(secret, entropy)) == secret


@pytest.mark.parametrize("hidden", ["", "0", "082", "99AB", "0822455D0A1", "cisco", "08ZZ"])
def test_what_is_no_type_7(hidden: str) -> None:
    assert reveal(hidden) is None
