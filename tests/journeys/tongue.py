"""What the gateway says over a stream, in journeys: silence of a length that fits, which the simulated people read."""

from guichet.carrier.simulator.parties import spoken_seconds
from guichet.core.language import Language

SILENCE = b"\xff"
_MARK = 16
"""Bytes at the beginning of a sentence that say which it is; anything is heard as silence."""


class Tongue:
    """Makes speech of texts, and texts of it."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def synthesise(self, text: str, language: Language) -> bytes:
        """Return a sentence as sound, four times as fast as anybody speaks."""
        self._texts.append(text)
        number = len(self._texts) - 1
        mark = bytes(0x7E if number >> bit & 1 else 0xFE for bit in range(_MARK))
        return b"\x7f\x7e" + mark + SILENCE * (160 * max(5, round(spoken_seconds(text) * 50 / 4)))

    def understand(self, audio: bytes) -> str | None:
        """Return the sentence that begins with this sound."""
        if audio[:2] != b"\x7f\x7e":
            return None
        number = sum(1 << bit for bit, byte in enumerate(audio[2 : 2 + _MARK]) if byte == 0x7E)
        return self._texts[number]
