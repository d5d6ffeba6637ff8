"""Masking: nothing that was dictated as a number is left, and what is no number stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.heard import Heard, Word
from guichet.transcripts.number_words import DIGITS
from guichet.transcripts.redact import mask


@pytest.mark.parametrize(
    ("language", "said", "stored"),
    [
        ("fr", "mon numéro est le 06 12 34 56 78 merci", "mon numéro est le [numéro] merci"),
        ("fr", "zéro six vingt-quatre, soixante et onze quatre-vingt-dix-sept.", "[numéro]."),
        ("fr", "né le trois mars mille neuf cent quatre-vingt-cinq à Lyon", "né le [numéro] à Lyon"),
        ("fr", "je voudrais un acte pour une de mes filles", "je voudrais un acte pour une de mes filles"),
        ("fr", "j'ai deux enfants à la cantine", "j'ai deux enfants à la cantine"),
        ("fr", "dossier A12B", "dossier [numéro]"),
        ("fr", "soixante-dix-huit", "[numéro]"),
        ("en", "it is oh seven double three nine thanks", "it is [number] thanks"),
        ("en", "the third of march nineteen eighty five", "the [number]"),
        ("en", "one of my bins and one more thing", "one of my bins and one more thing"),
        ("en", "four um five and seven please", "[number] please"),
        ("en", "i want two", "i want two"),
        ("en", "", ""),
    ],
)
def test_numbers_are_masked_and_words_are_not(language: str, said: str, stored: str) -> None:
    assert mask(said, Language(language)) == stored
    assert mask(stored, Language(language)) == stored


def test_text_words_and_alternatives_are_masked_alike() -> None:
    said = ["call", "four", "five", "now"]
    words = tuple(Word(word, n * 1.0, n + 1.0, 0.5 + n / 10) for n, word in enumerate(said))
    heard = Heard(Language.EN, " ".join(said), words, ("call for five now", "call four nine now", "call 45 now"), 4.0)
    masked = mask(heard)
    assert masked.text == "call [number] now"
    assert masked.words == (words[0], Word("[number]", 1.0, 3.0, 0.65), words[3])
    assert masked.alternatives == ("call for five now",)
    assert mask(masked) == masked


@given(st.sampled_from(Language), st.lists(st.integers(0, 9), min_size=4, max_size=12), st.text(max_size=10))
def test_no_digit_of_a_dictated_number_is_left(language: Language, numbers: list[int], around: str) -> None:
    dictated = " ".join(DIGITS[language][number] for number in numbers)
    stored = mask(f"{around} {dictated} {''.join(map(str, numbers))}", language)
    assert not any(letter.isnumeric() for letter in stored)
    assert dictated not in stored


@given(st.text(max_size=80), st.sampled_from(Language))
def test_masking_twice_changes_nothing(text: str, language: Language) -> None:
    once = mask(text, language)
    assert mask(once, language) == once
