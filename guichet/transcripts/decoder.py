"""The port of a decoder: what a turn needs of an engine, in the engine's own time. Pure."""

from dataclasses import dataclass
from typing import Protocol

from guichet.transcripts.heard import Word
from guichet.transcripts.mulaw import Samples


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a decoder heard: words in seconds of the audio it was given, other readings, and whether it was speech.

    `is_speech` may be true without words: somebody spoke, but none of the words that were expected.
    """

    words: tuple[Word, ...] = ()
    alternatives: tuple[str, ...] = ()
    is_speech: bool = False

    @property
    def text(self) -> str:
        """Return the words as one text."""
        return " ".join(word.text for word in self.words)


class Decoder(Protocol):
    """Turns samples into words; used by one thread at a time."""

    def accept(self, samples: Samples) -> bool:
        """Take the next audio; tell whether the engine sees the end of an utterance."""
        ...

    def is_hearing(self) -> bool:
        """Tell whether words were heard since the engine last saw an end."""
        ...

    def so_far(self) -> str:
        """Return the words heard so far, as far as they are clear already: the outcome may differ."""
        ...

    def settle(self) -> None:
        """Work out now what was heard so far, so that `finish` has nothing left to do; harmless when nothing was."""
        ...

    def finish(self) -> Utterance:
        """Return all that was heard since the start or the last `finish`, and begin anew."""
        ...

    def close(self) -> None:
        """Give the engine back; nothing may be asked afterwards."""
        ...
