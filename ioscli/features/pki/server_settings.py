"""What the section of a certificate server asks for: its lines, with what they are by default."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from ioscli.device import edit

if TYPE_CHECKING:
    from ioscli.config.tree import Statement
    from ioscli.device.device import Device

HEAD = "crypto pki server"
KINDS = ("ser", "crl", "cnm", "crt", "p12", "pem")  # of files, by their suffixes


@dataclass(frozen=True)
class ServerSettings:
    """The settings of one certificate server.

    `grant`: `manual`, `auto`, `none` or `ra-auto`. `role`: `ca`, `sub-cs`, `ra` or `ra transparent`. `places`: where files of a kind are kept
    instead of `url`; `published`: where copies of them go. `overlap`: of `auto-rollover`, None without. `serial`: of the last
    certificate, as `serial-number` gives it.
    """

    name: str
    shut: bool = False
    issuer: str = ""
    level: str = "minimum"
    archive: str | None = None
    archive_password: str | None = field(default=None, repr=False)
    url: str = "nvram:"
    places: tuple[tuple[str, str], ...] = ()
    published: tuple[tuple[str, str], ...] = ()
    grant: str = "manual"
    grant_trustpoints: tuple[str, ...] = ()
    grant_rollover: tuple[str, ...] = ()
    digest: str = "sha256"
    crl_lifetime: timedelta = timedelta(hours=6)
    certificate_lifetime: timedelta = timedelta(days=365)
    ca_lifetime: timedelta = timedelta(days=1095)
    request_lifetime: timedelta = timedelta(hours=168)
    role: str = "ca"
    purposes: tuple[str, ...] = ()
    cdp: str | None = None
    overlap: timedelta | None = None
    serial: int = 0

    @property
    def legacy(self) -> bool:
        """Whether requests may use single DES and MD5, as IOS 12 does: where the server itself signs with MD5 (docs/deviations.md)."""
        return self.digest == "md5"

    @property
    def agent(self) -> bool:
        """Whether it is a registration authority."""
        return self.role.startswith("ra")

    def url_of(self, kind: str) -> str:
        """Where files of a kind are kept."""
        return dict(self.places).get(kind, self.url)


def server_name(device: Device) -> str | None:
    """The name of the router's certificate server, None where it has none."""
    found = device.statements(HEAD)
    return found[0].text.removeprefix(f"{HEAD} ") if found else None


def read(device: Device, name: str) -> ServerSettings | None:
    """The settings of a server as they are now, None where there is none of that name."""
    section = edit.section(device, f"{HEAD} {name}")
    if section is None:
        return None
    values: dict[str, object] = {}
    places: dict[str, str] = {}
    published: dict[str, str] = {}
    rollover: list[str] = []
    for statement in section:
        if statement.line is None or statement.text.startswith("no "):
            continue
        said = device.arguments(statement)
        if "file" in said:
            (published if "publish" in said or " publish " in statement.text else places)[said["file"]] = said["location"]
        elif statement.text.startswith("grant auto rollover"):
            rollover.append(said["certificate"])
        else:
            values.update(_value(statement, said))
    values.setdefault("issuer", f"CN={name}")
    return ServerSettings(name=name, places=tuple(places.items()), published=tuple(published.items()), grant_rollover=tuple(rollover), **values)  # type: ignore[arg-type]


def _value(statement: Statement, said: dict[str, str]) -> dict[str, object]:
    """The field that a line sets."""
    words = statement.text.split()
    match words:
        case ["shutdown"]:
            return {"shut": True}
        case ["issuer-name", *_]:
            return {"issuer": said["dn"]}
        case ["database", "level", level]:
            return {"level": level}
        case ["database", "archive", *_]:
            return {"archive": said["format"], "archive_password": _revealed(said)}
        case ["database", "url", *_]:
            return {"url": said["location"]}
        case ["grant", "auto", "trustpoint" | "tp-list", *names]:
            return {"grant_trustpoints": tuple(names)}
        case ["grant", mode]:
            return {"grant": mode}
        case ["hash", digest]:
            return {"digest": digest}
        case ["lifetime", what, *_]:
            name = {"crl": "crl_lifetime", "certificate": "certificate_lifetime", "ca-certificate": "ca_lifetime"}.get(what, "request_lifetime")
            return {name: _lifetime(said)}
        case ["mode", *role]:
            return {"role": " ".join(role)}
        case ["eku", *purposes]:
            return {"purposes": tuple(purposes)}
        case ["cdp-url", url]:
            return {"cdp": url}
        case ["auto-rollover", *rest]:
            return {"overlap": _lifetime(said) if rest else timedelta(days=30)}
        case ["serial-number", serial]:
            return {"serial": number(serial)}
    return {}


def _lifetime(said: dict[str, str]) -> timedelta:
    return timedelta(days=int(said.get("days", 0)), hours=int(said.get("hours", 0)), minutes=int(said.get("minutes", 0)))


def _revealed(said: dict[str, str]) -> str | None:
    """The password of a line in clear text."""
    password = said.get("password")
    if password is not None and said.get("encryption") == "7":
        from ioscli.features.core.secrets import reveal

        return reveal(password)
    return password


def number(text: str) -> int:
    """A serial number as it is typed: decimal, or hexadecimal with 0x. Raises ValueError."""
    return int(text, 16) if text.lower().startswith("0x") else int(text)


def spelled(lifetime: timedelta, *, hours: bool = False) -> str:
    """A lifetime as its line has it: `365`, `0 0 20`; `hours`: it begins with hours."""
    minutes = int(lifetime.total_seconds()) // 60
    parts = [minutes // 60, minutes % 60] if hours else [minutes // 1440, minutes // 60 % 24, minutes % 60]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return " ".join(map(str, parts))
