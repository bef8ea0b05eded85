"""The event trace of PKI: `monitor event-trace crypto pki`. It keeps events, and words them when they are looked at."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ioscli.device.terminal import Refused
from ioscli.features.pki.client_debug import lines
from ioscli.features.pki.events import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ioscli.device.device import Device
    from ioscli.device.session import Session
    from ioscli.features.pki.events import Event

_SIZE = 1000  # entries of a trace
_ERROR = 3  # severity of the log from which on an event is an error


class Trace:
    """One trace. `entries`: moments (seconds since 1970) and events; `shown`: how many of them `latest` has shown."""

    def __init__(self) -> None:
        self.entries: deque[tuple[float, Event]] = deque(maxlen=_SIZE)
        self.enabled = False
        self.once = False
        self.continuous = False
        self.shown = 0


class Traces:
    """The traces of a router by name: `error`, `event`, `event internal`. They hear of events from when one is first enabled."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.all = {name: Trace() for name in ("error", "event", "event internal")}
        device[Tally].listeners.append(self._heard)

    def _heard(self, event: Event) -> None:
        said = event.syslog()
        for name, trace in self.all.items():
            if not trace.enabled or (name == "error" and (said is None or said.severity > _ERROR)):
                continue
            moment = self.device.clock.now()
            trace.entries.append((moment, event))
            trace.shown = min(trace.shown, len(trace.entries) - 1)
            if trace.continuous:
                for line in self.lines(moment, event):
                    self.device.log.debug(line)
            if trace.once and len(trace.entries) == _SIZE:
                trace.enabled = False

    def lines(self, moment: float, event: Event) -> Iterator[str]:
        """An entry: what the log says of the event, and what debugging says."""
        local = self.device.clock.local(moment)
        stamp = f"{local:%b} {local.day} {local:%H:%M:%S}.{local.microsecond // 1000:03d}: "
        said = event.syslog()
        texts = [said.text] if said is not None else []
        texts += dict.fromkeys(text for _, text in lines(event, self.device))
        return (f"{stamp}{text}" for text in texts)


def control(session: Session, *, trace: str, action: str) -> None:
    """`monitor event-trace crypto pki`."""
    traces = session.device[Traces]
    found = traces.all[trace]
    match action.split():
        case ["clear"]:
            found.entries.clear()
            found.shown = 0
        case ["continuous", *cancel]:
            found.continuous = not cancel
        case ["disable"]:
            found.enabled = False
        case ["enable" | "one-shot" as how]:
            found.enabled, found.once = True, how == "one-shot"
        case ["dump", *where]:
            if where[-1:] in ([], ["pretty"]):
                raise Refused("% The file to dump to is not configured")
            text = "".join(f"{line}\n" for moment, event in found.entries for line in traces.lines(moment, event))
            session.device.files.write(where[-1], text.encode())


def show(session: Session, *, trace: str, part: str) -> Iterator[str]:
    """`show monitor event-trace crypto pki`."""
    traces = session.device[Traces]
    found = traces.all[trace]
    if part == "parameters":
        yield f"Trace has {len(found.entries)} entries"
        yield f"Trace capacity: {_SIZE} entries"
        yield f"Trace is {'enabled' if found.enabled else 'disabled'}"
        return
    entries = list(found.entries)
    if part == "latest":
        entries = entries[found.shown :]
    found.shown = len(found.entries)
    for moment, event in entries:
        yield from traces.lines(moment, event)
