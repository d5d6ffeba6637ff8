"""The estimate of energy, and what it says of itself."""

import pytest

from guichet.core.language import Language
from guichet.transcripts.sobriety import Assumptions, energy


def test_an_hour_of_one_core_is_its_watts_with_the_building() -> None:
    used = energy(3600, Assumptions(watts=8, overhead=1.5, grams=50))
    assert used.watt_hours == pytest.approx(12)
    assert used.grams == pytest.approx(0.6)
    assert energy(0, Assumptions()).watt_hours == 0


@pytest.mark.parametrize("language", Language)
def test_every_assumption_is_told(language: Language) -> None:
    told = Assumptions(watts=7.5, overhead=1.31, grams=61).told().to(language)
    assert all(figure in told for figure in ("7.5 W", "1.31", "61 g"))
