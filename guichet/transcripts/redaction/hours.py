"""Hours of the day in figures, which stay: `14h30`, `8:30-12:00`. Pure."""

import re
from collections.abc import Iterator

from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.sentence import Sentence

_HOUR = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-4])\s?[:hH]\s?[0-5]\d(?![\d:])(?!\s?[hH]\d)")


def hours(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the hours, as staying; more than two figures between colons are no hour."""
    for found in _HOUR.finditer(sentence.text):
        places = sentence.places_in(found.start(), found.end())
        if all(map(is_free, places)):
            yield Found(places.start, places.stop, None)
