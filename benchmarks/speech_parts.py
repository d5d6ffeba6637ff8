"""What each part of the way from µ-law to words costs: raw Vosk, what Guichet adds and saves, on the same audio."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import vosk

from benchmarks.speech_accuracy import Tally, distance, ours
from guichet.core.language import Language
from guichet.transcripts.activity import Frame
from guichet.transcripts.endpoint import WHOLE_FILE
from guichet.transcripts.gate import Gate
from guichet.transcripts.heard import FreeSpeech
from guichet.transcripts.mulaw import RATE, Samples, decode
from guichet.transcripts.turn import Turn
from guichet.transcripts.vosk_engine import VoskEngine

CHUNK = 5
"""Frames of 20 ms given to raw Vosk at once: as many as Guichet gives it."""

Rows = Sequence[tuple[list[bytes], list[str]]]
"""The frames of each recording, and the words said in it."""


def chunks(audio: list[bytes]) -> list[bytes]:
    """Return 16-bit samples in pieces of 0.1 s."""
    return [decode(b"".join(audio[at : at + CHUNK])).tobytes() for at in range(0, len(audio), CHUNK)]


class OpenGate(Gate):
    """Lets everything pass, and knows of voices what the gate does."""

    def take(self, frame: Frame) -> list[Samples]:
        """Take a frame and give it."""
        super().take(frame)
        return [frame.samples]

    @property
    def is_open(self) -> bool:
        """Say yes."""
        return True

    def audio_time(self, decoder_time: float) -> float:
        """Return the decoder's time: its clock never stands still."""
        return decoder_time


class Parts:
    """The ways of hearing a recording, on one loaded model; nothing is warm at first."""

    def __init__(self, model: Any) -> None:
        self._engine = VoskEngine(Path())
        self._engine._models[Language.EN] = model  # noqa: SLF001  # the same for all
        self._model = model
        self._warm = vosk.KaldiRecognizer(model, RATE)

    def raw(self, audio: list[bytes]) -> str:
        """Hear as Vosk's examples do: a new recogniser, everything decoded."""
        return self._decoded(vosk.KaldiRecognizer(self._model, RATE), audio)

    def raw_warm(self, audio: list[bytes]) -> str:
        """Hear with one recogniser for all recordings."""
        return self._decoded(self._warm, audio)

    def guichet(self, audio: list[bytes]) -> str:
        """Hear as a call does."""
        return ours(self._engine, FreeSpeech(), audio)

    def guichet_without_gate(self, audio: list[bytes]) -> str:
        """Hear as a call does, silence decoded too."""
        turn = Turn(Language.EN, WHOLE_FILE, self._engine.decoder(Language.EN, FreeSpeech()))
        turn._gate = OpenGate()  # noqa: SLF001  # nothing else is changed
        for frame in audio:
            turn.feed(frame)
        return turn.stop().text

    @staticmethod
    def _decoded(kaldi: Any, audio: list[bytes]) -> str:
        texts = [json.loads(kaldi.Result())["text"] for piece in chunks(audio) if kaldi.AcceptWaveform(piece)]
        return " ".join(filter(None, [*texts, json.loads(kaldi.FinalResult())["text"]]))


def measured(rows: Rows, hear: Callable[[list[bytes]], str]) -> Tally:
    """Hear every recording and count words wrong, CPU and audio."""
    tally = Tally()
    for audio, said in rows:
        started = time.process_time()
        heard = hear(audio)
        tally.cpu += time.process_time() - started
        tally.audio += sum(map(len, audio)) / RATE
        tally.wrong += distance(said, heard.split())
        tally.of += len(said)
    return tally


def table(model: Any, rows: Rows) -> dict[str, Tally]:
    """Measure every way on the recordings, each from a cold start."""
    ways: dict[str, Callable[[Parts], Callable[[list[bytes]], str]]] = {
        "raw Vosk, a recogniser a recording": lambda parts: parts.raw,
        "raw Vosk, one recogniser for all": lambda parts: parts.raw_warm,
        "Guichet without its gate": lambda parts: parts.guichet_without_gate,
        "Guichet": lambda parts: parts.guichet,
    }
    return {name: measured(rows, way(Parts(model))) for name, way in ways.items()}
