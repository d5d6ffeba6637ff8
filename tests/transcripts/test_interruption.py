"""Who speaks over a prompt is noticed within 0.3 s; noise, clicks and a short hum are nobody."""

import numpy as np
import pytest

from guichet.carrier.voice import synthesise
from guichet.core.language import Language
from guichet.transcripts.interruption import Interruption
from guichet.transcripts.mulaw import RATE
from tests.transcripts.voices import frames, hum, noise, silence, sound

SENTENCES = [
    (Language.FR, "fr-FR", "oui"),
    (Language.FR, "fr-FR", "un agent"),
    (Language.FR, "fr-FR", "je voudrais un acte de naissance"),
    (Language.EN, "en-GB", "yes"),
    (Language.EN, "en-US", "no, not that"),
    (Language.EN, "en-GB", "I need a birth certificate"),
]
LATEST = 0.3


def noticed(audio: bytes, size: int = 160) -> float | None:
    """Return after how many seconds somebody is noticed."""
    interruption = Interruption()
    for number, frame in enumerate(frames(audio, size)):
        if interruption.feed(frame):
            return (number + 1) * size / RATE
    return None


def cough(seed: int) -> bytes:
    """Return one or two bursts of noise that die away."""
    random = np.random.default_rng(seed)
    bursts = []
    for _ in range(random.integers(1, 3)):
        time = np.arange(int(RATE * random.uniform(0.12, 0.3))) / RATE
        bursts += [random.normal(0, 0.3, len(time)) * np.exp(-time / random.uniform(0.03, 0.1)), np.zeros(RATE // 10)]
    return sound(np.concatenate(bursts))


@pytest.mark.parametrize("line", [silence(0.5), noise(0.5)], ids=["a quiet line", "a noisy line"])
@pytest.mark.parametrize(("language", "voice", "text"), SENTENCES)
def test_speech_is_noticed_within_a_third_of_a_second(language: Language, voice: str, text: str, line: bytes) -> None:
    speech = synthesise(text, language, voice=voice).lstrip(b"\xff\x7f\xfe\x7e")
    at = noticed(line + speech)
    assert at is not None
    assert at - 0.5 <= LATEST


@pytest.mark.parametrize("seed", range(12))
def test_a_cough_is_nobody(seed: int) -> None:
    assert noticed(silence(0.5) + cough(seed) + silence(0.5)) is None


def test_noise_clicks_and_a_short_hum_are_nobody() -> None:
    assert noticed(noise(3.0, 0.02)) is None
    assert noticed(silence(0.5) + noise(0.01, 0.5) + silence(0.5)) is None
    assert noticed(silence(0.5) + hum(0.3) + silence(0.5)) is None


def test_a_voice_that_lasts_is_somebody_whatever_it_says() -> None:
    at = noticed(silence(0.5) + hum(1.0))
    assert at is not None
    assert 0.9 < at < 1.2


def test_pieces_of_any_length_mean_the_same() -> None:
    speech = silence(0.5) + synthesise("un agent", Language.FR)
    exact = noticed(speech, 160)
    assert exact is not None
    for size in (80, 200, 333, 800):
        at = noticed(speech, size)
        assert at is not None
        assert abs(at - exact) <= size / RATE + 0.02


def test_what_proved_to_be_nothing_is_forgotten() -> None:
    interruption = Interruption()
    assert interruption.feed(silence(0.5) + hum(0.45)) is False
    interruption.forget()
    assert interruption.feed(hum(0.3)) is False
