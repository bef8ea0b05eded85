"""Text that no router ever printed: it is read, told about and kept, and nothing falls over."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioscli.config.reader import read
from ioscli.config.writer import write
from ioscli.grammar.ask import HIGHEST, explain
from ioscli.grammar.loader import installed
from tests.command import ioscli
from tests.config.made import configuration
from tests.config.properties import is_answered, loses_nothing, printed, prints_itself_again
from tests.grammar.sampling import keywords

if TYPE_CHECKING:
    from pathlib import Path

    from ioscli.config.reading import Reading, Unknown, Wrong

GRAMMAR = installed()
MODES = sorted(GRAMMAR.modes)
HEX = "30820122 300D0609 2A864886 F70D0101"
LONG = 1_000_000
STEADY = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

# Words and pieces that mean something to the reader, mixed with any text.
PIECES = st.sampled_from([
    "no ", "default ", "exit", "end", "!", "quit", "@", "^C", "\x03", "  ", "\t", "\n", "\r\n", "\x00", "\x1b[2J", "\x0b", "\x85", "\u2028", '"',
    "banner motd ", "interface ", "gi0/0", "line vty 0 4", "ephone 1", "crypto pki certificate chain A\n", "certificate 01\n", "hostname R1\n",
    "address-family ipv4\n", "exit-address-family", "router bgp 1\n", "macro name X\n", "ip access-list extended A\n", "version 15.4\n",
])  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map("".join)
WORDS = [
    "no",
    "default",
    "ip",
    "crypto",
    "show",
    "pki",
    "vrf",
    "1",
    "10.1.1.1",
    '"x',
    'y"',
    "gi",
    "0/0",
    "?",
    "\x00",
    "²",
    "\u0661",
    "İ",
    "ß",
    "9" * 5000,
]
LINES = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)))


def reading(text: str) -> Reading:
    return read(text, GRAMMAR)


def lines(text: str) -> list[str]:
    return [line for line in write(reading(text).config) if line not in ("!", "end")]


@pytest.mark.parametrize(
    "text",
    [
        "x" * LONG,
        "hostname " + "x" * LONG,
        "interface Vlan1\n description " + "word " * (LONG // 5),
        "ip name-server " + "9" * LONG,
        "a " * (LONG // 2),
        "hostname" + " " * LONG + "R1",
        " " * LONG + "hostname R1",
        "\t" * LONG + "hostname R1",
        "no " * (LONG // 3) + "shutdown",
        "banner motd ^C" + "x" * LONG + "^C",
        "!" * LONG,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_a_line_of_a_million_characters(text: str) -> None:
    prints_itself_again(text)
    loses_nothing(text)


@pytest.mark.parametrize(
    "words",
    [
        ["crypto", "ipsec", "transform-set", "A", *["esp-aes", "256"] * 20_000],
        ["configure", "replace", "flash:x", *["force", "time", "9"] * 20_000],
        ["ephone-hunt", "1", "sequential", *["x"] * 20_000],
        ["ip", *["ip"] * 20_000],
    ],
    ids=lambda words: " ".join(words[:3]),
)
@pytest.mark.parametrize("end", [[], ["\N{SNOWMAN}"]], ids=["", "and a wrong word"])
def test_a_line_of_very_many_words(words: list[str], end: list[str]) -> None:
    line = " ".join([*words, *end])
    for mode in ("config", "exec", "ephone-hunt"):
        is_answered(GRAMMAR.modes[mode], line)
    prints_itself_again(line)


def test_many_ways_to_read_a_line_take_no_more_time_than_one() -> None:
    # A word that is a keyword and an argument at every place could double the ways with each word.
    for name in MODES:
        mode = GRAMMAR.modes[name]
        for line in mode.lines:
            leading = [word.text for word in line.leading]
            for word in {"1", "a", *leading[-1:]}:
                words = [*leading, *[word] * 18, "\N{SNOWMAN}"]
                started = time.process_time()
                explain(mode, " ".join(words))
                mode.trie.match(words, " ".join(words))
                assert time.process_time() - started < 0.5, f"{line.source}: {words}"


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x08"])
def test_a_control_character_is_refused_where_it_stands_and_kept(char: str) -> None:
    found = reading(f"hostname R1\ninterface Vlan1\n description a{char}[2Jb\n")
    assert [(entry.line, entry.column) for entry in found.wrong] == [(3, 15)]
    assert f" description a{char}[2Jb" in list(write(found.config))
    assert "hostname R1" in list(write(found.config))


def test_an_escape_sequence_never_reaches_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.cfg"
    path.write_bytes(b"hostname R1\nevil \x1b]0;owned\x07 \xc2\x9b2J\n")
    done = ioscli("check", path)
    assert done.returncode == 1
    assert not {b"\x1b", b"\x07", b"\xc2\x9b"} & {bytes([byte]) for byte in done.stdout}
    assert b"\\x1b]0;owned\\x07" in done.stdout
    assert b"\xc2\x9b" not in done.stdout


def test_bytes_that_are_no_text_pass_through_unchanged() -> None:
    line = b"banner motd ^C\xff\xfe caf\xe9 \xc3\x28^C"
    done = ioscli("print", "-", given=b"hostname R1\n" + line + b"\nfrob\xffnicate\n")
    assert done.returncode == 0
    assert line in done.stdout.splitlines()
    assert b"frob\xffnicate" in done.stdout.splitlines()
    checked = ioscli("check", "--json", "-", given=b"frob\xffnicate\n")
    assert checked.returncode == 0
    assert b'"text": "frob\\udcffnicate"' in checked.stdout


def test_every_byte_there_is() -> None:
    every = bytes(range(256))
    done = ioscli("print", "-", given=every + b"\n" + b"x" + every[::-1])
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("text", ["banner motd ^C\none\nhostname R1\n", "banner motd #one\n", "banner motd ^C", "banner motd ^C\n\n\n"])
def test_a_banner_without_end_is_told_at_its_first_line(text: str) -> None:
    found = reading("!\n" + text)
    assert [entry.line for entry in found.wrong] == [2]
    assert "is not closed" in found.wrong[0].message
    loses_nothing(text)


def test_a_certificate_without_end_is_told_at_its_first_line_and_keeps_its_rows() -> None:
    text = f"crypto pki certificate chain A\n certificate 01\n  {HEX}\n  {HEX}\n"
    found = reading(text)
    assert [entry.line for entry in found.wrong] == [2]
    assert "is not closed" in found.wrong[0].message
    assert lines(text).count(f"  {HEX}") == 2
    prints_itself_again(text)


@pytest.mark.parametrize("row", ["NOTHEX", "3082 01G2", "hostname R1", "-", "3082;0122"])
def test_a_row_of_a_certificate_that_is_not_hexadecimal_is_told_and_kept(row: str) -> None:
    text = f"crypto pki certificate chain A\n certificate 01\n  {HEX}\n  {row}\n  \tquit\nhostname R2\n"
    found = reading(text)
    assert [(entry.line, entry.column, entry.text.strip()) for entry in found.wrong] == [(4, 1, row)]
    out = lines(text)
    assert row in [line.strip() for line in out]
    assert "hostname R2" in out
    prints_itself_again(text)


def test_line_ends_of_another_system(tmp_path: Path) -> None:
    text = f"hostname R1\nbanner motd ^C\none\n^C\ncrypto pki certificate chain A\n certificate 01\n  {HEX}\n  quit\ninterface Vlan1\n shutdown\n"
    path = tmp_path / "dos.cfg"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    done = ioscli("print", path)
    assert done.returncode == 0
    assert b"\r" not in done.stdout
    assert done.stdout.decode() == printed(text)
    assert ioscli("check", path).returncode == 0


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    done = ioscli("check", "--json", "-", given=b"\xef\xbb\xbfhostname R1\n")
    assert done.returncode == 0
    assert b'"unknown": []' in done.stdout
    assert b'"modelled": 1' in done.stdout


def test_tabs_separate_words_and_indent_as_eight_blanks() -> None:
    assert lines("interface\tVlan1\n\tip\taddress 10.0.0.1\t255.0.0.0\n\tshutdown\nhostname\tR1\n") == [
        "hostname R1",
        "interface Vlan1",
        " ip address 10.0.0.1 255.0.0.0",
        " shutdown",
    ]
    section = "router bgp 1\n address-family ipv4\n"
    assert lines(section + "\tnetwork 10.0.0.0\n") == lines(section + "        network 10.0.0.0\n")


@pytest.mark.parametrize(
    "text", ["", "\n", "\n\n\n", "!", "!\n!\n", " ", "\t\n ", "\r", "\ufeff", "end", "end\nend\n", "exit\n", "quit\n", "no\n", "no \n"]
)
def test_next_to_nothing(text: str) -> None:
    prints_itself_again(text)
    loses_nothing(text)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.cfg"
    path.touch()
    assert ioscli("check", path).returncode == 0
    assert ioscli("print", path).stdout == b"!\nend\n"
    assert ioscli("diff", path, path).stdout == b""


@pytest.mark.parametrize("head", ["frobnicate ", "interface Vlan", "address-family ipv4 vrf V"])
def test_indentation_of_ten_thousand_levels(head: str) -> None:
    found = reading("".join(f"{' ' * depth}{head}{depth}\n" for depth in range(10_000)))
    out = {line.strip() for line in write(found.config)}
    assert found.lines == 10_000
    told: list[Unknown | Wrong] = [*found.unknown, *found.wrong]
    assert {entry.text.strip() for entry in told} <= out
    prints_itself_again("\n".join(write(found.config)))


def test_sections_in_sections_that_have_no_end() -> None:
    text = "router bgp 1\n" + "address-family ipv4\n" * 5_000 + "x\n" * 5_000
    prints_itself_again(text)


@pytest.mark.parametrize(("depths", "count", "seconds"), [(1, 20_000, 4), (2, 20_000, 4), (3, 200_000, 30)])
def test_very_many_unknown_lines_in_reasonable_time(depths: int, count: int, seconds: int) -> None:
    # The shorter ones tell first whether the time grows with the square of the lines.
    text = "".join(f"{' ' * (number % depths)}frobnicate{number % 977} the network {number}\n" for number in range(count))
    started = time.process_time()
    found = reading(text)
    assert sum(1 for _ in write(found.config)) >= count
    assert time.process_time() - started < seconds
    assert len(found.unknown) == count


@given(TEXTS)
@STEADY
def test_any_text_prints_itself_again_and_loses_nothing(text: str) -> None:
    prints_itself_again(text)
    loses_nothing(text)


@given(st.lists(st.integers(0, 1 << 20), max_size=5))
@STEADY
def test_a_made_configuration_prints_itself_again_and_loses_nothing(seeds: list[int]) -> None:
    text = configuration(seeds)
    prints_itself_again(text)
    loses_nothing(text)


@pytest.mark.parametrize("name", MODES)
def test_a_line_of_any_words_is_answered(name: str) -> None:
    mode = GRAMMAR.modes[name]
    rng = random.Random(name)
    known = sorted({word for line in mode.lines for word in keywords(line)} | set(WORDS))
    for _ in range(25):
        line = " ".join(rng.choice(known)[: rng.choice([1, 2, 3, 99])] for _ in range(rng.randint(1, 6))) + rng.choice(["", " "])
        for level in (0, 1, HIGHEST):
            is_answered(mode, line, level)


@given(st.sampled_from(MODES), st.one_of(LINES.map(" ".join), st.text()), st.sampled_from([0, 1, HIGHEST]))
@settings(STEADY, max_examples=800)
def test_any_text_is_answered_in_every_mode(name: str, line: str, level: int) -> None:
    is_answered(GRAMMAR.modes[name], line, level)


@pytest.mark.parametrize("head", ["macro name X", "crypto pki certificate chain T\n certificate ca 01", "banner motd #"])
@pytest.mark.parametrize("rest", ["", "3082\n"])
def test_a_body_that_does_not_close_is_closed_as_its_kind_is(head: str, rest: str) -> None:
    prints_itself_again(f"{head}\n{rest}")
