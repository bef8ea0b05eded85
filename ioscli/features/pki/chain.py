"""`crypto pki certificate chain`: certificates typed in and removed by hand, and the check of a trustpoint's own chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki.certificates import CA, Certificates, decode
from ioscli.features.pki.server_settings import server_name
from ioscli.features.pki.trustpoint import known, read
from ioscli.features.pki.validate import validate as checked

if TYPE_CHECKING:
    from ioscli.device.change import Touched
    from ioscli.device.device import Device
    from ioscli.device.session import Session

_HEAD = "crypto pki certificate chain"


async def remove(session: Session, *, text: str, negated: str | None, name: str) -> str | None:
    """Before a chain is entered, or in the place of its removal."""
    device = session.device
    if read(device, name) is None:
        raise Refused("% CA trustpoint for cert chain not known")
    if not negated:
        return text
    if not device[Certificates].of(name):
        return text
    _check_server(device, name)
    session.write(f"This will remove all certificates for trustpoint {name}\n")
    if await session.yes_or_no("Are you sure you want to do this? [yes/no]: "):
        device[Certificates].remove_chain(name)
    return None


def _check_server(device: Device, name: str) -> None:
    if server_name(device) == name:
        raise Refused("% You cannot delete certificate server certificates")


def remove_certificate(session: Session, *, text: str, negated: str | None, kind: str | None, serial: str | None, file: str | None) -> str | None:
    """Before a certificate is typed, or in the place of its removal."""
    if not negated:
        if file is None:
            session.write("Enter the certificate in hexidecimal representation....\n")
        elif not session.device.files.exists(file):
            raise Refused(f"%Error opening {session.device.files.locate(file).url} (No such file or directory)")
        return text
    name = session.place.head.removeprefix(f"{_HEAD} ")
    _check_server(session.device, name)
    number = int(serial, 16) if serial else None
    gone = session.device[Certificates].remove(name, kind or "" if serial else None, number)
    if not gone:
        raise Refused("% Certificate not found")
    session.write("% The certificate has been deleted.\n")
    return None


def apply(device: Device, touched: Touched) -> None:
    """A certificate was typed: it must be one, and the one that its line names."""
    for statement in touched.values():
        if statement is None or statement.body is None:
            continue
        certificate = decode(statement.body)
        if certificate is None or certificate.serial != int(statement.text.split()[-1], 16):
            raise Refused("% Failed to parse the certificate")
    held = device[Certificates]
    for name in held.trustpoints():
        for listener in tuple(held.listeners):
            listener(name)


async def validate(session: Session, *, name: str) -> None:
    """`crypto pki certificate validate` (wording by memory)."""
    device = session.device
    trustpoint = known(device, name)
    own = device[Certificates].own(name)
    chain = [own] if own is not None else []
    chain += [held.certificate for held in device[Certificates].of(name) if held.kind == CA]
    if not chain:
        raise Refused(f"% Trustpoint {name} has no certificate to validate.")
    session.write(f"Chain has {len(chain)} certificates\n")
    verdict = await checked(device, chain, [trustpoint])
    session.write(f"Certificate chain for {name} is {'valid' if verdict.valid else 'invalid'}\n")
