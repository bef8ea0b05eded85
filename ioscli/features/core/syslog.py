"""Syslog servers: who they are, and the datagrams that they get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.log import SEVERITIES, Destination

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ioscli.device.device import Device
    from ioscli.device.log import Message

# RFC 5424 6.2.1, by the words of `logging facility`.
_FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "sys9", "sys10", "sys11", "sys12", "sys13", "sys14", "cron",
    "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
)  # fmt: skip


class Server:
    """A syslog server. `destination` says what it is to get, `sent` counts what left; `up`: whether the last datagram did."""

    __slots__ = ("address", "destination", "port", "sent", "sequence", "transport", "up", "vrf")

    def __init__(self, address: str, port: int, transport: str, vrf: str = "", *, sequence: bool = False, destination: Destination) -> None:
        self.address = address
        self.port = port
        self.transport = transport
        self.vrf = vrf
        self.sequence = sequence
        self.destination = destination
        self.sent = 0
        self.up = True

    @property
    def key(self) -> tuple[str, int, str, str]:
        return self.address, self.port, self.transport, self.vrf


class Syslog:
    """The servers of a router. `send(address, port, datagram)` says whether a datagram left; a network puts its own in its place."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.servers: list[Server] = []
        self.facility = "local7"
        self.origin = ""
        self.source = ""
        self.number = 0
        self.send: Callable[[str, int, bytes], bool] = _to_loopback
        self.counted = True

    def settle(self, servers: list[Server], texts: set[str]) -> None:
        """Has these servers from now on, with the counts of those that it had; says which came and went."""
        log = self.device.log
        had = {server.key: server for server in self.servers}
        for server in servers:
            old = had.pop(server.key, None)
            if old is not None:
                server.sent, server.destination.dropped, server.up = old.sent, old.destination.dropped, old.up
        before, self.servers = {server.key for server in self.servers}, servers
        self.facility = self.device.said("logging facility", default="local7")
        self.origin = self.device.said("logging origin-id")
        self.source = self.device.said("logging source-interface")
        self.counted = "no logging message-counter syslog" not in texts
        if servers and self._follow not in log.followers:
            log.followers.append(self._follow)
        elif not servers and self._follow in log.followers:
            log.followers.remove(self._follow)
        for server in servers:
            if server.key not in before:
                self._told(server, "started")
        for server in had.values():
            self._told(server, "stopped")

    def _told(self, server: Server, what: str) -> None:
        text = f"Logging to host {server.address} port {server.port} {what} - CLI initiated"
        self.device.log.message("SYS", 6, "LOGGINGHOST_STARTSTOP", text)

    def _follow(self, message: Message) -> None:
        self.number += 1
        priority = _FACILITIES.index(self.facility) * 8 + message.severity
        number = f"{self.number}: " if self.counted else ""
        datagram = f"<{priority}>{number}{self._origin()}{message.text}".encode("utf-8", "surrogateescape")
        for server in self.servers:
            if server.destination.consider(message):
                server.up = server.transport == "udp" and self.send(server.address, server.port, datagram)
                server.sent += server.up

    def _origin(self) -> str:
        kind, _, text = self.origin.partition(" ")
        if kind == "hostname":
            return f"{self.device.hostname}: "
        return f"{text}: " if kind == "string" else ""

    def lines(self) -> Iterator[str]:
        """The part of `show logging` that tells of servers."""
        trap = self.device.log.trap
        if trap.level is None:
            yield "    Trap logging: disabled"
        else:
            yield f"    Trap logging: level {SEVERITIES[trap.level]}, {trap.count} message lines logged"
        for server in self.servers:
            vrf = f"vrf {server.vrf}, " if server.vrf else ""
            yield f"        Logging to {server.address}  ({vrf}{server.transport} port {server.port}, audit disabled,"
            yield f"              link {'up' if server.up else 'down'}),"
            yield f"              {server.sent} message lines logged, "
            yield f"              {server.destination.limited} message lines rate-limited, "
            yield f"              {server.destination.dropped} message lines dropped-by-MD, "
            yield f"              xml disabled, sequence number {'enabled' if server.sequence else 'disabled'}"
            yield "              filtering disabled"
        yield "        Logging Source-Interface:       VRF Name:"
        if self.source:
            name, _, vrf = self.source.partition(" vrf ")
            yield f"        {name:<32}{vrf}".rstrip()


def _to_loopback(address: str, port: int, datagram: bytes) -> bool:
    """Sends to the host's own loopback addresses; there is no wire to any other."""
    if not address.startswith("127."):
        return False
    import socket

    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(datagram, (address, port))
    except OSError:
        return False
    return True
