"""The configuration register: what a router does before it has a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.device.session import Session

_IGNORE_STARTUP = 0x0040  # lost passwords are recovered with it


class Register:
    """`now`, and what it will be from the `next` start on. It lies beside the file systems, as in a chip of its own."""

    def __init__(self, device: Device) -> None:
        self._path = device.files.root / "config-register"
        try:
            self.now = self.next = int(self._path.read_text(encoding="ascii"), 16)
        except (OSError, ValueError):
            self.now = self.next = 0x2102

    @property
    def ignores_startup(self) -> bool:
        """Whether it starts without its startup-config."""
        return bool(self.now & _IGNORE_STARTUP)

    def set(self, value: int) -> None:
        """Raises OSError."""
        self._path.write_text(f"0x{value:X}\n", encoding="ascii")
        self.next = value

    def __str__(self) -> str:
        pending = f" (will be 0x{self.next:X} at next reload)" if self.next != self.now else ""
        return f"0x{self.now:X}{pending}"


def configure(session: Session, *, value: str) -> None:
    """`config-register VALUE`, from the next start on."""
    try:
        session.device[Register].set(int(value, 16) & 0xFFFF)
    except OSError as error:
        raise Refused(f"% The register cannot be written ({error.strerror})") from None
