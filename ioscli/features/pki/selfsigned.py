"""Certificates that the router signs itself: `enrollment selfsigned`, and the one that the secure web server makes for itself (pki-cli 2.6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.turn import loop
from ioscli.features.core.hardware import Chassis
from ioscli.features.pki import client_events as events
from ioscli.features.pki import subject
from ioscli.features.pki.certificates import SELF_SIGNED, Certificates
from ioscli.features.pki.events import emit
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.trustpoint import HEAD, known, names, read
from ioscli.wire.x509.profile import self_signed_certificate

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.x509 import Certificate

_LIFETIME = timedelta(days=3650)  # of images after field notice 70489; those before ended in 2020


async def make(device: Device, trustpoint: Trustpoint, parts: subject.Parts, dns: str) -> Certificate:
    """Makes the certificate of a trustpoint, and its key where there is none. `dns`: its alternative name, "" for none. Raises Refused."""
    await loop()
    pair = await subject.key_pair(device, trustpoint)
    held = device[Certificates]
    old = held.find(trustpoint.name, SELF_SIGNED)
    now = datetime.fromtimestamp(device.clock.now(), UTC)
    digest = trustpoint.digest or device.said("crypto pki certificate self-signed hash", default="sha256")
    certificate = self_signed_certificate(
        subject.name(trustpoint, parts),
        pair.private,
        serial=1 if old is None else old.serial + 1,
        not_before=now,
        not_after=now + _LIFETIME,
        digest=digest,
        dns=dns or None,
    )
    held.put(trustpoint.name, SELF_SIGNED, certificate)
    emit(device, events.NotSaved())
    return certificate


def usual_name(device: Device) -> str:
    """What the trustpoint of the secure web server is called, or will be."""
    name = next((each for each in names(device) if each.startswith("TP-self-signed-")), "")
    return name or f"TP-self-signed-{device[Chassis].mac & 0xFFFFFFFF}"


async def ensure(device: Device) -> str:
    """The trustpoint `TP-self-signed-N` of the secure web server, made where it lacks a key or a certificate. Raises Refused."""
    name = usual_name(device)
    own = device[Certificates].find(name, SELF_SIGNED)
    trustpoint = read(device, name)
    if trustpoint is not None and own is not None:
        pair = device[KeyRing].get(subject.key_label(device, trustpoint))
        if pair is not None and pair.public_data == own.spki:
            return name
    if trustpoint is None:
        number = name.rpartition("-")[2]
        for line in (
            "enrollment selfsigned",
            f"subject-name cn=IOS-Self-Signed-Certificate-{number}",
            "revocation-check none",
            f"rsakeypair {name}",
        ):
            edit.put(device, f"{HEAD} {name}", line)
    # Its name is that of its trustpoint and nothing else.
    await make(device, known(device, name), subject.Parts(), subject.fqdn(device, known(device, name)))
    return name
