"""The English model hears synthesised callers of two voices, in free and in closed turns, on lines with noise."""

import os
from pathlib import Path

import numpy as np
import pytest

from guichet.carrier.voice import synthesise
from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.endpoint import Limits, limits_for
from guichet.transcripts.heard import Digits, Ending, Expectation, FreeSpeech, Heard, OneOf, SpokenDate, YesNo
from guichet.transcripts.models import CATALOGUE, LARGE
from guichet.transcripts.mulaw import decode, encode
from guichet.transcripts.turn import Turn
from guichet.transcripts.understand import understand
from guichet.transcripts.vosk_engine import OLDEST, VoskEngine
from tests.transcripts.voices import frames, hum, noise, silence

MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models"))


@pytest.fixture(scope="module")
def engine() -> VoskEngine:
    made = VoskEngine(MODELS)
    made.load([Language.EN])
    return made


def hear(engine: VoskEngine, mulaw: bytes, expects: Expectation, limits: Limits | None = None) -> Heard:
    turn = Turn(Language.EN, limits or limits_for(expects), engine.decoder(Language.EN, expects))
    for frame in frames(mulaw):
        if (heard := turn.feed(frame)) is not None:
            return heard
    return turn.stop()


def on_a_line(mulaw: bytes, gain: float, hiss: float) -> bytes:
    """Put a voice on a line: before it a second of noise, after it three, the noise under it too."""
    voice = decode(silence(1) + mulaw + silence(3)).astype(float) * gain
    floor = decode(noise(len(voice) / 8000, hiss)).astype(float)
    return encode(np.clip(voice + floor[: len(voice)], -32768, 32767).astype(np.int16))


LINES = [(1.0, 0.0), (0.3, 0.0005), (0.7, 0.002)]


@pytest.mark.model
@pytest.mark.parametrize("voice", ["en-GB", "en-US"])
@pytest.mark.parametrize(("gain", "hiss"), LINES)
@pytest.mark.parametrize(
    ("said", "expects", "value"),
    [
        ("five, two, seven, one, nine, three, zero, six", Digits(8, 8), "52719306"),
        ("yes please", YesNo(), "yes"),
        ("no thank you", YesNo(), "no"),
        ("the third of march nineteen eighty five", SpokenDate(), "1985-03-03"),
        ("Martin", OneOf(("Martin", "Bernard", "Petit")), "Martin"),
    ],
)
def test_closed_turns_give_their_value(  # noqa: PLR0917 - one parameter a thing that varies
    engine: VoskEngine, voice: str, gain: float, hiss: float, said: str, expects: Expectation, value: str
) -> None:
    heard = hear(engine, on_a_line(synthesise(said, Language.EN, voice=voice), gain, hiss), expects)
    assert understand(heard, expects) == value
    assert heard.ending is Ending.ENDPOINT
    assert heard.words[0].start >= 0.7


@pytest.mark.model
@pytest.mark.parametrize(("said", "value"), [("yes", "yes"), ("no thank you", "no")])
def test_where_yes_or_no_is_asked_for_neither_is_waited_on_for_a_second(
    engine: VoskEngine, said: str, value: str
) -> None:
    spoken = silence(1) + synthesise(said, Language.EN) + silence(3)
    asked, open_turn = (hear(engine, spoken, FreeSpeech(is_yes_no=is_asked)) for is_asked in (True, False))
    assert asked.text == open_turn.text
    assert understand(asked, YesNo()) == value
    assert asked.ending is Ending.ENDPOINT
    assert asked.seconds == pytest.approx(open_turn.seconds - 0.4, abs=0.1)


@pytest.mark.model
def test_free_speech_has_words_with_times_and_confidences(engine: VoskEngine) -> None:
    spoken = synthesise("I would like a birth certificate please", Language.EN)
    heard = hear(engine, silence(2) + spoken + silence(3), FreeSpeech())
    assert "birth certificate" in heard.text
    assert 2.0 <= heard.words[0].start < heard.words[-1].end <= 2.2 + len(spoken) / 8000
    assert all(0 < word.confidence <= 1 for word in heard.words)
    assert heard.seconds <= 2 + len(spoken) / 8000 + 1.2


@pytest.mark.model
def test_a_recogniser_that_is_used_again_keeps_nothing_of_the_turn_before(engine: VoskEngine) -> None:
    """Kaldi dithers: a word that is barely heard may be another the second time, what is heard well may not."""
    spoken = (
        silence(0.5) + synthesise("I have lost my passport and I need a birth certificate", Language.EN) + silence(2)
    )
    first = hear(engine, spoken, FreeSpeech())
    hear(engine, hum(2), FreeSpeech())
    again = hear(engine, spoken, FreeSpeech())
    assert 0.4 <= first.words[0].start <= 0.9
    for heard in (first, again):
        assert "birth certificate" in heard.text
    assert len(again.words) == pytest.approx(len(first.words), abs=1)
    assert again.words[0].start == pytest.approx(first.words[0].start, abs=0.1)
    assert again.words[-1].start == pytest.approx(first.words[-1].start, abs=0.1)


@pytest.mark.model
def test_a_recogniser_that_has_heard_enough_is_not_used_again(engine: VoskEngine) -> None:
    young = engine.decoder(Language.EN, FreeSpeech())
    young.close()
    again = engine.decoder(Language.EN, FreeSpeech())
    assert again._recogniser is young._recogniser
    again._recogniser.age = OLDEST
    again.close()
    assert engine.decoder(Language.EN, FreeSpeech())._recogniser is not young._recogniser


@pytest.mark.model
def test_words_after_a_pause_lie_where_they_were_said(engine: VoskEngine) -> None:
    four, nine = (synthesise(word, Language.EN) for word in ("four", "nine"))
    heard = hear(engine, silence(1) + four + silence(1) + nine + silence(3), Digits())
    assert heard.text == "four nine"
    assert heard.words[1].start >= 2.0 + len(four) / 8000 - 0.2


@pytest.mark.model
def test_noise_alone_is_silence(engine: VoskEngine) -> None:
    heard = hear(engine, noise(9, 0.01), FreeSpeech())
    assert (heard.text, heard.ending, heard.seconds) == ("", Ending.SILENCE, 6.0)


@pytest.mark.model
def test_where_both_sizes_are_the_small_one_hears_closed_turns(tmp_path: Path) -> None:
    small = MODELS / CATALOGUE[Language.EN].name
    for name in (small.name, LARGE[Language.EN].name):
        (tmp_path / name).symlink_to(small.resolve())
    engine = VoskEngine(tmp_path)
    engine.load([Language.EN])
    assert engine._closed_model(Language.EN) is not engine.model(Language.EN)
    digits = silence(0.5) + synthesise("one, two, three, four", Language.EN) + silence(2)
    assert understand(hear(engine, digits, Digits()), Digits()) == "1234"


def test_a_language_without_a_model_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="guichet models install fr"):
        VoskEngine(tmp_path).decoder(Language.FR, FreeSpeech())


def test_a_model_that_is_none_is_unavailable(tmp_path: Path) -> None:
    for name in ("am/final.mdl", "conf/mfcc.conf"):
        path = tmp_path / "vosk-model-small-fr-0.22" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    with pytest.raises(Unavailable, match="guichet models verify"):
        VoskEngine(tmp_path).load([Language.FR])
