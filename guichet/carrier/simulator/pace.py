"""How fast simulated seconds pass: real time, faster, or at once. The only place of the simulator that sleeps."""

import asyncio
from dataclasses import dataclass
from typing import Self

INSTANT = 0.0


class Metronome:
    """Keeps time over many short steps, so that the delays of sleeping do not add up."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._due = asyncio.get_running_loop().time()

    async def last(self, seconds: float) -> None:
        """Sleep until this step is over, counted from the first."""
        self._due += seconds / self._speed
        await asyncio.sleep(max(0.0, self._due - asyncio.get_running_loop().time()))


class NoTime:
    """The metronome of an instant pace."""

    async def last(self, seconds: float) -> None:  # noqa: ARG002 -- the metronome's signature
        """Only let the others run."""
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """A rate of simulated seconds to real ones; `speed=1` is a real telephone, `speed=20` twenty times faster."""

    speed: float = 1.0

    def __post_init__(self) -> None:
        if self.speed < 0:
            raise ValueError("time does not run backwards: speed is positive, or 0 for instant")

    @classmethod
    def instant(cls) -> Self:
        """Return a pace at which prompts and audio take no time, but the event loop still breathes."""
        return cls(INSTANT)

    @property
    def is_instant(self) -> bool:
        """Whether simulated seconds take no real time."""
        return self.speed == INSTANT

    @property
    def is_real(self) -> bool:
        """Whether a simulated second lasts a second."""
        return self.speed == 1.0

    def metronome(self) -> Metronome | NoTime:
        """Start keeping time for a stream of frames."""
        return NoTime() if self.is_instant else Metronome(self.speed)

    async def last(self, seconds: float) -> None:
        """Let simulated seconds pass; always gives the event loop a chance, even when they are 0."""
        await asyncio.sleep(0 if self.is_instant else max(0.0, seconds) / self.speed)

    async def breathe(self, seconds: float, *, real: float) -> None:
        """Let simulated seconds pass, at least `real` real ones: for loops that wait for somebody else."""
        await asyncio.sleep(max(real, 0.0 if self.is_instant else seconds / self.speed))
