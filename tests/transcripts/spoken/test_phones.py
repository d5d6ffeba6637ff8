import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.transcripts.spoken.numbers import in_words
from guichet.transcripts.spoken.phones import phone, phone_readings

FR, EN = Language.FR, Language.EN


def pair(value: int) -> str:
    """Say two digits as the French do."""
    return in_words(value, FR) if value > 9 else f"zéro {in_words(value, FR)}"


@pytest.mark.parametrize(
    ("text", "language", "e164"),
    [
        ("zéro six douze trente-quatre cinquante-six soixante-dix-huit", FR, "+33612345678"),
        ("zéro six soixante dix huit quatre vingt dix sept quatre vingt douze vingt deux", FR, "+33678979222"),
        ("c'est le 06 12 34 56 78", FR, "+33612345678"),
        ("plus trente-trois six douze trente-quatre cinquante-six soixante-dix-huit", FR, "+33612345678"),
        ("zero zero thirty three six twelve thirty four fifty six seventy eight", EN, "+33612345678"),
        ("oh six one two three four five six seven eight", EN, "+33612345678"),
        ("oh seven nine one one one two three four five six", EN, "+447911123456"),
        ("+33 6 12 34 56 78", FR, "+33612345678"),
    ],
)
def test_a_dictated_number_is_found(text: str, language: Language, e164: str) -> None:
    found = phone([text], language)
    assert found is not None
    assert found.e164 == e164


@pytest.mark.parametrize("text", ["", "douze trente-quatre", "zéro zéro zéro", "je n'ai pas de téléphone"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert phone([text], FR) is None


@given(st.sampled_from(range(1, 10)), st.lists(st.integers(0, 99), min_size=4, max_size=4))
def test_every_number_said_in_pairs_is_among_the_readings(first: int, pairs: list[int]) -> None:
    # Numbering plans have holes, and some numbers are of overseas: the typed number says which it is, if any.
    typed = PhoneNumber.maybe("".join(f"{value:02}" for value in (first, *pairs)))
    found = phone_readings([" ".join(map(pair, (first, *pairs)))], FR)
    assert typed is None or typed in found
