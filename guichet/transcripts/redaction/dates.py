"""Dates: those of birth are taken out, those of appointments, letters and holidays stay. Pure.

A whole date is one of birth unless a word of something else stands before it (`rendez-vous le`, `depuis le`, `rue du`);
a day and a month stay unless birth was spoken of; so does a month and a year.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction import cues
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.harmless import is_year
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.runs import Run, runs
from guichet.transcripts.redaction.sentence import WALL, Sentence
from guichet.transcripts.redaction.years import year_end
from guichet.transcripts.spoken.calendar_words import days_of_month, months

_EVENTS = {
    Language.FR: (
        "depuis rendez rdv courrier lettre facture mariage marie maries mariee jusqu avant apres partir fete paiement "
        "debit paye passe recu recue envoye envoyee depose deposee demande signe deces decede reunion decret loi "
        "arrete rue place avenue boulevard square expire valable election elections seance conseil prevu annule mort "
        "morte lundi mardi mercredi jeudi vendredi samedi dimanche ouverture fermeture travaux"
    ),
    Language.EN: (
        "since appointment until before after by from letter invoice married wedding meeting received sent expires "
        "expire election payment paid filed signed died dated due booked monday tuesday wednesday thursday friday "
        "saturday sunday"
    ),
}
_EVENT_REACH = 5
"""Pieces before a date in which it is told what happened then."""
_IS = (("est",), ("suis",))
_SOMEBODY = (("il",), ("elle",), ("je",), ("qui",), ("on",))
"""Of whom it is said that they "are of" the day of their birth: `il est du quatre mai cinquante deux`."""
_STOPS = frozenset(",.;!?:") | {WALL}
_ENDS = r"(?!\d|[./-]\d)"
_NUMERIC = re.compile(
    r"(?<!\d)(?<!\d[./-])(?:"
    rf"(?P<day>0?[1-9]|[12]\d|3[01])\s?(?P<sign>[./-])\s?(?P<month>0?[1-9]|1[0-2])\s?(?P=sign)\s?"
    rf"(?:(?:19|20)\d\d|\d\d){_ENDS}|(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d{_ENDS})"
)
_MONTH_FIRST = re.compile(rf"(?<!\d)(?<!\d[./-])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d\d{_ENDS}")
_ORDINALS = frozenset({"er", "st", "nd", "rd", "th", "eme", "e"})


@dataclass(frozen=True, slots=True)
class _Date:
    """Where a date stands and what it tells."""

    start: int
    end: int
    has_day: bool
    has_year: bool


@cache
def _events(language: Language) -> frozenset[str]:
    """Return the words before dates that are not of birth."""
    return frozenset(words(_EVENTS[language]))


def dates(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the dates: those of birth with their kind, others as staying."""
    for date in (*_numeric(sentence), *_named(sentence)):
        if all(map(is_free, range(date.start, date.end))):
            yield Found(date.start, date.end, _kind(sentence, date))


def _kind(sentence: Sentence, date: _Date) -> Kind | None:
    """Tell a date of birth from another."""
    announced, _ = cues.before(sentence, date.start, sentence.language)
    if announced is Kind.BIRTH:
        return Kind.BIRTH
    if announced is Kind.NUMBER and not _is_event(sentence, date.start):
        return Kind.NUMBER
    if not (date.has_day and date.has_year) or _is_event(sentence, date.start):
        return None
    return Kind.BIRTH


def _is_event(sentence: Sentence, start: int) -> bool:
    """Tell whether something else than a birth is dated."""
    near = sentence.plains(start - _EVENT_REACH, start)
    stops = [place for place, plain in enumerate(near, 1) if plain in _STOPS]
    near = near[stops[-1] :] if stops else near
    is_of = near[-1:] == ("du",) and not (near[-2:-1] in _IS and near[-3:-2] in _SOMEBODY)
    return not _events(sentence.language).isdisjoint(near) or is_of


def _numeric(sentence: Sentence) -> Iterator[_Date]:
    """Yield dates written in digits."""
    for pattern in (_NUMERIC, _MONTH_FIRST) if sentence.language is Language.EN else (_NUMERIC,):
        for found in pattern.finditer(sentence.text):
            places = sentence.places_in(found.start(), found.end())
            yield _Date(places.start, places.stop, has_day=True, has_year=True)


def _named(sentence: Sentence) -> Iterator[_Date]:
    """Yield dates with the month's name."""
    named = months(sentence.language)
    for place, piece in enumerate(sentence.pieces):
        if piece.plain in named and piece.is_word:
            date = _around(sentence, place)
            if date.has_day or date.has_year:
                yield date


def _around(sentence: Sentence, month: int) -> _Date:
    """Take the day before or after a month, and the year after it."""
    start, end = _day_before(sentence, month), month + 1
    has_day = start < month
    if not has_day and sentence.language is Language.EN:
        end = _day_after(sentence, month + 1)
        has_day = end > month + 1
        if has_day and year_end(sentence, month + 1) > end and year_end(sentence, end) == end:
            # `march nineteen eighty five` and `June 2019` have no day.
            end, has_day = month + 1, False
    year = year_end(sentence, end)
    return _Date(start, year, has_day, year > end)


def _day_before(sentence: Sentence, month: int) -> int:
    """Return where the day before a month begins; the month's place if there is none."""
    days = days_of_month(sentence.language)
    end = month - 1 if sentence.plain(month - 1) == "of" else month
    for size in (3, 2, 1):
        if end >= size and sentence.plains(end - size, end) in days:
            return end - size
    return month


def _day_after(sentence: Sentence, start: int) -> int:
    """Return where the day after an English month ends; the start if there is none."""
    days = days_of_month(sentence.language)
    first = start + 1 if sentence.plain(start) == "the" else start
    for size in (2, 1):
        if first + size <= len(sentence.pieces) and sentence.plains(first, first + size) in days:
            return first + size
    return start


def numbered_dates(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield birth dates said in numbers only: after a word of birth, or a day, a month and a whole year in a row."""
    for run in runs(sentence, sentence.language, is_free):
        announced, away = cues.before(sentence, run.start, sentence.language)
        groups = [group.digits for group in run.groups]
        digits = "".join(groups)
        if announced is Kind.BIRTH:
            is_one = 2 <= len(digits) <= 8 and (away <= cues.NEAR or len(digits) >= 4)
            if is_one or all(map(is_year, groups)):
                yield Found(run.start, run.end, Kind.BIRTH)
        elif _is_birth_year(run, digits) or (announced is None and _is_date(run, groups)):
            yield Found(run.start, run.end, Kind.BIRTH)


def _is_birth_year(run: Run, digits: str) -> bool:
    """Tell whether it is the year of `je suis de 1948`."""
    near = run.sentence.plains(run.start - 2, run.start)
    return near == ("suis", "de") and (is_year(digits) or len(digits) == 2)


def _is_date(run: Run, groups: list[str]) -> bool:
    """Tell whether groups are a day, a month and a year: a whole one, or one of two digits after `le`."""
    if len(groups) == 4 and groups[0] == "0":
        groups = groups[1:]
    if len(groups) == 4 and groups[1] == "0":
        groups = [groups[0], *groups[2:]]
    if len(groups) != 3 or not (1 <= int(groups[0]) <= 31 and 1 <= int(groups[1]) <= 12):
        return False
    return is_year(groups[2]) or (len(groups[2]) == 2 and run.sentence.plain(run.start - 1) == "le")
