"""A long recording heard in slices: each ends at a pause, so that memory stays constant and work can be taken up again.

What a slice is heard with is what a call's turn is heard with; it is worked through as fast as the machine can.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from guichet.core.language import Language
from guichet.transcripts.audio_file import frames
from guichet.transcripts.decoder import Decoder
from guichet.transcripts.endpoint import WHOLE_FILE
from guichet.transcripts.heard import Expectation, FreeSpeech, Heard
from guichet.transcripts.mulaw import RATE
from guichet.transcripts.turn import Turn

OpenDecoder = Callable[[Language, Expectation], Decoder]

SLICE = 30.0
"""Seconds after which a slice ends at the next pause."""
PAUSE = 1.5
"""Seconds without a voice that are one: a number that is dictated has shorter ones."""
LONGEST = 60.0
"""Seconds after which a slice ends anyway."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What was heard from `start` to `end`, in seconds of the recording; words are timed from its beginning."""

    start: float
    end: float
    heard: Heard


def slices(path: Path, language: Language, open_decoder: OpenDecoder, start: float = 0.0) -> Iterator[Slice]:
    """Hear a file from `start` on, slice by slice; may be resumed in another thread.

    Raises BadInput for a file that cannot be read (see audio_file), Unavailable without a model.
    """
    position, began, cpu = 0.0, start, time.thread_time()
    turn: Turn | None = None
    for frame in frames(path):
        position += len(frame) / RATE
        if position <= start:
            continue
        turn = turn or Turn(language, WHOLE_FILE, open_decoder(language, FreeSpeech()))
        turn.feed(frame)
        if _is_full(position - began, turn.quiet):
            yield Slice(began, position, _placed(turn.stop(), began, time.thread_time() - cpu))
            turn, began, cpu = None, position, time.thread_time()
    if turn is not None:
        yield Slice(began, position, _placed(turn.stop(), began, time.thread_time() - cpu))


def _is_full(seconds: float, quiet: float) -> bool:
    """Tell whether a slice of so many seconds, the last of them without a voice, ends here."""
    return seconds >= LONGEST or (seconds >= SLICE and quiet >= PAUSE)


def _placed(heard: Heard, start: float, cpu: float) -> Heard:
    """Time the words from the beginning of the recording."""
    words = tuple(
        replace(word, start=round(word.start + start, 3), end=round(word.end + start, 3)) for word in heard.words
    )
    return heard.evolve(words=words, cpu=round(cpu, 4))
