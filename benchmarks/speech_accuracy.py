"""Accuracy and cost of recognition, beside raw Vosk on the same audio in the same run.

    python benchmarks/speech_accuracy.py DATA [--pauses] [--few]

DATA holds `speech-en/` (`wav/`, `transcripts.tsv` with file and text) and `digits-en/` (`wav/`, `digits.tsv` with file
and digits). Models come from the settings (GUICHET_MODELS_DIR). Audio is streamed as µ-law frames of 20 ms, as on a
call. `--pauses` puts faint noise before and after each file, so that 60 % of the audio is no speech; `--few` takes
every fourth file.
"""

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from guichet.core.language import Language
from guichet.gateway import settings
from guichet.transcripts.audio_file import frames
from guichet.transcripts.endpoint import WHOLE_FILE
from guichet.transcripts.heard import Digits, Expectation, FreeSpeech
from guichet.transcripts.mulaw import RATE, decode, encode
from guichet.transcripts.turn import Turn
from guichet.transcripts.understand import understand
from guichet.transcripts.vosk_engine import VoskEngine


@dataclass
class Tally:
    """Errors among words (or numbers), and seconds of CPU and of audio."""

    wrong: int = 0
    of: int = 0
    cpu: float = 0.0
    audio: float = 0.0

    def line(self, name: str, what: str) -> str:
        """Return the tally as a line of a table."""
        errors = f"{self.wrong:4} of {self.of:4} {what} wrong = {self.wrong / self.of:.4f}"
        return f"{name:18} {errors}   {self.cost:.3f} s of CPU a second"

    @property
    def cost(self) -> float:
        """Return seconds of CPU for a second of audio."""
        return self.cpu / self.audio


def distance(said: list[str], heard: list[str]) -> int:
    """Return how many words must be put in, left out or changed."""
    row = list(range(len(heard) + 1))
    for n, word in enumerate(said, start=1):
        previous, row[0] = row[0], n
        for m, other in enumerate(heard, start=1):
            previous, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, previous + (word != other))
    return row[-1]


def ours(engine: VoskEngine, expects: Expectation, audio: list[bytes]) -> str:
    """Hear frames as a call's turn does."""
    turn = Turn(Language.EN, WHOLE_FILE, engine.decoder(Language.EN, expects))
    for frame in audio:
        turn.feed(frame)
    heard = turn.stop()
    return (understand(heard, expects) or "") if isinstance(expects, Digits) else heard.text


def raw(engine: VoskEngine, audio: list[bytes]) -> str:
    """Hear frames as Vosk's own examples do: everything is decoded."""
    import vosk

    kaldi = vosk.KaldiRecognizer(engine.model(Language.EN), RATE)  # the same model for both
    texts = [json.loads(kaldi.Result())["text"] for frame in audio if kaldi.AcceptWaveform(decode(frame).tobytes())]
    return " ".join(filter(None, [*texts, json.loads(kaldi.FinalResult())["text"]]))


def measure(rows: Iterable[tuple[list[bytes], list[str]]], hear: Callable[[list[bytes]], list[str]]) -> Tally:
    """Hear every row and count."""
    tally = Tally()
    for audio, said in rows:
        start = time.process_time()
        heard = hear(audio)
        tally.cpu += time.process_time() - start
        tally.audio += sum(map(len, audio)) / RATE
        tally.wrong += distance(said, heard)
        tally.of += len(said)
    return tally


def rows(folder: Path, table: str, column: str, *, few: bool, pauses: bool) -> list[tuple[list[bytes], list[str]]]:
    """Read a data set: the frames of each file, and what is said in it."""
    with (folder / table).open(encoding="utf-8") as file:
        read = list(csv.DictReader(file, delimiter="\t"))[:: 4 if few else 1]
    return [(sound(folder / "wav" / row["file"], pauses=pauses), row[column].split()) for row in read]


def sound(path: Path, *, pauses: bool) -> list[bytes]:
    """Read a file's frames; with pauses, three quarters of its length of faint noise go before it and after it."""
    audio = list(frames(path))
    if not pauses:
        return audio
    noise = np.random.default_rng(1).normal(0, 25, int(len(audio) * 0.75) * 160).astype(np.int16)
    pause = [encode(noise[start : start + 160]) for start in range(0, len(noise), 160)]
    return [*pause, *audio, *pause]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pauses", action="store_true")
    parser.add_argument("--few", action="store_true")
    asked = parser.parse_args()
    engine = VoskEngine(settings.load().models_dir)
    engine.load([Language.EN])
    speech = rows(asked.data / "speech-en", "transcripts.tsv", "text", few=asked.few, pauses=asked.pauses)
    mine = measure(speech, lambda audio: ours(engine, FreeSpeech(), audio).split())
    print(mine.line("speech, guichet", "words"), flush=True)
    plain = measure(speech, lambda audio: raw(engine, audio).split())
    print(plain.line("speech, raw Vosk", "words"))
    print(f"CPU beside raw Vosk: {mine.cost / plain.cost:.2f}", flush=True)
    numbers = rows(asked.data / "digits-en", "digits.tsv", "digits", few=asked.few, pauses=asked.pauses)
    print(measure(numbers, lambda audio: [ours(engine, Digits(), audio)]).line("digits, guichet", "numbers"))


if __name__ == "__main__":
    main()
