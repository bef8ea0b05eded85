"""Enrollment profiles: where a trustpoint's authority is, for each step of an enrolment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from ioscli.config.tree import Section
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.trustpoint import Trustpoint

_HEAD = "crypto pki profile enrollment"
AUTHENTICATION, ENROLLMENT, REENROLLMENT = "authentication", "enrollment", "reenrollment"
TERMINAL = "terminal"


async def remove(session: Session, *, text: str, negated: str | None, label: str) -> str | None:
    """Before `crypto pki profile enrollment LABEL` is entered or removed."""
    if not negated:
        return text
    if _section(session.device, label) is None:
        raise Refused(f"% Can't find profile {label}")
    return text if await session.yes_or_no("Are you sure you want to do this? [yes/no]: ") else None


def _section(device: Device, label: str) -> Section | None:
    return edit.section(device, f"{_HEAD} {label}")


def method(device: Device, trustpoint: Trustpoint, step: str) -> str:
    """How a step goes: `url`, `terminal`, `selfsigned`, or "" where the trustpoint does not say. Raises Refused for an unknown profile."""
    if trustpoint.enrollment != "profile":
        return trustpoint.enrollment if trustpoint.enrollment in ("url", TERMINAL, "selfsigned") else ""
    section = _section(device, trustpoint.url)
    if section is None:
        raise Refused(f"% Enrollment profile {trustpoint.url} does not exist")
    said = device.said(step, section=section)
    if not said and step == REENROLLMENT:
        return method(device, trustpoint, ENROLLMENT)
    return said.split()[0] if said else ""


def destination(device: Device, trustpoint: Trustpoint, step: str) -> str:
    """The URL of a step's server, "" where it has none."""
    if trustpoint.enrollment != "profile":
        return trustpoint.url
    section = _section(device, trustpoint.url)
    said = device.said(f"{step} url", section=section) if section is not None else ""
    if not said and step == REENROLLMENT:
        return destination(device, trustpoint, ENROLLMENT)
    return said.split()[0] if said else ""


def credential(device: Device, trustpoint: Trustpoint) -> str:
    """The trustpoint whose certificate signs the request (`enrollment credential`), "" for none."""
    section = _section(device, trustpoint.url) if trustpoint.enrollment == "profile" else None
    return device.said("enrollment credential", section=section) if section is not None else ""
