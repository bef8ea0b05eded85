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


def schedule(server: CertificateServer) -> None:
    """Sets the timer at which the shadow certificate is made. It takes over when the server settles after the end of the present one."""
    settings, timers = server.configured(), server.device[PkiTimers]
    if settings.role != "ca" or settings.overlap is None or server.device[Certificates].find(settings.name, CA_ROLLOVER) is not None:
        timers.cancel(GENERATE)
        return
    end = server.enabled().certificate.not_after
    timers.set(GENERATE, Group.SERVER, (end - settings.overlap).timestamp(), lambda: _generate_on_time(server))


async def _generate_on_time(server: CertificateServer) -> None:
    try:
        await generate(server)
    except Refused as refused:
        if server.state == "enabled":  # else it was stopped while the key was made
            server.storage_lost(str(refused))


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
    schedule(server)


def due(server: CertificateServer) -> bool:
    """Whether the present certificate has ended, and another one waits."""
    certificate = server.certificate()
    waits = server.device[Certificates].find(server.configured().name, CA_ROLLOVER) is not None
    return waits and certificate is not None and server.now() >= certificate.not_after and shadow_label(server) in server.device[KeyRing]


def activate(server: CertificateServer) -> None:
    """The shadow certificate takes over, and its key the label of the present one. The new authority has revoked nothing yet."""
    settings, ring, held = server.configured(), server.device[KeyRing], server.device[Certificates]
    certificate, label = held.find(settings.name, CA_ROLLOVER), server.key_label()
    pair = ring.get(shadow_label(server))
    assert certificate is not None
    assert pair is not None
    ring.remove(pair.label)
    pair.label = label
    ring.add(pair)
    held.remove(settings.name, CA_ROLLOVER)
    held.put(settings.name, CA, certificate)
    emit(server.device, events.RolledOver(settings.name))
