"""Says opening hours and the next opening as one would on the telephone, in both languages. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from guichet.core.language import Bilingual
from guichet.routing.hours import DAY_MINUTES, Hours, Range
from guichet.routing.view import DAYS

_MONTHS = (
    Bilingual("janvier", "January"),
    Bilingual("février", "February"),
    Bilingual("mars", "March"),
    Bilingual("avril", "April"),
    Bilingual("mai", "May"),
    Bilingual("juin", "June"),
    Bilingual("juillet", "July"),
    Bilingual("août", "August"),
    Bilingual("septembre", "September"),
    Bilingual("octobre", "October"),
    Bilingual("novembre", "November"),
    Bilingual("décembre", "December"),
)


def time_in_words(minutes: int) -> Bilingual:
    """Say a time of day: `8 heures 30`, `midi`; `8:30 am`, `noon`."""
    minutes %= DAY_MINUTES
    if minutes == 0:
        return Bilingual("minuit", "midnight")
    if minutes == DAY_MINUTES // 2:
        return Bilingual("midi", "noon")
    hour, rest = divmod(minutes, 60)
    noun = "heure" if hour in {0, 1} else "heures"
    half = "am" if hour < 12 else "pm"
    twelve = (hour - 1) % 12 + 1
    return Bilingual(
        f"{hour} {noun} {rest:02}" if rest else f"{hour} {noun}",
        f"{twelve}:{rest:02} {half}" if rest else f"{twelve} {half}",
    )


def joined(parts: Sequence[Bilingual], fr: str, en: str) -> Bilingual:
    """Join parts of a sentence with commas and, before the last, the words given (`" et "`, `" and "`)."""
    return Bilingual(
        fr.join((", ".join(part.fr for part in parts[:-1]), parts[-1].fr)) if parts[1:] else parts[0].fr,
        en.join((", ".join(part.en for part in parts[:-1]), parts[-1].en)) if parts[1:] else parts[0].en,
    )


def _ranges_in_words(ranges: Sequence[Range]) -> Bilingual:
    if list(ranges) == [Range(0, DAY_MINUTES)]:
        return Bilingual("jour et nuit", "day and night")
    said = []
    for start, end in ranges:
        begins, ends = time_in_words(start), time_in_words(end)
        to = "à" if end % DAY_MINUTES else "jusqu'à"
        said.append(Bilingual(f"de {begins.fr} {to} {ends.fr}", f"from {begins.en} to {ends.en}"))
    return joined(said, " et ", " and ")


def _days_in_words(days: Sequence[int]) -> Bilingual:
    first, last = DAYS[days[0]], DAYS[days[-1]]
    if len(days) == 7:
        return Bilingual("tous les jours", "every day")
    if len(days) == 1:
        return Bilingual(f"le {first.fr}", f"on {first.en}")
    return Bilingual(f"du {first.fr} au {last.fr}", f"{first.en} to {last.en}")


def hours_in_words(hours: Hours) -> Bilingual:
    """Say the week: `du lundi au vendredi de 8 heures 30 à midi, et le samedi de 9 heures à midi`."""
    groups = groupby(range(7), key=lambda day: hours.week[day])
    said = []
    for ranges, days in groups:
        if ranges:
            when, at = _days_in_words(list(days)), _ranges_in_words(ranges)
            said.append(Bilingual(f"{when.fr} {at.fr}", f"{when.en} {at.en}"))
    if not said:
        return Bilingual("nos bureaux ne reçoivent pas", "our offices are not open to the public")
    return joined(said, ", et ", ", and ")


def opening_in_words(opening: datetime | None, now: datetime, zone: ZoneInfo) -> Bilingual:
    """Say when it opens: `aujourd'hui à 13 heures 30`, `demain à 8 heures 30`, `lundi 14 juillet à 9 heures`."""
    if opening is None:
        return Bilingual("à une date qui sera annoncée", "on a date to be announced")
    local = opening.astimezone(zone)
    at = time_in_words(local.hour * 60 + local.minute)
    day = day_in_words(opening, now, zone)
    return Bilingual(f"{day.fr} à {at.fr}", f"{day.en} at {at.en}")


def day_in_words(moment: datetime, now: datetime, zone: ZoneInfo) -> Bilingual:
    """Say a day: `aujourd'hui`, `demain`, `lundi 14 juillet`; `today`, `on Monday 14 July`."""
    local = moment.astimezone(zone)
    ahead = (local.date() - now.astimezone(zone).date()).days
    if ahead == 0:
        return Bilingual("aujourd'hui", "today")
    if ahead == 1:
        return Bilingual("demain", "tomorrow")
    name, month = DAYS[local.weekday()], _MONTHS[local.month - 1]
    number = "1er" if local.day == 1 else str(local.day)
    return Bilingual(f"{name.fr} {number} {month.fr}", f"on {name.en} {local.day} {month.en}")
