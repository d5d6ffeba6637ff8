"""When somebody wants to be called: `lundi prochain`, `demain après 14 heures`, `next Tuesday afternoon`. Pure.

Days are those of the wall clock that `now` shows. What is over is not meant: `jeudi`, said on a Thursday, is next
week's; an hour without a day is today's, or tomorrow's once it is past.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from guichet.core.language import Language
from guichet.transcripts.spoken.when_day import day_said
from guichet.transcripts.spoken.when_hours import WHOLE_DAY, Span, hours_said
from guichet.transcripts.spoken.when_not import split_exception
from guichet.transcripts.spoken.when_words import plain_words, says_any_time, soon_said


@dataclass(frozen=True, slots=True)
class When:
    """A day, and from when to when on it (`starts` is before `ends`; the whole day is 00:00 to 23:59).

    `but` is a stretch of it that does not suit (`demain matin sauf 10h`).
    """

    day: date
    starts: time = WHOLE_DAY[0]
    ends: time = WHOLE_DAY[1]
    but: Span | None = None


def when(text: str, language: Language, now: datetime) -> When | None:
    """Read a wish for a day, an hour or both; None if there is none, or if it is past.

    `now` is the citizen's local time. `la semaine prochaine` is its Monday.
    """
    words = plain_words(text, language)
    delay = soon_said(words, language)
    if delay is not None:
        return _later(now, delay)
    wish, exception = split_exception(words)
    but = _excepted(exception, language) if exception else None
    found = _wished(wish if but else words, language, now)
    return replace(found, but=but) if found is not None and but is not None else found


def _excepted(words: str, language: Language) -> Span | None:
    """Read the hours that a wish excepts; after `sauf` a number alone is one."""
    if words.isdecimal():
        words = f"{words} heures" if language is Language.FR else f"at {words}"
    return hours_said(words, language)


def _wished(words: str, language: Language, now: datetime) -> When | None:
    """Read the wish alone, without what it excepts."""
    day, others = day_said(words, language, now.date())
    hours = hours_said(others, language)
    if day is None and hours is None:
        return _later(now, timedelta()) if says_any_time(words) else None
    starts, ends = hours or WHOLE_DAY
    clock = now.time().replace(second=0, microsecond=0, tzinfo=None)
    if day is None:
        day = now.date() if clock < ends else now.date() + timedelta(days=1)
    if day == now.date():
        starts = max(starts, clock)
    return When(day, starts, ends) if starts < ends else None


def is_soon(text: str, language: Language) -> bool:
    """Whether the wish is to be called at once, or as soon as possible."""
    words = plain_words(text, language)
    if soon_said(words, language) == timedelta():
        return True
    day, others = day_said(words, language, date.min)
    return day is None and hours_said(others, language) is None and says_any_time(words)


def _later(now: datetime, delay: timedelta) -> When | None:
    """Return the rest of the day after a delay."""
    later = (now + delay).replace(second=0, microsecond=0, tzinfo=None)
    return When(later.date(), later.time()) if later.time() < WHOLE_DAY[1] else None
