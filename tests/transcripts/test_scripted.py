"""The recogniser's twin hears its script as the engine would: after a voice, at the same endpoints."""

import asyncio

import pytest

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.heard import Digits, Ending, FreeSpeech, Heard, YesNo
from guichet.transcripts.scripted import ScriptedListening, ScriptedRecogniser
from tests.transcripts.voices import frames, hum, noise, silence


def play(listening: ScriptedListening, mulaw: bytes) -> None:
    for frame in frames(mulaw):
        listening.feed(frame)


async def hear(recogniser: ScriptedRecogniser, mulaw: bytes, expects: Digits | YesNo | None = None) -> Heard:
    listening = await recogniser.listen(Language.EN, expects or FreeSpeech())
    play(listening, mulaw)
    return await asyncio.wait_for(listening.heard(), 1)


async def test_it_says_the_next_line_once_the_voice_has_paused() -> None:
    recogniser = ScriptedRecogniser("a birth certificate", ("yes", "guess"))
    first = await hear(recogniser, silence(1) + hum(1.5) + silence(3))
    assert (first.text, first.ending, first.alternatives) == ("a birth certificate", Ending.ENDPOINT, ())
    assert 3.4 <= first.seconds <= 3.6
    assert [word.text for word in first.words] == ["a", "birth", "certificate"]
    assert first.words[0].start >= 0.5
    assert first.words[-1].end <= 2.9
    second = await hear(recogniser, hum(1) + silence(3), YesNo())
    assert second.readings == ("yes", "guess")
    assert recogniser.opened == [(Language.EN, FreeSpeech()), (Language.EN, YesNo())]


async def test_silence_and_noise_alone_end_a_turn_without_a_line() -> None:
    recogniser = ScriptedRecogniser("never said")
    for nothing in (silence(8), noise(8)):
        heard = await hear(recogniser, nothing)
        assert (heard.text, heard.ending, heard.seconds) == ("", Ending.SILENCE, 6.0)


async def test_a_number_is_not_cut_at_a_breath_but_a_yes_is_not_waited_on() -> None:
    audio = hum(0.6) + silence(1.2) + hum(0.6) + silence(2)
    number = await hear(ScriptedRecogniser("one two"), audio, Digits())
    answer = await hear(ScriptedRecogniser("yes"), audio, YesNo())
    assert number.seconds == pytest.approx(4.0, abs=0.1)
    assert answer.seconds == pytest.approx(1.2, abs=0.1)


async def test_endless_talk_is_bounded() -> None:
    heard = await hear(ScriptedRecogniser("yes and so on"), hum(9), YesNo())
    assert (heard.ending, heard.seconds) == (Ending.TOO_LONG, 8.0)


async def test_a_stopped_turn_gives_what_there_is() -> None:
    recogniser = ScriptedRecogniser("i want to")
    listening = await recogniser.listen(Language.EN, FreeSpeech())
    play(listening, hum(1))
    listening.stop()
    listening.stop()
    heard = await listening.heard()
    assert (heard.text, heard.ending, heard.seconds) == ("i want to", Ending.STOPPED, 1.0)
    await listening.close()


async def test_a_breakdown_fails_the_live_turns_and_the_next_ones_until_it_recovers() -> None:
    recogniser = ScriptedRecogniser("hello", languages=[Language.EN])
    listening = await recogniser.listen(Language.EN, FreeSpeech())
    recogniser.break_down()
    with pytest.raises(Unavailable):
        await listening.heard()
    with pytest.raises(Unavailable):
        await recogniser.listen(Language.EN, FreeSpeech())
    recogniser.recover()
    assert (await hear(recogniser, hum(1) + silence(2))).text == "hello"
    with pytest.raises(Unavailable):
        await recogniser.listen(Language.FR, FreeSpeech())
    await recogniser.close()
