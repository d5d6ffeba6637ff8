from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.routing.holidays_of import TERRITORIES, holidays_of
from guichet.routing.hours import Calendar, Closure, Hours, Range, after_open_time, is_open, next_opening, spans

PARIS = ZoneInfo("Europe/Paris")
WORKDAY = (Range(8 * 60 + 30, 12 * 60), Range(13 * 60 + 30, 17 * 60 + 30))
TOWN_HALL = Hours("mairie", (*[WORKDAY] * 5, (Range(9 * 60, 12 * 60),), ()))
NIGHTS = Hours("nuit", ((Range(22 * 60, 30 * 60),),) * 7, on_holidays=(Range(22 * 60, 30 * 60),))
IN_FRANCE = Calendar(PARIS)


def paris(text: str) -> datetime:
    """Read local time; `fold=1` for the second of two by a trailing `*`."""
    return datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=PARIS, fold=int(text.endswith("*")))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-04 08:29", False),
        ("2026-03-04 08:30", True),
        ("2026-03-04 11:59", True),
        ("2026-03-04 12:00", False),
        ("2026-03-04 13:30", True),
        ("2026-03-04 17:30", False),
        ("2026-03-07 09:00", True),
        ("2026-03-07 14:00", False),
        ("2026-03-08 10:00", False),
        ("2026-04-06 10:00", False),  # Easter Monday
        ("2026-07-14 10:00", False),
    ],
)
def test_a_town_hall_is_open_by_its_week(moment: str, *, expected: bool) -> None:
    assert is_open(TOWN_HALL, IN_FRANCE, paris(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-04 10:00", "2026-03-04 10:00"),
        ("2026-03-04 12:10", "2026-03-04 13:30"),
        ("2026-03-04 19:00", "2026-03-05 08:30"),
        ("2026-03-07 12:00", "2026-03-09 08:30"),
        ("2026-07-13 18:00", "2026-07-15 08:30"),
    ],
)
def test_the_next_opening_passes_over_lunch_sunday_and_holidays(moment: str, opens: str) -> None:
    assert next_opening(TOWN_HALL, IN_FRANCE, paris(moment)) == paris(opens)


def test_what_never_opens_has_no_next_opening() -> None:
    assert next_opening(Hours("jamais", ((),) * 7), IN_FRANCE, paris("2026-03-04 10:00")) is None


def test_a_night_ends_the_next_morning_even_on_a_holiday() -> None:
    weekdays = Hours("nuit", NIGHTS.week)
    assert is_open(weekdays, IN_FRANCE, paris("2026-07-14 05:59"))
    assert not is_open(weekdays, IN_FRANCE, paris("2026-07-14 22:30"))
    assert is_open(NIGHTS, IN_FRANCE, paris("2026-07-14 22:30"))


def test_a_closure_takes_its_hours_out_and_nothing_else() -> None:
    closure = Closure(datetime(2026, 12, 24, 12), datetime(2026, 12, 27))  # noqa: DTZ001 - local
    calendar = Calendar(PARIS, closures=(closure,))
    assert is_open(TOWN_HALL, calendar, paris("2026-12-24 11:00"))
    assert not is_open(TOWN_HALL, calendar, paris("2026-12-24 14:00"))
    assert next_opening(TOWN_HALL, calendar, paris("2026-12-24 12:00")) == paris("2026-12-28 08:30")
    assert not is_open(NIGHTS, calendar, paris("2026-12-26 23:59"))
    assert is_open(NIGHTS, calendar, paris("2026-12-27 00:00"))


def test_an_hour_that_the_clock_skips_opens_right_after_the_jump() -> None:
    early = Hours("tôt", ((Range(150, 300),),) * 7)
    opens = next_opening(early, IN_FRANCE, paris("2026-03-29 00:00"))
    assert opens == paris("2026-03-29 03:00") == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_range_inside_the_jump_does_not_open_that_day() -> None:
    inside = Hours("saut", ((Range(125, 170),),) * 7)
    assert spans(inside, IN_FRANCE, date(2026, 3, 29)) == ()


def test_in_an_hour_that_comes_twice_it_opens_at_the_first_and_closes_at_the_last() -> None:
    (span,) = spans(Hours("deux fois", ((Range(150, 165),),) * 7), IN_FRANCE, date(2026, 10, 25))
    assert span.start == paris("2026-10-25 02:30").astimezone(UTC)
    assert span.end == paris("2026-10-25 02:45*").astimezone(UTC)
    assert span.end - span.start == timedelta(minutes=75)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_day_and_night_lasts_as_long_as_the_day(day: date, hours: int) -> None:
    (span,) = spans(Hours("toujours", ((Range(0, 1440),),) * 7), IN_FRANCE, day)
    assert span.end - span.start == timedelta(hours=hours)


def test_a_target_counts_open_time_only() -> None:
    assert after_open_time(TOWN_HALL, IN_FRANCE, paris("2026-03-04 17:00"), 120) == paris("2026-03-05 10:00")
    assert after_open_time(TOWN_HALL, IN_FRANCE, paris("2026-03-04 09:00"), 30) == paris("2026-03-04 09:30")
    assert after_open_time(Hours("jamais", ((),) * 7), IN_FRANCE, paris("2026-03-04 09:00"), 30) is None


def test_ranges_that_run_into_the_next_day_are_counted_once() -> None:
    overlapping = Hours("recouvre", ((Range(0, 60), Range(1380, 1560)),) * 7)  # 23:00 to 2:00, and 0:00 to 1:00
    assert after_open_time(overlapping, IN_FRANCE, paris("2026-06-01 22:00"), 180) == paris("2026-06-02 02:00")


def test_every_territory_has_its_holidays_and_zone() -> None:
    by_name = {territory.name.fr: territory for territory in TERRITORIES}
    assert date(2026, 4, 3) not in holidays_of(by_name["metropole"], 2026)
    assert holidays_of(by_name["alsace_moselle"], 2026)[date(2026, 4, 3)].fr == "Vendredi saint"
    assert holidays_of(by_name["alsace_moselle"], 2026)[date(2026, 12, 26)].fr
    assert date(2026, 12, 20) in holidays_of(by_name["la_reunion"], 2026)  # abolition of slavery
    for territory in TERRITORIES:
        assert date(2026, 7, 14) in holidays_of(territory, 2026)
        assert ZoneInfo(territory.zone)


ranges = st.builds(lambda start, length: Range(start, start + length), st.integers(0, 1439), st.integers(1, 1440))
days = st.lists(ranges, max_size=3).map(tuple)
weeks = st.builds(Hours, st.just("h"), st.tuples(*[days] * 7), days)
local = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001 - local
closures = st.builds(
    lambda start, length: Closure(start, start + length), local, st.timedeltas(timedelta(minutes=1), timedelta(days=9))
)
calendars = st.builds(
    lambda territory, closed: Calendar(ZoneInfo(territory.zone), territory, tuple(closed)),
    st.sampled_from(TERRITORIES),
    st.lists(closures, max_size=2),
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - given


@given(weeks, calendars, moments, st.lists(st.floats(0, 1), max_size=5))
def test_the_next_opening_is_open_and_nothing_before_it_is(
    hours: Hours, calendar: Calendar, moment: datetime, shares: list[float]
) -> None:
    opens = next_opening(hours, calendar, moment)
    if opens is None:
        assert not is_open(hours, calendar, moment)
        return
    assert opens >= moment
    assert is_open(hours, calendar, opens)
    if opens > moment:
        assert not is_open(hours, calendar, opens - timedelta(microseconds=1))
        assert not any(is_open(hours, calendar, moment + (opens - moment) * share * 0.999) for share in shares)


@given(weeks, calendars, moments, st.integers(1, 600))
def test_a_target_ends_while_open_and_never_sooner_than_asked(
    hours: Hours, calendar: Calendar, moment: datetime, minutes: int
) -> None:
    ends = after_open_time(hours, calendar, moment, minutes)
    if ends is not None:
        assert ends >= moment + timedelta(minutes=minutes)
        assert is_open(hours, calendar, ends - timedelta(microseconds=1))


@given(calendars, moments)
def test_day_and_night_never_closes_but_for_closures(calendar: Calendar, moment: datetime) -> None:
    always = Hours("toujours", ((Range(0, 1440),),) * 7, (Range(0, 1440),))
    wall = moment.astimezone(calendar.zone).replace(tzinfo=None)
    twice = moment.astimezone(calendar.zone).replace(fold=1).utcoffset() != moment.astimezone(calendar.zone).utcoffset()
    closed = any(closure.start <= wall < closure.end for closure in calendar.closures)
    assert twice or is_open(always, calendar, moment) is not closed
