"""What is being played to a caller over the media socket, and how far they have heard. Pure.

    begin → piece 1 ─mark→ piece 2 ─mark→ … ─mark→ over
               │ pause: clear          ▲
               └──── resume: from a little before where it stopped

The carrier sends the marks of cleared audio back too, so that a mark does not mean "heard": each mark carries the
generation it was sent in, and those of another generation mean nothing. Time is the caller's: milliseconds of audio
received. A mark that never comes counts as come when its piece must long be over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

BYTES_PER_MS = 8
REWIND_MS = 400
"""What is said again of a prompt that goes on."""
SLACK_MS = 3000
"""How late a mark may be."""
CHUNK = 3200
"""Bytes of audio in a message: 0.4 s."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech as µ-law, 8 kHz; one that is `whole` cannot be interrupted."""

    audio: bytes
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Sound:
    """To be sent: audio."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """To be sent: a mark."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """To be sent: drop what has not been played."""


Order = Sound | Mark | Clear


class Playback:
    """Plays pieces one after the other; every method that changes something returns what is to be sent."""

    def __init__(self) -> None:
        self._generation = 0
        self._pieces: list[Piece] = []
        self._at = 0
        self._offset = 0
        self._since_ms = 0.0
        self.is_paused = False

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be heard."""
        return self._at >= len(self._pieces)

    @property
    def is_playing(self) -> bool:
        """Whether something is heard now."""
        return not self.is_over and not self.is_paused

    @property
    def may_be_interrupted(self) -> bool:
        """Whether the caller may cut the present piece short."""
        return self.is_playing and not self._pieces[self._at].whole

    @property
    def has_notice(self) -> bool:
        """Whether something that must be heard whole is still to be heard."""
        return any(piece.whole for piece in self._pieces[self._at :])

    @property
    def left_ms(self) -> float:
        """How long the rest takes, from the beginning of the present piece."""
        return sum(len(piece.audio) for piece in self._pieces[self._at :]) / BYTES_PER_MS

    def begin(self, pieces: Sequence[Piece], now_ms: float) -> list[Order]:
        """Play pieces in place of what is played now."""
        orders: list[Order] = [Clear()] if self.is_playing else []
        self._pieces = [piece for piece in pieces if piece.audio]
        self._at = self._offset = 0
        return orders + self._send(now_ms)

    def marked(self, name: str, now_ms: float) -> None:
        """Take in that a piece has been heard."""
        if name == self._mark(self._at) and not self.is_paused:
            self._next(now_ms)

    def pass_time(self, now_ms: float) -> None:
        """Go on to the next piece where a mark must have been lost."""
        while self.is_playing and now_ms >= self._since_ms + self._rest_ms() + SLACK_MS:
            self._next(self._since_ms + self._rest_ms())

    def pause(self, now_ms: float) -> list[Order]:
        """Fall silent where that may be."""
        if not self.may_be_interrupted:
            return []
        heard = int((now_ms - self._since_ms) * BYTES_PER_MS)
        back = REWIND_MS * BYTES_PER_MS
        self._offset = min(max(0, self._offset + heard - back), max(0, len(self._pieces[self._at].audio) - back))
        self.is_paused = True
        return [Clear()]

    def resume(self, now_ms: float) -> list[Order]:
        """Go on from a little before the pause."""
        return self._send(now_ms) if self.is_paused else []

    def stop(self) -> list[Order]:
        """Drop everything that is left."""
        orders: list[Order] = [Clear()] if self.is_playing else []
        self._pieces, self._at, self.is_paused = [], 0, False
        return orders

    def _send(self, now_ms: float) -> list[Order]:
        """Send all that is left, under a new generation."""
        self._generation += 1
        self._since_ms = now_ms
        self.is_paused = False
        orders: list[Order] = []
        for place in range(self._at, len(self._pieces)):
            audio = self._pieces[place].audio[self._offset if place == self._at else 0 :]
            orders += [Sound(audio[start : start + CHUNK]) for start in range(0, len(audio), CHUNK)]
            orders.append(Mark(self._mark(place)))
        return orders

    def _mark(self, place: int) -> str:
        return f"{self._generation}.{place}"

    def _rest_ms(self) -> float:
        return (len(self._pieces[self._at].audio) - self._offset) / BYTES_PER_MS

    def _next(self, now_ms: float) -> None:
        self._at += 1
        self._offset = 0
        self._since_ms = now_ms
