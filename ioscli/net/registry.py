"""Which real socket an IOS address and port is, shared by all routers of a folder: `map.json`, changed under a lock, replaced whole.

Each entry says which process made it. Entries of processes that are gone count as absent, and go with the next change.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ioscli.net.streams import NetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ioscli.net.streams import Endpoint

Entry = dict[str, str | int]
Table = dict[str, Entry]


class TakenError(NetError):
    """Another router of the folder has that address and port."""


def socket_key(protocol: str, endpoint: Endpoint) -> str:
    """`tcp 10.1.1.1:80`."""
    return f"{protocol} {endpoint[0]}:{endpoint[1]}"


def _started(pid: int) -> str:
    """When a process began, as the kernel counts, so that a number used again is not taken for the old process. Empty if there is none."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass  # another user's: alive
    try:
        # Behind the name, which may hold blanks and brackets: proc(5), field 22.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "unknown"  # no /proc here


def _endpoint(text: str) -> Endpoint:
    address, _, port = text.rpartition(":")
    return address, int(port)


class Registry:
    """The map of one folder, as one router (of that name) sees it."""

    def __init__(self, folder: Path, router: str) -> None:
        self._folder = folder
        self._router = router
        self._me: Entry = {"router": router, "pid": os.getpid(), "started": _started(os.getpid())}
        self._stamp: tuple[int, int, int] | None = None
        self._tables: dict[str, Table] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    # ---- reading

    def _read(self) -> dict[str, Table]:
        path = self._folder / "map.json"
        try:
            status = path.stat()
        except FileNotFoundError:
            self._stamp, self._tables = None, {}
        else:
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                self._tables = _tables(path.read_text())
                self._stamp = stamp
        return self._tables

    def _alive(self, entry: Entry) -> bool:
        return entry.get("pid") == self._me["pid"] or _started(int(entry.get("pid", 0))) == entry.get("started")

    def _live(self, table: str, key: str) -> Entry | None:
        entry = self._read().get(table, {}).get(key)
        return entry if entry is not None and self._alive(entry) else None

    def find(self, protocol: str, endpoint: Endpoint) -> Endpoint | None:
        """The real socket that listens there."""
        entry = self._live("sockets", socket_key(protocol, endpoint))
        return None if entry is None else _endpoint(str(entry["at"]))

    def host(self, address: str) -> str | None:
        """The real address of the router that has this IOS address."""
        entry = self._live("hosts", address)
        return None if entry is None else str(entry["at"])

    def owner(self, real: str) -> str | None:
        """The router that has this real address."""
        return next((str(entry["router"]) for entry in self._read().get("hosts", {}).values() if entry["at"] == real and self._alive(entry)), None)

    def name_of(self, protocol: str, real: Endpoint) -> Endpoint:
        """The IOS endpoint of a real one: a listening socket, else the router's first address and the same port, else itself."""
        text = f"{real[0]}:{real[1]}"
        tables = self._read()
        for key, entry in tables.get("sockets", {}).items():
            if entry["at"] == text and key.startswith(protocol):
                return _endpoint(key.partition(" ")[2])
        address = next((address for address, entry in tables.get("hosts", {}).items() if entry["at"] == real[0]), real[0])
        return address, real[1]

    # ---- changing

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Table]]:
        with (self._folder / "map.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tables = {name: {key: entry for key, entry in table.items() if self._alive(entry)} for name, table in self._read().items()}
            yield tables
            temporary = self._folder / f"map.json.{os.getpid()}"
            temporary.write_text(json.dumps(tables, indent=1, sort_keys=True) + "\n")
            temporary.replace(self._folder / "map.json")
            self._stamp = None

    def _mine(self, entry: Entry) -> bool:
        return entry["pid"] == self._me["pid"] and entry["router"] == self._router

    def claim_hosts(self, addresses: Iterable[str], real: str) -> None:
        """These IOS addresses, and no others, are this router's, at that real address. Those of another living router stay its own."""
        with self._changing() as tables:
            hosts = tables.setdefault("hosts", {})
            for address in [address for address, entry in hosts.items() if self._mine(entry)]:
                del hosts[address]
            for address in addresses:
                hosts.setdefault(address, self._me | {"at": real})

    def claim(self, keys: Iterable[str], at: Endpoint) -> None:
        """TakenError if another router has one of them; then none is claimed."""
        with self._changing() as tables:
            sockets = tables.setdefault("sockets", {})
            wanted = list(keys)
            for key in wanted:
                if key in sockets:
                    raise TakenError(f"{key} belongs to router {sockets[key]['router']}")
            for key in wanted:
                sockets[key] = self._me | {"at": f"{at[0]}:{at[1]}"}

    def release(self, keys: Iterable[str]) -> None:
        with self._changing() as tables:
            for key in keys:
                if key in tables.get("sockets", {}) and self._mine(tables["sockets"][key]):
                    del tables["sockets"][key]

    def leave(self) -> None:
        """Nothing here is this router's any more."""
        with self._changing() as tables:
            for table in tables.values():
                for key in [key for key, entry in table.items() if self._mine(entry)]:
                    del table[key]


def _tables(text: str) -> dict[str, Table]:
    """What is no map is an empty one: the next change writes it anew."""
    try:
        tables = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(tables, dict):
        return {}
    return {
        str(name): {str(key): entry for key, entry in table.items() if isinstance(entry, dict) and {"at", "pid", "router", "started"} <= entry.keys()}
        for name, table in tables.items()
        if isinstance(table, dict)
    }
