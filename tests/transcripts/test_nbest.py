"""Readings: joined over segments, confidence out of their weights."""

import math

from hypothesis import given
from hypothesis import strategies as st

from guichet.transcripts.nbest import MOST, MOST_SEGMENTS, Reading, Segment, Timed, utterance


def reading(score: float, text: str) -> Reading:
    return Reading(score, tuple(Timed(word, n * 1.0, n + 0.9) for n, word in enumerate(text.split())))


def test_a_word_that_all_readings_share_is_sure_and_a_disputed_one_is_not() -> None:
    heard = utterance([(reading(10.0, "five two six"), reading(10.0 - math.log(3), "five to six"))])
    assert [word.confidence for word in heard.words] == [1.0, 0.75, 1.0]
    assert heard.alternatives == ("five to six",)


def test_segments_are_joined_best_pairs_first() -> None:
    first: Segment = (reading(5, "one"), reading(4, "won"))
    second: Segment = (reading(3, "two"), reading(1, "too"))
    heard = utterance([first, (reading(0, ""),), second])
    assert heard.text == "one two"
    assert heard.alternatives == ("won two", "one too", "won too")


def test_speech_outside_the_grammar_is_speech_without_words() -> None:
    heard = utterance([(reading(1, "[unk]"),)])
    assert (heard.text, heard.words, heard.is_speech) == ("", (), True)
    assert not utterance([(reading(1, ""),)]).is_speech
    assert not utterance([]).is_speech


def test_a_long_recording_has_its_best_reading_alone() -> None:
    segment = (reading(2, "a"), reading(1, "b"))
    assert utterance([segment] * (MOST_SEGMENTS + 1)).alternatives == ()


@given(
    st.lists(st.lists(st.tuples(st.floats(-1e4, 1e4), st.text("ab ", max_size=6)), min_size=1, max_size=4), max_size=5)
)
def test_confidences_are_shares_and_readings_are_few(segments: list[list[tuple[float, str]]]) -> None:
    made = [tuple(sorted((reading(*one) for one in segment), key=lambda one: -one.score)) for segment in segments]
    heard = utterance(made)
    assert all(0 <= word.confidence <= 1 for word in heard.words)
    assert len(heard.alternatives) <= MOST
    assert heard.text not in heard.alternatives
