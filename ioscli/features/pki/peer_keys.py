"""Public keys of other routers: `crypto key pubkey-chain rsa`. They are configuration, and nothing but."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.config.tree import Statement
    from ioscli.device.device import Device
    from ioscli.device.session import Session

_USAGES = {"": "General Purpose Key", "signature": "Signature Key", "encryption": "Encryption Key"}
_SHORT = {"": "General", "signature": "Signing", "encryption": "Encryption"}


class PeerKey(NamedTuple):
    """A key of another router: its name or address, `usage` (`signature`, `encryption`, or neither), and the key's rows of hexadecimal words."""

    name: str
    address: str
    vrf: str
    usage: str
    rows: list[str]


def peer_keys(device: Device) -> Iterator[PeerKey]:
    """Those that were configured, in their order."""
    for chain in device.statements("crypto key pubkey-chain rsa"):
        for head in chain.section or ():
            yield _peer(device, device.arguments(chain).get("vrf", ""), head)


def _peer(device: Device, vrf: str, head: Statement) -> PeerKey:
    said = device.arguments(head)
    address, rows = said.get("address", ""), []
    for statement in head.section or ():
        if statement.text == "key-string":
            rows = (statement.body or "").split("\n")[:-1]  # the last one is `quit`
        else:
            address = device.arguments(statement).get("address", address)
    return PeerKey(said.get("name", ""), address, vrf, said.get("usage", ""), rows)


def key_string(session: Session, *, text: str, negated: str | None) -> str:
    """What stands before the lines of a key that is typed."""
    if negated is None:
        session.write("Enter a public key as a hexidecimal number ....\n\n")
    return text


def show(session: Session, *, address: str | None, name: str | None) -> Iterator[str]:
    """`show crypto key pubkey-chain rsa [name | address]`."""
    found = list(peer_keys(session.device))
    if address is None and name is None:
        yield "Codes: M - Manually configured, C - Extracted from certificate"
        yield ""
        yield "Code Usage         IP-Address/VRF         Keyring          Name"
        for key in found:
            where = f"{key.address}/{key.vrf}" if key.vrf else key.address
            yield f"M    {_SHORT[key.usage]:<13} {where:<22} {'default':<16} {key.name}".rstrip()
        return
    for key in found:
        if key.name == name if name is not None else key.address == address:
            yield f"Key name: {key.name}".rstrip()
            yield f"Key address: {key.address}".rstrip()
            yield f" Usage: {_USAGES[key.usage]}"
            yield " Source: Manual"
            yield " Data:"
            yield from (f"  {row}" for row in key.rows)


def zeroize(session: Session) -> None:
    """`crypto key zeroize pubkey-chain`: forgets keys that were taken from certificates; those that were configured are left."""
    raise Refused("% There are no public keys that were taken from certificates.")
