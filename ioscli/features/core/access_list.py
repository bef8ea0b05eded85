"""Access lists: what `show access-lists` prints of them, and whom they let in on a line (`access-class`, `login quiet-mode`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session

_STEP = 10  # between the sequence numbers of entries that have none of their own
_STANDARD = (range(1, 100), range(1300, 2000))
_EXTENDED = (range(100, 200), range(2000, 2700))
_ALL_BITS = 0xFFFFFFFF


class Entry(NamedTuple):
    """An entry of a list: its sequence number, `permit` or `deny`, and the words behind it."""

    number: int
    action: str
    words: tuple[str, ...]


class AccessList:
    """An access list for IPv4. `kind`: `Standard` or `Extended`."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        self.entries: list[Entry] = []

    def add(self, words: list[str]) -> None:
        """Adds an entry as the configuration has it, perhaps with its sequence number; remarks are none."""
        number = self.entries[-1].number + _STEP if self.entries else _STEP
        if words[0].isdigit():
            number, words = int(words[0]), words[1:]
        if words and words[0] in ("permit", "deny"):
            self.entries.append(Entry(number, words[0], tuple(words[1:])))


class Matches:
    """How often each entry matched, by the names of lists and the numbers of entries."""

    def __init__(self, _: Device) -> None:
        self.counts: dict[tuple[str, int], int] = {}


def access_lists(device: Device) -> list[AccessList]:
    """The lists of the configuration: those with numbers in their order, then those with names."""
    found: dict[str, AccessList] = {}
    for statement in device.statements("access-list"):
        _, name, *words = statement.text.split()
        kind = _kind(name)
        if kind is not None and words:
            found.setdefault(name, AccessList(kind, name)).add(words)
    for statement in device.statements("ip access-list"):
        words = statement.text.split()
        if words[2] in ("standard", "extended") and statement.section is not None:
            known = found.setdefault(words[3], AccessList(words[2].capitalize(), words[3]))
            for entry in statement.section:
                known.add(entry.text.split())
    for known in found.values():
        known.entries.sort(key=lambda entry: entry.number)
    return sorted(
        found.values(), key=lambda known: (known.kind != "Standard", not known.name.isdigit(), int(known.name) if known.name.isdigit() else 0)
    )


def _kind(name: str) -> str | None:
    if not name.isdigit():
        return None
    if any(int(name) in numbers for numbers in _STANDARD):
        return "Standard"
    return "Extended" if any(int(name) in numbers for numbers in _EXTENDED) else None


def permits(device: Device, name: str, source: str) -> bool:
    """Whether a list lets an address in; one that is not configured lets everybody in. Counts the match."""
    known = next((known for known in access_lists(device) if known.name == name), None)
    if known is None or not known.entries:
        return True
    for entry in known.entries:
        # Behind the protocol an extended entry names its source as a standard one does; the destination is this router.
        words = entry.words if known.kind == "Standard" else entry.words[1:] if entry.words[0] in ("ip", "tcp", "6") else ()
        if words and _has(words, source):
            counts = device[Matches].counts
            counts[name, entry.number] = counts.get((name, entry.number), 0) + 1
            return entry.action == "permit"
    return False


def _has(words: tuple[str, ...], source: str) -> bool:
    if words[0] == "any":
        return True
    from ipaddress import IPv4Address

    try:
        address = int(IPv4Address(source))
        if words[0] == "host":
            return address == int(IPv4Address(words[1]))
        wildcard = int(IPv4Address(words[1])) if len(words) > 1 and words[1][0].isdigit() else 0
        return (address ^ int(IPv4Address(words[0]))) & (_ALL_BITS ^ wildcard) == 0
    except ValueError:
        return False


def show(session: Session, *, acl: str | None) -> Iterator[str]:
    """`show access-lists [LIST]`, `show ip access-lists [LIST]`."""
    counts = session.device[Matches].counts
    for known in access_lists(session.device):
        if acl in (None, known.name):
            yield f"{known.kind} IP access list {known.name}"
            for entry in known.entries:
                matched = counts.get((known.name, entry.number), 0)
                plural = "match" if matched == 1 else "matches"
                yield f"    {entry.number} {_text(known, entry)}" + (f" ({matched} {plural})" if matched else "")


def _text(known: AccessList, entry: Entry) -> str:
    """An entry as `show` prints it: standard ones in columns, their wildcards in words."""
    if known.kind == "Extended":
        return f"{entry.action} {' '.join(entry.words)}"
    words = list(entry.words)
    if words[0] == "host":
        del words[0]
    elif len(words) > 1 and words[0][0].isdigit() and words[1][0].isdigit():
        words[:2] = [f"{words[0]}, wildcard bits {words[1]}"]
    return f"{entry.action:<6} {' '.join(words)}"


def clear(session: Session, *, acl: str | None) -> None:
    """`clear access-list counters [LIST]`."""
    counts = session.device[Matches].counts
    for key in _of(counts, acl):
        del counts[key]


def _of(counts: Iterable[tuple[str, int]], acl: str | None) -> list[tuple[str, int]]:
    return [key for key in counts if acl in (None, key[0])]
