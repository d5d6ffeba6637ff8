"""The Vosk engine: the only import of vosk. Loads a model once for each language and opens decoders on it.

Audio goes in at 8000 Hz: Kaldi's own resampler (`--allow-upsample=true`, see model_files) loses fewer words than any
other way up to the model's 16000 Hz. Recognisers of free speech are used again: Vosk builds the graph of one as
it meets words, and a new one spends two thirds of its time on that (docs/benchmarks.md).
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import vosk

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.decoder import Utterance
from guichet.transcripts.grammar import phrases
from guichet.transcripts.heard import Expectation
from guichet.transcripts.model_files import closed_folder, model_folder, telephone_ready
from guichet.transcripts.mulaw import RATE, Samples
from guichet.transcripts.nbest import MOST, UNKNOWN, Reading, Segment, Timed, utterance

IDLE = 8
"""Recognisers of free speech kept for later turns, for each language and thread: some 50 MB each once they are warm."""

OLDEST = 600 * RATE
"""Samples after which a recogniser is not used again: what it keeps of the words it met grows for ever."""
SETTLING = RATE // 50
"""Samples of silence that end a recogniser's last utterance."""


@dataclass(slots=True)
class _Recogniser:
    """A recogniser of Vosk's, and how many samples it was given in its life: that is its clock, turn after turn."""

    kaldi: Any
    age: int = 0


class VoskDecoder:
    """One turn on a recogniser of Vosk's; `release` takes it back at the end."""

    def __init__(self, recogniser: _Recogniser, release: Callable[[_Recogniser], None]) -> None:
        self._recogniser = recogniser
        self._kaldi = recogniser.kaldi
        self._release = release
        self._origin = recogniser.age / RATE
        self._segments: list[Segment] = []
        self._is_running = False
        self._is_new = True
        self._is_closed = False

    def accept(self, samples: Samples) -> bool:
        """Take the next audio; tell whether Vosk sees an endpoint."""
        self._recogniser.age += len(samples)
        self._is_new = False
        self._is_running = not self._kaldi.AcceptWaveform(samples.tobytes())
        if not self._is_running:
            self._keep(self._kaldi.Result())
        return not self._is_running

    def is_hearing(self) -> bool:
        """Tell whether there are words since the last endpoint."""
        return bool(json.loads(self._kaldi.PartialResult()).get("partial"))

    def settle(self) -> None:
        """Have Vosk read the utterance that is under way; what comes after it is another one."""
        if self._is_running:
            self._keep(self._kaldi.FinalResult())
            self._is_running, self._is_new = False, True

    def finish(self) -> Utterance:
        """Return all that was heard since the last time."""
        self.settle()
        heard = utterance(self._segments)
        self._segments = []
        return heard

    def close(self) -> None:
        """Give the recogniser back so that nothing of this turn is heard in the next: neither words nor voice."""
        if self._is_closed:
            return
        self._is_closed = True
        if not self._is_new:
            # Vosk begins anew after a final result only: after an endpoint it keeps what it knows of the voice.
            self._recogniser.age += SETTLING
            self._kaldi.AcceptWaveform(bytes(2 * SETTLING))
            self._kaldi.FinalResult()
        self._release(self._recogniser)

    def _keep(self, result: str) -> None:
        """Keep a segment, timed from the first audio of this turn."""
        self._segments.append(
            tuple(
                Reading(
                    float(alternative.get("confidence", 0.0)),
                    tuple(
                        Timed(word["word"], word["start"] - self._origin, word["end"] - self._origin)
                        for word in alternative.get("result", ())
                    ),
                )
                for alternative in json.loads(result).get("alternatives", ())
            )
        )


class VoskEngine:
    """Models by language, loaded at their first use and kept; safe to use from several threads.

    Raises Unavailable when a language has no model or its model cannot be loaded.
    """

    def __init__(self, models_dir: Path, threads: int = 1) -> None:
        vosk.SetLogLevel(-1)
        self._models_dir = models_dir
        self._most_idle = IDLE * threads
        self._models: dict[Language, Any] = {}
        self._closed: dict[Language, Any] = {}
        self._idle: dict[Language, list[_Recogniser]] = {language: [] for language in Language}
        self._lock = Lock()

    def load(self, languages: Collection[Language]) -> None:
        """Load models before they are needed."""
        for language in languages:
            self.model(language)
            self._closed_model(language)

    def decoder(self, language: Language, expects: Expectation) -> VoskDecoder:
        """Open a decoder for a turn, with the grammar of what is expected."""
        wanted = phrases(expects, language)
        if wanted is not None:
            model = self._closed_model(language)
            known = [phrase for phrase in wanted if all(model.vosk_model_find_word(w) >= 0 for w in phrase.split())]
            grammar = json.dumps([*known, UNKNOWN], ensure_ascii=False)
            return VoskDecoder(_prepared(vosk.KaldiRecognizer(model, RATE, grammar)), lambda _: None)
        model = self.model(language)
        with self._lock:
            idle = self._idle[language].pop() if self._idle[language] else None
        free = idle or _prepared(vosk.KaldiRecognizer(model, RATE))
        return VoskDecoder(free, partial(self._keep_warm, language))

    def _keep_warm(self, language: Language, recogniser: _Recogniser) -> None:
        """Keep a recogniser for the next turn: its part of the graph is built, which is most of the work."""
        with self._lock:
            if recogniser.age < OLDEST and len(self._idle[language]) < self._most_idle:
                self._idle[language].append(recogniser)

    def model(self, language: Language) -> Any:
        """Return the model of a language, for free speech, loading it once."""
        with self._lock:
            if language not in self._models:
                self._models[language] = self._loaded(language, model_folder(self._models_dir, language))
            return self._models[language]

    def _closed_model(self, language: Language) -> Any:
        """Return the model for turns with a grammar: the same, but where that is a large one."""
        folder = closed_folder(self._models_dir, language)
        if folder == model_folder(self._models_dir, language):
            return self.model(language)
        with self._lock:
            if language not in self._closed:
                self._closed[language] = self._loaded(language, folder)
            return self._closed[language]

    @staticmethod
    def _loaded(language: Language, folder: Path | None) -> Any:
        """Load a model from its folder."""
        if folder is None:
            raise Unavailable(f"no speech model for {language.value}: guichet models install {language.value}")
        with TemporaryDirectory(prefix="guichet-model-") as scratch:
            try:
                return vosk.Model(model_path=str(telephone_ready(folder, Path(scratch))))
            except Exception as error:  # vosk raises nothing narrower
                raise Unavailable(f"the speech model in {folder} cannot be loaded: guichet models verify") from error


def _prepared(kaldi: Any) -> _Recogniser:
    """Ask a new recogniser for alternatives and times."""
    kaldi.SetMaxAlternatives(MOST)
    kaldi.SetWords(True)  # noqa: FBT003  # Vosk's own signature
    return _Recogniser(kaldi)
