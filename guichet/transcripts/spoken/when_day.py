"""The day in a wish for a time. Pure."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from guichet.core.language import Language
from guichet.transcripts.spoken.calendar_words import months, weekdays

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]
_IDIOMS = {8: 7, 15: 14}
"""`dans huit jours` is a week in French, `dans quinze jours` two."""


def day_said(words: str, language: Language, today: date) -> tuple[date | None, str]:
    """Return the day that was said, if any, and the words without it (from `plain_words`)."""
    for pattern, read in _rules(language):
        found = pattern.search(words)
        if found is not None:
            day = read(found, today)
            if day is not None:
                return day, " ".join(f"{words[: found.start()]} {words[found.end() :]}".split())
    return None, words


@cache
def _rules(language: Language) -> tuple[_Rule, ...]:
    """Return the patterns of days, the most telling first."""
    week, year = "|".join(weekdays(language)), "|".join(sorted(months(language), key=len, reverse=True))
    return _french(week, year) if language is Language.FR else _english(week, year)


def _french(week: str, year: str) -> tuple[_Rule, ...]:
    """Return the patterns of French days."""
    days, named = weekdays(Language.FR), months(Language.FR)
    return (
        _rule(rf"(?:le )?(\d+)(?: er)? ({year})(?: (20\d\d))?", lambda m, t: _dated(t, int(m[1]), named[m[2]], m[3])),
        _rule(rf"({week}) en (8|15)", lambda m, t: _weekday(t, days[m[1]], 7 if m[2] == "8" else 14)),
        _rule(
            rf"({week})(?: de)?(?: la)? semaine prochaine|semaine prochaine (?:le )?({week})",
            lambda m, t: _next_week(t, days[m[1] or m[2]]),
        ),
        _rule(rf"(?<!pas )avant (?:{week})(?! \d)|(?:{week}) au plus tard", lambda _, t: t),
        _rule(r"week ?end", lambda _, t: _weekday(t, 5)),
        _rule(rf"(?:{week}) (\d+)(?! heures)", lambda m, t: _day_of_month(t, int(m[1]))),
        _rule(rf"(?:ce )?({week})(?: prochain| qui vient)?", lambda m, t: _weekday(t, days[m[1]])),
        _rule(r"semaine prochaine", lambda _, t: _next_week(t, 0)),
        _rule(r"dans (\d+) jours?", lambda m, t: _in_days(t, _IDIOMS.get(int(m[1]), int(m[1])))),
        _rule(r"dans (\d+) semaines?", lambda m, t: _in_days(t, 7 * int(m[1]))),
        _rule(r"surlendemain", lambda _, t: _in_days(t, 2)),
        _rule(r"demain", lambda _, t: _in_days(t, 1)),
        _rule(r"aujourdhui|(?:ce|cet|cette)(?= (?:matin|matinee|midi|aprem|soir|soiree)\b)", lambda _, t: t),
        _rule(r"le (\d+)(?! heures)(?: er)?", lambda m, t: _day_of_month(t, int(m[1]))),
    )


def _english(week: str, year: str) -> tuple[_Rule, ...]:
    """Return the patterns of English days."""
    days, named = weekdays(Language.EN), months(Language.EN)
    ending = r"(?: (?:st|nd|rd|th))?"
    return (
        _rule(rf"(\d+){ending}(?: of)? ({year})(?: (20\d\d))?", lambda m, t: _dated(t, int(m[1]), named[m[2]], m[3])),
        _rule(rf"({year})(?: the)? (\d+){ending}(?: (20\d\d))?", lambda m, t: _dated(t, int(m[2]), named[m[1]], m[3])),
        _rule(rf"({week}) week|a week on ({week})", lambda m, t: _weekday(t, days[m[1] or m[2]], 7)),
        _rule(
            rf"({week})(?: of)? next week|next week(?: on)? ({week})",
            lambda m, t: _next_week(t, days[m[1] or m[2]]),
        ),
        _rule(rf"(?<!not )(?:before|by) (?:{week})(?! \d)|(?:{week}) at the latest", lambda _, t: t),
        _rule(r"week ?end", lambda _, t: _weekday(t, 5)),
        _rule(rf"(?:{week})(?: the)? (\d+) (?:st|nd|rd|th)", lambda m, t: _day_of_month(t, int(m[1]))),
        _rule(rf"(?:next |this |on )?({week})", lambda m, t: _weekday(t, days[m[1]])),
        _rule(r"next week", lambda _, t: _next_week(t, 0)),
        _rule(r"in (\d+|a) (days?|weeks?)", lambda m, t: _in_days(t, _amount(m[1]) * (7 if "week" in m[2] else 1))),
        _rule(r"overmorrow", lambda _, t: _in_days(t, 2)),
        _rule(r"tomorrow", lambda _, t: _in_days(t, 1)),
        _rule(r"today|this(?= (?:morning|afternoon|evening)\b)|(?=tonight\b)", lambda _, t: t),
        _rule(rf"(?:on )?the (\d+){ending}", lambda m, t: _day_of_month(t, int(m[1]))),
    )


def _rule(pattern: str, read: Callable[[re.Match[str], date], date | None]) -> _Rule:
    """Return a rule for whole words."""
    return re.compile(rf"\b(?:{pattern})\b"), read


def _amount(written: str) -> int:
    """Return a number of days or weeks."""
    return int(written) if written.isdigit() else 1


def _in_days(today: date, days: int) -> date | None:
    """Return a day within a year, or None."""
    return today + timedelta(days=days) if 0 <= days <= 366 else None


def _weekday(today: date, weekday: int, more: int = 0) -> date:
    """Return the next such day of the week after today, so many days later."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1 + more)


def _next_week(today: date, weekday: int) -> date:
    """Return a day of the week that begins next Monday."""
    return today + timedelta(days=7 - today.weekday() + weekday)


def _dated(today: date, day: int, month: int, year: str | None) -> date | None:
    """Return the next such date from today, or that of a year that was said if it is not past."""
    for full_year in (int(year),) if year else (today.year, today.year + 1):
        try:
            found = date(full_year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _day_of_month(today: date, day: int) -> date | None:
    """Return the next such day of a month, from today."""
    if not 1 <= day <= 31:
        return None
    for ahead in range(63):
        found = today + timedelta(days=ahead)
        if found.day == day:
            return found
    return None
