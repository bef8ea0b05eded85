"""The certificate and key of the web server over TLS: those of `ip http secure-trustpoint`, else a self-signed one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ioscli.device.terminal import Refused
from ioscli.features.pki.certificates import CA, Certificates
from ioscli.features.pki.keygen import generate
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.selfsigned import ensure, usual_name
from ioscli.features.pki.subject import key_label
from ioscli.features.pki.trustpoint import read
from ioscli.net.tls import TlsError, server_context
from ioscli.wire.pem import encode_pem

if TYPE_CHECKING:
    import ssl

    from ioscli.device.device import Device
    from ioscli.device.session import Session


async def offer(session: Session, *, text: str, negated: str | None) -> str:
    """Before `ip http secure-server` is stored: where it has no trustpoint it makes one, and first the key (pki-cli 2.6)."""
    device = session.device
    if negated or device.said("ip http secure-trustpoint"):
        return text
    name = usual_name(device)
    trustpoint = read(device, name)
    label = name if trustpoint is None else key_label(device, trustpoint)
    if label not in device[KeyRing]:
        await generate(session, label)
    return text


async def context(device: Device) -> tuple[ssl.SSLContext, str]:
    """What the server shows to its clients, and the trustpoint that it has it from. Raises Refused where there is no certificate with a key."""
    name = device.said("ip http secure-trustpoint") or await ensure(device)
    held = device[Certificates]
    own = held.own(name) or held.ca(name)
    pair = None if own is None else device[KeyRing].holding(own.spki)
    if own is None or pair is None:
        raise Refused(f"trustpoint {name} has no certificate with a key")
    chain = encode_pem("CERTIFICATE", own.der) + "".join(encode_pem("CERTIFICATE", each.certificate.der) for each in held.of(name) if each.kind == CA)
    key = pair.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    try:
        return server_context(chain, encode_pem("PRIVATE KEY", key)), name
    except TlsError as error:
        raise Refused(f"the certificate of trustpoint {name} cannot be used: {error}") from None
