import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.spoken.numbers import in_words
from guichet.transcripts.spoken.postcodes import postcode, postcodes

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("soixante-quinze mille douze", FR, "75012"),
        ("treize zéro zéro un", FR, "13001"),
        ("zéro cinq mille", FR, "05000"),
        ("mon code postal c'est le 69 003", FR, "69003"),
        ("quatre-vingt-dix-sept quatre cent dix", FR, "97410"),
        ("seven five oh twelve", EN, "75012"),
        ("s w one a two a a", EN, "SW1A 2AA"),
        ("w20 a b", EN, "W2 0AB"),
        ("sierra six three yankee bravo", EN, "S6 3YB"),
        ("my postcode is S6 3YB", EN, "S6 3YB"),
        ("c for charlie b for bravo two to a b", EN, "CB2 2AB"),
        ("m double one a e", EN, None),
        ("quatre-vingt-seize mille", FR, None),
        ("bonjour", FR, None),
    ],
)
def test_a_postcode_is_read(text: str, language: Language, written: str | None) -> None:
    assert postcode([text], language) == written


def test_the_first_text_that_holds_one_counts() -> None:
    assert postcode(["euh", "soixante neuf mille trois"], FR) == "69003"


@given(st.integers(1, 95), st.integers(0, 999))
def test_every_french_postcode_is_among_its_readings(department: int, rest: int) -> None:
    written = f"{department:02}{rest:03}"
    said = " ".join(["zéro"] * (department < 10) + [in_words(int(written), FR)])
    assert written in postcodes(said, FR)
    digits = " ".join(in_words(int(digit), FR) for digit in written)
    assert postcodes(digits, FR) == (written,)
