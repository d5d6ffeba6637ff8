"""Postal addresses: a number and a street, what completes it, the postcode and town that follow. Pure.

A street without a number is where the matter is (`un trou rue des Lilas`) and stays, unless a word of living there
stands before it (`j'habite rue du Moulin`). A town by itself stays.
"""

import re
from collections.abc import Iterator

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.numerals import lexicon, longest_group
from guichet.transcripts.redaction.runs import groups
from guichet.transcripts.redaction.sentence import Sentence
from guichet.transcripts.redaction.streets import (
    BEFORE_STREETS,
    COMPLEMENTS,
    HOMES,
    NOT_PLACES,
    STOPS,
    STREETS,
    after_dot,
    name_end,
    number_start,
)
from guichet.transcripts.redaction.towns import floor_end, said_british, town_end

_BRITISH = re.compile(r"\b[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b")
_POSTCODE_WORDS = frozenset(words("postcode postal zip"))
_HOME_REACH, _MOST_PIECES = 3, 7


def addresses(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the addresses."""
    last = 0
    for place in range(len(sentence.pieces)):
        if place < last or not is_free(place):
            continue
        stretch = _french(sentence, place) or _english(sentence, place) or _at_home(sentence, place)
        if stretch is not None and stretch[0] >= last and all(map(is_free, range(*stretch))):
            last = stretch[1]
            yield Found(*stretch, Kind.ADDRESS)
    yield from _postcodes(sentence, is_free)


def _french(sentence: Sentence, street: int) -> tuple[int, int] | None:
    """Read an address around a French word for a street."""
    if sentence.plain(street) not in STREETS[Language.FR] or _is_no_street(sentence, street):
        return None
    start = number_start(sentence, street)
    if start == street and not _is_home(sentence, street):
        return None
    end = name_end(sentence, after_dot(sentence, street + 1))
    if end is None and sentence.plain(street - 1) in BEFORE_STREETS:
        end = street + 1
    if end is None:
        return None
    return _before(sentence, start), _after(sentence, end)


def _is_no_street(sentence: Sentence, street: int) -> bool:
    """Tell whether the word for a street is something else: `deux places de parking`, `trois cours de judo`."""
    following = sentence.plains(street + 1, street + 4)
    meant = tuple(word for word in following if word not in ("de", "la", "le", "l", "'", "’", "du", "des", "en"))
    if meant[:1] and meant[0] in NOT_PLACES:
        return True
    word = sentence.plain(street)
    return (word == "cours" and following[:1] in (("de",), ("d",))) or (
        word in ("place", "route") and "en" in following
    )


def _english(sentence: Sentence, place: int) -> tuple[int, int] | None:
    """Read an address that ends in an English word for a street, its number one to four words before."""
    plain = sentence.plain(place)
    if plain not in STREETS[Language.EN] or sentence.language is not Language.EN:
        return None
    words_taken = 0
    for name in range(place - 1, max(0, place - _MOST_PIECES), -1):
        words_taken += sentence.pieces[name].is_word and len(sentence.plain(name)) > 1
        if words_taken > 3 or not _is_english_name(sentence, name):
            return None
        start = number_start(sentence, name)
        if start < name and not (name - start == 1 and sentence.plain(start) in ("one", "oh", "o")):
            return _before(sentence, start), _after(sentence, after_dot(sentence, place + 1))
    return None


def _is_english_name(sentence: Sentence, place: int) -> bool:
    """Tell whether a word may be in the name of a street."""
    piece = sentence.pieces[place]
    is_sign = piece.text in "'’-."
    return is_sign or (
        piece.is_word and piece.plain not in STOPS[Language.EN] and piece.plain not in lexicon(Language.EN)
    )


def _at_home(sentence: Sentence, place: int) -> tuple[int, int] | None:
    """Read a residence or a hamlet where somebody says to live."""
    plain, following = sentence.plain(place), sentence.plain(place + 1)
    is_hamlet = plain == "lieu" and (following == "dit" or sentence.plain(place + 2) == "dit")
    if not (is_hamlet or plain in ("residence", "lotissement", "hameau", "cite")) or not _is_home(sentence, place):
        return None
    start = place + (1 if not is_hamlet else 2 if following == "dit" else 3)
    end = name_end(sentence, start)
    return None if end is None else (place, _after(sentence, end))


def _is_home(sentence: Sentence, start: int) -> bool:
    """Tell whether somebody says to live there."""
    near = sentence.plains(start - _HOME_REACH, start)
    return not HOMES.isdisjoint(near)


def _before(sentence: Sentence, start: int) -> int:
    """Take in a flat before the number: `flat 4, 22 Baker Street`, `flat four twenty two baker street`."""
    at = start - 1 if sentence.plain(start - 1) == "," else start
    if at == start and sentence.plain(start - 1) in COMPLEMENTS:
        return start - 1
    for size in (1, 2, 3):
        place = at - size - 1
        if place >= 0 and sentence.plain(place) in COMPLEMENTS and _is_number(sentence, at - size, at):
            return place
    return start


def _is_number(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether some pieces are one number, or one letter."""
    if end - start == 1 and len(sentence.plain(start)) == 1:
        return True
    found = longest_group(sentence.plains(start, end), 0, sentence.language)
    is_elided = sentence.plain(end) in ("'", "’")
    has_letter = len(sentence.plain(end - 1)) == 1 and sentence.plain(end - 1) not in ("a", "y") and not is_elided
    return found is not None and (found.end == end - start or (has_letter and found.end == end - start - 1))


def _after(sentence: Sentence, end: int) -> int:
    """Take in what completes an address: building, flat, postcode, town."""
    while True:
        start = end + 1 if sentence.plain(end) in (",", "-") else end
        further = (
            _complement(sentence, start)
            or floor_end(sentence, start)
            or _postcode(sentence, start)
            or _british_after(sentence, start)
            or said_british(sentence, start)
            or town_end(sentence, start)
        )
        if further is None:
            return end
        end = further


def _complement(sentence: Sentence, start: int) -> int | None:
    """Return the end of a building or a flat with its number, its letter or both."""
    if sentence.plain(start) not in COMPLEMENTS:
        return None
    first = after_dot(sentence, start + 1)
    sizes = (size for size in (4, 3, 2, 1) if first + size <= len(sentence.pieces))
    return next((first + size for size in sizes if _is_number(sentence, first, first + size)), None)


def _postcode(sentence: Sentence, start: int) -> int | None:
    """Return the end of a French postcode and the town after it."""
    if start < len(sentence.pieces) and sentence.pieces[start].is_digits:
        end = start + 1 if len(sentence.pieces[start].text) == 5 else None
    else:
        end = _said_postcode(sentence, start)
    return None if end is None else _town(sentence, end)


def _said_postcode(sentence: Sentence, start: int) -> int | None:
    """Return the end of a postcode in words: the groups that come to five digits."""
    end = start
    while end < len(sentence.pieces) and sentence.plain(end) in lexicon(sentence.language):
        end += 1
    digits = ""
    for group in groups(sentence.plains(start, end), sentence.language):
        digits += group.digits
        if len(digits) >= 5:
            return start + group.end if len(digits) == 5 else None
    return None


def _town(sentence: Sentence, start: int) -> int:
    """Return the end of a town's name: words up to one that is none of it."""
    end = name_end(sentence, start, most=2)
    return start if end is None else end


def _british_after(sentence: Sentence, start: int) -> int | None:
    """Return the end of a written British postcode, after a town of one or two words perhaps."""
    if start >= len(sentence.pieces):
        return None
    found = _BRITISH.search(sentence.text, sentence.pieces[start].start)
    if found is None:
        return None
    places = sentence.places_in(found.start(), found.end())
    return places.stop if places.start - start <= 3 else None


def _postcodes(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield British postcodes, written or dictated after their name: `s w one a two a a`."""
    if sentence.language is not Language.EN:
        return
    for found in _BRITISH.finditer(sentence.text):
        places = sentence.places_in(found.start(), found.end())
        if all(map(is_free, places)):
            yield Found(places.start, places.stop, Kind.ADDRESS)
    yield from _said_postcodes(sentence, is_free)


def _said_postcodes(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield letters and number words after `postcode`."""
    for place, piece in enumerate(sentence.pieces):
        if piece.plain in _POSTCODE_WORDS:
            start = place + 1
            while _is_link(sentence, start):
                start += 1
            end = start
            while end < len(sentence.pieces) and _is_code_part(sentence, end) and is_free(end):
                end += 1
            if 3 <= end - start <= 10 and not lexicon(Language.EN).isdisjoint(sentence.plains(start, end)):
                yield Found(start, end, Kind.ADDRESS)


def _is_link(sentence: Sentence, place: int) -> bool:
    """Tell whether a piece stands between the word `postcode` and a postcode."""
    plain = sentence.plain(place)
    is_ending = plain == "s" and sentence.plain(place - 1) in ("'", "’")
    return is_ending or plain in ("is", "it", "'", "’", ":", "code", "um", "uh")


def _is_code_part(sentence: Sentence, place: int) -> bool:
    """Tell whether a piece is a letter or a number word."""
    return sentence.pieces[place].is_word and (
        len(sentence.plain(place)) == 1 or sentence.plain(place) in lexicon(Language.EN)
    )
