import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.citizens.postcode import looks_like_postcode, plain, postcode_similarity

CODES = [plain(code) for code in ("38790", "69100", "S6 3YB", "BS6 1SH", "NW9 6AA")]


@pytest.mark.parametrize(
    ("heard", "place"),
    [
        ("38790", 0),
        ("38 790", 0),
        ("trente-huit mille sept cent quatre-vingt-dix", 0),
        ("mon code postal c'est soixante-neuf mille cent", 1),
        ("six neuf un zéro zéro", 1),
        ("Sierra six three yankee bravo", 2),
        ("s for Sam 6 3 y b", 2),
        ("my postcode is B S 6 1 S H", 3),
        ("Bravo Sierra six one Sierra Hotel", 3),
        ("n w 9 6 a a", 4),
        ("m w 9 6 a a", 4),
    ],
)
def test_a_postcode_is_known_however_it_is_spelt(heard: str, place: int) -> None:
    found = postcode_similarity([heard], CODES)
    assert found is not None
    assert found.argmax() == place
    assert found[place] > 0.85


def test_letters_that_sound_alike_count_for_more_than_others() -> None:
    found = postcode_similarity(["b s 6 1 s h"], ["ps61sh", "ks61sh"])
    assert found is not None
    assert found[0] > found[1]


def test_too_little_is_no_evidence() -> None:
    assert postcode_similarity(["", "s", "e 8"], CODES) is None


def test_a_postcode_is_told_from_other_things() -> None:
    assert looks_like_postcode("69100")
    assert looks_like_postcode("m 4 2 7 u e")
    assert not looks_like_postcode("3 mars 1985")
    assert not looks_like_postcode("Catherine Martin")


@given(st.text(max_size=40))
def test_any_text_can_be_compared(text: str) -> None:
    found = postcode_similarity([text], CODES)
    assert found is None or ((found >= 0) & (found <= 1)).all()
