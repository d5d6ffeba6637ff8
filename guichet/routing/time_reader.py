"""Reads times, ranges, days, dates and durations as supervisors write them, in French or English. Pure.

`8:30`, `8h30`, `8 h`; `8:30-12:00`, `22h-6h`; `lundi-vendredi`, `Monday to Friday`; `2026-12-24`, `24/12/2026 12:00`;
`45`, `45 min`, `4 h`, `1h30`. Each function takes a text and raises ValueError when it is something else.
"""

import re
from datetime import datetime

from guichet.routing.document import key_name
from guichet.routing.hours import DAY_MINUTES, Range

_TIME = re.compile(r"(\d{1,2})(?:\s*(?::|h|heures?)\s*(\d{2})?)?")
_RANGE = re.compile(r"(?:de |from )?(.+?)\s*(?:-|–|—| à | to )\s*(.+)")
_DAY_RANGE = re.compile(r"(?:du_|from_)?([a-z]+)_(?:au|to)_([a-z]+)")
_DURATION = re.compile(r"(?:(\d+)\s*h(?:eures?|ours?)?)?\s*(?:(\d+)\s*(?:min(?:utes?)?|mn)?)?")
_MOMENT = re.compile(r"(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4}))(?:[ T]+(?:à |at )?(.+))?")

DAY_NAMES = {
    name: number
    for number, names in enumerate(
        (
            ("lundi", "monday"),
            ("mardi", "tuesday"),
            ("mercredi", "wednesday"),
            ("jeudi", "thursday"),
            ("vendredi", "friday"),
            ("samedi", "saturday"),
            ("dimanche", "sunday"),
        )
    )
    for name in names
}
_EVERY_DAY = ("tous_les_jours", "every_day", "daily")


def minutes_of_day(text: str) -> int:
    """Read a time of day as minutes from midnight, 0 to 1440."""
    found = _TIME.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(text)
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    if minutes > DAY_MINUTES or int(found[2] or 0) > 59:
        raise ValueError(text)
    return minutes


def range_of_day(text: str) -> Range:
    """Read a range; one that ends before it starts ends the next day."""
    found = _RANGE.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise ValueError(text)
    start, end = minutes_of_day(found[1]), minutes_of_day(found[2])
    if start in (end, DAY_MINUTES):
        raise ValueError(text)
    return Range(start, end if end > start else end + DAY_MINUTES)


def days(text: str) -> tuple[int, ...]:
    """Read days of the week, 0 for Monday: one, several with commas, or from one to another."""
    found: list[int] = []
    for part in text.split(","):
        name = key_name(part)
        if name in _EVERY_DAY:
            found.extend(range(7))
            continue
        between = _DAY_RANGE.fullmatch(key_name(re.sub(r"\s*[-–]\s*", " to ", part)))
        if between:
            first, last = DAY_NAMES.get(between[1]), DAY_NAMES.get(between[2])
            if first is None or last is None:
                raise ValueError(part)
            found.extend((first + step) % 7 for step in range((last - first) % 7 + 1))
        elif name in DAY_NAMES:
            found.append(DAY_NAMES[name])
        else:
            raise ValueError(part)
    return tuple(found)


def duration(text: str) -> int:
    """Read a duration in minutes, at least one."""
    found = _DURATION.fullmatch(text.strip().lower())
    minutes = int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0
    if not 0 < minutes < 100_000:
        raise ValueError(text)
    return minutes


def local_moment(text: str) -> tuple[datetime, bool]:
    """Read a date, or a date and a time; say whether a time was given. The datetime is naive: local time."""
    found = _MOMENT.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(text)
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    minutes = minutes_of_day(found[7]) if found[7] else 0
    if minutes == DAY_MINUTES:
        raise ValueError(text)
    moment = datetime(int(year), int(month), int(day), minutes // 60, minutes % 60)  # noqa: DTZ001 - local by design
    return moment, bool(found[7])
