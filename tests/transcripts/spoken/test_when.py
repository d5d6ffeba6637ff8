from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.spoken.when import When, when

FR, EN = Language.FR, Language.EN
NOW = datetime(2026, 7, 15, 10, 30)  # noqa: DTZ001  # a Wednesday on the wall clock


def shown(wish: When | None) -> str | None:
    """Write a wish shortly."""
    return None if wish is None else f"{wish.day:%a %d/%m} {wish.starts:%H:%M}-{wish.ends:%H:%M}"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("demain", "Thu 16/07 00:00-23:59"),
        ("après-demain", "Fri 17/07 00:00-23:59"),
        ("après-demain après-midi", "Fri 17/07 12:00-18:00"),
        ("lundi prochain", "Mon 20/07 00:00-23:59"),
        ("jeudi matin", "Thu 16/07 08:00-12:00"),
        ("mercredi", "Wed 22/07 00:00-23:59"),
        ("demain après 14 heures", "Thu 16/07 14:00-23:59"),
        ("demain matin avant dix heures", "Thu 16/07 08:00-10:00"),
        ("cet après-midi après 15 heures", "Wed 15/07 15:00-18:00"),
        ("ce soir", "Wed 15/07 18:00-21:00"),
        ("le 20 juillet à 9 heures", "Mon 20/07 09:00-10:00"),
        ("le premier septembre", "Tue 01/09 00:00-23:59"),
        ("lundi en huit", "Mon 27/07 00:00-23:59"),
        ("mardi de la semaine prochaine", "Tue 21/07 00:00-23:59"),
        ("la semaine prochaine", "Mon 20/07 00:00-23:59"),
        ("dans huit jours", "Wed 22/07 00:00-23:59"),
        ("dans quinze jours", "Wed 29/07 00:00-23:59"),
        ("dans trois jours vers onze heures et demie", "Sat 18/07 11:00-12:00"),
        ("entre quatorze et seize heures", "Wed 15/07 14:00-16:00"),
        ("demain de 9h à 11h", "Thu 16/07 09:00-11:00"),
        ("vendredi entre midi et deux", "Fri 17/07 12:00-14:00"),
        ("vendredi 14h30", "Fri 17/07 14:30-15:30"),
        ("à 9 heures moins le quart", "Thu 16/07 08:45-09:45"),
        ("huit heures du soir", "Wed 15/07 20:00-21:00"),
        ("dans une heure", "Wed 15/07 11:30-23:59"),
        ("dans une demi-heure", "Wed 15/07 11:00-23:59"),
        ("tout de suite", "Wed 15/07 10:30-23:59"),
        ("ce matin avant neuf heures", None),
        ("quand vous voulez", "Wed 15/07 10:30-23:59"),
        ("", None),
    ],
)
def test_a_french_wish_is_read(text: str, wish: str | None) -> None:
    assert shown(when(text, FR, NOW)) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("tomorrow", "Thu 16/07 00:00-23:59"),
        ("the day after tomorrow in the morning", "Fri 17/07 08:00-12:00"),
        ("next tuesday afternoon", "Tue 21/07 12:00-18:00"),
        ("tomorrow after two pm", "Thu 16/07 14:00-23:59"),
        ("tomorrow after 2 p.m.", "Thu 16/07 14:00-23:59"),
        ("thursday between two and four", "Thu 16/07 14:00-16:00"),
        ("from eleven to two pm on friday", "Fri 17/07 11:00-14:00"),
        ("today before noon", "Wed 15/07 10:30-12:00"),
        ("the twentieth of july at half past two", "Mon 20/07 14:30-15:30"),
        ("july 20th", "Mon 20/07 00:00-23:59"),
        ("quarter to three tomorrow", "Thu 16/07 14:45-15:45"),
        ("monday week", "Mon 27/07 00:00-23:59"),
        ("in three days", "Sat 18/07 00:00-23:59"),
        ("in an hour", "Wed 15/07 11:30-23:59"),
        ("tonight", "Wed 15/07 18:00-21:00"),
        ("after five", "Wed 15/07 17:00-23:59"),
        ("as soon as possible", "Wed 15/07 10:30-23:59"),
        ("any time", "Wed 15/07 10:30-23:59"),
    ],
)
def test_an_english_wish_is_read(text: str, wish: str | None) -> None:
    assert shown(when(text, EN, NOW)) == wish


_WORDS = (
    "demain après avant entre et 14 heures lundi prochain matin midi soir le 20 juillet dans huit jours tomorrow after "
    "between and two pm at half past next tuesday in the morning from to 31 99 week"
)
_THIS_YEAR = st.timedeltas(timedelta(days=-190), timedelta(days=165)).map(lambda away: NOW + away)


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=10), st.sampled_from(Language), _THIS_YEAR)
def test_a_wish_is_never_in_the_past_and_never_empty(words: list[str], language: Language, now: datetime) -> None:
    wish = when(" ".join(words), language, now)
    if wish is not None:
        assert wish.day >= now.date()
        assert time(0, 0) <= wish.starts < wish.ends <= time(23, 59)
