"""`crypto pki import` and `export`: certificates with their key, as PEM at the terminal or in files, or as PKCS #12 (pki-cli 2.9)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device import edit
from ioscli.device.files import NETWORKS
from ioscli.device.terminal import Refused
from ioscli.device.turn import loop
from ioscli.features.core.transfer import Remote, fetch, send
from ioscli.features.pki import client_events as events
from ioscli.features.pki.certificates import CA, CA_ROLLOVER, OWN, Certificates
from ioscli.features.pki.events import emit
from ioscli.features.pki.keypair import USAGES, KeyPair
from ioscli.features.pki.keyring import KeyRing
from ioscli.features.pki.keys import check_passphrase
from ioscli.features.pki.paste import pasted
from ioscli.features.pki.trustpoint import HEAD, known, read
from ioscli.wire.algorithms import spki_of
from ioscli.wire.errors import PassphraseError, RemoteError, WireError
from ioscli.wire.identity import Identity
from ioscli.wire.keys import decode_private_pem, encode_private_pem, encode_public_pem
from ioscli.wire.pem import decode_any, decode_base64, encode_base64, encode_pem
from ioscli.wire.pkcs12 import decode_pkcs12, encode_pkcs12
from ioscli.wire.x509 import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.trustpoint import Trustpoint
    from ioscli.wire.algorithms import PrivateKey

_IMPORT_FAILED = "% PEM files import failed."
_LEAST_BITS = 1024


# ---- files


async def load(session: Session, url: str) -> bytes:
    """What lies at a URL. Raises Refused."""
    if url.partition(":")[0].lower() in NETWORKS:
        return await fetch(session.device, Remote(url))
    return session.device.files.read(url)


async def save(session: Session, url: str, data: bytes, *, private: bool = False) -> None:
    """Writes a file, after a question where there is one already. Raises Refused."""
    if url.partition(":")[0].lower() in NETWORKS:
        await send(session.device, Remote(url), data)
        return
    if session.device.files.exists(url):
        session.write("%Warning: There is a file already existing with this name\n")
        if not await session.confirm("Do you want to over write?"):
            raise Refused("")
    session.device.files.write(url, data, private=private)


async def named(session: Session, which: str, url: str, name: str, suffix: str = "") -> str:
    """The whole URL of a file, whose name is asked for: that of the URL, or `name` where it ends in a folder, with a suffix."""
    where, _, last = url.rpartition("/") if "/" in url else url.rpartition(":")
    where += url[len(where)] if len(where) < len(url) else ""
    default = f"{last or name}{suffix}"
    answer = await session.ask(f"{which} filename [{default}]? ")
    return f"{where}{answer or default}"


# ---- PEM


async def export_pem(session: Session, *, name: str, url: str | None, rollover: str | None, cipher: str | None, passphrase: str | None) -> None:
    """`crypto pki export NAME pem`. With a cipher the key goes too."""
    device = session.device
    trustpoint = known(device, name)
    held = device[Certificates]
    ca, own = held.ca(name), held.own(name)
    if rollover is not None:
        ca, own = held.find(name, CA_ROLLOVER), None
    if ca is None and own is None:
        raise Refused(f"% The specified trustpoint is not authenticated ({name}).")
    certified = own or ca
    pair = None
    if cipher is not None and certified is not None:
        pair = _key_of(device, trustpoint, certified)
        check_passphrase(passphrase or "")
    if own is None:
        what = "CA certificate" if pair is None else "CA certificate and keys"
        session.write(f"% The specified trustpoint is not enrolled ({name}).\n% Only export the {what} in PEM format.\n")
    for part in _parts(device, ca, own, pair, cipher or "", passphrase or ""):
        if url is None:
            if part.kind != "pub":  # it is in the certificate
                session.write(part.title if not part.text else f"{part.title}{part.text}\n")
            continue
        session.write(part.title if part.kind == "key" else f"% Exporting {part.what}...\n")
        if part.text:
            target = await named(session, "Destination", url, name, f".{part.kind}")
            session.write(f"Writing file to {target}\n")
            await save(session, target, part.text.encode(), private=part.kind == "prv")


class _Part(NamedTuple):
    """A piece of an export. `kind`: the suffix of its file, `key` for the two lines about the key that follows."""

    kind: str
    what: str
    title: str
    text: str


def _parts(device: Device, ca: Certificate | None, own: Certificate | None, pair: KeyPair | None, cipher: str, passphrase: str) -> Iterator[_Part]:
    if ca is not None:
        yield _Part("ca", "CA certificate", "% CA certificate:\n", encode_pem("CERTIFICATE", ca.der))
    if pair is not None:
        yield _Part("key", "", f"% Key name: {pair.label}\n   Usage: {USAGES[pair.usage]}\n", "")
        yield _Part("pub", "public key", "", encode_public_pem(pair.public))
        yield _Part("prv", "private key", "", encode_private_pem(pair.private, passphrase, device.entropy, cipher))
    if own is not None:
        yield _Part("crt", "router certificate", f"% {own.usage} Certificate:\n", encode_pem("CERTIFICATE", own.der))


def _key_of(device: Device, trustpoint: Trustpoint, own: Certificate) -> KeyPair:
    """The key pair of a trustpoint's certificate. Raises Refused where there is none, or where it may not leave the router."""
    pair = device[KeyRing].holding(own.spki)
    if pair is None:
        raise Refused(f"% {'EC' if trustpoint.curve_key else 'RSA'} keypair of trustpoint {trustpoint.name} does not exist.")
    if not pair.exportable:
        raise Refused(f"% {pair.kind.upper()} keypair {pair.label} is not exportable.")
    return pair


async def import_pem(
    session: Session, *, name: str, check: str | None, exportable: str | None, usage_keys: str | None, url: str | None, passphrase: str
) -> None:
    """`crypto pki import NAME pem`: the authority's certificate, the key and the router's certificate, pasted or from files.

    `check`: no certificate that is out of date.
    """
    if usage_keys is not None:
        raise Refused("% Usage keys are not imported; import a general purpose key.")
    device = session.device
    _check_free(device, name)
    titles = (
        ("ca", "PEM-formatted CA certificate", True),
        ("prv", "PEM-formatted encrypted private General Purpose key", False),
        ("crt", "PEM-formatted General Purpose certificate", True),
    )
    texts: dict[str, str] = {}
    for ending, title, blank_ends in titles:
        if url is None:
            session.write(f'% Enter {title}.\n% End with {"a blank line or " if blank_ends else ""}"quit" on a line by itself.\n')
            texts[ending] = await pasted(session, blank_ends=blank_ends)
            continue
        session.write(f"% Importing {title.removeprefix('PEM-formatted ')} PEM file...\n")
        source = await named(session, "Source", url, name, f".{ending}")
        session.write(f"Reading file from {source}\n")
        texts[ending] = (await load(session, source)).decode("latin-1")
    await loop()
    import asyncio

    try:
        ca, own = (Certificate.parse(decode_any(texts[ending], "CERTIFICATE")) for ending in ("ca", "crt"))
        key = await asyncio.to_thread(decode_private_pem, texts["prv"], passphrase)
        own.verify_issued_by(ca)
        _check_key(key, own)
        if check is not None and not own.valid_at(datetime.fromtimestamp(device.clock.now(), UTC)):
            raise RemoteError("the certificate is not valid at this time")
    except WireError as error:
        session.write(f"% {str(error).capitalize()}.\n")
        raise Refused(_IMPORT_FAILED) from None
    _take(device, name, key, own, [ca], exportable=exportable is not None)
    session.write("% PEM files import succeeded.\n")


def _check_free(device: Device, name: str) -> None:
    """Raises Refused where a trustpoint has certificates, or its label a key."""
    if device[Certificates].of(name):
        raise Refused(f"% Trustpoint {name} is in use.\n% Please delete it or use a different label.")
    trustpoint = read(device, name)
    label = trustpoint.key if trustpoint is not None and trustpoint.key else name
    if label in device[KeyRing]:
        raise Refused(f"% A key pair named {label} exists already.\n% Please delete it or use a different label.")


def _check_key(key: PrivateKey, own: Certificate) -> None:
    if spki_of(key) != own.spki:
        raise RemoteError("the key is not that of the certificate")
    if key.key_size < (_LEAST_BITS if hasattr(key.public_key(), "encrypt") else 256):
        raise RemoteError("the key is too short")


def _take(device: Device, name: str, key: PrivateKey, own: Certificate | None, chain: list[Certificate], *, exportable: bool) -> None:
    """Puts what was imported into a trustpoint, which is made where it is not there. Other chains of authorities go to NAME-rrrN."""
    trustpoint = read(device, name)
    label = trustpoint.key if trustpoint is not None and trustpoint.key else name
    usage = "general-keys" if hasattr(key.public_key(), "encrypt") else "signature"
    device[KeyRing].add(KeyPair(label, usage, device.clock.now(), key.public_key(), key, exportable=exportable))
    if trustpoint is None:
        edit.put(device, f"{HEAD} {name}", "revocation-check crl")
    if trustpoint is None or not trustpoint.key:
        edit.put(device, f"{HEAD} {name}", f"{'rsakeypair' if usage == 'general-keys' else 'eckeypair'} {label}")
    for number, certificate in enumerate(chain):
        target = f"{name}-rrr{number}" if number else name
        if number and read(device, target) is None:
            edit.put(device, f"{HEAD} {target}", "revocation-check crl")
        device[Certificates].put(target, CA, certificate)
    if own is not None:
        device[Certificates].put(name, OWN, own)


# ---- PKCS #12


async def export_pkcs12(session: Session, *, name: str, url: str | None, passphrase: str) -> None:
    """`crypto pki export NAME pkcs12`."""
    device = session.device
    trustpoint = known(device, name)
    held = device[Certificates]
    own, ca = held.own(name), held.ca(name)
    if own is None:
        own, ca = ca, None
    if own is None:
        raise Refused(f"% The specified trustpoint is not enrolled ({name}).")
    pair = _key_of(device, trustpoint, own)
    check_passphrase(passphrase)
    chain = [] if ca is None or ca == own else [ca]
    data = encode_pkcs12(Identity(own, pair.private), passphrase, chain=chain, name=pair.label)
    if url is None:
        session.write(f"Exported pkcs12 follows:\n\n{encode_base64(data)}\n---End - This line not part of the pkcs12---\n\n")
    else:
        session.write("% Exporting pkcs12...\n")
        target = await named(session, "Destination", url, name)
        session.write(f"Writing pkcs12 file to {target}\n")
        await save(session, target, data, private=True)
    session.write("CRYPTO_PKI: Exported PKCS12 file successfully.\n")


async def import_pkcs12(session: Session, *, name: str, url: str | None, passphrase: str) -> None:
    """`crypto pki import NAME pkcs12`. Of a chain of authorities the lowest one goes to the trustpoint."""
    device = session.device
    _check_free(device, name)
    session.write("% Importing pkcs12...\n")
    if url is None:
        session.write('\nEnter the base 64 encoded pkcs12.\nEnd with a blank line or the word "quit" on a line by itself:\n\n')
        text = await pasted(session)
    else:
        source = await named(session, "Source", url, name)
        session.write(f"Reading file from {source}\n")
        data = await load(session, source)
    try:
        if url is None:
            data = decode_base64(text)
        await loop()
        import asyncio

        archive = await asyncio.to_thread(decode_pkcs12, data, passphrase)
        key, own = archive.key, archive.certificate
        if key is None or own is None:
            raise RemoteError("there is no key with a certificate in the file")
        _check_key(key, own)
    except PassphraseError as error:
        emit(device, events.ImportFailed(name, str(error)))
        raise Refused("CRYPTO_PKI: Import PKCS12 operation failed, bad HMAC\nPossible causes: bad password or corrupted PKCS12") from None
    except WireError as error:
        emit(device, events.ImportFailed(name, str(error)))
        raise Refused(f"CRYPTO_PKI: Imported PKCS12 file failure: {error}") from None
    chain = _upward(own, archive.chain)
    if len(chain) > 1:
        session.write("% The CA cert is not self-signed.\n% Do you also want to create trustpoints for CAs higher in\n")
        if not await session.yes_or_no("% the hierarchy? [yes/no]: "):
            del chain[1:]
    if not chain and own.self_issued:
        _take(device, name, key, None, [own], exportable=True)
    else:
        _take(device, name, key, own, chain, exportable=True)
    session.write("CRYPTO_PKI: Imported PKCS12 file successfully.\n")


def _upward(own: Certificate, others: tuple[Certificate, ...]) -> list[Certificate]:
    """The authorities of a certificate, from its issuer to the highest that is there."""
    found: list[Certificate] = []
    last = own
    while not last.self_issued:
        issuer = next((each for each in others if each not in found and last.issued_by(each)), None)
        if issuer is None:
            break
        found.append(issuer)
        last = issuer
    return found
