"""Grammars say what may be heard in a closed turn."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.grammar import every_pair, phrases
from guichet.transcripts.heard import (
    Digits,
    Expectation,
    FreeSpeech,
    Letters,
    OneOf,
    Postcode,
    SpokenDate,
    Telephone,
    YesNo,
)
from guichet.transcripts.number_words import below_hundred


@given(st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=12, unique=True))
def test_every_word_follows_every_word_exactly_once(words: list[str]) -> None:
    walk = every_pair(tuple(words)).split()
    assert sorted(pairwise(walk)) == sorted((one, other) for one in words for other in words)


def test_free_speech_has_no_grammar() -> None:
    assert phrases(FreeSpeech(), Language.FR) is None


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("expects", [YesNo(), Digits(), Telephone(), Postcode(), SpokenDate(), Letters()])
def test_closed_turns_have_plain_lower_case_phrases(language: Language, expects: Expectation) -> None:
    said = phrases(expects, language)
    assert said
    assert all(phrase == " ".join(phrase.lower().split()) for phrase in said)


def test_numbers_are_heard_digit_by_digit_and_in_groups() -> None:
    french = phrases(Digits(), Language.FR) or ()
    assert {"soixante et onze", "quatre vingt dix sept", "zéro six", "nonante"} <= set(french)
    english = phrases(Digits(), Language.EN) or ()
    assert {"double three", "nineteen", "forty two"} <= set(english)


def test_choices_are_heard_once_each() -> None:
    heard = phrases(OneOf(("Camille  Durand", "camille durand", "Alex")), Language.FR) or ()
    assert heard[:2] == ("camille durand", "alex")
    assert "camille durand" not in heard[2:]


def test_a_hundred_numbers_have_a_hundred_names() -> None:
    for language in Language:
        assert len(set(below_hundred(language))) == 100


@pytest.mark.parametrize("expects", [YesNo(), Digits(), SpokenDate(), Letters(), OneOf(("martin",))])
@pytest.mark.parametrize("language", list(Language))
def test_a_person_can_be_asked_for_in_every_closed_turn(expects: Expectation, language: Language) -> None:
    spoken = phrases(expects, language)
    assert spoken is not None
    assert {Language.FR: "un agent", Language.EN: "an agent"}[language] in spoken
