"""Measures the grammar against real configurations: what is modelled, accepted, unknown, and what prints back identically.

`python -m tests.measure.corpus [--json FILE] [--markdown FILE] [--verbose] [NAME ...]`; the corpus lies beside the project.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.config.reader import read
from ioscli.config.writer import write
from ioscli.grammar.loader import installed

if TYPE_CHECKING:
    from ioscli.config.reading import Reading

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
# Whole configurations whose text is not what the router printed: their lines cannot all be found again in their sections.
# They count for everything else.
DAMAGED = {
    "routing__R12__oloyiin-f2ad78.cfg": "interface names typed by hand (g2/0)",
    "switch__Foo__mpenning-28292d.cfg": "heads of sections are indented",
    "voice__madison__LTMrk-351236.cfg": "heads of sections are indented",
    "vrf__hostname__ytti-90ca2e.cfg": "lines made equal by replacing what they say",
    "voice__b2bred1__LTMrk-b6d8b7.cfg": "two interfaces of one name",
    "voice__b2bred2__LTMrk-872ea2.cfg": "two interfaces of one name",
    "basic__S2__Avasekho-a5fef1.cfg": "cut off before the end",
    "nat__router-1__CiscoDevNet-5fdee5.cfg": "commands appended by hand",
    "routing__C2_P2_B_SWITCH_1__rain360z-486cbc.cfg": "a script",
    "pki-trustpoint__S-Terra-Spoke2__skydevil56-921083.cfg": "a gateway of another maker",
}
_HEADER = re.compile(r"Building configuration\.\.\.|Current configuration *: \d+ bytes|Using \d+ out of \d+ bytes.*")


@dataclass(slots=True)
class Sample:
    """A configuration of the corpus. `whole`: a whole show-run, to come back line by line."""

    name: str
    text: str
    version: str
    whole: bool


@dataclass(slots=True)
class Result:
    """What became of a sample."""

    name: str
    version: str
    whole: bool
    lines: int = 0
    modelled: int = 0
    accepted: int = 0
    unknown: int = 0
    fixpoint: bool = False
    identical: bool = False
    shuffled: bool = False
    misplaced: int = 0
    heads: list[str] = field(default_factory=list)


@cache
def samples() -> tuple[Sample, ...]:
    """All configurations of the corpus, none where the corpus is absent."""
    manifest = CORPUS / "MANIFEST.csv"
    if not manifest.exists():
        return ()
    found = []
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["file"].startswith("configs/"):
                continue
            path = CORPUS / row["file"]
            name = path.name
            whole = "__pt-" not in name and "flat-indent" not in row["notes"]
            found.append(Sample(name, path.read_text(encoding="utf-8", errors="surrogateescape"), row["version"], whole))
    return tuple(found)


def significant(text: str) -> list[str]:
    """The lines that must come back: no leading header, no separators, no trailing blanks."""
    lines = [line.rstrip() for line in text.split("\n")]
    return [line for line in lines if line.strip() and line.strip()[0] != "!" and not _HEADER.fullmatch(line.strip())]


def printed(reading: Reading) -> str:
    return "\n".join(write(reading.config)) + "\n"


def blocks(text: str) -> list[list[str]]:
    """The top-level blocks of a configuration: a line at the margin and what belongs to it."""
    found: list[list[str]] = []
    banner: str | None = None
    for line in text.split("\n"):
        if banner is not None:
            found[-1].append(line)
            if banner in line:
                banner = None
            continue
        if not line.strip() or line.startswith("!") or _HEADER.fullmatch(line.strip()):
            continue
        if line[0] == " " and found:
            found[-1].append(line)
            continue
        found.append([line])
        if match := re.match(r"banner \S+ (\^C|\S)(.*)", line):
            banner = match[1] if match[1] not in match[2] else None
    return found


def shuffle(text: str, seed: int) -> str:
    """The configuration with its top-level blocks in another order; blocks with the same first two words keep theirs."""
    groups: dict[tuple[str, ...], list[list[str]]] = {}
    for block in blocks(text):
        groups.setdefault(tuple(block[0].split()[:2]), []).append(block)
    slots = [key for key, members in groups.items() for _ in members]
    random.Random(seed).shuffle(slots)
    queues = {key: iter(members) for key, members in groups.items()}
    return "\n".join(line for key in slots for line in next(queues[key]))


def measure(sample: Sample) -> Result:
    """Reads, prints, reads again, prints again; then the same with the blocks shuffled."""
    grammar = installed()
    reading = read(sample.text, grammar)
    result = Result(sample.name, sample.version, sample.whole, reading.lines, reading.modelled, reading.accepted)
    result.unknown = len(reading.unknown) + len(reading.wrong)
    result.heads = [entry.text for entry in reading.unknown] + [entry.text for entry in reading.wrong]
    once = printed(reading)
    result.fixpoint = printed(read(once, grammar)) == once
    before, after = significant(sample.text), significant(once)
    result.identical = before == after
    result.misplaced = misplaced(before, after)
    result.shuffled = printed(read(shuffle(sample.text, 7), grammar)) == once
    return result


def misplaced(before: list[str], after: list[str]) -> int:
    """How many lines are not there in their section. A line that stands at the margin, where indentation was lost, tells none."""
    lost, gained = Counter(in_place(before)), Counter(in_place(after))
    lost, gained = lost - gained, gained - lost
    texts = Counter(path[-1] for path in gained.elements())
    count = 0
    for path in lost.elements():
        if len(path) == 1 and texts[path[-1]]:
            texts[path[-1]] -= 1
        else:
            count += 1
    return count


def in_place(lines: list[str]) -> list[tuple[str, ...]]:
    """Each line with the heads of the sections that it stands in."""
    stack: list[str] = []
    found = []
    for line in lines:
        depth = len(line) - len(line.lstrip())
        del stack[depth:]
        found.append((*filter(None, stack), line.strip()))
        stack += [""] * (depth - len(stack)) + [line.strip()]
    return found


def summary(results: list[Result]) -> dict[str, float]:
    """The figures of the whole corpus."""
    whole = [result for result in results if result.whole]
    lines = sum(result.lines for result in results)
    whole_lines = sum(result.lines for result in whole)
    return {
        "files": len(results),
        "lines": lines,
        "modelled": sum(result.modelled for result in results),
        "accepted": sum(result.accepted for result in results),
        "unknown": sum(result.unknown for result in results),
        "unknown_percent": round(100 * sum(result.unknown for result in results) / max(lines, 1), 3),
        "fixpoint": sum(result.fixpoint for result in results),
        "whole_files": len(whole),
        "identical": sum(result.identical for result in whole),
        "identical_percent": round(100 * sum(result.identical for result in whole) / max(len(whole), 1), 1),
        "in_place_percent": round(100 - 100 * sum(result.misplaced for result in whole) / max(whole_lines, 1), 3),
        "in_place_undamaged_percent": round(
            100 - 100 * sum(result.misplaced for result in whole if result.name not in DAMAGED) / max(whole_lines, 1), 3
        ),
        "shuffled_identical": sum(result.shuffled for result in whole),
        "shuffled_percent": round(100 * sum(result.shuffled for result in whole) / max(len(whole), 1), 1),
    }


def table(results: list[Result]) -> str:
    """The corpus as Markdown: by train, in all, and each unknown head."""
    rows = ["| version | files | lines | modelled | accepted | unknown | files identical | shuffled identical |", "|---|---|---|---|---|---|---|---|"]
    trains: dict[str, list[Result]] = {}
    for result in results:
        trains.setdefault(result.version.partition(".")[0] or "none", []).append(result)
    for train, members in [*sorted(trains.items()), ("all", results)]:
        figures = summary(members)
        rows.append(
            f"| {train} | {figures['files']} | {figures['lines']} | {figures['modelled']} | {figures['accepted']} | "
            f"{figures['unknown']} ({figures['unknown_percent']} %) | {figures['identical']} of {figures['whole_files']} | "
            f"{figures['shuffled_identical']} of {figures['whole_files']} |"
        )
    figures = summary(results)
    rows += ["", f"Lines of whole files that are there in the right section: {figures['in_place_percent']} %. "]
    rows[-1] += f"Without the {len(DAMAGED)} files whose text is not what a router printed: {figures['in_place_undamaged_percent']} %. "
    rows[-1] += f"Files whose printed text prints itself again: {figures['fixpoint']} of {figures['files']}."
    heads = Counter(" ".join(head.split()[:3]) for result in results for head in result.heads)
    if heads:
        rows += ["", "| unknown head | lines |", "|---|---|", *(f"| `{head}` | {count} |" for head, count in heads.most_common())]
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    chosen = [sample for sample in samples() if not options.names or any(name in sample.name for name in options.names)]
    if not chosen:
        print("the corpus is not here: nothing measured")
        return 0
    results = [measure(sample) for sample in chosen]
    text = table(results)
    print(text)
    if options.verbose:
        for result in results:
            if result.whole and not (result.identical and result.shuffled):
                print(result.name, "identical" if result.identical else "differs", "shuffled" if result.shuffled else "", result.misplaced)
    if options.json:
        options.json.write_text(json.dumps({"summary": summary(results), "files": [asdict(result) for result in results]}, indent=1) + "\n")
    if options.markdown:
        options.markdown.write_text(f"# The corpus\n\nWritten by `make corpus`.\n\n{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
