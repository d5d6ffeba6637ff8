"""Numbers with letters in them: IBAN, number plates, passports, file numbers, national insurance numbers. Pure."""

import re
from collections.abc import Iterator

from stdnum import iban

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction import cues
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.numerals import lexicon
from guichet.transcripts.redaction.sentence import WALL, Piece, Sentence

_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?\b")
_NINO = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_CORSICAN = re.compile(r"\b[12][ .-]?\d\d[ .-]?\d\d[ .-]?2[AaBb](?:[ .-]?\d){6}(?:[ .-]?\d\d)?\b")
_CODE = re.compile(r"[#A-Za-z0-9]+(?:[-/._][A-Za-z0-9]+)*")
_ORDINARY = re.compile(
    r"\d+[hH]\d*|\d+(?:e|er|ere|re|eme|ème|nd|rd|th|st|m2|km|kg|cm|mn|min|eur|euros?|ans?|am|pm|j|g|kwh|[kKmM])?|"
    r"[A-Za-z]{1,3}\d{1,3}|[A-Za-z]{4,}-?\d{1,2}|\d+x\d+|\d{1,2}[hj]/\d{1,2}j?"
)
_LINKS = frozenset(
    words(
        "numero no n num c est le la de du l is it s number the um euh porte avec marque are construire amenager "
        "demolir"
    )
)
_LINK_SIGNS = frozenset("°:#'’.")
_JOINS = frozenset("-/.#_")
_SAID_JOINS = frozenset({"tiret", "slash", "barre", "dash", "hyphen"})
_NAMED = frozenset({Kind.FILE, Kind.NUMBER, Kind.NIR, Kind.IBAN})
_LETTER_WORDS = {Language.FR: ("comme",), Language.EN: ("for", "as", "like")}
_BETWEEN = frozenset({"et", "and", "euh", "um", "uh"})
_MOST_LINKS, _LEAST = 6, 2


def ibans(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the account numbers, written; a wrong key is forgiven where an account was spoken of."""
    for found in _IBAN.finditer(sentence.text):
        start, end = found.span()
        places = sentence.places_in(start, end)
        while places and not iban.is_valid(sentence.text[start : sentence.pieces[places.stop - 1].end]):
            places = range(places.start, places.stop - 1)
        whole = sentence.places_in(start, end)
        if not places and (cues.before(sentence, whole.start, sentence.language)[0] is Kind.IBAN):
            places = whole
        if places and all(map(is_free, places)):
            yield Found(places.start, places.stop, Kind.IBAN)


def lettered(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield numbers with letters whose form tells what they are."""
    for pattern in (_NINO, _CORSICAN):
        for found in pattern.finditer(sentence.text):
            places = sentence.places_in(found.start(), found.end())
            if all(map(is_free, places)):
                yield Found(places.start, places.stop, Kind.NIR)


def announced_codes(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the mixtures of letters and digits after a word that announces them, written or dictated."""
    for place in range(len(sentence.pieces)):
        kind, away = cues.before(sentence, place + 1, sentence.language)
        if away != 1 or kind not in _NAMED:
            continue
        start = _after_links(sentence, place + 1)
        end = _code_end(sentence, start)
        if end > start and all(map(is_free, range(start, end))) and _has_letters(sentence, start, end):
            yield Found(start, end, kind)


def _after_links(sentence: Sentence, start: int) -> int:
    """Pass over `numéro`, `c'est le`, `:` to where a code may begin."""
    place = start
    while place - start < _MOST_LINKS and (
        sentence.plain(place) in _LINKS or (sentence.plain(place) in _LINK_SIGNS and sentence.plain(place) != "")
    ):
        is_letter = len(sentence.plain(place)) == 1 and sentence.pieces[place].is_word
        if is_letter and sentence.plain(place + 1) not in _LINK_SIGNS:
            break
        place += 1
    return place


def _code_end(sentence: Sentence, start: int) -> int:
    """Return the end of a code: two digits or number words at least (and a letter, see `_has_letters`)."""
    place, end, count = start, start, 0
    while place < len(sentence.pieces):
        piece = sentence.pieces[place]
        if piece.is_digits or piece.plain in lexicon(sentence.language):
            count += len(piece.text) if piece.is_digits else 1
        elif piece.plain in _SAID_JOINS:
            pass
        elif _is_example(sentence, place):
            place += 1
        elif not _is_letters(sentence, place, piece):
            break
        place += 1
        end = end if piece.text in _JOINS or piece.plain in _SAID_JOINS else place
    return _without_last(sentence, start, end) if count >= _LEAST else start


def _is_example(sentence: Sentence, place: int) -> bool:
    """Tell whether this is the `comme berthe` of a letter."""
    return (
        sentence.plain(place) in _LETTER_WORDS[sentence.language]
        and len(sentence.plain(place - 1)) == 1
        and place + 1 < len(sentence.pieces)
    )


def _is_letters(sentence: Sentence, place: int, piece: Piece) -> bool:
    """Tell whether a piece may be letters of a code: capitals, a single letter, a sign that ties two pieces."""
    if piece.plain == WALL:
        return False
    if piece.text in _JOINS:
        return (sentence.is_tight(place) or piece.text == "#") and sentence.is_tight(place + 1)
    if not piece.is_word or sentence.plain(place + 1) in ("'", "’"):
        return False
    is_glued = sentence.is_tight(place) and sentence.pieces[place - 1].is_digits
    return len(piece.plain) == 1 or (piece.text.isupper() and len(piece.text) <= 4) or is_glued


def _without_last(sentence: Sentence, start: int, end: int) -> int:
    """Leave a last single letter that begins the rest of the sentence: `… 4521 a expiré`."""
    has_more = end < len(sentence.pieces) and sentence.pieces[end].is_word
    is_loose = end - start > 1 and sentence.plain(end - 1) in ("a", "y", "i") and not sentence.is_tight(end - 1)
    return end - 1 if has_more and is_loose else end


def _has_letters(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether there are letters or joined parts in it; plain numbers are read with more care elsewhere."""
    own = sentence.pieces[start:end]
    return any(not piece.is_digits and piece.plain not in lexicon(sentence.language) for piece in own)


def unannounced_codes(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield mixtures of letters and digits that are no hour, size, road or ordinal."""
    for found in _CODE.finditer(sentence.text):
        text = found.group()
        digits = sum(sign.isdigit() for sign in text)
        if digits < 2 or not any(sign.isalpha() for sign in text) or _ORDINARY.fullmatch(text):
            continue
        if len(text) >= 5 and (digits >= 3 or (text.isupper() and len(text) >= 6)):
            places = sentence.places_in(found.start(), found.end())
            if all(map(is_free, places)):
                announced, _ = cues.before(sentence, places.start, sentence.language)
                yield Found(places.start, places.stop, announced if announced is Kind.FILE else Kind.NUMBER)


def dictated_codes(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield accounts and British insurance numbers said in letters and numbers: `f r sept six …`, `q q twelve … c`."""
    place = 0
    while place + 2 < len(sentence.pieces):
        has_letters = all(len(plain) == 1 and plain.isalpha() for plain in sentence.plains(place, place + 2))
        end = _spoken_end(sentence, place + 2, is_free) if has_letters else place
        count = end - place - 2
        if has_letters and count >= 4 and is_free(place) and is_free(place + 1):
            kind = Kind.IBAN if count > 8 else Kind.NIR if _is_nino(sentence, place) else None
            if kind is not None:
                yield Found(place, end, kind)
                place = end
                continue
        place += 1


def _is_nino(sentence: Sentence, place: int) -> bool:
    """Tell whether national insurance was spoken of."""
    return cues.before(sentence, place, sentence.language)[0] is Kind.NIR


def _spoken_end(sentence: Sentence, start: int, is_free: IsFree) -> int:
    """Return the end of number words and single letters in a row."""
    numbers = lexicon(sentence.language)
    end = start
    while end < len(sentence.pieces) and is_free(end):
        plain = sentence.plain(end)
        is_letter = len(plain) == 1 and plain.isalpha() and sentence.plain(end + 1) not in ("'", "’")
        if not (plain in numbers or plain in _BETWEEN or is_letter or sentence.pieces[end].is_digits):
            break
        end += 1
    while end > start and (sentence.plain(end - 1) in _BETWEEN or sentence.plain(end - 1) in ("a", "y", "i")):
        end -= 1
    return end
