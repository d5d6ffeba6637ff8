"""Dates as files write them: day first, or ISO. Pure."""

import re
from datetime import date

_DATE = re.compile(r"(?:(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})|(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}))(?:[T ][\d:.+Z]+)?")


def written_date(text: str) -> date | None:
    """Read a date written day first or ISO; None for an empty cell. Raises ValueError for one that is none."""
    if not text:
        return None
    fits = _DATE.fullmatch(text)
    if fits is None:
        raise ValueError(text)
    parts = fits.groups()
    year, month, day = parts[:3] if parts[0] else (parts[5], parts[4], parts[3])
    return date(int(year), int(month), int(day))


def past_date(text: str, today: date) -> date | None:
    """Read a birth date. Raises ValueError for one that is no date of somebody alive."""
    born = written_date(text)
    if born is not None and not date(1880, 1, 1) <= born <= today:
        raise ValueError(text)
    return born
