from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guichet.routing.hours import Hours, Range
from guichet.routing.hours_in_words import hours_in_words, opening_in_words, time_in_words

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 6, 30, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "fr", "en"),
    [
        (0, "minuit", "midnight"),
        (1440, "minuit", "midnight"),
        (60, "1 heure", "1 am"),
        (510, "8 heures 30", "8:30 am"),
        (720, "midi", "noon"),
        (725, "12 heures 05", "12:05 pm"),
        (1050, "17 heures 30", "5:30 pm"),
    ],
)
def test_a_time_is_said_as_on_the_telephone(minutes: int, fr: str, en: str) -> None:
    said = time_in_words(minutes)
    assert (said.fr, said.en) == (fr, en)


def test_a_week_is_said_by_groups_of_days() -> None:
    morning, evening = (Range(540, 720),), (Range(1080, 1440),)
    said = hours_in_words(Hours("h", (morning, morning, (), evening, evening, morning, ())))
    assert said.fr == (
        "du lundi au mardi de 9 heures à midi, du jeudi au vendredi de 18 heures jusqu'à minuit, "
        "et le samedi de 9 heures à midi"
    )
    assert said.en == (
        "Monday to Tuesday from 9 am to noon, Thursday to Friday from 6 pm to midnight, "
        "and on Saturday from 9 am to noon"
    )


def test_day_and_night_and_never_have_their_own_words() -> None:
    assert hours_in_words(Hours("h", ((Range(0, 1440),),) * 7)).fr == "tous les jours jour et nuit"
    assert "ne reçoivent pas" in hours_in_words(Hours("h", ((),) * 7)).fr


@pytest.mark.parametrize(
    ("ahead", "fr", "en"),
    [
        (timedelta(hours=1), "aujourd'hui à 21 heures", "today at 9 pm"),
        (timedelta(hours=12, minutes=30), "demain à 8 heures 30", "tomorrow at 8:30 am"),
        (timedelta(days=2), "jeudi 2 juillet à 20 heures", "on Thursday 2 July at 8 pm"),
        (timedelta(days=32), "samedi 1er août à 20 heures", "on Saturday 1 August at 8 pm"),
    ],
)
def test_an_opening_is_said_by_the_nearest_day(ahead: timedelta, fr: str, en: str) -> None:
    said = opening_in_words(NOW + ahead, NOW, PARIS)
    assert (said.fr, said.en) == (fr, en)


def test_no_opening_is_said_honestly() -> None:
    assert opening_in_words(None, NOW, PARIS).fr == "à une date qui sera annoncée"
