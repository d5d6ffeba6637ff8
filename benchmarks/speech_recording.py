"""A long recording: seconds of CPU and memory, beside a short one of the same kind in the same run.

    python -m benchmarks.speech_recording DATA [--minutes 60]

Makes a WAV file of the recordings of DATA (`speech-en/wav`), each with three times its length of faint noise after it,
until it is long enough, and hears it as the job of recorded messages does, slice by slice; before it, one of a minute.
"""

import argparse
import resource
import tempfile
import time
import wave
from itertools import cycle
from pathlib import Path

import numpy as np

from guichet.core.language import Language
from guichet.gateway import settings
from guichet.transcripts.audio_file import frames
from guichet.transcripts.mulaw import RATE, decode
from guichet.transcripts.recorded import slices
from guichet.transcripts.vosk_engine import VoskEngine

QUIET = 3


def make(path: Path, sounds: list[Path], minutes: int) -> None:
    """Write a file of so many minutes."""
    noise = np.random.default_rng(1)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "NONE"))
        for sound in cycle(sounds):
            spoken = decode(b"".join(frames(sound)))
            file.writeframes(spoken.tobytes())
            file.writeframes(noise.normal(0, 25, QUIET * len(spoken)).astype(np.int16).tobytes())
            if file.getnframes() >= minutes * 60 * RATE:
                return


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--minutes", type=int, default=60)
    options = parser.parse_args()
    engine = VoskEngine(settings.load().models_dir)
    engine.load([Language.EN])
    sounds = sorted((options.data / "speech-en" / "wav").glob("*.wav"))
    with tempfile.TemporaryDirectory(prefix="guichet-benchmark-") as folder:
        for minutes in (1, options.minutes):
            path = Path(folder) / f"{minutes}.wav"
            make(path, sounds, minutes)
            cpu, started, words, end = time.process_time(), time.monotonic(), 0, 0.0
            for piece in slices(path, Language.EN, engine.decoder):
                words, end = words + len(piece.heard.words), piece.end
            cpu, passed = time.process_time() - cpu, time.monotonic() - started
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{end / 60:5.1f} min: {words} words, {end / passed:.0f} times as fast as life, "
                f"{cpu / end:.3f} s of CPU a second, most memory so far {memory:.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
