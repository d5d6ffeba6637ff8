from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.routing.hours import Range
from guichet.routing.time_reader import days, duration, local_moment, minutes_of_day, range_of_day


@pytest.mark.parametrize(
    ("text", "minutes"), [("8:30", 510), ("08:30", 510), ("8h30", 510), ("8 h", 480), ("8", 480), ("24:00", 1440)]
)
def test_a_time_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert minutes_of_day(text) == minutes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8:30-12:00", Range(510, 720)),
        ("8h30 à 12h", Range(510, 720)),
        ("8:30 – 12:00", Range(510, 720)),
        ("from 8:30 to 12:00", Range(510, 720)),
        ("22:00-6:00", Range(1320, 1800)),
        ("0:00-24:00", Range(0, 1440)),
    ],
)
def test_a_range_is_read_as_people_write_it(text: str, expected: Range) -> None:
    assert range_of_day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lundi", (0,)),
        ("Monday", (0,)),
        ("lundi-vendredi", (0, 1, 2, 3, 4)),
        ("du lundi au mercredi", (0, 1, 2)),
        ("Saturday to Monday", (5, 6, 0)),
        ("mardi, jeudi", (1, 3)),
        ("tous les jours", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, expected: tuple[int, ...]) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "minutes"), [("45", 45), ("45 min", 45), ("4 h", 240), ("1h30", 90), ("2 heures", 120)]
)
def test_a_duration_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert duration(text) == minutes


def test_a_date_is_read_with_and_without_a_time() -> None:
    assert local_moment("2026-12-24") == (datetime(2026, 12, 24), False)  # noqa: DTZ001 - local
    assert local_moment("24/12/2026 à 12h30") == (datetime(2026, 12, 24, 12, 30), True)  # noqa: DTZ001 - local


@pytest.mark.parametrize("text", ["", "25:00", "8:60", "huit", "8:30-8:30", "24:00-3:00", "lundo", "0", "32/12/2026"])
def test_what_is_neither_time_nor_day_nor_date_is_refused_by_all(text: str) -> None:
    for read in (range_of_day, days, local_moment):
        with pytest.raises(ValueError, match=r".*"):
            read(text)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (minutes_of_day, range_of_day, days, duration, local_moment):
        try:
            read(text)
        except ValueError:
            continue


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_range_written_is_the_range_read(start: int, end: int) -> None:
    written = f"{start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}"
    if start == end:
        with pytest.raises(ValueError, match=r".*"):
            range_of_day(written)
    else:
        assert range_of_day(written) == Range(start, end if end > start else end + 1440)
