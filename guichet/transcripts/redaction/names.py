"""The names on record, as somebody says or writes them: in any order, spelt, with a letter wrong, with particles. Pure.

Names that are also words (`Petit`, `Brown`) are taken only beside another name, after a title, or written as a name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from guichet.core.text import words
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.known import Known
from guichet.transcripts.redaction.sentence import Sentence

_PARTICLES = frozenset(words("de du des d la le les l van von der den di da del ben el al o mac saint st"))
_WORDS = frozenset(
    words(
        "petit petite blanc blanche grand grande noir noire rouge roux rousse bon bonne roi roy moulin "
        "marchand boulanger "
        "berger fontaine riviere mercier maire rose marguerite violette aime mars avril mai aout colin tour pont bois "
        "mur port ville lune jour soleil hiver ete noel dimanche lundi clair claire clement pierre lambert "
        "marin meunier "
        "tailleur couturier fort gros lebon vidal garnier germain carre court long vert lemaire leclerc leger legrand "
        "prevost masson besson page parent parents fils enfant martin constant prudent sage vaillant france "
        "chance grace "
        "may june april white brown green black young old king baker cook hill wood woods short rich hope "
        "will mark bill "
        "art day house church field fields park street price bush fish bell stone rivers banks butler carter "
        "cooper mason "
        "parker taylor turner walker ward west east north south love joy faith miles frank jack sue pat drew grant rob"
    )
)
_TITLES = frozenset(
    words(
        "madame monsieur mademoiselle mme mr m mlle mister misses mrs ms miss dr docteur doctor maitre "
        "appelle nom name "
        "named nomme nommee prenom suis ici signe signed soussigne soussignee famille family regards cordialement of"
    )
)
_NEAR, _NEAR_SHORT = 0.83, 0.88
"""Likeness from which a word is taken for a name that was misheard or misspelt; short words differ by less."""
_SHORTEST_NEAR, _LONG = 4, 6


@dataclass(frozen=True, slots=True)
class _Names:
    """The parts of the names on record, folded: whole parts, those that are words too, particles, and runs of parts."""

    parts: frozenset[str]
    weak: frozenset[str]
    joined: frozenset[str]


@lru_cache(maxsize=512)
def _names(known: Known) -> _Names:
    """Cut the names in parts."""
    said = [words(name) for name in known.names]
    parts = {part for name in said for part in name}
    joined = {"".join(name[n:m]) for name in said for n in range(len(name)) for m in range(n + 1, len(name) + 1)}
    weak = {part for part in parts if part in _PARTICLES or part in _WORDS or len(part) < 3}
    return _Names(frozenset(parts - weak), frozenset(weak), frozenset(name for name in joined if len(name) >= 4))


def names(sentence: Sentence, is_free: IsFree, known: Known) -> Iterator[Found]:
    """Yield where the known names are said."""
    record = _names(known)
    if not record.joined and not record.parts:
        return
    strong = {place for place in range(len(sentence.pieces)) if is_free(place) and _is_strong(sentence, place, record)}
    for start, end in (*_pairs(sentence, record), *_spelt(sentence, record)):
        if all(map(is_free, range(start, end))):
            strong |= set(range(start, end))
    grown = _grown(sentence, strong, record)
    place = 0
    for place in sorted(grown):
        if place - 1 not in grown and is_free(place):
            end = place + 1
            while end in grown and is_free(end):
                end += 1
            yield Found(place, end, Kind.NAME)


def _is_strong(sentence: Sentence, place: int, record: _Names) -> bool:
    """Tell whether a word is a name by itself."""
    piece = sentence.pieces[place]
    if not piece.is_word:
        return False
    if piece.plain in record.parts:
        return True
    if piece.plain in record.weak and piece.plain not in _PARTICLES and len(piece.plain) > 2:
        return _is_meant(sentence, place)
    return _is_near(piece.plain, record)


def _is_meant(sentence: Sentence, place: int) -> bool:
    """Tell whether a name that is a word too is meant as a name here."""
    before = sentence.plain(place - 1)
    before = sentence.plain(place - 2) if before == "." else before
    is_capital = sentence.pieces[place].text[0].isupper()
    return before in _TITLES or (is_capital and place > 0 and sentence.plain(place - 1) not in ".!?")


def _is_near(plain: str, record: _Names) -> bool:
    """Tell whether a word is a name with a letter or two wrong."""
    if len(plain) < _SHORTEST_NEAR or plain in _WORDS:
        return False
    least = _NEAR if len(plain) >= _LONG else _NEAR_SHORT
    return any(
        part[0] == plain[0] and len(part) >= _SHORTEST_NEAR and Indel.normalized_similarity(part, plain) >= least
        for part in record.parts
    )


def _pairs(sentence: Sentence, record: _Names) -> Iterator[tuple[int, int]]:
    """Yield two words that together are a name: `le fèvre`, `du bois`."""
    for place in range(len(sentence.pieces) - 1):
        first, second = sentence.pieces[place : place + 2]
        is_name = first.is_word and second.is_word and first.plain + second.plain in record.joined
        if is_name and not {first.plain, second.plain} <= record.weak:
            yield place, place + 2


def _spelt(sentence: Sentence, record: _Names) -> Iterator[tuple[int, int]]:
    """Yield names spelt letter by letter."""
    start = 0
    while start < len(sentence.pieces):
        end = start
        while end < len(sentence.pieces) and len(sentence.plain(end)) == 1 and sentence.pieces[end].is_word:
            end += 1
        letters = "".join(sentence.plains(start, end))
        if len(letters) >= 3:
            yield from _in_letters(letters, start, record)
        start = max(end, start + 1)


def _in_letters(letters: str, start: int, record: _Names) -> Iterator[tuple[int, int]]:
    """Yield where a name stands in spelt letters."""
    for name in sorted(record.joined | record.parts | record.weak, key=len, reverse=True):
        at = letters.find(name) if len(name) >= 3 else -1
        if at >= 0:
            yield start + at, start + at + len(name)
            return


def _grown(sentence: Sentence, strong: set[int], record: _Names) -> set[int]:
    """Add what stands beside a name: particles and other names of the record, initials, hyphens between."""
    grown = set(strong)
    for step in (1, -1):
        for place in sorted(strong, reverse=step < 0):
            at = place + step
            while 0 <= at < len(sentence.pieces) and _belongs(sentence, at, step, record):
                grown.add(at)
                at += step
    return _trimmed(sentence, grown, strong)


def _belongs(sentence: Sentence, place: int, step: int, record: _Names) -> bool:
    """Tell whether a piece beside a name belongs to it."""
    plain = sentence.plain(place)
    if plain in record.parts or plain in record.weak or plain in "-'’":
        return True
    is_after_initial = plain == "." and len(sentence.plain(place - 1)) == 1
    is_initial = len(plain) == 1 and any(part[0] == plain for part in record.parts | record.weak)
    return is_after_initial or (is_initial and (step < 0 or sentence.plain(place + 1) == "."))


def _trimmed(sentence: Sentence, grown: set[int], strong: set[int]) -> set[int]:
    """Leave out signs and particles at the ends, which belong to the sentence."""
    kept = set(grown)
    for place in sorted(grown):
        is_sign = not sentence.pieces[place].is_word and sentence.plain(place) != "."
        if is_sign and (place - 1 not in kept or place + 1 not in grown):
            kept.discard(place)
        if sentence.plain(place) == "." and place - 1 not in kept:
            kept.discard(place)
    for place in sorted(grown - strong, reverse=True):
        if sentence.plain(place) in _PARTICLES and place + 1 not in kept:
            kept.discard(place)
    return kept
