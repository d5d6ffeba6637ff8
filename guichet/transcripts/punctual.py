"""How far the decoder is behind one caller. Pure: the moments are given.

Audio is due when it comes, and never sooner than it could have been spoken: a rehearsal that is played faster than life
makes nobody late.
"""

from guichet.transcripts.mulaw import RATE

REPORTED = 0.2
"""Seconds of audio between two reports of what was worked through."""


class Punctuality:
    """Compares what came with what was worked through, on one clock."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._audio = 0.0
        self._due = 0.0
        self._worked = 0.0
        self._lag = 0.0

    def came(self, size: int, now: float) -> float:
        """Note that so many bytes of µ-law came; return when their last is due."""
        if self._started is None:
            self._started = self._worked = now
        self._audio += size / RATE
        self._due = max(now, self._started + self._audio)
        return self._due

    def worked(self, due: float, now: float) -> None:
        """Note that all audio up to what was due then has been worked through."""
        self._worked = due
        self._lag = max(0.0, now - due)

    def lag(self, now: float) -> float:
        """Return the seconds behind: as last reported, or more when reports are missing."""
        return max(self._lag, min(now, self._due) - self._worked - REPORTED)
