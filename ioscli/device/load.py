"""How busy the router is: the share of the processor that its process has had."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioscli.device.device import Device

_KEPT = 512  # samples
_APART = 0.5  # seconds between two samples, at least


class Load:
    """Samples of the processor's time, taken as commands are typed."""

    def __init__(self, device: Device) -> None:
        self._clock = device.clock
        self._samples: deque[tuple[float, float]] = deque([(0.0, 0.0)], maxlen=_KEPT)  # uptime, and seconds of the processor until then

    def sample(self) -> None:
        """A command is typed."""
        now = self._clock.uptime
        if now - self._samples[-1][0] >= _APART:
            self._samples.append((now, self._clock.spent()))

    def over(self, seconds: float) -> int:
        """Per cent of the processor over the last seconds, or since the start if that is later."""
        now = self._clock.uptime
        then, before = next((found for found in self._samples if found[0] >= now - seconds), self._samples[-1])
        return min(round(100 * (self._clock.spent() - before) / max(now - then, _APART)), 100)

    def __str__(self) -> str:
        return f"{self.over(5)}%/0%; one minute: {self.over(60)}%; five minutes: {self.over(300)}%"
