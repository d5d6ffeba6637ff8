"""Whether a caller pauses, by what has come of their audio, decoded or not. Pure."""

from guichet.transcripts.activity import VoiceActivity
from guichet.transcripts.mulaw import Samples

PAUSE_FRAMES = 10
"""Frames of 20 ms without a voice that are a pause: between two words there are fewer."""


class Pausing:
    """Follows the audio of one caller."""

    def __init__(self) -> None:
        self._activity = VoiceActivity()
        self._quiet = PAUSE_FRAMES

    @property
    def is_paused(self) -> bool:
        """Whether they speak no more, or have not begun."""
        return self._quiet >= PAUSE_FRAMES

    def hear(self, samples: Samples) -> None:
        """Take the next audio."""
        for frame in self._activity.frames(samples):
            self._quiet = 0 if frame.voiced else self._quiet + 1
