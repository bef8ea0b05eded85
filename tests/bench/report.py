"""The table of the benchmarks: each figure beside its peer's, their ratio, the goal, and whether it is met."""

from __future__ import annotations

import os
import platform
from typing import Any, NamedTuple

Figures = dict[str, Any]
_HEAD = ("figure", "ioscli", "compared with", "its figure", "ratio", "goal", "met")
_INTRODUCTION = """\
# Speed and memory

`make bench` writes this page: the median of {rounds} rounds, each of which runs all programs one after the other in processes of
their own ({system}, {cpus} CPUs, Python {python}). Seconds are processor time (but for the answers), so that other work of the
machine counts less. Only the ratios of one run mean something; other machines have other figures.

All programs read the same text: the configuration of a secure CME router, {lines:,} lines, a tenth of them certificates
(`tests/bench/generate.py`). What "read" is differs: ioscli matches every line against its grammar, checks every argument, makes
the text canonical and stores it ({refused} of these lines are unknown or refused); the peers store lines in a tree by their
indentation and check none. ciscoconfparse2 {ciscoconfparse2} reads a list of lines (`syntax="ios"`, `factory=False`), hier_config
{hier_config3} and {hier_config4} (its core is compiled) a text for `Platform.CISCO_IOS`. Each program has read a text of 2,000
lines before, so what it builds on first use is built; what that costs is in the whole processes and in the row of that first
reading. hier_config takes the rows of a certificate for commands and refuses one with equal rows; this text has none.

"""
_NOTES = """
- *Enrolments* are those in a second of a core, by the time that the server's process used: RSA 2048, eight connections, database level
  complete, files in memory. The limit is what three operations of the private key allow (open the request, sign the certificate, sign the
  reply), measured in the same round; `scepserver` is Debian's, under the same load (`tests/bench/enrolment.py`).
- *Memory* is what the peak of the process grew by after the imports; with ioscli the grammar is in it.
- *Print* is the text of the whole running-config in its order; the process of `ioscli print` is compared with one that only reads.
- The answers are those of mode `{mode}` ({commands:,} commands), each line asked a second time; the longest of each kind:
  {longest}.
- ioscli kept {ioscli:,} lines (separators are none), ciscoconfparse2 {ciscoconfparse2:,}, hier_config {hier_config3:,} and {hier_config4:,}.
"""


class Row(NamedTuple):
    figure: str
    ours: str
    other: str
    theirs: str
    ratio: str
    goal: str = ""
    met: str = ""


def rows(figures: Figures) -> list[Row]:
    ours, processes = figures["ioscli"], figures["processes"]
    cisco = figures["ciscoconfparse2"]
    lines = ours["lines"]

    def faster(figure: str, mine: float, other: str, theirs: float, goal: float) -> Row:
        ratio = theirs / mine
        return Row(
            figure, f"{lines / mine:,.0f} lines/s", other, f"{lines / theirs:,.0f} lines/s", f"{ratio:.2f}", f"at least {goal:g}", _met(ratio >= goal)
        )

    memory, process = ours["memory"] / cisco["memory"], processes["ciscoconfparse2"] / processes["print"]
    return [
        faster("read, check and store", ours["read"], "ciscoconfparse2", cisco["read"], 10),
        faster("read, check and store", ours["read"], "hier_config 3", figures["hier_config3"]["read"], 4),
        faster("read, check and store", ours["read"], "hier_config 4", figures["hier_config4"]["read"], 1),
        faster("print", ours["write"], "its own reading", ours["read"], 1),
        Row("peak memory", _mib(ours), "ciscoconfparse2", _mib(cisco), f"{memory:.2f}", "at most 2", _met(memory <= 2)),
        Row(
            "process: `ioscli print FILE`",
            f"{processes['print']:.2f} s",
            "ciscoconfparse2 reads it",
            f"{processes['ciscoconfparse2']:.2f} s",
            f"{process:.1f}",
            "at least 7",
            _met(process >= 7),
        ),
        *[
            Row(f"{name}, {answer['lines']:.0f} lines", _ms(answer["median"]), "", "", "", "under 1 ms", _met(answer["median"] < 0.001))
            for name, answer in figures["answers"].items()
        ],
        *_enrolment(figures["enrolment"]),
        Row("load of the grammar", _ms(ours["load"]), "", "", ""),
        Row("first reading of 2,000 lines", _ms(ours["first"]), "ciscoconfparse2", _ms(cisco["first"]), f"{cisco['first'] / ours['first']:.2f}"),
        Row(
            "process: `ioscli check` of one line",
            _ms(processes["check"]),
            "`python -c pass`",
            _ms(processes["pass"]),
            f"{processes['check'] / processes['pass']:.1f}",
        ),
        *_console(figures),
    ]


def _console(figures: Figures) -> list[Row]:
    """What a person at the console waits for."""
    console, processes = figures["console"], figures["processes"]
    first, command = console["first"] / processes["prompt_toolkit"], processes["exec"] / processes["pass"]
    paste = console["file"] / console["paste"]

    def waited(figure: str, name: str, goal: float) -> Row:
        return Row(figure, _ms(console[name]), "", "", "", f"under {goal * 1000:g} ms", _met(console[name] < goal))

    return [
        Row(
            "from the start to `Press RETURN`",
            _ms(console["first"]),
            "`import prompt_toolkit`",
            _ms(processes["prompt_toolkit"]),
            f"{first:.2f}",
            "at most 2",
            _met(first <= 2),
        ),
        Row(
            "process: `ioscli exec 'show clock'`",
            _ms(processes["exec"]),
            "`python -c pass`",
            _ms(processes["pass"]),
            f"{command:.1f}",
            "at most 8",
            _met(command <= 8),
        ),
        waited("from a key to its echo", "key", 0.002),
        waited("from `?` to the first page of `show ?`", "help", 0.005),
        waited("`show running-config \\| section`, 10,000 lines", "section", 0.06),
        Row(
            "paste of 10,000 lines into a terminal",
            f"{console['paste']:.2f} s",
            "`ioscli < file`",
            f"{console['file']:.2f} s",
            f"{paste:.2f}",
            "at least 0.5",
            _met(paste >= 0.5),
        ),
    ]


def _enrolment(figures: Figures) -> list[Row]:
    """The certificate server."""

    def row(figure: str, name: str, other: str, than: str, goal: float) -> Row:
        ratio = figures[name] / figures[than]
        return Row(figure, f"{figures[name]:,.0f}/s", other, f"{figures[than]:,.0f}/s", f"{ratio:.2f}", f"at least {goal:g}", _met(ratio >= goal))

    limit = "its private key alone"
    found = [
        row("SCEP enrolments, POST", "post", limit, "floor", 0.4),
        row("SCEP enrolments, GET", "get", limit, "floor", 0.4),
        row("SCEP enrolments after 10,000", "late", "its first ones", "post", 0.9),
    ]
    if "scepserver" in figures:
        found.append(row("SCEP enrolments, POST", "post", "scepserver (micromdm)", "scepserver", 1.5))
    seconds = figures["crl"]
    return [*found, Row("a CRL of 10,000 entries", _ms(seconds), "", "", "", "under 300 ms", _met(seconds < 0.3))]


def plain(figures: Figures, rounds: int) -> str:
    """The table for a terminal."""
    table = [_HEAD, *rows(figures)]
    widths = [max(len(row[at]) for row in table) for at in range(len(_HEAD))]
    body = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    facts = f"{figures['ioscli']['lines']:,.0f} lines, medians of {rounds} rounds; {_machine()}"
    return "\n".join([facts, *body])


def markdown(figures: Figures, rounds: int) -> str:
    """The page docs/bench.md."""
    ours, answers = figures["ioscli"], figures["answers"]
    peers = [name for name in figures if "version" in figures[name]]
    head = _INTRODUCTION.format(
        rounds=rounds,
        system=platform.system(),
        cpus=os.cpu_count(),
        python=platform.python_version(),
        lines=int(ours["lines"]),
        refused=int(ours["refused"]),
        **{name: figures[name]["version"] for name in peers},
    )
    table = [_HEAD, tuple("---" for _ in _HEAD), *rows(figures)]
    first = next(iter(answers.values()))
    notes = _NOTES.format(
        mode=first["mode"],
        commands=int(first["commands"]),
        longest=", ".join(f"{name} {_ms(answer['longest'])}" for name, answer in answers.items()),
        **{name: int(figures[name]["kept"]) for name in peers},
    )
    return head + "".join(f"| {' | '.join(row)} |\n" for row in table) + notes


def _machine() -> str:
    return f"{platform.system()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"


def _met(yes: bool) -> str:  # noqa: FBT001
    return "yes" if yes else "no"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms"


def _mib(figures: Figures) -> str:
    return f"{figures['memory'] / 1024:.0f} MiB"
