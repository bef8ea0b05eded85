"""`show running-config` of a part: by the first words of its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.features.core.config import built, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.session import Session

_PARTITIONS = {  # what `partition` takes of the configuration, by the first words of its statements
    "access-list": ("access-list", "ip access-list", "ipv6 access-list"),
    "boot": ("boot", "boot-start-marker", "boot-end-marker"),
    "class-map": ("class-map",),
    "global-cdp": ("cdp",),
    "interface": ("interface",),
    "ip-as-path": ("ip as-path",),
    "ip-community": ("ip community-list",),
    "ip-prefix-list": ("ip prefix-list",),
    "ip-static-routes": ("ip route",),
    "line": ("line",),
    "policy-map": ("policy-map",),
    "route-map": ("route-map",),
    "router": ("router",),
    "service": ("service",),
    "snmp": ("snmp-server",),
    "tacacs": ("tacacs-server", "tacacs", "ip tacacs"),
}


def partition(session: Session, *, partition: str, interface: str | None, protocol: str | None, process: str | None) -> Iterator[str]:
    """`show running-config partition P`: what its statements begin with; `common` is what no other partition has."""
    kind = partition.split(maxsplit=1)[0]
    further = " ".join(word for word in (interface, protocol, process) if word)
    tree = session.device.config

    def wanted(text: str) -> bool:
        text = text.removeprefix("no ")
        if kind == "common":
            return not any(_begins(text, head) for heads in _PARTITIONS.values() for head in heads)
        return any(_begins(text, f"{head} {further}".rstrip()) for head in _PARTITIONS[kind])

    def lines() -> Iterator[str]:
        yield "!"
        yield f"Configuration of Partition - {kind}"
        yield "!"
        yield "!"
        yield "!"
        yield from part(tree, wanted)

    return built(lines())


def _begins(text: str, head: str) -> bool:
    return text == head or text.startswith(f"{head} ")


def _beginning(session: Session, *heads: str, linenum: str | None = None) -> Iterator[str]:
    """The statements that begin with one of some words."""
    lines = part(session.device.config, lambda text: any(_begins(text.removeprefix("no "), head) for head in heads))
    return built(lines, number=linenum is not None)


def _named(head: str, *names: str | None) -> str:
    return " ".join([head, *(name for name in names if name)])


def aaa(session: Session, *, part: str | None) -> Iterator[str]:
    """`show running-config aaa [PART]`."""
    word = (part or "").split(" ")[0]
    heads = {
        "": ("aaa", "radius-server", "radius", "tacacs-server", "tacacs", "username"),
        "radius-server": ("radius-server", "radius"),
        "tacacs-server": ("tacacs-server", "tacacs"),
        "server": ("radius-server", "radius", "tacacs-server", "tacacs"),
        "user-name": ("username",),
        "common": ("aaa new-model", "aaa session-id"),
    }
    return _beginning(session, *heads.get(word, (f"aaa {word}",)))


def class_map(session: Session, *, map: str | None, linenum: str | None) -> Iterator[str]:
    """`show running-config class-map [MAP]`."""
    if map is None:
        return _beginning(session, "class-map", linenum=linenum)
    lines = part(session.device.config, lambda text: text.split()[0] == "class-map" and text.split()[-1] == map)
    return built(lines, number=linenum is not None)


def policy_map(session: Session, *, map: str | None, linenum: str | None) -> Iterator[str]:
    """`show running-config policy-map [MAP]`."""
    return _beginning(session, _named("policy-map", map), linenum=linenum)


def control_plane(session: Session, *, plane: str | None) -> Iterator[str]:
    """`show running-config control-plane [PLANE]`."""
    return _beginning(session, _named("control-plane", plane))


def flow(session: Session, *, exporter: str | None, monitor: str | None, record: str | None, name: str | None) -> Iterator[str]:
    """`show running-config flow {exporter | monitor | record} [NAME]`."""
    return _beginning(session, _named("flow", exporter or monitor or record, name))


def map_class(session: Session, *, kind: str | None, name: str | None, linenum: str | None) -> Iterator[str]:
    """`show running-config map-class [KIND] [NAME]`."""
    return _beginning(session, _named("map-class", kind, name), linenum=linenum)


def vlan(session: Session, *, vlans: str | None) -> Iterator[str]:
    """`show running-config vlan [VLANS]`."""
    return _beginning(session, _named("vlan", vlans))


def vrf(session: Session, *, vrf: str | None) -> Iterator[str]:
    """`show running-config vrf [VRF]`: its definition, and the interfaces, routing processes and routes in it."""
    config = session.device.config
    inside = {
        statement.text
        for statement in config
        if statement.section is not None
        and any(
            line.text.split()[:2] == ["vrf", "forwarding"] or line.text.split()[:3] == ["ip", "vrf", "forwarding"]
            for line in statement.section
            if vrf is None or line.text.split()[-1] == vrf
        )
    }
    heads = [_named(head, vrf) for head in ("vrf definition", "ip vrf", "ip route vrf")]
    return built(part(config, lambda text: text in inside or any(_begins(text, head) for head in heads)))
