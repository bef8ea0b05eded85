"""Names of hosts: what is printed while one is looked up. Nobody is there who would know any."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.device.device import Device

_EVERYBODY = "255.255.255.255"  # is asked where there is no `ip name-server`


class Lookup:
    """The names that a router has tried to find."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._tried: set[str] = set()

    @property
    def on(self) -> bool:
        """Whether name servers are asked: `ip domain lookup`, in the older spelling too."""
        return all(self.device.said(head, default="on") != "off" for head in ("ip domain lookup", "ip domain-lookup"))

    @property
    def servers(self) -> list[str]:
        """The addresses that are asked."""
        return self.device.name_servers() or [_EVERYBODY]

    def translating(self, name: str) -> str:
        """What stands on the screen while a name is looked up. Where no server is asked, that is said of a name but once (881, IOS 15)."""
        if self.on:
            return f'Translating "{name}"...domain server {" ".join(f"({server})" for server in self.servers)}\n'
        known = name in self._tried
        self._tried.add(name)
        return "" if known else f'Translating "{name}"\n\n'
