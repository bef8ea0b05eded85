"""`auto-rollover`: the certificate that follows the authority's own one is made before it ends, and takes its place when it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki import authority, events
from ioscli.features.pki.certificates import CA, CA_ROLLOVER, Certificates
from ioscli.features.pki.events import emit
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.timers import Group, PkiTimers

if TYPE_CHECKING:
    from ioscli.features.pki.certificate_server import CertificateServer

GENERATE = "CS SHADOW CERT GENERATION"
ACTIVATE = "CS ROLLOVER"


def schedule(server: CertificateServer) -> None:
    """Sets the timer of what comes next: a shadow certificate is made, or takes over."""
    settings, timers = server.configured(), server.device[PkiTimers]
    certificate = server.enabled().certificate
    if settings.role != "ca":
        return
    if server.device[Certificates].find(settings.name, CA_ROLLOVER) is not None:
        timers.cancel(GENERATE)
        timers.set(ACTIVATE, Group.SERVER, certificate.not_after.timestamp(), lambda: activate(server))
    elif settings.overlap is not None:
        timers.set(GENERATE, Group.SERVER, (certificate.not_after - settings.overlap).timestamp(), lambda: generate(server))


def shadow_label(server: CertificateServer) -> str:
    """The name of the key that waits."""
    return f"{server.key_label()}#"


async def generate(server: CertificateServer) -> None:
    """Makes the shadow key and certificate. Raises Refused."""
    settings, identity = server.configured(), server.enabled()
    ring, held = server.device[KeyRing], server.device[Certificates]
    if held.find(settings.name, CA_ROLLOVER) is not None:
        raise Refused("% A rollover certificate is there already.")
    pair = await ring.generate(shadow_label(server), bits=identity.key.key_size)
    serial = server.serial + 1
    certificate = authority.make_shadow(identity, settings, pair.private, serial)
    server.depot.write_serial(serial)
    server.serial = serial
    server.depot.store(certificate)
    held.put(settings.name, CA_ROLLOVER, certificate)
    emit(server.device, events.ShadowMade(settings.name, serial))
    schedule(server)


def cancel(server: CertificateServer) -> None:
    """Removes the shadow certificate and its key. Raises Refused where there is none."""
    settings = server.configured()
    if not server.device[Certificates].remove(settings.name, CA_ROLLOVER):
        raise Refused("% There is no rollover certificate.")
    if shadow_label(server) in server.device[KeyRing]:
        server.device[KeyRing].remove(shadow_label(server))
    server.device[PkiTimers].cancel(ACTIVATE)
    schedule(server)


def activate(server: CertificateServer) -> None:
    """The shadow certificate takes over; the new authority has revoked nothing yet."""
    settings, ring, held = server.configured(), server.device[KeyRing], server.device[Certificates]
    certificate, pair = held.find(settings.name, CA_ROLLOVER), ring.get(shadow_label(server))
    if certificate is None or pair is None:
        server.settle()
        return
    label = server.key_label()

    def change() -> None:
        ring.remove(pair.label)
        pair.label = label
        ring.add(pair)
        held.remove(settings.name, CA_ROLLOVER)
        held.put(settings.name, CA, certificate)

    server.succeed(change)
    emit(server.device, events.RolledOver(settings.name))
