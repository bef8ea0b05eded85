"""The pool of authorities that are trusted without a trustpoint: its certificates, where they come from, its policy.

Its certificates are statements of `crypto pki certificate pool`. A router of ours comes with an empty pool: no bundle is built in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device import edit
from ioscli.device.terminal import Refused
from ioscli.features.pki.certificates import decode, encode
from ioscli.features.pki.paste import pasted
from ioscli.features.pki.transfer import load
from ioscli.features.pki.trustpoint import Trustpoint
from ioscli.wire.errors import RemoteError, WireError
from ioscli.wire.pem import decode_pem
from ioscli.wire.scep.codec import parse_certificates
from ioscli.wire.x509 import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Section
    from ioscli.device.device import Device
    from ioscli.device.session import Session

NAME = "Trustpool"  # what shows and the log call it in the place of a trustpoint
_HEAD = "crypto pki certificate pool"
_POLICY = "crypto pki trustpool policy"
_BUNDLE = "http://www.cisco.com/security/pki/trs/ios.p7b"


def certificates(device: Device) -> list[Certificate]:
    """The authorities in the pool."""
    section = edit.section(device, _HEAD)
    found = [decode(statement.body) for statement in section or () if statement.body is not None]
    return [each for each in found if each is not None]


def policy(device: Device) -> Trustpoint:
    """How the pool is used, as the settings of a trustpoint."""
    section = edit.section(device, _POLICY)
    methods = device.said("revocation-check", section=section, default="crl").split() if section is not None else ["crl"]
    source = device.said("source interface", section=section) if section is not None else ""
    return Trustpoint(NAME, methods=tuple(methods), source=source)


async def load_bundle(session: Session, url: str) -> list[Certificate]:
    """The certificates of a file: PEM blocks, one in DER, or a PKCS #7 bundle. Raises Refused."""
    data = await load(session, url)
    try:
        return _parsed(data)
    except WireError as error:
        raise Refused(f"% Error: the bundle cannot be read: {error}.") from None


def _parsed(data: bytes) -> list[Certificate]:
    """Raises WireError where there is nothing in it."""
    if data[:1] == b"0":
        try:
            return [Certificate.parse(data)]
        except RemoteError:
            return parse_certificates(data)[0]
    found: list[Certificate] = []
    for block in decode_pem(data.decode("latin-1")):
        if block.label == "CERTIFICATE":
            found.append(Certificate.parse(block.data))
        elif block.label == "PKCS7":
            found += parse_certificates(block.data)[0]
    if not found:
        raise RemoteError("there is no certificate")
    return found


async def load_pool(session: Session, *, clean: str | None, terminal: str | None, url: str | None) -> None:
    """`crypto pki trustpool import`."""
    device = session.device
    if terminal is not None:
        session.write('% Enter PEM-formatted CA certificate.\n% End with a blank line or "quit" on a line by itself.\n')
        text = await pasted(session)
        try:
            found = _parsed(text.encode("latin-1", "replace"))
        except WireError as error:
            raise Refused(f"% Error: {error}.\n% PEM files import failed.") from None
    else:
        source = url or device.said("cabundle url", section=edit.section(device, _POLICY) or device.config, default=_BUNDLE)
        session.write(f"Reading file from {source}\n")
        found = await load_bundle(session, source)
    authorities = [each for each in found if each.extensions.ca]
    if clean is not None:
        edit.drop(device, _HEAD)
    for each in authorities:
        edit.put(device, _HEAD, f"certificate ca {each.serial_hex}", body=encode(each.der))
    session.write(f"% {len(authorities)} certificates imported, {len(found) - len(authorities)} of no authority left out.\n")


async def clean(session: Session) -> None:
    """`crypto pki trustpool clean`."""
    if await session.yes_or_no("% Do you really want to remove all certificates of the pool? [yes/no]: "):
        edit.drop(session.device, _HEAD)


def show(session: Session, *, policy: str | None) -> Iterator[str]:
    """`show crypto pki trustpool [policy]`."""
    from ioscli.features.pki.certificate_show import authority

    if policy is not None:
        yield from show_policy(session)
        return
    for each in certificates(session.device):
        yield from authority(session.device, each, NAME)
        yield ""


def count(session: Session) -> Iterator[str]:
    """`show crypto pki trustpool count`."""
    yield f"Trustpool has {len(certificates(session.device))} certificates"


def show_policy(session: Session) -> Iterator[str]:
    """The policy: what was said, and what counts where nothing was."""
    section: Section | None = edit.section(session.device, _POLICY)
    said = [statement.text for statement in section or ()]
    yield "Trustpool Policy"
    yield f"  Revocation order: {' '.join(policy(session.device).methods)}"
    yield from (f"  {text}" for text in said if not text.startswith("revocation-check"))
