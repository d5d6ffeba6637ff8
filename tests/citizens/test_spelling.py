import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.citizens.spelling import code, is_spelt, spelt


@pytest.mark.parametrize(
    ("said", "letters"),
    [
        ("M A R T I N", "martin"),
        ("B comme Berthe A deux R E", "barre"),
        ("M comme Marcel, A comme Anatole", "ma"),
        ("B for Bravo", "b"),
        ("b a double r e", "barre"),
        ("Delta Echo Bravo Romeo alpha", "debra"),
        ("bé a erre erre eau", "barro"),
        ("double u i grec", "wy"),
        ("l e tiret g o double f", "legoff"),
    ],
)
def test_spelt_letters_are_joined(said: str, letters: str) -> None:
    assert spelt(said) == letters


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        ("Sierra six three yankee bravo", "s63yb"),
        ("B for Bravo S 6 1 S for Sierra H", "bs61sh"),
        ("W + 5 9 6 r r", "wn596rr"),
        ("golf 392 Quebec x-ray", "g392qx"),
        ("38790", "38790"),
        ("L 4 9 and r", "l49nr"),
    ],
)
def test_codes_keep_letters_and_digits(said: str, signs: str) -> None:
    assert code(said) == signs


def test_letters_are_told_from_words() -> None:
    assert is_spelt("k i CI e m a r s h")
    assert is_spelt("Delta Echo Bravo")
    assert not is_spelt("Catherine Martin")
    assert not is_spelt("Marie de La Tour")


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12))
def test_any_letters_spelt_one_by_one_come_back(name: str) -> None:
    assert spelt(" ".join(name)) == name


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(spelt(text), str)
    assert code(text).replace(" ", "") == code(text)
