"""The lines between two configurations: what they are, and that typing them arrives."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioscli.config.diff import diff
from ioscli.config.reader import read
from ioscli.grammar.loader import installed
from tests.config.circle import gone_round, typed
from tests.config.made import configuration
from tests.measure.corpus import samples

ROW = "30820122 300D0609 2A864886 F70D0101 01050003 82010F00 3082010A 02820101"
SEEDS = st.lists(st.integers(0, 1 << 20), max_size=4)
STEADY = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def between(before: str, after: str) -> list[str]:
    """The lines of the difference; circle tests say that they arrive, unit tests that they are the ones to type."""
    return list(diff(typed(before), typed(after)))


def chain(*rows: str) -> str:
    return "\n".join(["crypto pki certificate chain A", " certificate 01", *(f"  {row}" for row in rows), "  \tquit", ""])


def test_what_is_gone_is_taken_back_by_its_no_form() -> None:
    assert between("hostname R1\nip name-server 10.1.1.1\n", "hostname R1\n") == ["no ip name-server 10.1.1.1"]


def test_what_is_new_is_put_as_it_prints() -> None:
    assert between("", "int gi 0/1\n desc  up link\n") == ["interface GigabitEthernet0/1", " description up link"]


def test_a_singleton_is_replaced_without_being_taken_back() -> None:
    assert between("hostname R1\n", "hostname R2\n") == ["hostname R2"]
    assert between("capf-server\n auth-mode LSC\n", "capf-server\n auth-mode MIC\n") == ["capf-server", " auth-mode MIC"]


def test_an_instance_of_a_list_goes_and_comes_by_its_key() -> None:
    assert between("ephone 1\n type 7965\n", "ephone 2\n type 7965\n") == ["no ephone  1", "ephone  2", " type 7965"]


def test_inside_a_section_only_what_differs_is_typed() -> None:
    before = "ephone 1\n mac-address 0012.4302.A7CC\n type 7965\nephone 2\n type 7960\n"
    after = "ephone 1\n mac-address 0012.4302.A7CC\n type 7960\nephone 2\n type 7960\n"
    assert between(before, after) == ["ephone  1", " type 7960"]


def test_a_section_within_a_section() -> None:
    before = "router bgp 65001\n address-family ipv4\n  network 10.0.0.0\n exit-address-family\n"
    after = before.replace("10.0.0.0", "10.1.0.0")
    lines = between(before, after)
    assert lines[:2] == ["router bgp 65001", " address-family ipv4"]
    assert "  network 10.1.0.0" in lines
    assert lines[-1] == " exit-address-family"


def test_a_section_whose_head_changes_keeps_what_stands_under_it() -> None:
    # Entering an ephone-dn again leaves it single or dual as it was made (own reading): only a fresh one is otherwise.
    before, after = "ephone-dn 1 dual-line\n number 100\n", "ephone-dn 1\n number 100\n"
    want, got = gone_round(before, after)
    assert got == want == ["ephone-dn  1", " number 100"]


def test_a_no_form_that_is_a_state_comes_and_goes() -> None:
    assert between("interface Vlan1\n ip redirects\n", "interface Vlan1\n no ip redirects\n") == ["interface Vlan1", " no ip redirects"]
    assert between("interface Vlan1\n no ip redirects\n", "interface Vlan1\n") == ["interface Vlan1", " default ip redirects"]
    assert between("interface Vlan1\n no ip address\n", "interface Vlan1\n ip address 10.0.0.1 255.0.0.0\n") == [
        "interface Vlan1",
        " ip address 10.0.0.1 255.0.0.0",
    ]


def test_the_no_form_of_a_whole_line_is_kept_once_the_line_is_gone() -> None:
    there, gone = "monitor event-trace\n", "no monitor event-trace\n"
    assert between(there, gone) == ["no monitor event-trace", "no monitor event-trace"]
    assert between(gone, there) == ["monitor event-trace"]
    for before, after in ((there, gone), (gone, there)):
        wanted, reached = gone_round(before, after)
        assert reached == wanted


def test_what_can_only_be_there_is_never_taken_back() -> None:
    # The boot markers have no `no` form, so nothing can be typed for them.
    assert between("boot-start-marker\nboot-end-marker\nip name-server 10.1.1.1\n", "") == ["no ip name-server 10.1.1.1"]


def test_a_list_in_the_order_of_entry_is_entered_anew_from_the_first_difference() -> None:
    before = "ip name-server 10.1.1.1\nip name-server 10.1.1.2\nip name-server 10.1.1.3\n"
    after = "ip name-server 10.1.1.1\nip name-server 10.1.1.3\nip name-server 10.1.1.2\n"
    lines = between(before, after)
    assert "no ip name-server 10.1.1.1" not in lines
    assert lines[-2:] == ["ip name-server 10.1.1.3", "ip name-server 10.1.1.2"]
    want, got = gone_round(before, after)
    assert got == want


def test_an_entry_at_the_end_of_a_list_leaves_the_others_alone() -> None:
    before = "ip access-list extended A\n permit ip any any\n"
    assert between(before, before + " deny ip any any\n") == ["ip access-list extended A", " deny   ip any any"]


def test_the_order_of_lines_that_the_grammar_orders_is_no_difference() -> None:
    assert between("hostname R1\nip cef\nline con 0\n", "line con 0\nip cef\nhostname R1\n") == []


def test_a_banner_is_replaced_whole() -> None:
    before, after = "banner motd ^C\none\ntwo\n^C\n", "banner motd ^C\none\nthree\n^C\n"
    assert between(before, after) == ["banner motd ^C", "one", "three", "^C"]
    assert between(before, before.replace("^C", "#")) == []
    assert between(before, "") == ["no banner motd"]


def test_a_certificate_is_replaced_whole() -> None:
    lines = between(chain(ROW, "30820122"), chain(ROW, "30820199"))
    assert [line.strip() for line in lines] == ["crypto pki certificate chain A", "certificate 01", ROW, "30820199", "quit"]
    assert between(chain(ROW), chain(ROW.lower())) == []
    assert [line.strip() for line in between(chain(ROW), "crypto pki certificate chain A\n")][1:] == ["no certificate 01"]


def test_nothing_lies_between_a_configuration_and_itself() -> None:
    text = configuration(list(range(400)))
    assert between(text, text) == []


def test_nothing_lies_between_a_real_configuration_and_itself() -> None:
    if not samples():
        pytest.skip("the corpus is not here")
    read_twice = [(sample.name, read(sample.text, installed()).config, read(sample.text, installed()).config) for sample in samples()]
    assert [name for name, once, twice in read_twice if list(diff(once, once)) or list(diff(once, twice))] == []


def test_from_one_real_configuration_to_the_next() -> None:
    # What a router refuses has no no form: files with such lines are left out.
    known = [sample for sample in samples() if not (reading := read(sample.text, installed())).wrong and not reading.unknown]
    if not known:
        pytest.skip("the corpus is not here")
    astray = []
    for sample, other in zip(known, [*known[1:], known[0]], strict=True):
        want, got = gone_round(sample.text, other.text)
        if want != got:
            first = next(pair for pair in zip([*want, None], [*got, None], strict=False) if pair[0] != pair[1])
            astray.append(f"{sample.name} to {other.name}: {first[1]!r}, not {first[0]!r}")
    assert astray == []


@given(SEEDS)
@STEADY
def test_nothing_lies_between_a_made_configuration_and_itself(seeds: list[int]) -> None:
    assert between(configuration(seeds), configuration(seeds)) == []


@given(SEEDS, SEEDS, SEEDS)
@STEADY
def test_from_one_made_configuration_to_another(shared: list[int], before: list[int], after: list[int]) -> None:
    want, got = gone_round(configuration(shared + before), configuration(after + shared))
    assert got == want


def test_default_behind_a_section_whose_mode_has_a_command_default() -> None:
    want, got = gone_round("ip gratuitous-arps\nvpdn-template\n", "")
    assert got == want
