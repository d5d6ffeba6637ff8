"""E-mail addresses, written (`claire@example.fr`, `claire [at] example.fr`) or dictated (`claire arobase …`). Pure."""

import re
from collections.abc import Iterator

from guichet.core.text import words
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.sentence import WALL, Sentence

_AT = r"(?:@|\s?[\[({]\s?(?:at|arobase|arobas|chez)\s?[\])}]\s?|\s(?:arobase|arobas)\s)"
_WRITTEN = re.compile(
    rf"[\w.!#$%&'*+/=?^`{{|}}~-]+{_AT}[\w-]+(?:\s?(?:\.|[\[(](?:dot|point)[\])])\s?[\w-]+)*", re.IGNORECASE
)
_OPENINGS = "<'\"«`|{"
_AROUND = frozenset({"arobase", "arobas", "arrobase", "at", "chez", "@"})
_DOTS = frozenset({"point", "dot", "."})
_JOINS = _DOTS | {
    "tiret",
    "trait",
    "union",
    "underscore",
    "dash",
    "hyphen",
    "bas",
    "plus",
    "-",
    "_",
    "+",
    "tout",
    "attache",
}
_SURE_JOINS = _JOINS - {"tout", "attache"}
_ENDINGS = frozenset(
    words("fr com org net eu edu gouv info io uk co be ch de re bzh paris gov es it pt lu ca us me biz asso")
)
_NOT_LOCAL = frozenset(
    words(
        "est c cest mail email e adresse courriel mel electronique sur a au aux par oui alors euh ecrire ecrivez m "
        "ecrit envoyer envoyez moi depuis vers et le la les mon ma son sa notre votre pour voila bonjour dites donc du "
        "internet is it s address my your our me to on by so uh um yes and the from i send write use contact "
        "club de boite"
    )
)
_MAY_OPEN = frozenset({"le", "la", "les", "the"})
"""Articles that begin a name before the sign, where a word of sending stands before them."""
_BEFORE_PLACES = frozenset(words("look looked looking found see saw me us is was online here there arrive live work"))
"""English words after which `at` is no sign of an address."""
_MOST_BEFORE, _MOST_AFTER = 10, 8
_HYPHEN = ("trait", "d", "union")


def emails(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the e-mail addresses."""
    if not any(piece.plain in _AROUND for piece in sentence.pieces):
        return
    for found in _WRITTEN.finditer(sentence.text):
        start = found.start() + len(found.group()) - len(found.group().lstrip(_OPENINGS))
        places = sentence.places_in(start, found.end())
        has_sign = "@" in found.group() or "." in found.group()
        if places and has_sign and all(map(is_free, places)):
            yield Found(places.start, places.stop, Kind.EMAIL)
    for place, piece in enumerate(sentence.pieces):
        if piece.plain in _AROUND and is_free(place):
            end = _domain_end(sentence, place)
            start = _local_start(sentence, place)
            if end is not None and start < place and all(map(is_free, range(start, end))):
                yield Found(start, end, Kind.EMAIL)


def _domain_end(sentence: Sentence, at: int) -> int | None:
    """Return the place after the domain: the last known ending after a dot; None if there is no dot and ending."""
    end = None
    for place in range(at + 2, min(at + 2 + _MOST_AFTER, len(sentence.pieces))):
        plain = sentence.plain(place)
        if plain == WALL or (plain in _AROUND and plain not in ("at", "chez")):
            break
        if end is not None and place > end + 1:
            break
        if plain in _ENDINGS and sentence.plain(place - 1) in _DOTS:
            end = place + 1
    return end


def _local_start(sentence: Sentence, at: int) -> int:
    """Return where the part before the sign begins: back to a word that is none of it."""
    start = at
    while start > 0 and at - start < _MOST_BEFORE:
        plain = sentence.plain(start - 1)
        if tuple(one for one in sentence.plains(start - 4, start) if one not in ("'", "’")) == _HYPHEN:
            start -= 4
            continue
        if plain == WALL or plain in ",:;!?()\"'’" or not _is_local(sentence, start - 1, at):
            break
        start -= 1
    if start > 1 and sentence.plain(start - 1) in _MAY_OPEN and at - start >= 2:
        start -= sentence.plain(start - 2) in _NOT_LOCAL
    return start


def _is_local(sentence: Sentence, place: int, at: int) -> bool:
    """Tell whether a piece may be in the part before the sign: joined by a dot or a dash, or no word of a sentence."""
    plain = sentence.plain(place)
    if place == at - 1 and len(plain) > 1:
        return plain not in _BEFORE_PLACES
    if sentence.pieces[place].text == "à":
        return False
    if plain in _JOINS or (place + 1 < at and sentence.plain(place + 1) in _SURE_JOINS):
        return True
    if sentence.plain(place - 1) in _SURE_JOINS and place - 1 > 0:
        return True
    if len(plain) == 1 and plain.isalpha():
        is_elided = sentence.plain(place + 1) in ("'", "’") or sentence.plain(place - 1) in ("'", "’")
        return not is_elided and not (plain in _NOT_LOCAL and sentence.plain(place + 1) in _NOT_LOCAL)
    return plain not in _NOT_LOCAL
