import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.sms.parts import BASIC, EXTENDED, Encoding, Parts, encoding_of, measure, plain, shortened

GSM = st.text(st.sampled_from(sorted(BASIC | EXTENDED)), max_size=700)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", Parts(Encoding.GSM7, 0, 1)),
        ("é" * 160, Parts(Encoding.GSM7, 160, 1)),
        ("e" * 161, Parts(Encoding.GSM7, 161, 2)),
        ("e" * 306, Parts(Encoding.GSM7, 306, 2)),
        ("e" * 307, Parts(Encoding.GSM7, 307, 3)),
        ("€" * 80, Parts(Encoding.GSM7, 160, 1)),
        ("€" * 81, Parts(Encoding.GSM7, 162, 2)),
        ("e" * 152 + "€" + "e" * 152, Parts(Encoding.GSM7, 306, 3)),
        ("ç" * 70, Parts(Encoding.UCS2, 70, 1)),
        ("ç" * 71, Parts(Encoding.UCS2, 71, 2)),
        ("ê" * 134, Parts(Encoding.UCS2, 134, 2)),
        ("ê" * 135, Parts(Encoding.UCS2, 135, 3)),
        ("😀" * 35, Parts(Encoding.UCS2, 70, 1)),
        ("😀" * 67, Parts(Encoding.UCS2, 134, 3)),
    ],
)
def test_parts_are_counted_as_the_carrier_counts_them(text: str, parts: Parts) -> None:
    assert measure(text) == parts


@pytest.mark.parametrize("letter", list("çêâîôûëïœ’«»“”…–"))
def test_what_forces_ucs2(letter: str) -> None:
    assert encoding_of(letter) is Encoding.UCS2


@pytest.mark.parametrize("letter", list("éèàùÉÇäöüñ€@£"))
def test_what_gsm7_has(letter: str) -> None:
    assert encoding_of(letter) is Encoding.GSM7


def test_typography_is_made_plain_and_accents_stay() -> None:
    assert plain("L’école… « à venir » – reçue\u00a0!") == 'L\'école... " à venir " - reçue !'
    assert plain("e\u0301te\u0301") == "été"
    assert plain("pêche, œuf") == "pêche, oeuf"


@given(GSM)
def test_gsm7_text_makes_as_many_parts_as_its_septets_need(text: str) -> None:
    parts = measure(text)
    assert parts.encoding is Encoding.GSM7
    assert parts.count == 1 if parts.units <= 160 else parts.units <= parts.count * 153
    assert parts.units > (parts.count - 1) * 152 or parts.count == 1


@given(st.text(max_size=300))
def test_any_text_is_measured_and_plain_text_takes_no_more_parts_of_letters(text: str) -> None:
    parts = measure(text)
    assert parts.count >= 1
    assert parts.units >= len(text)
    assert plain(plain(text)) == plain(text)


@given(GSM, st.integers(4, 80))
def test_a_shortened_text_fits(text: str, room: int) -> None:
    assert measure(shortened(text, room)).units <= max(room, 4) + room


def test_a_text_is_cut_between_words() -> None:
    assert shortened("Inscription scolaire", 20) == "Inscription scolaire"
    assert shortened("Inscription scolaire", 19) == "Inscription..."
    assert shortened("Anticonstitutionnel", 10) == "Anticon..."
