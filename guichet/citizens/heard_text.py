"""Free text of a caller sorted into evidence: which part is a name, birth date, postcode or file number. Pure.

Digits that are not announced as a file number are never taken for one.
"""

import re
from collections.abc import Iterable

from guichet.citizens.birth_date import MONTHS, date_readings, possible_dates
from guichet.citizens.citizen import Answer, Item
from guichet.citizens.postcode import looks_like_postcode
from guichet.core.text import without_accents, words

_MARKS: tuple[tuple[Item, str], ...] = (
    (
        Item.BIRTH_DATE,
        r"(?:je suis )?nee?(?:\(e\))? le|date de naissance|(?:i was )?born(?: on)?|date of birth|birth date|birthday",
    ),
    (Item.FILE, r"(?:numero de |mon |le )?dossier(?: numero)?(?=\W+\w)|(?:my |the )?(?:file|case) number"),
    (Item.POSTCODE, r"code postal|post ?code|j'habite (?:a|au)|i live in"),
    (Item.NAME, r"je m'appelle|je suis|mon nom (?:c'est|est)|my name is|i am|i'm|this is"),
)
_MARK = re.compile("|".join(rf"(?P<{item.name}>\b(?:{said})\b)" for item, said in _MARKS))


def _item(text: str) -> Item:
    """Say what an unmarked piece of text is."""
    readings = date_readings(text)
    named = any(word in MONTHS for word in words(text)) and bool(readings)
    if not looks_like_postcode(text) and (named or any(map(possible_dates, readings))):
        return Item.BIRTH_DATE
    return Item.POSTCODE if looks_like_postcode(text) else Item.NAME


def sort_text(text: str) -> tuple[Answer, ...]:
    """Return the answers a text holds: `je m'appelle Anne Roy, née le 3 mars 1985` gives a name and a birth date.

    Text without any mark (« née le », « code postal », "born on"…) is one answer.
    """
    plain = without_accents(text)
    marks = list(_MARK.finditer(plain))
    pieces: list[tuple[Item | None, str]] = [(None, plain[: marks[0].start()] if marks else text)]
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    pieces += [(Item[mark.lastgroup or ""], plain[mark.end() : end]) for mark, end in zip(marks, ends, strict=False)]
    sorted_pieces = [(item, piece.strip(" ,.;:!?")) for item, piece in pieces]
    return tuple(Answer(item or _item(piece), (piece,)) for item, piece in sorted_pieces if words(piece))


def sort_texts(texts: Iterable[str]) -> tuple[Answer, ...]:
    """Return the answers of several texts, in order."""
    return tuple(answer for text in texts for answer in sort_text(text))
