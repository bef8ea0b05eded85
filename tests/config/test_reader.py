"""Configuration text to a tree: modes, indentation, bodies, `no`, kept lines, and the traps other tools fall into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.config.reader import read
from ioscli.config.writer import write
from ioscli.grammar.loader import installed

if TYPE_CHECKING:
    from ioscli.config.reading import Reading

HEX = "30820122 300D0609 2A864886 F70D0101 01050003 82010F00 3082010A 02820101"


def reading(text: str) -> Reading:
    return read(text, installed())


def printed(text: str) -> list[str]:
    return [line for line in write(reading(text).config) if line != "!"]


def test_a_line_of_the_enclosing_mode_leaves_the_section() -> None:
    assert printed("hostname R1\ncapf-server\nport 2001\nhostname R2\n") == ["hostname R2", "capf-server", " port 2001", "end"]


def test_ephone_inside_an_ephone_is_another_ephone() -> None:
    # The abbreviation of `ephone-template 2` must not win over the whole word of the enclosing mode.
    text = "ephone 1\n type 7965\nephone 2\n type 7960\n"
    assert printed(text) == ["ephone  1", " type 7965", "ephone  2", " type 7960", "end"]
    flat = "ephone 1\ntype 7965\nephone 2\ntype 7960\n"
    assert printed(flat) == printed(text)


def test_equal_rows_of_a_certificate_both_stay() -> None:
    text = f"crypto pki certificate chain A\n certificate 01\n  {HEX} \n  {HEX} \n  30820122\n  \tquit\n"
    assert printed(text) == ["crypto pki certificate chain A", " certificate 01", f"  {HEX}", f"  {HEX}", "  30820122", "  \tquit", "end"]


def test_an_interface_inside_a_banner_is_text() -> None:
    text = "banner motd ^C\ninterface GigabitEthernet0/0\n shutdown\n^C\nhostname R1\n"
    found = reading(text)
    assert [statement.text for statement in found.config] == ["banner motd", "hostname R1"]
    assert printed(text) == ["hostname R1", "banner motd ^C", "interface GigabitEthernet0/0", " shutdown", "^C", "end"]


def test_a_banner_on_one_line_and_with_another_delimiter() -> None:
    assert printed("banner login #Only us#\n") == ["banner login ^COnly us^C", "end"]
    assert printed("banner motd ^CCHello^C\n") == ["banner motd ^CCHello^C", "end"]


def test_comments_and_sequence_numbers_stay_what_they_are() -> None:
    text = "ip access-list extended A\n 10 permit ip any any\n remark ! not a comment\n! a comment\n deny   ip any any\n"
    assert printed(text) == ["ip access-list extended A", " 10 permit ip any any", " remark ! not a comment", " deny   ip any any", "end"]


def test_abbreviations_are_written_out() -> None:
    assert printed("int gi 0/0\n desc  up link\n ip addr 10.1.1.1 255.255.255.0\n no shut\n") == [
        "interface GigabitEthernet0/0",
        " description up link",
        " ip address 10.1.1.1 255.255.255.0",
        "end",
    ]


def test_no_takes_back_and_default_too() -> None:
    assert printed("ip name-server 10.1.1.1\nno ip name-server 10.1.1.1\ncapf-server\n auth-mode LSC\n no auth-mode\n") == ["capf-server", "end"]
    assert printed("hostname R1\nno hostname\n") == ["hostname Router", "end"]
    assert printed("capf-server\n auth-mode LSC\n default auth-mode\n") == ["capf-server", "end"]


def test_a_value_that_equals_its_default_is_not_kept() -> None:
    # CME command reference: auth-mode none is the default; port 3804 is printed all the same (SEC show-run).
    assert printed("capf-server\n auth-mode none\n port 3804\n") == ["capf-server", " port 3804", "end"]


def test_a_no_that_is_a_state_of_its_own_is_kept() -> None:
    assert printed("interface Vlan1\n no ip address\n ip address 10.0.0.1 255.0.0.0\n") == [
        "interface Vlan1",
        " ip address 10.0.0.1 255.0.0.0",
        "end",
    ]
    assert printed("interface Vlan1\n no ip redirects\n") == ["interface Vlan1", " no ip redirects", "end"]


def test_crypto_ca_is_the_older_spelling() -> None:
    assert printed("crypto ca trustpoint A\n enrollment terminal\n")[:2] == ["crypto pki trustpoint A", " enrollment terminal"]


def test_an_unknown_line_is_kept_where_it_stood_and_reported() -> None:
    found = reading("capf-server\n port 3804\nfrobnicate the network\n deeply\nhostname R1\n")
    assert [(entry.line, entry.text) for entry in found.unknown] == [(3, "frobnicate the network"), (4, " deeply".strip())]
    assert "frobnicate the network" in list(write(found.config))
    assert printed("foo bar\nno foo bar\n") == ["end"]


def test_a_wrong_line_in_a_strict_mode_has_its_column_and_the_router_s_words() -> None:
    found = reading("ctl-client\n server cme 10.1.1.1 trust cme\n server cme 10.1.1.500 trustpoint x\n")
    assert [(entry.line, entry.column, entry.message) for entry in found.wrong] == [(3, 22, "% Invalid input detected at '^' marker.")]


def test_lines_are_counted_without_blanks_and_comments() -> None:
    found = reading("!\n\nhostname R1\n!\nip cef\nend\n")
    assert (found.lines, found.modelled + found.accepted, len(found.unknown), len(found.wrong)) == (3, 3, 0, 0)


def test_what_a_terminal_shows_before_the_configuration_is_no_line_of_it() -> None:
    found = reading("Building configuration...\n\nCurrent configuration : 1086 bytes\n!\nversion 15.5\n")
    assert found.lines == 1
    assert found.unknown == []


def test_entering_a_section_again_keeps_what_it_was_made_with() -> None:
    assert printed("ephone-dn 1 dual-line\n number 100\nephone-dn 1\n name A\n") == ["ephone-dn  1  dual-line", " number 100", " name A", "end"]


def test_sections_print_in_the_order_of_the_router() -> None:
    text = "line con 0\ninterface GigabitEthernet0/1\n shutdown\nhostname R1\ninterface Loopback0\n no ip address\nversion 15.7\n"
    assert printed(text) == [
        "version 15.7",
        "hostname R1",
        "interface Loopback0",
        " no ip address",
        "interface GigabitEthernet0/1",
        " shutdown",
        "line con 0",
        "end",
    ]


def test_default_is_of_the_section_around_where_that_has_the_command() -> None:
    assert printed("no clns net\ncrypto ipsec client ezvpn A\ndefault clns net\n") == ["crypto ipsec client ezvpn A", "end"]


def test_a_line_reads_alike_whether_it_stands_as_it_prints_or_not() -> None:
    canonical = "interface GigabitEthernet0/1\n description up  link\n mtu 1400\n ip address 10.1.1.1 255.255.255.0\n"
    typed = "int gi 0/1\n desc up  link\n mtu 01400\n ip addr 10.1.1.1 255.255.255.0\n"
    assert printed(canonical) == printed(typed) == [*canonical.split("\n")[:-1], "end"]


def test_a_banner_that_says_caret_c_keeps_its_own_delimiters() -> None:
    assert printed("banner login i^C\nfoo\ni\n") == ["banner login i^C", "foo", "i", "end"]
