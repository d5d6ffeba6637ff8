"""Times as they are written in texts: short forms, figures, ranges, limits and exceptions."""

from datetime import datetime

import pytest

from guichet.core.language import Language
from guichet.transcripts.spoken.when import When, is_soon, when
from guichet.transcripts.spoken.when_not import split_exception

NOW = datetime(2026, 11, 24, 10, 20)  # noqa: DTZ001  # a Tuesday on the wall clock


def shown(wish: When | None) -> str | None:
    """Write a wish shortly."""
    if wish is None:
        return None
    but = f" but {wish.but[0]:%H:%M}-{wish.but[1]:%H:%M}" if wish.but else ""
    return f"{wish.day:%a %d/%m} {wish.starts:%H:%M}-{wish.ends:%H:%M}{but}"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("jeudi en fin de matinée", "Thu 26/11 10:00-12:00"),
        ("pas avant 15h", "Tue 24/11 15:00-23:59"),
        ("pas avant 15 h demain", "Wed 25/11 15:00-23:59"),
        ("demain matin sauf 10h", "Wed 25/11 08:00-12:00 but 10:00-11:00"),
        ("demain sauf 10h", "Wed 25/11 00:00-23:59 but 10:00-11:00"),
        ("demain matin pas à 10h", "Wed 25/11 08:00-12:00 but 10:00-11:00"),
        ("demain apm", "Wed 25/11 12:00-18:00"),
        ("dem matin", "Wed 25/11 08:00-12:00"),
        ("jeudi 14h-16h", "Thu 26/11 14:00-16:00"),
        ("jeudi 14-16h", "Thu 26/11 14:00-16:00"),
        ("jeudi entre 14 et 16h", "Thu 26/11 14:00-16:00"),
        ("14h à 16h demain", "Wed 25/11 14:00-16:00"),
        ("dans 1h30", "Tue 24/11 11:50-23:59"),
        ("d'ici une heure", "Tue 24/11 10:20-23:59"),
        ("30/11", "Mon 30/11 00:00-23:59"),
        ("le 30/11 à 14h", "Mon 30/11 14:00-15:00"),
        ("30/11/2026", "Mon 30/11 00:00-23:59"),
        ("45/11", None),
        ("4/5", None),
        ("jeu 15h", "Thu 26/11 15:00-16:00"),
        ("jeu de boules", None),
        ("le long de la mer", None),
        ("demain début aprem", "Wed 25/11 12:00-15:00"),
        ("tôt demain", "Wed 25/11 08:00-10:00"),
        ("demain tard", "Wed 25/11 16:00-19:00"),
        ("au plus tôt", "Tue 24/11 10:20-23:59"),
        ("au plus vite", "Tue 24/11 10:20-23:59"),
        ("toute la journée", "Tue 24/11 10:20-23:59"),
        ("demain toute la journée", "Wed 25/11 00:00-23:59"),
        ("week-end", "Sat 28/11 00:00-23:59"),
        ("mercredi après l'école", "Wed 25/11 16:30-23:59"),
        ("mercredi sauf le matin", "Wed 25/11 00:00-23:59 but 08:00-12:00"),
        ("mercredi sauf entre 12h et 14h", "Wed 25/11 00:00-23:59 but 12:00-14:00"),
        ("demain 8h30/9h", "Wed 25/11 08:30-09:00"),
        ("2main 14h", "Wed 25/11 14:00-15:00"),
        ("dem1 aprem", "Wed 25/11 12:00-18:00"),
        ("mardi proch", "Tue 01/12 00:00-23:59"),
        ("lun 9h", "Mon 30/11 09:00-10:00"),
        ("mer. 10h", "Wed 25/11 10:00-11:00"),
        ("demain au plus tard 16h", "Wed 25/11 00:00-16:00"),
        ("pas plus tard que 16h", "Tue 24/11 10:20-16:00"),
        ("pas après 16h", "Tue 24/11 10:20-16:00"),
        ("après manger", "Tue 24/11 13:30-23:59"),
        ("après le travail", "Tue 24/11 17:00-23:59"),
        ("avant vendredi", "Tue 24/11 10:20-23:59"),
        ("pas avant jeudi", "Thu 26/11 00:00-23:59"),
        ("jeudi au plus tard", "Tue 24/11 10:20-23:59"),
        ("asap", "Tue 24/11 10:20-23:59"),
    ],
)
def test_french_as_it_is_texted_is_read(text: str, wish: str | None) -> None:
    assert shown(when(text, Language.FR, NOW)) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("any time after 2", "Tue 24/11 14:00-23:59"),
        ("not before 3pm", "Tue 24/11 15:00-23:59"),
        ("tomorrow morning except 10", "Wed 25/11 08:00-12:00 but 10:00-11:00"),
        ("tomorrow morning but not 10", "Wed 25/11 08:00-12:00 but 10:00-11:00"),
        ("late Thursday morning", "Thu 26/11 10:00-12:00"),
        ("thurs late morning", "Thu 26/11 10:00-12:00"),
        ("Thu afternoon", "Thu 26/11 12:00-18:00"),
        ("tmrw morning", "Wed 25/11 08:00-12:00"),
        ("2-4pm", "Tue 24/11 14:00-16:00"),
        ("2 to 4pm Friday", "Fri 27/11 14:00-16:00"),
        ("2pm-4pm friday", "Fri 27/11 14:00-16:00"),
        ("first thing tomorrow", "Wed 25/11 08:00-10:00"),
        ("early tomorrow", "Wed 25/11 08:00-10:00"),
        ("whenever", "Tue 24/11 10:20-23:59"),
        ("anytime tomorrow", "Wed 25/11 00:00-23:59"),
        ("asap", "Tue 24/11 10:20-23:59"),
        ("after work", "Tue 24/11 17:00-23:59"),
        ("after school wednesday", "Wed 25/11 16:00-23:59"),
        ("wed after 4:30", "Wed 25/11 16:30-23:59"),
        ("no later than 4", "Tue 24/11 10:20-16:00"),
        ("14h30 tomorrow", "Wed 25/11 14:30-15:30"),
        ("3 o'clock", "Tue 24/11 15:00-16:00"),
        ("3 in the afternoon", "Tue 24/11 15:00-16:00"),
        ("8 in the morning", "Wed 25/11 08:00-09:00"),
        ("tomorrow, 10ish", "Wed 25/11 09:30-10:30"),
        ("before Friday", "Tue 24/11 10:20-23:59"),
        ("not before Thursday", "Thu 26/11 00:00-23:59"),
        ("Friday at the latest", "Tue 24/11 10:20-23:59"),
        ("weekend", "Sat 28/11 00:00-23:59"),
        ("the sun is out", None),
        ("Fri 27 Nov 10am", "Fri 27/11 10:00-11:00"),
    ],
)
def test_english_as_it_is_texted_is_read(text: str, wish: str | None) -> None:
    assert shown(when(text, Language.EN, NOW)) == wish


@pytest.mark.parametrize(
    ("text", "language", "soon"),
    [
        ("n'importe quand", Language.FR, True),
        ("n'importe quand demain", Language.FR, False),
        ("quand vous voulez après 16h", Language.FR, False),
        ("au plus vite", Language.FR, True),
        ("whenever", Language.EN, True),
        ("any time after 2", Language.EN, False),
    ],
)
def test_any_time_is_soon_only_where_nothing_limits_it(text: str, language: Language, *, soon: bool) -> None:
    assert is_soon(text, language) == soon


@pytest.mark.parametrize(
    ("words", "split"),
    [
        ("demain matin sauf 10 heures", ("demain matin", "10 heures")),
        ("demain matin mais pas a 10 heures", ("demain matin", "10 heures")),
        ("tomorrow but not at 10", ("tomorrow", "10")),
        ("pas demain", ("pas demain", "")),
        ("demain pas avant 15 heures", ("demain pas avant 15 heures", "")),
        ("tomorrow not before 3", ("tomorrow not before 3", "")),
    ],
)
def test_an_exception_is_split_from_its_wish(words: str, split: tuple[str, str]) -> None:
    assert split_exception(words) == split
