import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.spoken.letters import FRENCH_EXAMPLES, NATO, letters

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "spelt"),
    [
        ("A comme Anatole B comme Berthe", FR, "AB"),
        ("bé cé dé", FR, "BCD"),
        ("double v i grec z", FR, "WYZ"),
        ("m a deux l e t", FR, "MALLET"),
        ("c'est M A R T I N", FR, "MARTIN"),
        ("em hache ixe", FR, "MHX"),
        ("M for Mike", EN, "M"),
        ("m as in mike a as in alpha", EN, "MA"),
        ("bee sea dee", EN, "BCD"),
        ("whiskey tango x-ray", EN, "WTX"),
        ("a double l e n", EN, "ALLEN"),
        ("t 4 tango", EN, "T"),
        ("s for freddie", EN, "F"),
        ("p for fillip", EN, "P"),
        ("zed zee", EN, "ZZ"),
    ],
)
def test_spelt_letters_are_read(text: str, language: Language, spelt: str) -> None:
    assert letters(text, language) == spelt


@pytest.mark.parametrize(("text", "language"), [("", FR), ("bonjour je voudrais parler", FR), ("twenty four", EN)])
def test_what_is_not_spelt_is_none(text: str, language: Language) -> None:
    assert letters(text, language) is None


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), st.sampled_from(Language))
def test_plain_letters_and_alphabets_read_back(name: str, language: Language) -> None:
    alphabet = FRENCH_EXAMPLES if language is FR else NATO
    examples = {word[0]: word for word in alphabet}
    like = "comme" if language is FR else "for"
    spellings = (
        " ".join(name),
        " ".join(examples[letter] for letter in name),
        " ".join(f"{letter} {like} {examples[letter]}" for letter in name),
    )
    assert {letters(spelling, language) for spelling in spellings} == {name.upper()}


@given(st.text(max_size=40), st.sampled_from(Language))
def test_any_text_gives_capitals_or_nothing(text: str, language: Language) -> None:
    found = letters(text, language)
    assert found is None or (found == found.upper() and found)


@pytest.mark.parametrize(
    ("language", "said", "spelt"),
    [
        (Language.EN, "i for alpha b for bravo", "AB"),
        (Language.EN, "m for mike x x ray", "MX"),
        (Language.EN, "m mike x x", "MXX"),
        (Language.FR, "e comme anatole b berthe", "AB"),
    ],
)
def test_a_word_of_a_spelling_alphabet_says_which_letter_is_meant(language: Language, said: str, spelt: str) -> None:
    assert letters(said, language) == spelt
