"""The request of a router: its subject, with what was configured and what is asked for, and its extensions (pki-cli 4.1, 2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.core.hardware import Chassis
from ioscli.features.core.interfaces import Interfaces
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.trustpoint import NONE
from ioscli.wire.names import Name, NameTextError, parse_name, with_identity
from ioscli.wire.x509 import build_request
from ioscli.wire.x509 import extensions as ext

if TYPE_CHECKING:
    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.keypair import KeyPair
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.x509 import Request

_USES = {"ike": "1.3.6.1.5.5.7.3.17", "ssl-client": "client-auth", "ssl-server": "server-auth"}  # RFC 4945 5.1.3.12 for IKE
_KEY_USAGE = {"general-keys": ext.GENERAL_USAGE, "signature": ext.DIGITAL_SIGNATURE, "encryption": ext.KEY_ENCIPHERMENT}


@dataclass(frozen=True, slots=True)
class Parts:
    """What goes into a subject beside the typed name; "" for nothing."""

    fqdn: str = ""
    serial: str = ""
    address: str = ""


def fqdn(device: Device, trustpoint: Trustpoint) -> str:
    """The domain name of the request: `hostname.domain` unless configured; a router without a domain has its host name only."""
    if trustpoint.fqdn:
        return "" if trustpoint.fqdn == NONE else trustpoint.fqdn
    try:
        return device[KeyRing].default_label()
    except Refused:
        return device.hostname


def settled(device: Device, trustpoint: Trustpoint) -> Parts:
    """Without questions: what is not configured is left out."""
    serial = device[Chassis].serial if trustpoint.serial == "on" else ""
    address = _address(device, trustpoint.address) if trustpoint.address not in ("", NONE) else ""
    return Parts(fqdn(device, trustpoint), serial, address or "")


async def asked(session: Session, trustpoint: Trustpoint, *, named: bool = True) -> Parts:
    """Says what the subject will have, and asks for what is not configured. `named`: of the name too."""
    device, domain = session.device, fqdn(session.device, trustpoint)
    if named:
        for name in filter(None, (trustpoint.subject, domain)):
            session.write(f"% The subject name in the certificate will include: {name}\n")
    serial = ""
    if trustpoint.serial != NONE:
        question = "% Include the router serial number in the subject name? [yes/no]: "
        if trustpoint.serial == "on" or await session.yes_or_no(question):
            serial = device[Chassis].serial
            session.write(f"% The serial number in the certificate will be: {serial}\n")
    return Parts(domain, serial, await _asked_address(session, trustpoint))


async def _asked_address(session: Session, trustpoint: Trustpoint) -> str:
    if trustpoint.address == NONE:
        return ""
    if trustpoint.address:
        address = _address(session.device, trustpoint.address)
        if address is None:
            raise Refused("% The interface of the trustpoint has no IP address.")
        session.write(f"% The IP address in the certificate is {address}\n\n")
        return address
    if not await session.yes_or_no("% Include an IP address in the subject name? [no]: ", default=False):
        return ""
    while answer := await session.ask("Enter Interface name or IP Address[]: "):
        address = _address(session.device, answer)
        if address is not None:
            return address
        session.write("% Bad interface or address. Try again.\n")
    session.write("% Skipping IP address\n\n")
    return ""


def _address(device: Device, said: str) -> str | None:
    """An address, or that of an interface by its whole name."""
    from ipaddress import IPv4Address

    try:
        return str(IPv4Address(said))
    except ValueError:
        pass
    found = next((each for each in device[Interfaces] if each.name.lower() == said.lower()), None)
    address = device[Interfaces].address(found) if found is not None else None
    return None if address is None else str(address.ip)


def name(trustpoint: Trustpoint, parts: Parts) -> Name:
    """The subject. Raises Refused for a subject name that is none."""
    try:
        typed = parse_name(trustpoint.subject) if trustpoint.subject else None
    except NameTextError as error:
        raise Refused("\n".join(error.lines)) from None
    return with_identity(typed, fqdn=parts.fqdn or None, serial=parts.serial or None, address=parts.address or None)


def request(trustpoint: Trustpoint, subject: Name, pair: KeyPair, challenge: str | None) -> Request:
    """The signed request. Raises Refused while the key is locked."""
    wanted = [ext.key_usage(_KEY_USAGE[pair.usage])]
    purposes = [*(_USES[use] for use in trustpoint.usage), *trustpoint.purposes]
    if purposes:
        wanted.append(ext.extended_key_usage(dict.fromkeys(purposes)))
    if trustpoint.alt_names:
        wanted.append(ext.subject_alt_name(dns=trustpoint.alt_names))
    return build_request(subject=subject, key=pair.private, challenge=challenge, extensions=wanted, digest=trustpoint.digest or "sha256")


async def key_pair(device: Device, trustpoint: Trustpoint) -> KeyPair:
    """The key pair of a trustpoint; made now, where there is none. Raises Refused."""
    ring = device[KeyRing]
    if trustpoint.curve_key:
        pair = ring.get(trustpoint.curve_key)
        if pair is None:
            raise Refused(f"% EC keypair {trustpoint.curve_key} does not exist.")
        return pair
    return await ring.automatic(key_label(device, trustpoint), bits=trustpoint.bits)


def key_label(device: Device, trustpoint: Trustpoint) -> str:
    """The label of a trustpoint's key pair. Raises Refused where the router has no name for one."""
    return trustpoint.curve_key or trustpoint.key or device[KeyRing].default_label()
