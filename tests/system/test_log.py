"""The log: rates, sizes, and the datagrams that a syslog server gets."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from ioscli.features.core.syslog import Syslog
from tests.system.router import Router

if TYPE_CHECKING:
    from pathlib import Path


def test_a_server_on_the_loopback_gets_datagrams(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        port = server.getsockname()[1]
        router = Router(tmp_path, f"logging host 127.0.0.1 transport udp port {port}\nlogging origin-id string HERE\nlogging facility local3\n")
        assert server.recv(2000).decode().startswith("<158>1: HERE: *Nov 26 09:00:00.000: %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 127.0.0.1")
        router.device.log.message("SYS", 3, "TEST", "hello")
        assert server.recv(2000) == b"<155>2: HERE: *Nov 26 09:00:00.000: %SYS-3-TEST: hello"
        router.device.log.debug("debugging is not informational")
        router.device.log.message("SYS", 4, "TEST", "again")
        assert server.recv(2000).endswith(b"%SYS-4-TEST: again")
    assert "3 message lines logged" in router.type("show logging")


def test_no_datagram_leaves_for_other_addresses(tmp_path: Path) -> None:
    router = Router(tmp_path, "logging host 10.1.1.1\n")
    assert "link down" in router.type("show logging")
    sent: list[tuple[str, int]] = []

    def send(address: str, port: int, datagram: bytes) -> bool:
        sent.append((address, port))
        return datagram.endswith(b"hello")

    router.device[Syslog].send = send
    router.device.log.message("SYS", 3, "TEST", "hello")
    assert sent == [("10.1.1.1", 514)]
    assert "link up" in router.type("show logging")


def test_the_buffer_keeps_what_fits(tmp_path: Path) -> None:
    log = Router(tmp_path, "logging buffered 4096\n").device.log
    for number in range(500):
        log.message("SYS", 5, "TEST", f"message {number}")
    assert log.used <= log.size == 4096
    assert log.buffer[-1].body == "message 499"
    assert log.used == sum(len(message.text) + 1 for message in log.buffer)
    assert log.buffered.count >= 500


def test_a_rate_limit_spares_the_severe_ones_and_debugging(tmp_path: Path) -> None:
    router = Router(tmp_path, "logging rate-limit 2 except errors\n")
    log = router.device.log
    log.clear()
    router.hands.seconds = 10
    for _ in range(5):
        log.message("SYS", 5, "TEST", "notice")
    for _ in range(5):
        log.message("SYS", 3, "TEST", "error")
    log.debug("line")
    assert [message.severity for message in log.buffer] == [5, 5, 3, 3, 3, 3, 3, 7]
    assert log.limited == 3
    router.hands.seconds = 11
    log.message("SYS", 5, "TEST", "notice")
    assert log.limited == 3


def test_without_logging_on_only_the_console_is_left(tmp_path: Path) -> None:
    log = Router(tmp_path, "no logging on\n").device.log
    before = len(log.buffer)
    log.message("SYS", 5, "TEST", "notice")
    assert len(log.buffer) == before
    assert log.console.takes(5)


def test_a_level_by_number(tmp_path: Path) -> None:
    log = Router(tmp_path, "logging buffered 3\nlogging console 2\n").device.log
    assert (log.buffered.level, log.console.level) == (3, 2)
