"""Redaction: nothing that was dictated as a number is left, the rest stays, and masking again changes nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.heard import Heard, Word
from guichet.transcripts.number_words import DIGITS
from guichet.transcripts.redact import mask, mask_text, without_labels
from guichet.transcripts.redaction.harmless import SERVICES, is_year
from guichet.transcripts.redaction.kinds import LABELS
from guichet.transcripts.redaction.known import Known
from guichet.transcripts.redaction.numerals import lexicon

TEXT = (
    "bonjour je voudrais un acte une carte le la dossier numéro est né née rue habite au mon ma fille téléphone euh et "
    "à de du point arobase fr code postal zéro deux douze vingt quatre cent mille soixante quinze trois mars heures "
    "euros my phone is born street one oh two twenty hundred at dot com card Claire Dubois c ' , . - / @ € ( ) + "
    "12 2019 06 75012 4521 0612345678 [téléphone] [number] [numéro]"
)
sentences = st.lists(st.sampled_from(TEXT.split()), max_size=14).map(" ".join)
KNOWN = Known(("Claire Dubois",))


@pytest.mark.parametrize(
    ("language", "said", "stored"),
    [
        ("fr", "mon numéro est le 06 12 34 56 78 merci", "mon numéro est le [téléphone] merci"),
        ("fr", "zéro six vingt-quatre, soixante et onze quatre-vingt-dix-sept.", "[téléphone]."),
        ("fr", "né le trois mars mille neuf cent quatre-vingt-cinq à Lyon", "né le [date de naissance] à Lyon"),
        ("fr", "je voudrais un acte pour une de mes filles", "je voudrais un acte pour une de mes filles"),
        ("fr", "j'ai deux enfants à la cantine", "j'ai deux enfants à la cantine"),
        ("fr", "dossier A12B", "dossier [numéro de dossier]"),
        ("fr", "soixante-dix-huit", "[numéro]"),
        ("fr", "il a soixante-dix-huit ans", "il a soixante-dix-huit ans"),
        ("fr", "my phone is oh six one two three four", "my phone is [numéro]"),
        ("en", "it is oh seven double three nine thanks", "it is [number] thanks"),
        ("en", "the third of march nineteen eighty five", "the [date of birth]"),
        ("en", "one of my bins and one more thing", "one of my bins and one more thing"),
        ("en", "four um five and seven please", "[number] please"),
        ("en", "i want two", "i want two"),
        ("en", "", ""),
    ],
)
def test_what_is_personal_is_masked_and_words_are_not(language: str, said: str, stored: str) -> None:
    assert mask(said, Language(language)) == stored
    assert mask(stored, Language(language)) == stored


def test_text_words_and_alternatives_are_masked_alike_and_words_keep_their_times() -> None:
    said = ["call", "four", "five", "now"]
    words = tuple(Word(word, n * 1.0, n + 1.0, 0.5 + n / 10) for n, word in enumerate(said))
    heard = Heard(Language.EN, " ".join(said), words, ("call for five now", "call four nine now"), 4.0)
    masked = mask(heard)
    assert masked.text == "call [number] now"
    assert masked.words == (words[0], Word("[number]", 1.0, 3.0, 0.65), words[3])
    assert masked.alternatives == ("call for five now",)
    assert mask(masked) == masked


def test_known_names_are_masked_in_text_words_and_alternatives() -> None:
    words = tuple(Word(word, n * 1.0, n + 1.0, 1.0) for n, word in enumerate(["ici", "claire", "dubois"]))
    masked = mask(Heard(Language.FR, "ici claire dubois", words, ("ici claire du bois",), 3.0), known=KNOWN)
    assert masked.text == "ici [nom]"
    assert [(word.text, word.start, word.end) for word in masked.words] == [("ici", 0.0, 1.0), ("[nom]", 1.0, 3.0)]
    assert masked.alternatives == ()


def test_a_masked_text_without_its_labels_is_what_was_really_said() -> None:
    masked = mask("ma fille née le 3 mars 2015 va à l'école", Language.FR)
    assert masked == "ma fille née le [date de naissance] va à l'école"
    assert without_labels(masked) == "ma fille née le va à l'école"


@given(st.sampled_from(Language), st.lists(st.integers(0, 9), min_size=4, max_size=12), st.text(max_size=10))
def test_no_digit_of_a_dictated_number_is_left(language: Language, numbers: list[int], around: str) -> None:
    if numbers == list(range(1, len(numbers) + 1)) or "".join(map(str, numbers)) in SERVICES:
        numbers = [9, *numbers]
    dictated = " ".join(DIGITS[language][number] for number in numbers)
    stored = mask(f"{around} {dictated} {''.join(map(str, numbers))}", language)
    assert dictated not in stored
    assert "".join(map(str, numbers)) not in stored


@given(st.text(max_size=80), st.sampled_from(Language))
def test_masking_twice_changes_nothing(text: str, language: Language) -> None:
    once = mask(text, language)
    assert mask(once, language) == once


@given(sentences, st.sampled_from(Language), st.booleans())
def test_masking_a_likely_sentence_twice_changes_nothing(text: str, language: Language, is_asked: bool) -> None:
    known = Known(("Claire Dubois",), is_asked=is_asked)
    once = mask_text(text, language, known)
    assert mask_text(once, language, known) == once


@given(sentences, st.sampled_from(Language))
def test_four_digits_in_a_row_are_left_only_for_years_and_public_numbers(text: str, language: Language) -> None:
    left = re.findall(r"\d{4,}", mask(text, language, KNOWN))
    assert all(is_year(digits) or digits in SERVICES for digits in left)


@given(st.text(max_size=60), st.sampled_from(Language))
def test_four_digits_in_a_row_are_never_left_of_any_text(text: str, language: Language) -> None:
    left = re.findall(r"\d{4,}", mask(text, language))
    assert all(is_year(digits) or digits in SERVICES for digits in left)


@given(st.lists(st.from_regex(r"[a-zéèàç]{2,9}", fullmatch=True), max_size=12), st.sampled_from(Language))
def test_a_text_without_numbers_keeps_its_words(words: list[str], language: Language) -> None:
    numbers = lexicon(Language.FR) | lexicon(Language.EN)
    text = " ".join(word for word in words if word not in numbers and word not in ("arobase", "at"))
    if not any(label in mask(text, language) for label in ("[adresse]", "[address]")):
        assert mask(text, language) == text


@given(sentences, st.sampled_from(Language))
def test_words_and_text_are_masked_to_the_same(text: str, language: Language) -> None:
    words = tuple(Word(word, n * 0.5, n * 0.5 + 0.4, 1.0) for n, word in enumerate(text.split()))
    masked = mask(Heard(language, text, words, (), 9.0), known=KNOWN)
    labels = {label.to(language) for label in LABELS.values()}
    shown = " ".join(word.text for word in masked.words)
    assert [label for label in labels if label in shown] == [label for label in labels if label in masked.text]
    assert all(before.end <= after.start for before, after in zip(masked.words, masked.words[1:], strict=False))
