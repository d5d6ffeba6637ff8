"""The Vosk engine: the only import of vosk. Loads a model once for each language and opens decoders on it.

Audio goes in at 8000 Hz: Kaldi's own resampler (`--allow-upsample=true`, see model_files) loses fewer words than any
other way up to the model's 16000 Hz.
"""

import json
from collections.abc import Collection
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
from guichet.transcripts.model_files import model_folder, telephone_ready
from guichet.transcripts.mulaw import RATE, Samples
from guichet.transcripts.nbest import MOST, UNKNOWN, Reading, Segment, Timed, utterance


class VoskDecoder:
    """One turn on a loaded model; with `grammar`, only these phrases are heard."""

    def __init__(self, model: Any, grammar: tuple[str, ...] | None) -> None:
        arguments = (model, RATE) if grammar is None else (model, RATE, json.dumps(grammar, ensure_ascii=False))
        self._kaldi = vosk.KaldiRecognizer(*arguments)
        self._kaldi.SetMaxAlternatives(MOST)
        self._kaldi.SetWords(True)  # noqa: FBT003  # Vosk's own signature
        self._segments: list[Segment] = []
        self._accepted = 0
        self._origin = 0

    def accept(self, samples: Samples) -> bool:
        """Take the next audio; tell whether Vosk sees an endpoint."""
        self._accepted += len(samples)
        if not self._kaldi.AcceptWaveform(samples.tobytes()):
            return False
        self._keep(self._kaldi.Result())
        return True

    def is_hearing(self) -> bool:
        """Tell whether there are words since the last endpoint."""
        return bool(json.loads(self._kaldi.PartialResult()).get("partial"))

    def finish(self) -> Utterance:
        """Return all that was heard; Vosk's clock starts anew with the next audio."""
        self._keep(self._kaldi.FinalResult())
        heard = utterance(self._segments)
        self._segments = []
        self._origin = self._accepted
        return heard

    def _keep(self, result: str) -> None:
        """Keep a segment, timed from the first audio of all."""
        start = self._origin / RATE
        self._segments.append(
            tuple(
                Reading(
                    float(alternative.get("confidence", 0.0)),
                    tuple(
                        Timed(word["word"], start + word["start"], start + word["end"])
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

    def __init__(self, models_dir: Path) -> None:
        vosk.SetLogLevel(-1)
        self._models_dir = models_dir
        self._models: dict[Language, Any] = {}
        self._lock = Lock()

    def load(self, languages: Collection[Language]) -> None:
        """Load models before they are needed."""
        for language in languages:
            self._model(language)

    def decoder(self, language: Language, expects: Expectation) -> VoskDecoder:
        """Open a decoder for a turn, with the grammar of what is expected."""
        model = self._model(language)
        wanted = phrases(expects, language)
        if wanted is None:
            return VoskDecoder(model, None)
        known = tuple(phrase for phrase in wanted if all(model.vosk_model_find_word(w) >= 0 for w in phrase.split()))
        return VoskDecoder(model, (*known, UNKNOWN))

    def _model(self, language: Language) -> Any:
        """Return the model of a language, loading it once."""
        with self._lock:
            if language not in self._models:
                self._models[language] = self._loaded(language)
            return self._models[language]

    def _loaded(self, language: Language) -> Any:
        """Load a model from its folder."""
        folder = model_folder(self._models_dir, language)
        if folder is None:
            raise Unavailable(f"no speech model for {language.value}: guichet models install {language.value}")
        with TemporaryDirectory(prefix="guichet-model-") as scratch:
            try:
                return vosk.Model(model_path=str(telephone_ready(folder, Path(scratch))))
            except Exception as error:  # vosk raises nothing narrower
                raise Unavailable(f"the speech model in {folder} cannot be loaded: guichet models verify") from error
