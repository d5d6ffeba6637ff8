"""The Vosk engine: the only import of vosk. Loads a model once for each language and opens decoders on it.

Audio goes in at 8000 Hz: Kaldi's own resampler (`--allow-upsample=true`, see model_files) loses fewer words than any
other way up to the model's 16000 Hz. Recognisers of free speech are used again: Vosk builds the graph of one as
it meets words, and a new one spends two thirds of its time on that (docs/benchmarks.md). The first tenth of a second
that a new one decodes takes 0.2 s of CPU: some are made ready for callers who come at once.
"""

import json
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import numpy as np
import vosk

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.decoder import Utterance
from guichet.transcripts.grammar import phrases
from guichet.transcripts.heard import Expectation
from guichet.transcripts.model_files import closed_folder, model_folder, telephone_ready
from guichet.transcripts.mulaw import RATE, Samples
from guichet.transcripts.nbest import MOST, UNKNOWN, Reading, Segment, Timed, utterance
from guichet.transcripts.warm_pool import WarmPool

IDLE = 12
"""Recognisers of free speech kept for later turns at most, for each language and thread."""
MEMORY_EACH = 100 << 20
"""Bytes that one takes once it is warm..."""
MEMORY_SHARE = 0.2
"""... and the share of the machine's memory that those kept for one language may take."""
SPARES = 2
"""Recognisers that are made ready beforehand, for each language and thread: 9 MB each."""
WARMING_SECONDS = 1
"""Seconds of noise that a spare decodes: two thirds of what it would be slower by at its first words."""

OLDEST = 600 * RATE
"""Samples after which a recogniser is not used again: what it keeps of the words it met grows for ever."""
STEP = RATE // 10
"""Samples that noise is given in."""
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

    def so_far(self) -> str:
        """Return the best words of the utterances that are over, and of the one under way."""
        over = utterance(self._segments).text
        return f"{over} {json.loads(self._kaldi.PartialResult()).get('partial', '')}".strip()

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
        self._threads = threads
        self._models: dict[Language, Any] = {}
        self._closed: dict[Language, Any] = {}
        self._free = {language: WarmPool(partial(self._new, language), most_idle(threads)) for language in Language}
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
        return VoskDecoder(self._free[language].take(), partial(self._keep_warm, language))

    def keep_spares(self, languages: Collection[Language]) -> None:
        """From now on, have recognisers of free speech ready for callers who come at once."""
        for language in languages:
            self._free[language].keep_spares(SPARES * self._threads, partial(self._warmed, language))

    def _keep_warm(self, language: Language, recogniser: _Recogniser) -> None:
        """Keep a recogniser for the next turn: its part of the graph is built, which is most of the work."""
        if recogniser.age < OLDEST:
            self._free[language].give(recogniser)

    def _new(self, language: Language) -> _Recogniser:
        return _prepared(vosk.KaldiRecognizer(self.model(language), RATE))

    def _warmed(self, language: Language) -> _Recogniser:
        """Make a recogniser that has heard noise, and kept nothing of it but its part of the graph."""
        made: list[_Recogniser] = []
        decoder = VoskDecoder(self._new(language), made.append)
        noise = np.random.default_rng(1).normal(0, 500, WARMING_SECONDS * RATE).astype(np.int16)
        for start in range(0, len(noise), STEP):
            decoder.accept(noise[start : start + STEP])
        decoder.close()
        return made[0]

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


def most_idle(threads: int) -> int:
    """Return how many recognisers of a language are kept: as many as may be needed at once, if the memory allows."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(2, min(IDLE * threads, int(MEMORY_SHARE * memory / MEMORY_EACH)))
