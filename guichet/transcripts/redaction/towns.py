"""What stands after a street: the floor, the town, the arrondissement, a dictated British postcode. Pure."""

import re

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction.numerals import lexicon, longest_group
from guichet.transcripts.redaction.sentence import Sentence
from guichet.transcripts.redaction.streets import name_end

_FLOORS = frozenset({"etage", "floor"})
_IN = {Language.FR: frozenset({"a"}), Language.EN: frozenset({"in", "at"})}
_NO_TOWN = {
    Language.FR: frozenset(
        words(
            "cause cote partir gauche droite midi minuit nouveau louer vendre propos part peine peu jamais refaire "
            "faire l la le les un une mon ma mes votre vos cette ce mois semaine an annee jour dernier prochain"
        )
    ),
    Language.EN: frozenset(words("all any case case fact order front least london's once night noon midnight present")),
}
_BRITISH_SHAPE = re.compile(r"l{1,2}d[dl]?dll")
"""A British postcode: one or two letters, one or two digits or a digit and a letter, a digit, two letters."""
_LONGEST_CODE = 7


def floor_end(sentence: Sentence, start: int) -> int | None:
    """Return the end of `deuxième étage`, `au 3e étage`, `third floor`."""
    first = start + 1 if sentence.plain(start) in ("au", "on") else start
    first = first + 1 if sentence.plain(first) == "the" else first
    return next((end + 1 for end in (first + 1, first + 2) if sentence.plain(end) in _FLOORS and end > start), None)


def town_end(sentence: Sentence, start: int) -> int | None:
    """Return the end of a town that completes an address: `à Pantin`, `in Leeds`, `dans le dix-neuvième`."""
    return _after_in(sentence, start) or _arrondissement(sentence, start) or _last_word(sentence, start)


def _after_in(sentence: Sentence, start: int) -> int | None:
    """Return the end of a town after `à`, `in`."""
    if sentence.plain(start) not in _IN[sentence.language]:
        return None
    if sentence.plain(start + 1) in _NO_TOWN[sentence.language]:
        return None
    return name_end(sentence, start + 1, most=2)


def _arrondissement(sentence: Sentence, start: int) -> int | None:
    """Return the end of `dans le dix-neuvième`, `dans le 19e`."""
    if sentence.plains(start, start + 2) != ("dans", "le"):
        return None
    end = start + 2
    while end < len(sentence.pieces) and sentence.plain(end) in lexicon(Language.FR):
        end += 1
    if sentence.plain(end).endswith("ieme"):
        return end + 1
    is_short = end < len(sentence.pieces) and sentence.pieces[end].is_digits
    return end + 2 if is_short and sentence.plain(end + 1) in ("e", "eme") else None


def _last_word(sentence: Sentence, start: int) -> int | None:
    """Return the end of an English town that ends the text or stands before a postcode: `… lane bristol`."""
    if sentence.language is not Language.EN or name_end(sentence, start, most=1) != start + 1:
        return None
    is_last = sentence.plain(start + 1) in ("", ".", ",")
    return start + 1 if is_last or said_british(sentence, start + 1) else None


def said_british(sentence: Sentence, start: int) -> int | None:
    """Return the end of a British postcode that is dictated: `l s six two a b`."""
    if sentence.language is not Language.EN:
        return None
    signs = [_sign(sentence, place) for place in range(start, min(start + _LONGEST_CODE, len(sentence.pieces)))]
    sizes = range(len(signs), 4, -1)
    return next((start + size for size in sizes if _BRITISH_SHAPE.fullmatch("".join(signs[:size]))), None)


def _sign(sentence: Sentence, place: int) -> str:
    """Return l for a letter, a d for each digit of a number below a hundred, a dot for anything else."""
    plain = sentence.plain(place)
    if len(plain) == 1 and plain.isalpha():
        return "l"
    found = longest_group((plain,), 0, Language.EN)
    return "d" * len(found.digits) if found is not None and len(found.digits) <= 2 else "."
