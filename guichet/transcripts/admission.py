"""How many turns may be listened to at once: as many as the machine decodes in real time, and none while it lags. Pure.

What a second of audio costs is measured by the recogniser process on noise when it starts, then on every turn: the last
ten minutes or so of audio count. The share of the CPU that it may fill leaves room for callers who all speak at once.
Whatever was measured, the lag has the last word: it sees what else runs on the machine.
"""

from dataclasses import dataclass, replace

USUAL_COST = 0.15
"""CPU seconds a second of audio where nothing was measured yet."""
SPEECH_FOR_NOISE = 2.0
"""What a second of speech costs beside a second of noise, at most: the search of words is added to the acoustics."""
FILLED = 0.8
"""The share of the decoding threads that turns may fill."""
MOST_LAG = 0.3
"""Seconds behind the caller from which nobody else is listened to..."""
CAUGHT_UP = 0.1
"""... until the lag is below this."""
REMEMBERED = 600.0
"""Seconds of audio that the cost is measured on."""
FIRST = 30.0
"""Seconds of audio that the measure on noise counts for."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What is known of the machine: threads that decode, audio heard and the CPU it took, whether it lags."""

    threads: int
    audio: float = FIRST
    cpu: float = FIRST * USUAL_COST
    is_late: bool = False

    @property
    def cost(self) -> float:
        """CPU seconds a second of audio."""
        return self.cpu / self.audio

    @property
    def capacity(self) -> int:
        """Turns that are decoded in real time: at least one."""
        return max(1, int(self.threads * FILLED / max(self.cost, 0.001)))

    def admits(self, turns: int) -> bool:
        """Tell whether one more turn may be listened to beside so many."""
        return turns == 0 or (turns < self.capacity and not self.is_late)

    def on_noise(self, cost: float) -> "Admission":
        """Return what is known after a new start, where noise has cost so much; 0 is not measured: no change."""
        return replace(self, audio=FIRST, cpu=FIRST * SPEECH_FOR_NOISE * cost) if cost > 0 else self

    def after(self, audio: float, cpu: float) -> "Admission":
        """Return what is known after a turn of so many seconds of audio and CPU; nothing changes for what is none."""
        if audio <= 0 or cpu <= 0:
            return self
        fade = min(1.0, REMEMBERED / (self.audio + audio))
        return replace(self, audio=(self.audio + audio) * fade, cpu=(self.cpu + cpu) * fade)

    def lagging(self, lag: float) -> "Admission":
        """Return what is known with the decoder so many seconds behind the slowest turn."""
        return replace(self, is_late=lag > (CAUGHT_UP if self.is_late else MOST_LAG))


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a recogniser is: turns open, turns it takes in real time, seconds behind, cost, turns refused so far."""

    turns: int = 0
    capacity: int = 0
    lag: float = 0.0
    cost: float = 0.0
    refused: int = 0
