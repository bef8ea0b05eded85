"""`ioscli attach`: another terminal on a router that runs in another process, over a socket in its state folder.

The socket belongs to the user of the router alone. Who comes in by it sits at the auxiliary port, which one can sit at.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import selectors
import socket
import sys
import termios
import tty
from typing import TYPE_CHECKING

from ioscli.shell.port import Port
from ioscli.shell.router import attend
from ioscli.shell.source import FileError, state_folder

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType
    from typing import Self

    from ioscli.shell.commandline import Options
    from ioscli.shell.router import Router

SOCKET = "attach"
_LINE = "aux", 1
_CHUNK = 1 << 16
_PATIENCE = 2.0  # seconds that the router waits for a terminal that takes nothing (it was stopped); then it has gone
_LEAVE = b"\x1d"  # Ctrl-]


class Attachments:
    """Who is attached to a router of this process; `open` has an event loop listen for them."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._path = router.device.files.root / SOCKET
        self._listener: socket.socket | None = None
        self._running: asyncio.AbstractEventLoop | None = None
        self._taken: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._listener is not None:
            self._listener.close()
            self._path.unlink(missing_ok=True)

    def open(self, running: asyncio.AbstractEventLoop) -> None:
        """Listens. Where the folder's name is too long for a socket, nobody can attach, which the log tells."""
        self._path.unlink(missing_ok=True)  # of a process that was killed: the folder is locked by this one
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        except OSError as error:
            listener.close()
            self._router.device.log.message("SYS", 4, "ATTACH", f"Nobody can attach to {self._path}: {error}")
            return
        finally:
            os.umask(mask)
        listener.listen()
        listener.setblocking(False)
        self._listener, self._running = listener, running
        running.add_reader(listener, self._accept)

    def _accept(self) -> None:
        assert self._listener is not None
        assert self._running is not None
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if self._taken is not None and not self._taken.done():
            with contextlib.suppress(OSError):
                connection.sendall(b"The auxiliary port is in use.\r\n")
            connection.close()
            return
        connection.settimeout(_PATIENCE)
        self._taken = self._running.create_task(_Attached(connection).stay(self._router))
        self._taken.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._router.device.crashed(error, "attach")


class _Attached(Port):
    """A terminal at the other end of a socket."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(self._send)
        self._connection = connection
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def _send(self, text: str) -> None:
        if self._gone:
            return
        try:
            self._connection.sendall(text.replace("\n", "\r\n").encode("utf-8", "surrogateescape"))
        except OSError:
            self.lost()

    async def stay(self, router: Router) -> None:
        """Until somebody hangs up."""
        import asyncio

        running = asyncio.get_running_loop()
        running.add_reader(self._connection, self._readable)
        try:
            await attend(router, self.vty, *_LINE)
        finally:
            running.remove_reader(self._connection)
            self._connection.close()

    def _readable(self) -> None:
        try:
            data = self._connection.recv(_CHUNK)
        except OSError:
            data = b""
        if data:
            self.received(self._decoder.decode(data))
        else:
            import asyncio

            asyncio.get_running_loop().remove_reader(self._connection)
            self.lost()


def attach(options: Options) -> int:
    """`ioscli attach`: this terminal becomes one of the router's. Raises FileError."""
    path = state_folder(options.router) / SOCKET
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}: no router runs there") from None
    print("Press Return; Ctrl-] leaves the terminal, the router goes on.", file=sys.stderr)
    entry = sys.stdin.fileno()
    saved = termios.tcgetattr(entry) if sys.stdin.isatty() else None
    if saved is not None:
        tty.setraw(entry, termios.TCSADRAIN)
    try:
        with connection:
            _pass_on(connection, entry)
    finally:
        if saved is not None:
            termios.tcsetattr(entry, termios.TCSADRAIN, saved)
        print(file=sys.stderr)
    return 0


def _pass_on(connection: socket.socket, entry: int) -> None:
    """Copies bytes both ways, until either side ends."""
    selector = selectors.DefaultSelector()
    selector.register(connection, selectors.EVENT_READ)
    with contextlib.suppress(PermissionError):  # a plain file cannot be waited for; there is always something
        selector.register(entry, selectors.EVENT_READ)
    while True:
        ready = {key.fd for key, _ in selector.select()}
        if connection.fileno() in ready:
            data = connection.recv(_CHUNK)
            if not data:
                return
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        if entry in ready:
            data = os.read(entry, _CHUNK)
            if not data or _LEAVE in data:
                return
            connection.sendall(data)
