"""`show vlans`: the 802.1Q VLANs of sub-interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.features.core.interfaces import Interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session


def show(session: Session, *, vlan: str | None) -> Iterator[str]:
    """`show vlans [VLAN]`."""
    tagged: dict[int, list[tuple[str, str]]] = {}
    for found in session.device[Interfaces]:
        words = found.said("encapsulation dot1Q").split()
        if words and vlan in (None, words[0]):
            address = next(iter(found.addresses), None)
            tagged.setdefault(int(words[0]), []).append((found.name, str(address.ip) if address is not None else ""))
    if not tagged:
        yield "No Virtual LANs configured."
    for number in sorted(tagged):
        yield ""
        yield f"Virtual LAN ID:  {number} (IEEE 802.1Q Encapsulation)"
        for name, own in tagged[number]:
            yield ""
            yield f"   vLAN Trunk Interface:   {name}"
            yield ""
            yield "   Protocols Configured:   Address:              Received:        Transmitted:"
            if own:
                yield f"           IP              {own:<21}{0:>11}{0:>20}"
