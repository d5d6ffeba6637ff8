"""What is left to decode when a turn ends: CPU in the frame that ends it, with and without working it out ahead.

    python -m benchmarks.speech_ending DATA

DATA holds `speech-en/` (`wav/`, `transcripts.tsv`), 8 kHz. Every fourth recording is heard as free speech of a call,
half a second of silence before it and a second and a half after it, in both ways, twice; the second time counts
(recognisers are warm then). It is CPU of the thread, which other programs on the machine hardly change.
"""

import argparse
import time
from pathlib import Path

from benchmarks.speech_accuracy import rows
from guichet.core.language import Language
from guichet.gateway import settings
from guichet.transcripts import turn as turns
from guichet.transcripts.endpoint import limits_for
from guichet.transcripts.heard import FreeSpeech
from guichet.transcripts.vosk_engine import VoskEngine

SILENCE = b"\xff" * 160
BEFORE, AFTER = 25, 75
"""Frames of silence around a recording."""


def heard(engine: VoskEngine, audio: list[bytes]) -> tuple[str, float]:
    """Hear a recording; return its words and the milliseconds of CPU in the last frame."""
    turn = turns.Turn(Language.EN, limits_for(FreeSpeech()), engine.decoder(Language.EN, FreeSpeech()))
    for frame in [*[SILENCE] * BEFORE, *audio, *[SILENCE] * AFTER]:
        started = time.thread_time()
        outcome = turn.feed(frame)
        if outcome is not None:
            return outcome.text, (time.thread_time() - started) * 1000
    return turn.stop().text, 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data / "speech-en"
    recordings = [audio for audio, _ in rows(folder, "transcripts.tsv", "text", few=True, pauses=False)]
    engine = VoskEngine(settings.load().models_dir)
    engine.load([Language.EN])
    usual, said = turns.AHEAD, {}
    for name, ahead in (("at the end", 0.0), ("ahead", usual)):
        turns.AHEAD = ahead
        started = time.thread_time()
        found = [[heard(engine, audio) for audio in recordings] for _ in range(2)][1]
        whole = time.thread_time() - started
        said[name] = [text for text, _ in found]
        ranked = sorted(cost for _, cost in found)
        median, last = ranked[len(ranked) // 2], ranked[int(0.95 * len(ranked))]
        print(
            f"worked out {name:11} {median:6.1f} ms in the median, {last:6.1f} ms p95; {whole:.1f} s in all", flush=True
        )
    same = sum(one == other for one, other in zip(*said.values(), strict=True))
    print(f"the same words: {same} of {len(recordings)}")


if __name__ == "__main__":
    main()
