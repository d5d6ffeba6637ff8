"""Birth dates whose month is said as a number after `du`, `of the`: `le neuf du dix quatre-vingt-quatorze`. Pure."""

from collections.abc import Iterator

from guichet.core.language import Language
from guichet.transcripts.redaction import cues
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.sentence import Sentence
from guichet.transcripts.redaction.years import year_end
from guichet.transcripts.spoken.calendar_words import days_of_month

_LINKS = {Language.FR: (("du",),), Language.EN: (("of", "the"), ("of",))}
_MONTHS = 12
_LONGEST = 3
"""Words of the longest day: `vingt et un`."""


def dates_of_numbers(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the days of numbered months after a word of birth, with the year where it is said."""
    for place in range(1, len(sentence.pieces)):
        for link in _LINKS[sentence.language]:
            if sentence.plains(place, place + len(link)) == link:
                stretch = _around(sentence, place, place + len(link))
                if stretch is not None and all(map(is_free, range(*stretch))):
                    yield Found(*stretch, Kind.BIRTH)
                break


def _around(sentence: Sentence, link: int, month: int) -> tuple[int, int] | None:
    """Take the day before a link and the month and year after it; None if one is missing or no birth is spoken of."""
    days = days_of_month(sentence.language)
    sizes = range(_LONGEST, 0, -1)
    start = next((link - size for size in sizes if size <= link and sentence.plains(link - size, link) in days), None)
    if start is None or cues.before(sentence, start, sentence.language)[0] is not Kind.BIRTH:
        return None
    said = ((month + size, days.get(sentence.plains(month, month + size), 0)) for size in sizes)
    end = next((end for end, number in said if 1 <= number <= _MONTHS), None)
    return None if end is None else (start, year_end(sentence, end))
