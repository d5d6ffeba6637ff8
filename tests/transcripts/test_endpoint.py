"""When a turn ends: by expectation, in audio time, always."""

from hypothesis import given
from hypothesis import strategies as st

from guichet.transcripts.endpoint import WHOLE_FILE, Pace, ending, limits_for
from guichet.transcripts.heard import Digits, Ending, Expectation, FreeSpeech, Letters, OneOf, SpokenDate, YesNo

EXPECTATIONS: list[Expectation] = [FreeSpeech(), YesNo(), Digits(8, 8), SpokenDate(), Letters(), OneOf(("a", "b"))]
BREATH = 1.2


def said(seconds: float, pause: float) -> Pace:
    return Pace().after(seconds, voiced=True).after(pause, voiced=False)


def test_numbers_outlast_a_breath_and_answers_are_quick() -> None:
    for slow in (Digits(), Letters()):
        assert ending(limits_for(slow), said(1, BREATH)) is None
        assert ending(limits_for(slow), said(1, 2.0)) is Ending.ENDPOINT
    assert ending(limits_for(YesNo()), said(0.3, 0.6)) is Ending.ENDPOINT


def test_before_the_first_word_only_the_initial_silence_counts() -> None:
    quiet = Pace().after(4.9, voiced=False)
    assert ending(limits_for(YesNo()), quiet) is None
    assert ending(limits_for(YesNo()), quiet.after(0.1, voiced=False)) is Ending.SILENCE


def test_on_a_noisy_line_the_recognisers_endpoint_counts_as_a_pause_until_it_hears_words_again() -> None:
    limits = limits_for(FreeSpeech())
    noisy = said(2, 0).at_recogniser_endpoint().after(0.5, voiced=True)
    assert ending(limits, noisy) is Ending.ENDPOINT
    assert ending(limits, noisy.with_words()) is None
    assert noisy.at_recogniser_endpoint() == noisy


def test_what_proves_to_be_noise_has_not_begun_the_turn() -> None:
    cough = said(0.2, 1.2)
    assert ending(limits_for(FreeSpeech()), cough) is Ending.ENDPOINT
    assert ending(limits_for(FreeSpeech()), cough.without_voice()) is None


def test_a_recording_is_heard_to_its_end() -> None:
    assert ending(WHOLE_FILE, said(3, 10_000)) is None


def moved(pace: Pace, kind: str, frames: int) -> Pace:
    """Return the pace after an event, or after so many frames of voice or quiet."""
    moves = {"endpoint": pace.at_recogniser_endpoint, "words": pace.with_words, "noise": pace.without_voice}
    if kind in moves:
        return moves[kind]()
    for _ in range(frames):
        pace = pace.after(0.02, voiced=kind == "voice")
    return pace


@given(
    st.sampled_from(EXPECTATIONS),
    st.lists(st.tuples(st.sampled_from(["voice", "quiet", "endpoint", "words", "noise"]), st.integers(1, 50))),
)
def test_every_turn_ends_and_only_for_its_reason(expects: Expectation, events: list[tuple[str, int]]) -> None:
    limits, pace = limits_for(expects), Pace()
    for kind, frames in events:
        pace = moved(pace, kind, frames)
        match ending(limits, pace):
            case Ending.ENDPOINT:
                assert pace.has_begun
                assert pace.pause >= limits.trailing_silence
            case Ending.SILENCE:
                assert not pace.has_begun
                assert pace.seconds >= limits.initial_silence
            case Ending.TOO_LONG:
                assert pace.seconds >= limits.longest
            case None:
                assert pace.seconds < limits.longest
                assert pace.has_begun or pace.seconds < limits.initial_silence
