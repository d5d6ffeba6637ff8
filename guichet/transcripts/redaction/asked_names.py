"""Names on no record: what is no everyday word in answer to "what is your name", and after `je m'appelle`. Pure."""

from collections.abc import Iterator

from guichet.core.text import words
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.numerals import lexicon
from guichet.transcripts.redaction.sentence import Sentence
from guichet.transcripts.spoken.calendar_words import month_names

_EVERYDAY = frozenset(
    words(
        "oui ouais non alors euh heu hum ben bah bon ah eh voila bonjour bonsoir salut merci allo s il vous "
        "plait je j ai "
        "m me suis appelle appele nom mon ma mes prenom famille est c ce ca et puis de a au la le les l un une madame "
        "monsieur mademoiselle mme mr docteur ici moi pour mari femme fils fille mere pere enfant ne nee sais pas veux "
        "peux voudrais dire donner parler agent quelqu personne conseiller conseillere humain passer suivant "
        "rien aucun "
        "comme avec deux accord bien sur tout d du des en on que qui quoi comment repeter repetez attendez pardon "
        "d accord mais pourquoi vous votre ils elle date naissance numero telephone dossier carte acte question "
        "comprends compris entendu encore fois plus jamais tiret trait union espace apostrophe accent majuscule "
        "yes yeah no hello hi good morning afternoon evening please thank thanks you my name is it s this i "
        "am m the of "
        "and first last family given surname spelt spelled spell with so well um uh er ok okay sure right "
        "mister misses "
        "mrs miss ms don t do not want know would like to speak talk agent someone somebody person human skip next "
        "nothing pass what why repeat again sorry pardon for your an in on at that here calling about can cannot"
    )
)
_LONGEST = 4
"""Words of a name that is said in a sentence, at most."""
_INSIDE = frozenset(words("de du des la le les d l van von der den di da del ben el al"))


_INTRODUCED = (
    ("je", "m", "'", "appelle"),
    ("je", "m", "’", "appelle"),
    ("je", "m", "appelle"),
    ("my", "name", "is"),
    ("my", "name", "'", "s"),
)


def introduced_names(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the names right after `je m'appelle`, `my name is`."""
    for start in range(1, len(sentence.pieces)):
        if any(sentence.plains(start - len(said), start) == said for said in _INTRODUCED if len(said) <= start):
            end = start
            while end < len(sentence.pieces) and is_free(end) and end - start < _LONGEST:
                if not _is_name(sentence, end) and not (end > start and sentence.pieces[end].text == "-"):
                    break
                end += 1
            if end > start:
                yield Found(start, end, Kind.NAME)


def asked_names(sentence: Sentence, is_free: IsFree) -> Iterator[Found]:
    """Yield the stretches of words that are not everyday ones, particles between them included."""
    is_name = [is_free(place) and _is_name(sentence, place) for place in range(len(sentence.pieces))]
    place = 0
    while place < len(is_name):
        if not is_name[place]:
            place += 1
            continue
        end = place + 1
        while end < len(is_name) and (is_name[end] or _is_between(sentence, is_name, end)):
            end += 1
        yield Found(place, end, Kind.NAME)
        place = end


def _is_name(sentence: Sentence, place: int) -> bool:
    """Tell whether a piece may be a name, or a letter of one that is spelt."""
    piece = sentence.pieces[place]
    if piece.plain == "o" and sentence.plain(place + 1) in ("'", "’"):
        return True
    if not piece.is_word or piece.plain in _EVERYDAY or piece.plain in month_names(sentence.language):
        return piece.is_word and len(piece.plain) == 1 and _is_spelt(sentence, place)
    return piece.plain not in lexicon(sentence.language)


def _is_spelt(sentence: Sentence, place: int) -> bool:
    """Tell whether a single letter stands in a row of three: `d u b`."""
    near = [len(plain) == 1 and plain.isalpha() for plain in sentence.plains(place - 2, place + 3)]
    if sentence.plain(place - 1) in ("'", "’"):
        return False
    return any(all(near[start : start + 3]) for start in range(len(near) - 2))


def _is_between(sentence: Sentence, is_name: list[bool], place: int) -> bool:
    """Tell whether a particle or a sign stands between two parts of a name."""
    is_link = sentence.plain(place) in _INSIDE or sentence.pieces[place].text in "'’-"
    return is_link and (any(is_name[place + 1 : place + 2]) or any(is_name[place + 2 : place + 3]))
