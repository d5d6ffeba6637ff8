"""A turn: what reaches the decoder, where words lie in the audio, and what noise does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.decoder import Utterance
from guichet.transcripts.endpoint import AFTER_YES, WHOLE_FILE, limits_for
from guichet.transcripts.heard import Digits, Ending, Expectation, FreeSpeech, Word, YesNo
from guichet.transcripts.mulaw import RATE, Samples
from guichet.transcripts.turn import AHEAD, Turn
from tests.transcripts.voices import frames, hum, noise, silence


class Recorder:
    """A decoder that keeps what it is given and hears one word at the end of all its audio."""

    def __init__(self, *, hears: bool = True, sees_ends: bool = False, says: str = "") -> None:
        self.given = 0
        self.hears = hears
        self.sees_ends = sees_ends
        self.says = says
        self.settled: list[int] = []
        self.is_closed = False

    def accept(self, samples: Samples) -> bool:
        """Count the audio."""
        self.given += len(samples)
        return self.sees_ends

    def is_hearing(self) -> bool:
        """Hear nothing between ends."""
        return False

    def so_far(self) -> str:
        """Return what was said so far."""
        return self.says

    def settle(self) -> None:
        """Note how much audio it had been given by then."""
        self.settled.append(self.given)

    def finish(self) -> Utterance:
        """Give one word, if there was audio."""
        if not self.hears or not self.given:
            return Utterance()
        end = self.given / RATE
        return Utterance((Word("word", end - 0.5, end - 0.3, 1.0),), is_speech=True)

    def close(self) -> None:
        """Be closed, once."""
        assert not self.is_closed
        self.is_closed = True


def test_silence_is_not_decoded_and_times_are_those_of_the_audio() -> None:
    decoder = Recorder()
    turn = Turn(Language.EN, WHOLE_FILE, decoder)
    for frame in frames(silence(5) + hum(1) + silence(5) + hum(1) + silence(3)):
        turn.feed(frame)
    heard = turn.stop()
    assert decoder.given / RATE == pytest.approx(3.4, abs=0.15)
    assert heard.seconds == 15.0
    # The second voice ends at 12 s, the gate closes 0.3 s later.
    assert heard.words[0].start == pytest.approx(11.8, abs=0.05)
    assert decoder.is_closed


def test_a_first_syllable_is_in_the_look_back() -> None:
    decoder = Recorder()
    turn = Turn(Language.EN, WHOLE_FILE, decoder)
    turn.feed(silence(1) + hum(0.5))
    turn.stop()
    assert decoder.given / RATE >= 0.8


def test_noise_without_words_does_not_end_a_turn_before_its_initial_silence() -> None:
    turn = Turn(Language.EN, limits_for(YesNo()), Recorder(hears=False))
    heard = turn.feed(silence(0.5) + hum(0.3) + silence(6))
    assert heard is not None
    assert (heard.ending, heard.seconds, heard.text) == (Ending.SILENCE, 5.0, "")


def test_a_line_too_noisy_for_pauses_ends_at_the_recognisers_endpoint() -> None:
    turn = Turn(Language.EN, limits_for(FreeSpeech()), Recorder(sees_ends=True))
    heard = turn.feed(hum(4))
    assert heard is not None
    assert (heard.ending, heard.text) == (Ending.ENDPOINT, "word")
    assert heard.seconds < 1.5


@pytest.mark.parametrize("expects", [YesNo(), FreeSpeech(), Digits()])
def test_what_was_heard_is_worked_out_before_the_turn_ends(expects: Expectation) -> None:
    decoder = Recorder()
    turn, limits = Turn(Language.EN, limits_for(expects), decoder), limits_for(expects)
    for frame in frames(silence(0.5) + hum(1) + silence(limits.trailing_silence - AHEAD + 0.08)):
        assert turn.feed(frame) is None
    given = decoder.given
    assert decoder.settled == [given], "whoever waits for the end would wait for decoding"
    heard = turn.feed(silence(1))
    assert heard is not None
    assert (heard.text, decoder.given, decoder.settled) == ("word", given, [given])


def test_who_goes_on_after_a_long_pause_is_still_heard() -> None:
    decoder = Recorder()
    turn = Turn(Language.EN, limits_for(FreeSpeech()), decoder)
    assert turn.feed(hum(1) + silence(0.9) + hum(1)) is None
    before = decoder.given
    heard = turn.feed(silence(2))
    assert heard is not None
    assert len(decoder.settled) == 2
    assert decoder.given > before - 1, "what came after the pause was not decoded"
    assert heard.seconds == pytest.approx(3.9, abs=0.05)


@pytest.mark.parametrize(
    ("says", "after"), [("oui", AFTER_YES), ("non merci", AFTER_YES), ("oui je voudrais aussi", 1.0)]
)
def test_where_yes_or_no_answers_it_alone_is_not_waited_on(says: str, after: float) -> None:
    turn = Turn(Language.FR, limits_for(FreeSpeech(is_yes_no=True)), Recorder(says=says))
    heard = turn.feed(silence(0.5) + hum(1) + silence(3))
    assert heard is not None
    assert heard.ending is Ending.ENDPOINT
    assert heard.seconds == pytest.approx(1.5 + after, abs=0.1)


def test_elsewhere_a_yes_may_be_the_beginning() -> None:
    turn = Turn(Language.FR, limits_for(FreeSpeech()), Recorder(says="oui"))
    assert turn.feed(silence(0.5) + hum(1) + silence(0.9)) is None


def test_who_goes_on_after_a_yes_is_looked_at_again() -> None:
    decoder = Recorder(says="je voudrais")
    turn = Turn(Language.FR, limits_for(FreeSpeech(is_yes_no=True)), decoder)
    assert turn.feed(hum(1) + silence(0.8)) is None
    decoder.says = "oui"
    heard = turn.feed(hum(0.5) + silence(0.8))
    assert heard is not None
    assert heard.seconds == pytest.approx(2.3 + AFTER_YES, abs=0.1)


def test_an_ended_turn_keeps_its_outcome() -> None:
    turn = Turn(Language.FR, limits_for(YesNo()), Recorder())
    first = turn.feed(hum(1) + silence(2))
    assert first is not None
    assert turn.feed(hum(1)) is first
    assert turn.stop() is first


def test_a_turn_without_audio_is_empty() -> None:
    heard = Turn(Language.FR, limits_for(YesNo()), Recorder()).stop()
    assert (heard.text, heard.seconds, heard.ending) == ("", 0.0, Ending.STOPPED)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["hum", "noise", "silence"]), st.integers(1, 4000)), max_size=12))
def test_every_turn_is_bounded_whatever_comes_in_whatever_pieces(pieces: list[tuple[str, int]]) -> None:
    sound = {"hum": hum(0.5), "noise": noise(0.5), "silence": silence(0.5)}
    limits = limits_for(YesNo())
    turn, fed, heard = Turn(Language.EN, limits, Recorder()), 0, None
    for kind, size in pieces * 6:
        heard = turn.feed(sound[kind][:size])
        fed += size
        if heard is not None:
            break
    assert heard is not None or fed / RATE < limits.longest
    heard = heard or turn.stop()
    assert 0 <= heard.seconds <= min(limits.longest + 0.02, fed / RATE) + 0.001
