"""`crypto pki certificate map`: whether a certificate is one of those that a map describes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ioscli.features.core.clock import MONTHS
from ioscli.wire.names import UNSTRUCTURED_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.config.tree import Section
    from ioscli.device.device import Device
    from ioscli.wire.x509 import Certificate

_HEAD = "crypto pki certificate map"
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda has, wanted: has == wanted,
    "ne": lambda has, wanted: has != wanted,
    "co": lambda has, wanted: wanted in has,
    "nc": lambda has, wanted: wanted not in has,
}


def exists(device: Device, label: str) -> bool:
    return bool(device.statements(f"{_HEAD} {label}"))


def matches(device: Device, label: str, certificate: Certificate) -> bool:
    """Whether one of the map's entries has nothing against a certificate. A map that is not there matches none."""
    entries = sorted(device.statements(f"{_HEAD} {label}"), key=lambda found: int(found.text.split()[-1]))
    return any(entry.section is not None and _all(device, entry.section, certificate) for entry in entries)


def _all(device: Device, section: Section, certificate: Certificate) -> bool:
    return all(_fits(device, device.arguments(statement), certificate) for statement in section if statement.line is not None)


def _fits(device: Device, said: dict[str, str], certificate: Certificate) -> bool:
    field, operator = said["field"], said["operator"]
    if field in ("valid-start", "expires-on"):
        edge = certificate.not_before if field == "valid-start" else certificate.not_after
        return _dated(operator, edge.timestamp(), _moment(device, said), whole_day="time" not in said)
    wanted = _plain(said["value"])
    values = [_plain(each) for each in _values(field, certificate)]
    if operator in ("eq", "co"):
        return any(_TEXTS[operator](value, wanted) for value in values)
    return all(_TEXTS[operator](value, wanted) for value in values)


def _values(field: str, certificate: Certificate) -> list[str]:
    """The texts that a field of a map is compared with; [""] where the certificate has none."""
    match field:
        case "subject-name":
            found = [str(certificate.subject)]
        case "issuer-name":
            found = [str(certificate.issuer)]
        case "name":
            found = [attribute.value for rdn in certificate.subject.rdns for attribute in rdn]
        case "serial-number":
            found = [certificate.serial_hex]
        case "unstructured-subject-name":
            found = [value for value in (certificate.subject.get(UNSTRUCTURED_NAME),) if value]
        case _:
            found = [text for _, text in certificate.extensions.alt_names]
    return found or [""]


def _plain(text: str) -> str:
    """In lower case, without the blanks around `=` and `,`: `CN = ca, OU = x` is `cn=ca,ou=x`."""
    words = " ".join(text.lower().strip('"').split())
    for mark in "=,":
        words = mark.join(part.strip() for part in words.split(mark))
    return words


def _moment(device: Device, said: dict[str, str]) -> float:
    month = MONTHS.index(said["month"][:3].lower()) + 1
    hours, minutes, seconds = ([int(part) for part in said.get("time", "0:0").split(":")] + [0])[:3]
    local = datetime(int(said["year"]), month, int(said["day"]), hours, minutes, seconds)  # noqa: DTZ001 - told in the router's zone
    if "utc" in said:
        from datetime import UTC

        return local.replace(tzinfo=UTC).timestamp()
    return device.clock.moment(local)


def _dated(operator: str, has: float, wanted: float, *, whole_day: bool) -> bool:
    span = 86400 if whole_day else 1
    inside = wanted <= has < wanted + span
    return {"eq": inside, "ne": not inside, "lt": has < wanted, "ge": has >= wanted}[operator]
