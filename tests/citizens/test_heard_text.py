import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.citizens.citizen import Item
from guichet.citizens.heard_text import sort_text


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("catherine martin", [Item.NAME]),
        ("M A R T I N", [Item.NAME]),
        ("Avril Durand", [Item.NAME]),
        ("le trois mars quatre-vingt-cinq", [Item.BIRTH_DATE]),
        ("27th of the 9th 1979", [Item.BIRTH_DATE]),
        ("03031985", [Item.BIRTH_DATE]),
        ("69100", [Item.POSTCODE]),
        ("soixante-neuf mille cent", [Item.POSTCODE]),
        ("Bravo Sierra 6 1 Sierra Hotel", [Item.POSTCODE]),
        ("je m'appelle Anne Roy, née le 3 mars 1985, code postal 69100", [Item.NAME, Item.BIRTH_DATE, Item.POSTCODE]),
        ("my name is Emma Wright born on the 3rd of March 1985", [Item.NAME, Item.BIRTH_DATE]),
        ("", []),
    ],
)
def test_text_is_sorted_into_name_date_and_postcode(text: str, items: list[Item]) -> None:
    assert [answer.item for answer in sort_text(text)] == items


@given(st.text(max_size=80))
def test_any_text_is_sorted(text: str) -> None:
    assert all(answer.readings[0].strip() for answer in sort_text(text))
