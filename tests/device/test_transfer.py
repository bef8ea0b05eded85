"""Copies from and to servers, against those of the standard library and of tftpy."""

from __future__ import annotations

import http.server
import io
import tarfile
import threading
import time
from typing import TYPE_CHECKING

import pytest
import tftpy

from ioscli.device.device import Device
from ioscli.device.session import Session
from ioscli.device.turn import run
from ioscli.features.core import transfer
from ioscli.features.core.boot import start
from tests.device.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "state", addresses_in="loopback")
    run(start(device))
    yield device
    device.close()


@pytest.fixture
def served(tmp_path: Path) -> Path:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "r1.cfg").write_text("hostname R1\nnonsense\n")
    return folder


@pytest.fixture
def tftp(served: Path) -> Iterator[str]:
    server = tftpy.TftpServer(str(served), upload_open=lambda name, _: (served / name).open("wb"))
    ready = threading.Thread(target=server.listen, args=("127.0.0.1", 0), kwargs={"timeout": 1}, daemon=True)
    ready.start()
    server.is_running.wait(5)
    yield f"tftp://127.0.0.1:{server.listenport}"
    server.stop(now=True)
    ready.join(5)


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_PUT(self) -> None:
        name = self.translate_path(self.path)
        with open(name, "wb") as file:  # noqa: PTH123
            file.write(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(201)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@pytest.fixture
def web(served: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *rest: Handler(*rest, directory=str(served))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


def shown(device: Device, *commands: str) -> str:
    screen = Screen()
    session = Session(device, screen)
    session.level, session.length = 15, 0
    for command in commands:
        run(session.execute(command))
    return screen.text


def content(path: Path) -> str:
    """What a server has written: one of TFTP closes a file a moment after it has acknowledged its end."""
    for _ in range(100):
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.02)
    return ""


@pytest.mark.parametrize("kind", ["tftp", "web"])
def test_there_and_back(kind: str, device: Device, served: Path, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue(kind)
    text = shown(device, f"copy {server}/r1.cfg running-config")
    assert "Accessing " in text
    assert "[OK - 21 bytes]" in text
    assert "nonsense\n  ^\n% Invalid input detected" in text
    assert "21 bytes copied in " in text
    assert device.hostname == "R1"
    text = shown(device, "configure terminal", "file prompt quiet", "end", f"copy running-config {server}/back.cfg")
    assert "Writing back.cfg !\n" in text
    assert "\nhostname R1\n" in content(served / "back.cfg")
    assert f"%Error opening {server}/none (No such file or directory)" in shown(device, f"copy {server}/none null:")
    shown(device, f"show running-config | redirect {server}/redirected.cfg")
    assert content(served / "redirected.cfg").startswith("Building configuration...\n")
    named = server.replace("127.0.0.1", "here")
    assert "[OK - 21 bytes]" in shown(device, "configure terminal", "ip host here 127.0.0.1", "end", f"copy {named}/r1.cfg null:")
    assert "Rollback Done" in shown(device, f"configure replace {server}/back.cfg force")


def test_nobody_answers(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "PATIENCE", 0.05)
    assert "(Timed out)" in shown(device, "copy tftp://127.0.0.1:9/x null:")
    assert "%Error opening http://127.0.0.1:9/x (Connection refused)" in shown(device, "copy http://127.0.0.1:9/x null:")
    assert "(Invalid argument)" in shown(device, "copy tftp://127.0.0.1:x/x null:")


def test_a_tar_file_lands_inside_its_destination(device: Device, served: Path, web: str) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name in ("phones/term.loads", "../../etc/passwd"):
            member = tarfile.TarInfo(name)
            member.size = 3
            archive.addfile(member, io.BytesIO(b"abc"))
    (served / "x.tar").write_bytes(made.getvalue())
    text = shown(device, f"archive tar /table {web}/x.tar", f"archive tar /xtract {web}/x.tar flash:loads")
    assert "phones/term.loads (3 bytes)" in text
    assert "extracting phones/term.loads (3 bytes)" in text
    assert device.files.read("flash:loads/phones/term.loads") == b"abc"
    assert device.files.read("flash:loads/etc/passwd") == b"abc"
    text = shown(device, "archive tar /create flash:y.tar flash:loads", "archive tar /table flash:y.tar")
    assert text.count("phones/term.loads (3 bytes)") == 2
    assert "(Not a tar file)" in shown(device, "archive tar /list system:running-config")
