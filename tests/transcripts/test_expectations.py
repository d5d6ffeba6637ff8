"""What each closed turn understands of several synthesised voices, on lines with noise, hum, and gain up to clipping.

One reading may go wrong on a telephone: floors are for each expectation over all voices and lines, measured with room.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from guichet.carrier.voice import halve_rate
from guichet.core.language import Language
from guichet.transcripts.endpoint import limits_for
from guichet.transcripts.heard import Digits, Expectation, Heard, Letters, OneOf, SpokenDate, YesNo
from guichet.transcripts.mulaw import RATE, Samples, encode
from guichet.transcripts.turn import Turn
from guichet.transcripts.understand import understand
from guichet.transcripts.vosk_engine import VoskEngine
from tests.transcripts.voices import frames

MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models"))
VOICES = [("en-GB", 1.0, 1.0), ("en-US", 1.0, 0.9), ("en-GB", 0.8, 1.1), ("en-US", 1.25, 1.0)]
"""Voice, pitch, speed."""
LINES = [(1.0, 0.0, 0.0), (0.25, 0.0005, 0.0), (0.7, 0.003, 0.01), (1.7, 0.001, 0.0)]
"""Gain, noise and mains hum, against full scale; a gain of 1.7 clips."""
NAMES = OneOf(("Martin", "Bernard", "Petit", "Robert", "Richard", "Simon"))

SAID: dict[str, tuple[Expectation, dict[str, str], float]] = {
    "yes or no": (
        YesNo(),
        {
            "yes": "yes",
            "yes please": "yes",
            "that's right": "yes",
            "no": "no",
            "no thank you": "no",
            "no it isn't": "no",
        },
        0.9,
    ),
    "date": (
        SpokenDate(),
        {
            "the third of March nineteen eighty five": "1985-03-03",
            "the twenty seventh of September nineteen seventy nine": "1979-09-27",
            "July the fourteenth two thousand and one": "2001-07-14",
            "the first of January nineteen fifty": "1950-01-01",
        },
        0.8,
    ),
    "letters": (
        Letters(),
        {"A for alpha, B for bravo": "AB", "M for mike, X for x ray": "MX", "romeo, sierra, tango": "RST"},
        0.85,
    ),
    "names": (NAMES, {name: name for name in NAMES.choices}, 0.85),
    "digits": (
        Digits(8, 8),
        {
            "five, two, seven, one, nine, three, zero, six": "52719306",
            "four, oh, double seven, eight, one, two, three": "40778123",
        },
        0.75,
    ),
}


@pytest.fixture(scope="module")
def engine() -> VoskEngine:
    made = VoskEngine(MODELS)
    made.load([Language.EN])
    return made


def voice(text: str, name: str, pitch: float, speed: float) -> Samples:
    """Return a text as somebody says it, at 8 kHz."""
    from py_nanotts import NanoTTS

    pcm = NanoTTS().speak(text, voice=name, pitch=pitch, speed=speed)
    return halve_rate(np.frombuffer(pcm, dtype="<i2").astype(np.int16))


def on_a_line(spoken: Samples, gain: float, noise: float, mains: float) -> bytes:
    """Put a voice on a line: a second before it, three after it, with noise and the hum of the mains under all."""
    whole = np.concatenate([np.zeros(RATE), spoken.astype(float) * gain, np.zeros(3 * RATE)])
    time = np.arange(len(whole)) / RATE
    floor = np.random.default_rng(3).normal(0, noise, len(whole)) + mains * np.sin(2 * np.pi * 50 * time)
    return encode(np.clip(whole + floor * 32767, -32768, 32767).astype(np.int16))


def understood(engine: VoskEngine, mulaw: bytes, expects: Expectation) -> str | None:
    """Return what a turn makes of it."""
    turn = Turn(Language.EN, limits_for(expects), engine.decoder(Language.EN, expects))
    ended = (turn.feed(frame) for frame in frames(mulaw))
    heard: Heard = next((heard for heard in ended if heard is not None), None) or turn.stop()
    return understand(heard, expects)


def readings(engine: VoskEngine, expects: Expectation, wanted: dict[str, str]) -> Iterator[tuple[str, str | None, str]]:
    """Give what each thing said is understood as, by every voice on every line, beside what it should be."""
    for (text, value), speaker in product(wanted.items(), VOICES):
        spoken = voice(text, *speaker)
        for line in LINES:
            yield f"{text} {speaker} {line}", understood(engine, on_a_line(spoken, *line), expects), value


@pytest.mark.model
@pytest.mark.parametrize("what", SAID)
def test_closed_turns_understand_several_voices_on_bad_lines(engine: VoskEngine, what: str) -> None:
    expects, wanted, floor = SAID[what]
    found = list(readings(engine, expects, wanted))
    wrong = [(said, understood) for said, understood, value in found if understood != value]
    assert len(found) == len(wanted) * len(VOICES) * len(LINES)
    assert len(wrong) <= (1 - floor) * len(found), wrong


@pytest.mark.model
@pytest.mark.parametrize("what", ["yes or no", "date", "names", "digits"])
def test_what_was_not_asked_for_is_rarely_taken_for_an_answer(engine: VoskEngine, what: str) -> None:
    # Letters are not among them: a few words of any sentence sound like some.
    expects, _, _ = SAID[what]
    aside = ("I would like to talk about my bicycle", "can you hear the television over there")
    taken = [
        (text, value)
        for text, speaker in product(aside, VOICES)
        if (value := understood(engine, on_a_line(voice(text, *speaker), *LINES[0]), expects)) is not None
    ]
    assert len(taken) <= 2, taken
