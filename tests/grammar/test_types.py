"""What each type of argument accepts, prints, and how far a refused token fits."""

from __future__ import annotations

import pytest

from ioscli.grammar import interfaces
from ioscli.grammar.types import type_named


@pytest.mark.parametrize(
    ("kind", "token", "printed"),
    [
        ("1-100", "7", "7"),
        ("1-100", "007", "7"),
        ("1-100", "0", None),
        ("1-100", "101", None),
        ("-5-5", "-5", "-5"),
        ("-5-5", "-6", None),
        ("1.0-4.0", "2.5", "2.5"),
        ("ipv4", "10.1.1.1", "10.1.1.1"),
        ("ipv4", "10.1.1.256", None),
        ("ipv4", "10.1.1", None),
        ("mask", "255.255.255.252", "255.255.255.252"),
        ("mask", "255.0.255.0", None),
        ("ipv4-prefix", "10.0.0.0/33", None),
        ("ipv6", "2001:DB8::1", "2001:DB8::1"),
        ("ipv6", "2001:DB8:::1", None),
        ("mac", "0012.4302.a7cc", "0012.4302.A7CC"),
        ("mac", "0012.4302", None),
        ("month", "january", "Jan"),
        ("month", "ja", None),
        ("time", "24:00", "24:00"),
        ("time", "25:00", None),
        ("hex", "0x1F", "0x1F"),
        ("hex", "1G", None),
        ("interface", "gi0/0", "GigabitEthernet0/0"),
        ("interface", "FastEthernet0/3/1", "FastEthernet0/3/1"),
        ("interface", "Serial0/0/0:23", "Serial0/0/0:23"),
        ("interface", "Virtual-Template1", "Virtual-Template1"),
        ("interface", "BVI1", "BVI1"),
        ("interface", "Dot11Radio0/1/0", "Dot11Radio0/1/0"),
        ("interface", "GigabitEthernet", None),
        ("interface", "Flux0/0", None),
        ("interface", "FastEtheret1/1", None),
        ("port", "50/0/1.1", "50/0/1.1"),
        ("port", "0/0/0:D", "0/0/0:D"),
        ("range-list", "1-4,7", "1-4,7"),
        ("number", "9T", "9T"),
    ],
)
def test_values(kind: str, token: str, printed: str | None) -> None:
    assert type_named(kind).check(token) == printed


@pytest.mark.parametrize(("kind", "token", "fits"), [("ipv4", "255.355.1.1", 6), ("1-100", "2000", 2), ("mac", "00g2.1", 2), ("1-100", "x", 0)])
def test_how_far_a_refused_token_fits(kind: str, token: str, fits: int) -> None:
    assert type_named(kind).prefix(token) == fits


def test_an_unknown_type_has_no_name() -> None:
    with pytest.raises(KeyError):
        type_named("nonsense")


def test_interfaces_sort_by_kind_then_by_number() -> None:
    names = ["Vlan10", "GigabitEthernet0/10", "Loopback1", "GigabitEthernet0/2", "GigabitEthernet0/2.100", "FastEthernet0/0", "Vlan2"]
    assert sorted(names, key=interfaces.sort_key) == [
        "Loopback1",
        "FastEthernet0/0",
        "GigabitEthernet0/2",
        "GigabitEthernet0/2.100",
        "GigabitEthernet0/10",
        "Vlan2",
        "Vlan10",
    ]
