"""`crypto pki authenticate`, `enroll` and `import ... certificate`: the dialogues (pki-cli 2.5 to 2.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.pki import profile, subject
from ioscli.features.pki.certificates import OWN, Certificates
from ioscli.features.pki.client import ScepClient, store
from ioscli.features.pki.enrolment import GRANTED, Enrolment, Enrolments
from ioscli.features.pki.paste import pasted
from ioscli.features.pki.trustpoint import known
from ioscli.features.pki.web import UnreachableError
from ioscli.wire.errors import WireError
from ioscli.wire.keys import fingerprint
from ioscli.wire.pem import decode_any, encode_base64, encode_pem
from ioscli.wire.scep.client import CaCertificates
from ioscli.wire.x509 import Certificate

if TYPE_CHECKING:
    from ioscli.device.session import Session
    from ioscli.features.pki.trustpoint import Trustpoint

_UNREACHABLE = "% Error in receiving Certificate Authority certificate: status = FAIL, cert length = 0\n\n"
_PASSWORD = """% Create a challenge password. You will need to verbally provide this
   password to the CA Administrator in order to revoke your certificate.
   For security reasons your password will not be saved in the configuration.
   Please make a note of it.

"""


# ---- the authority


async def authenticate(session: Session, *, name: str) -> None:
    """`crypto pki authenticate`."""
    await trusted(session, name)


async def trusted(session: Session, name: str) -> bool:
    """The dialogue. Returns whether the authority's certificate was accepted. Raises Refused."""
    device = session.device
    trustpoint = known(device, name)
    if device[Certificates].ca(name) is not None:
        raise Refused(
            "% Please delete your existing CA certificate first.\n"
            "% You must use 'no crypto pki trustpoint <trustpoint-name>' to delete the CA certificate."
        )
    method = profile.method(device, trustpoint, profile.AUTHENTICATION)
    match method:
        case "url":
            found = await _fetched(session, trustpoint)
        case profile.TERMINAL:
            found = await _typed_authority(session)
        case "selfsigned":
            raise Refused(f"% Trustpoint {name} is self-signed; there is no authority to authenticate.")
        case _:
            raise Refused(f"% Trustpoint {name} has no enrollment method; configure one first.")
    if found is None or not await accepted(session, trustpoint, found.ca):
        return False
    known(device, name)  # it may have been removed meanwhile
    store(device, name, found)
    session.write("Trustpoint CA certificate accepted.\n")
    if method == profile.TERMINAL:
        session.write("% Certificate successfully imported\n\n")
    return True


async def _fetched(session: Session, trustpoint: Trustpoint) -> CaCertificates | None:
    if not _online(session, trustpoint, profile.AUTHENTICATION):
        return await _from_file(session, trustpoint)
    await loop()
    try:
        return await ScepClient(session.device, trustpoint, profile.AUTHENTICATION).authority()
    except (UnreachableError, WireError):
        session.write(_UNREACHABLE)
        return None


def _online(session: Session, trustpoint: Trustpoint, step: str) -> bool:
    """Whether a step goes to a SCEP server, and not to a file. Raises Refused."""
    url = profile.destination(session.device, trustpoint, step).lower()
    if url.startswith("https:"):
        raise Refused("% SCEP is spoken over HTTP only.")
    return url.startswith("http:")


async def _from_file(session: Session, trustpoint: Trustpoint) -> CaCertificates | None:
    """`enrollment url` of a file system or a TFTP server: the file NAME.ca there."""
    from ioscli.features.pki.transfer import load

    try:
        certificate = _certificate(await load(session, f"{_folder(trustpoint)}.ca"))
    except (Refused, WireError) as error:
        session.write(f"{error}\n" if isinstance(error, Refused) else "")
        session.write(_UNREACHABLE)
        return None
    return CaCertificates(certificate, certificate, certificate, (certificate,))


def _folder(trustpoint: Trustpoint) -> str:
    """The files of a trustpoint, without their suffixes: `ca`, `req`, `crt`. A URL may have a name for them."""
    url = trustpoint.url
    return f"{url}{trustpoint.name}" if url.endswith((":", "/")) else url


async def _typed_authority(session: Session) -> CaCertificates:
    session.write('\nEnter the base 64 encoded CA certificate.\nEnd with a blank line or the word "quit" on a line by itself\n\n')
    text = await pasted(session)
    try:
        certificate = _certificate(text.encode("latin-1", "replace"))
    except WireError:
        raise Refused("% Error in saving certificate: status = FAIL\n") from None
    return CaCertificates(certificate, certificate, certificate, (certificate,))


def _certificate(data: bytes) -> Certificate:
    """The certificate that was pasted, or lies in a file. Raises WireError."""
    return Certificate.parse(data if data[:1] == b"0" else decode_any(data.decode("latin-1"), "CERTIFICATE"))


async def accepted(session: Session, trustpoint: Trustpoint, certificate: Certificate) -> bool:
    """Shows an authority's certificate by its fingerprints. The configured one decides, or the operator does."""
    prints = {digest: fingerprint(certificate.der, digest) for digest in ("md5", "sha1")}
    session.write("Certificate has the following attributes:\n")
    for digest, shown in prints.items():
        session.write(f"{f'Fingerprint {digest.upper()}':>22}: {shown} \n")
    if not trustpoint.fingerprint:
        session.write("\n")
        agreed = await session.yes_or_no("% Do you accept this certificate? [yes/no]: ")
        if not agreed:
            session.write("Trustpoint CA certificate rejected.\n")
        return agreed
    wanted = trustpoint.fingerprint
    session.write(f"Trustpoint Fingerprint: {' '.join(wanted[at : at + 8] for at in range(0, len(wanted), 8))} \n")
    if wanted in (shown.replace(" ", "") for shown in prints.values()):
        session.write("Certificate validated - fingerprints matched.\n")
        return True
    session.write("Certificate not validated - fingerprints did not match.\nTrustpoint CA certificate rejected.\n")
    return False


# ---- the router


async def enroll(session: Session, *, name: str) -> None:
    """`crypto pki enroll`. Raises Refused."""
    device = session.device
    trustpoint = known(device, name)
    method = profile.method(device, trustpoint, profile.ENROLLMENT)
    if not method:
        raise Refused(f"% Trustpoint {name} has no enrollment method; configure one first.")
    if method != "selfsigned" and device[Certificates].ca(name) is None:
        raise Refused("% You must authenticate the Certificate Authority before\n  you can enroll with it.")
    if name in device[Enrolments].active and not device[Enrolments].active[name].manual:
        raise Refused(f"% An enrollment request of trustpoint {name} is pending.\n% Use 'no crypto pki enroll {name}' to cancel it.")
    if device[Certificates].own(name) is not None and not await _replaces(session, name):
        return
    online = method == "url" and _online(session, trustpoint, profile.ENROLLMENT)
    if online and trustpoint.curve_key:
        raise Refused("% SCEP needs an RSA key pair: the certificate is enciphered with it.")
    match method:
        case "selfsigned":
            await _self_signed(session, trustpoint)
        case _ if online:
            await request_certificate(session, trustpoint)
        case _:
            await _by_hand(session, trustpoint, on_file=method == "url")


async def _replaces(session: Session, name: str) -> bool:
    session.write(
        f"Trustpoint {name} has already enrolled and has a router cert issued to it.\n"
        "If you successfully re-enroll this trustpoint,the existing certificate will be replaced.\n\n"
    )
    return await session.yes_or_no("Do you want to continue with re-enrollment? [yes/no]: ")


async def request_certificate(session: Session, trustpoint: Trustpoint) -> bool:
    """The dialogue of an enrolment over SCEP. Returns whether a request was sent. Raises Refused."""
    session.write("%\n% Start certificate enrollment .. \n")
    challenge = trustpoint.password
    if challenge is None:
        challenge = await _challenge(session)
    session.write("\n")
    await loop()
    pair = await subject.key_pair(session.device, trustpoint)
    parts = await subject.asked(session, trustpoint)
    called = subject.name(trustpoint, parts)
    if not await session.yes_or_no("Request certificate from CA? [yes/no]: "):
        return False
    request = subject.request(trustpoint, called, pair, challenge)
    await loop()
    session.device[Enrolments].begin(Enrolment(trustpoint.name, request, pair))
    session.write("% Certificate request sent to Certificate Authority\n")
    session.write(f"% The 'show crypto pki certificate verbose {trustpoint.name}' commandwill show the fingerprint.\n\n")
    return True


async def _challenge(session: Session) -> str:
    """The challenge password, twice the same; "" for none."""
    session.write(_PASSWORD)
    while True:
        challenge = await session.ask("Password: ", echo=False)
        if await session.ask("Re-enter password: ", echo=False) == challenge:
            return challenge
        session.write("% The passwords do not match.\n")


async def _by_hand(session: Session, trustpoint: Trustpoint, *, on_file: bool) -> None:
    """A request that somebody carries to the authority: shown at the terminal, or written to a file."""
    session.write("% Start certificate enrollment .. \n\n")
    pair = await subject.key_pair(session.device, trustpoint)
    parts = await subject.asked(session, trustpoint)
    request = subject.request(trustpoint, subject.name(trustpoint, parts), pair, trustpoint.password)
    session.device[Enrolments].wait(Enrolment(trustpoint.name, request, pair))
    text = encode_pem("CERTIFICATE REQUEST", request.der) if trustpoint.pem else encode_base64(request.der)
    if on_file:
        from ioscli.features.pki.transfer import save

        if await session.yes_or_no("Send Certificate Request to file system? [yes/no]: "):
            session.write(f"Writing file to {_folder(trustpoint)}.req\n")
            await save(session, f"{_folder(trustpoint)}.req", text.encode())
        session.write("\n")
        return
    shown = await session.yes_or_no("Display Certificate Request to terminal? [yes/no]: ")
    while shown:
        session.write(f"Certificate Request follows:\n\n{text}\n---End - This line not part of the certificate request---\n\n")
        shown = await session.yes_or_no("Redisplay enrollment request? [yes/no]: ")
    session.write("\n")


async def _self_signed(session: Session, trustpoint: Trustpoint) -> None:
    from ioscli.features.pki.selfsigned import make

    parts = await subject.asked(session, trustpoint, named=False)
    if not await session.yes_or_no("Generate Self Signed Router Certificate? [yes/no]: "):
        return
    await make(session.device, trustpoint, parts, parts.fqdn)
    session.write("\nRouter Self Signed Certificate successfully created\n\n")


def cancel(session: Session, *, name: str | None) -> None:
    """In the place of `no crypto pki enroll`: the request is not asked after any more. Raises Refused."""
    if name is None:
        raise Refused("% Incomplete command.\n")
    known(session.device, name)
    if session.device[Enrolments].forget(name) is None:
        raise Refused(f"% No enrollment request of trustpoint {name} is pending.")
    session.write(f"% Enrollment request of trustpoint {name} is cancelled.\n")


async def import_certificate(session: Session, *, name: str) -> None:
    """`crypto pki import NAME certificate`: what the authority made of a request that was carried by hand. Raises Refused."""
    device = session.device
    trustpoint = known(device, name)
    ca = device[Certificates].ca(name)
    if ca is None:
        raise Refused("% You must authenticate the Certificate Authority before\n  you can import the router's certificate.")
    if address := subject.settled(device, trustpoint).address:
        session.write(f"% The IP address in the certificate is {address}\n\n")
    if trustpoint.enrollment == "url" and not trustpoint.url.lower().startswith("http"):
        from ioscli.features.pki.transfer import load

        session.write(f"Reading file from {_folder(trustpoint)}.crt\n")
        data = await load(session, f"{_folder(trustpoint)}.crt")
    else:
        session.write('\nEnter the base 64 encoded certificate.\nEnd with a blank line or the word "quit" on a line by itself\n\n')
        data = (await pasted(session)).encode("latin-1", "replace")
    failed = Refused("% Failed to parse or verify imported certificate\n")
    try:
        certificate = _certificate(data)
        certificate.verify_issued_by(ca)
    except WireError:
        raise failed from None
    waiting = device[Enrolments].active.get(name)
    pair = waiting.pair if waiting is not None else await subject.key_pair(device, trustpoint)
    if certificate.spki != pair.public_data:
        raise failed
    known(device, name)
    device[Enrolments].forget(name)
    device[Certificates].put(name, OWN, certificate)
    device[Enrolments].outcome[name] = GRANTED
    session.write("% Router Certificate successfully imported\n\n")
