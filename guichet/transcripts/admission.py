"""How many turns may be listened to at once: as many as the machine decodes in real time, and none while it lags. Pure.

What a second of audio costs is measured: by the recogniser process on noise when it starts, then on every turn; and by
the gateway on its own process, which reads the frames. The last four minutes or so of audio count. Turns may fill
nearly all of the CPU: callers who happen to speak at once need more than they do on average, pauses included, but
whoever has stopped speaking goes first. Whatever was measured, the lag has the last word: it sees what else runs.
"""

from dataclasses import dataclass, replace

REMEMBERED = 240.0
"""Seconds of audio that a cost is measured on."""
FIRST = 30.0
"""Seconds of audio that a first guess counts for."""
USUAL_COST = 0.08
"""CPU seconds of the recogniser for a second of audio where nothing was measured yet."""
USUAL_OWN = 0.01
"""CPU seconds of the gateway's own process for a second of audio, likewise."""
SPEECH_FOR_NOISE = 2.0
"""What a second of audio costs beside a second of noise, at most: the search of words is added to the acoustics."""
FILLED = 0.95
"""The share of the decoding threads that turns may fill."""
LOOP_FILLED = 0.7
"""The share of one core that the gateway's own loop may fill with frames: it answers webhooks too."""
MOST_LAG = 0.3
"""Seconds behind the caller from which nobody else is listened to..."""
CAUGHT_UP = 0.1
"""... until the lag is below this."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds over seconds of audio, what is long past forgotten."""

    cpu: float
    audio: float = FIRST

    @property
    def value(self) -> float:
        """CPU seconds a second of audio."""
        return max(0.0005, self.cpu / self.audio)

    def after(self, audio: float, cpu: float) -> "Cost":
        """Return the cost after so much more audio and CPU; nothing changes for what is none."""
        if audio <= 0 or cpu <= 0:
            return self
        fade = min(1.0, REMEMBERED / (self.audio + audio))
        return Cost((self.cpu + cpu) * fade, (self.audio + audio) * fade)


@dataclass(frozen=True, slots=True)
class Admission:
    """What is known of the machine: threads that decode, what decoding and reading cost, whether it lags."""

    threads: int
    decoding: Cost = Cost(FIRST * USUAL_COST)
    own: Cost = Cost(FIRST * USUAL_OWN)
    is_late: bool = False

    @property
    def cost(self) -> float:
        """CPU seconds of the recogniser for a second of audio."""
        return self.decoding.value

    @property
    def capacity(self) -> int:
        """Turns that are listened to in real time: at least one."""
        machine = self.threads * FILLED / (self.cost + self.own.value)
        return max(1, int(min(machine, LOOP_FILLED / self.own.value)))

    def admits(self, turns: int) -> bool:
        """Tell whether one more turn may be listened to beside so many."""
        return turns == 0 or (turns < self.capacity and not self.is_late)

    def on_noise(self, cost: float) -> "Admission":
        """Return what is known after a new start, where noise has cost so much; 0 is not measured: no change."""
        return replace(self, decoding=Cost(FIRST * SPEECH_FOR_NOISE * cost)) if cost > 0 else self

    def after(self, audio: float, cpu: float, own: float = 0.0) -> "Admission":
        """Return what is known after a turn of so many seconds of audio, of CPU, and of the gateway's own CPU."""
        return replace(self, decoding=self.decoding.after(audio, cpu), own=self.own.after(audio, own))

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
