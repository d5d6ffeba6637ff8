"""A count is told in the number of its language: French has none in the singular, English one alone."""

import pytest

from guichet.core.language import Bilingual, counted

ONE = Bilingual("{count} personne", "{count} person")
SEVERAL = Bilingual("{count} personnes", "{count} people")


@pytest.mark.parametrize(
    ("count", "fr", "en"),
    [(0, "0 personne", "0 people"), (1, "1 personne", "1 person"), (2, "2 personnes", "2 people")],
)
def test_one_is_told_as_one(count: int, fr: str, en: str) -> None:
    assert counted(count, ONE, SEVERAL) == Bilingual(fr, en)
