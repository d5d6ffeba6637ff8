"""The engine that hears recorded messages, in the process of the job that does."""

from functools import cached_property
from pathlib import Path

from guichet.core.language import Language
from guichet.transcripts.decoder import Decoder
from guichet.transcripts.heard import Expectation
from guichet.transcripts.recorded import OpenDecoder


class Decoders:
    """The engine for recordings, loaded in the process that hears one, when it does."""

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir

    @cached_property
    def _open(self) -> OpenDecoder:
        from guichet.transcripts.vosk_engine import VoskEngine  # a library that most processes never need

        return VoskEngine(self._models_dir).decoder

    def __call__(self, language: Language, expects: Expectation) -> Decoder:
        """Open a decoder."""
        return self._open(language, expects)
