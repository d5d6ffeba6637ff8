"""A recorded file heard as a call would be: frames of 20 ms through the same turn, to the end of the file."""

from collections.abc import Callable
from pathlib import Path

from guichet.core.language import Language
from guichet.transcripts.audio_file import frames
from guichet.transcripts.decoder import Decoder
from guichet.transcripts.endpoint import WHOLE_FILE
from guichet.transcripts.heard import Expectation, Heard
from guichet.transcripts.turn import Turn

OpenDecoder = Callable[[Language, Expectation], Decoder]


def transcribe(path: Path, language: Language, expects: Expectation, open_decoder: OpenDecoder) -> Heard:
    """Return what is heard in a file, in constant memory but for the words.

    Raises BadInput for a file that cannot be read (see audio_file), Unavailable without a model.
    """
    turn = Turn(language, WHOLE_FILE, open_decoder(language, expects))
    for frame in frames(path):
        turn.feed(frame)
    return turn.stop()
