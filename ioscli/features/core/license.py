"""Licences: which technology packages are active, which will be after the next start, and what the rest of the licence commands say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.features.core.hardware import Chassis
from ioscli.features.core.packages import packages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

TECHNOLOGIES = {"ipbase": "ipbasek9", "security": "securityk9", "uc": "uck9", "data": "datak9"}
PERMANENT, EVALUATION, NONE = "Permanent", "EvalRightToUse", "None"
# A router of ours is bought with what labs of Unified CME need; `datak9` can be tried (docs/deviations.md).
INSTALLED = ("ipbasek9", "securityk9", "uck9")
TRIAL = (8 * 7 + 4) * 86400  # seconds that a package may be tried: 8 weeks 4 days


@dataclass(frozen=True, slots=True)
class Level:
    """What a technology is licensed as: the package, or None."""

    package: str = NONE
    kind: str = NONE


class Licences:
    """The licences of a router. `current`: by technology, since it started."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.current = {name: Level(package, PERMANENT) if package in INSTALLED else Level() for name, package in TECHNOLOGIES.items()}

    def start(self) -> None:
        """The router starts: what the configuration asks for becomes what is active."""
        self.current = self.wanted()
        inactive = {package for name, package in TECHNOLOGIES.items() if self.current[name].package == NONE}
        self.device.lack((lambda command: not inactive.isdisjoint(packages(command))) if inactive else None)

    def wanted(self) -> dict[str, Level]:
        """What will be active after the next start, by technology."""
        asked: dict[str, bool] = {}
        for statement in self.device.statements("license boot module"):
            words = statement.text.split()
            asked[words[5]] = words[-1] != "disable"
        return {name: _level(package, asked=asked.get(package)) for name, package in TECHNOLOGIES.items()}

    @property
    def accepted(self) -> bool:
        """Whether the agreement was accepted for all packages."""
        return bool(self.device.statements("license accept end user agreement"))

    @property
    def module(self) -> str:
        return self.device[Chassis].model.series.lower()


def _level(package: str, *, asked: bool | None) -> Level:
    if package == "ipbasek9":
        return Level(package, PERMANENT)
    if asked is False:
        return Level()
    if package in INSTALLED:
        return Level(package, PERMANENT)
    return Level(package, EVALUATION) if asked else Level()


def settle(device: Device, _: Touched) -> None:
    """`license boot module`: takes effect at the next start; the log says so."""
    licences = device[Licences]
    if device.booting:
        licences.start()
    package = next((level.package for level in reversed(licences.wanted().values()) if level.package != NONE), NONE)
    text = f"Module name = {licences.module} Next reboot level = {package} and License = {package}"
    device.log.message("IOS_LICENSE_IMAGE_APPLICATION", 6, "LICENSE_LEVEL", text)


_NOTICE = """PLEASE  READ THE  FOLLOWING TERMS  CAREFULLY. INSTALLING THE LICENSE OR
USING A FEATURE BEHIND IT MEANS ON A ROUTER THAT YOU AGREE TO ITS MAKER'S
LICENSE TERMS FOR THAT FEATURE.

This is a model of a router. No license of anybody is installed, bought or
tried here: the package is switched on at the next start, and the clock of
its evaluation runs as on a router, so that what follows can be practised.

Activation  of the  software command line interface will be evidence of
your acceptance of this agreement.

"""


async def boot(session: Session, *, text: str, package: str, disable: str | None, negated: str | None) -> str | None:
    """The agreement, where a package is to be tried, and the reminder to save."""
    device = session.device
    licences = device[Licences]
    if package not in TECHNOLOGIES.values() or package == "ipbasek9":
        session.write(f"% Invalid technology package {package}\n")
        return None
    if negated is None and disable is None and package not in INSTALLED and not licences.accepted:
        session.write(_NOTICE)
        if not await session.yes_or_no("ACCEPT? [yes/no]: "):
            return None
        chassis = device[Chassis]
        told = f"EULA for feature {package} 1.0 has been accepted. UDI={chassis.model.pid}:{chassis.serial}; StoreIndex=1:Built-In License Storage"
        device.log.message("LICENSE", 6, "EULA_ACCEPTED", told)
    session.write("% use 'write' command to make license boot config take effect on next boot\n")
    return text


def table(device: Device) -> Iterator[str]:
    """The licence table of `show version`."""
    licences = device[Licences]
    chassis = device[Chassis]
    wanted = licences.wanted()
    yield "License Info:"
    yield ""
    yield "License UDI:"
    yield ""
    yield "-" * 49
    yield "Device#\t  PID\t\t\tSN"
    yield "-" * 49
    yield f"*0  \t  {chassis.model.pid:<22}{chassis.serial:<16}"
    yield from ("", "", "")
    yield f"Technology Package License Information for Module:'{licences.module}' "
    yield ""
    yield "-" * 65
    yield "Technology    Technology-package           Technology-package"
    yield "              Current       Type           Next reboot  "
    yield "-" * 66
    for name, level in licences.current.items():
        yield f"{name:<14}{level.package:<14}{level.kind:<15}{wanted[name].package}"


def _features(device: Device) -> Iterator[tuple[str, str, str]]:
    """The feature, its type and its state, for each package."""
    licences = device[Licences]
    for name, package in TECHNOLOGIES.items():
        used = licences.current[name].package != NONE
        if package in INSTALLED:
            yield package, PERMANENT, f"Active, {'In Use' if used else 'Not in Use'}"
        elif used:
            yield package, EVALUATION, "Active, In Use"
        else:
            tried = licences.accepted or licences.wanted()[name].kind == EVALUATION
            yield package, EVALUATION, f"Active, Not in Use, EULA {'accepted' if tried else 'not accepted'}"


def _periods(device: Device, kind: str, state: str) -> tuple[str, str | None]:
    """`Period left` and `Period Used` of a feature."""
    if kind == PERMANENT:
        return "Life time", None
    used = int(device.clock.uptime) if ", In Use" in state else 0
    if not used:
        return "Not Activated", "0  minute  0  second  "
    left = max(TRIAL - used, 0)
    return f"{left // 604800:<2} weeks {left % 604800 // 86400:<2} days", f"{used // 60:<2} minutes {used % 60:<2} seconds "


def show(session: Session, *, all_: str | None) -> Iterator[str]:
    """`show license`."""
    device = session.device
    if all_ is not None:
        yield "License Store: Primary License Storage"
    stored = False
    for index, (feature, kind, state) in enumerate(_features(device)):
        if all_ is not None:
            if kind == EVALUATION and not stored:
                stored = True
                yield "License Store: Built-In License Storage"
            yield f"StoreIndex: {index:<4}Feature: {feature:<34} Version: 1.0 "
        else:
            yield f"Index {index + 1} Feature: {feature:<31}"
            left, used = _periods(device, kind, state)
            yield f"        Period left: {left}"
            if used is not None:
                yield f"        Period Used: {used}"
        yield f"        License Type: {kind}"
        yield f"        License State: {state}"
        yield "        License Count: Non-Counted"
        yield f"        License Priority: {'Medium' if kind == PERMANENT else 'Low' if ', In Use' in state else 'None'}"


def show_feature(session: Session, *, what: str, feature: str | None) -> Iterator[str]:
    """`show license feature` and `show license detail`."""
    device = session.device
    known = list(_features(device))
    if feature is not None and feature not in [name for name, _, _ in known]:
        yield f"% Feature {feature} is not known"
        return
    if what == "detail":
        for index, (name, kind, state) in enumerate(known):
            if feature in (None, name):
                yield f"Index: {index + 1:<4}Feature: {name:<34} Version: 1.0"
                yield f"        License Type: {kind}"
                yield f"        License State: {state}"
                yield f"        Lock type: {'Node locked' if kind == PERMANENT else 'Non Node locked'}"
                yield f"        Store Index: {index}"
                yield f"        Store Name: {'Primary License Storage' if kind == PERMANENT else 'Built-In License Storage'}"
        return
    yield "Feature name             Enforcement  Evaluation  Subscription   Enabled  RightToUse "
    for name, _, state in known:
        if feature in (None, name):
            base = name == "ipbasek9"
            enabled = "yes" if ", In Use" in state else "no"
            yield f"{name:<25}{'yes':<13}{'no' if base else 'yes':<12}{'no':<15}{enabled:<9}{'no' if base else 'yes':<11}"


def evaluation(session: Session) -> Iterator[str]:
    """`show license evaluation`: the packages that are tried or could be."""
    for name, kind, state in _features(session.device):
        if kind == EVALUATION:
            left, _ = _periods(session.device, kind, state)
            yield f"Feature: {name:<31} Period left: {left}  State: {state}"


def udi(session: Session) -> Iterator[str]:
    """`show license udi`."""
    chassis = session.device[Chassis]
    pid = chassis.model.pid
    yield "Device#   PID                   SN              UDI"
    yield "-" * 81
    yield f"*0        {pid:<22}{chassis.serial:<16}{pid}:{chassis.serial}"
