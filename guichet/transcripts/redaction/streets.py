"""The words of streets and homes, and the stretch of a street's number and name. Pure."""

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction.numerals import lexicon
from guichet.transcripts.redaction.runs import groups
from guichet.transcripts.redaction.sentence import Sentence

STREETS = {
    Language.FR: frozenset(
        words(
            "rue r avenue av ave boulevard bd bld bvd blvd impasse imp chemin che chem allee allees place pl route rte "
            "quai square sq cours villa faubourg fbg passage sentier venelle ruelle esplanade traverse montee "
            "promenade "
            "residence lotissement hameau cite clos voie"
        )
    ),
    Language.EN: frozenset(
        words(
            "street st road rd lane avenue ave close drive court gardens square terrace crescent grove mews way "
            "walk row approach parade wharf quay broadway boulevard circus vale"
        )
    ),
}
HOMES = frozenset(
    words(
        "habite habitons habitent habitez demeure demeurons demeurant reside residons residant domicilie domiciliee "
        "domicile adresse loge vis vit vivons maison live lives living address home house"
    )
)
COMPLEMENTS = frozenset(
    words(
        "batiment bat appartement appt apt app escalier esc porte bloc tour flat apartment unit hall entree lot numero"
    )
)
NOT_PLACES = frozenset(words("creche cantine parking stationnement sport garderie ecole velo handicape libre assise"))
"""What a place, a route or a course of is no street."""
STOPS = {
    Language.FR: frozenset(
        words(
            "je j il elle on nous vous ils elles c ce ca qui que qu est sont et pour depuis avec dans chez merci "
            "svp s si "
            "mais ou donc alors en au aux y ne n font fait bonjour voila devant derriere a cordialement sur sous il ya "
            "toujours encore la nuit deuxieme premier troisieme etage rez cet cette mon ma mes son sa ses notre votre "
            "car quand comme pas plus tous toutes par entre pres face stp oui non euh urgent madame monsieur tel email "
            "mail telephone demain hier ai avons as ont etes suis faut veux voudrais ferme fermee ouvre ouvert ouverte "
            "lundi mardi mercredi jeudi vendredi samedi dimanche matin soir mois semaine semaines annee dernier "
            "derniere prochain prochaine"
        )
    )
    - {"la"},
    Language.EN: frozenset(
        words(
            "i you he she it we they is are was were and or for since with in at to on from of the a an that "
            "this my your "
            "our their please thanks thank so but because when where there here again not no last next minutes minute "
            "hours hour days weeks months years times people children more other good bad only down up away "
            "along off by "
            "near behind about just cars houses bins one way monday tuesday wednesday thursday friday saturday sunday "
            "today tomorrow yesterday morning evening tonight"
        )
    ),
}
_LINKS = frozenset(words("de du des d la le les l saint sainte st ste general docteur dr marechal president abbe sur"))
_REPEATS = frozenset({"bis", "ter", "quater", "b", "t"})
BEFORE_STREETS = frozenset(words("grande grand petite petit vieille haute basse"))
"""Words that name a street from before it: `Grande Rue`."""
_MOST = 3


def after_dot(sentence: Sentence, place: int) -> int:
    """Pass over the full stop of `av.`, `r.`."""
    return place + 1 if sentence.plain(place) == "." and sentence.is_tight(place) else place


def number_start(sentence: Sentence, street: int) -> int:
    """Return where the number before a street begins; the street's own place if there is none."""
    at = street - 1 if sentence.plain(street - 1) in BEFORE_STREETS else street
    at = at - 1 if sentence.plain(at - 1) == "," else at
    if at >= 2 and sentence.plain(at - 1) in _REPEATS:
        at -= 1
    if at >= 1 and sentence.pieces[at - 1].is_digits:
        is_house = len(sentence.pieces[at - 1].text) <= 4 and not (at >= 2 and sentence.pieces[at - 2].is_digits)
        return at - 1 if is_house else street
    start = at
    while start > 0 and at - start < 6 and _is_in_number(sentence, start - 1, at):
        start -= 1
    found = groups(sentence.plains(start, at), sentence.language)
    if not found or found[-1].end != at - start or len(found[-1].digits) > 4:
        return street
    return at - (at - start - (found[-2].end if len(found) > 1 else 0))


def _is_in_number(sentence: Sentence, place: int, end: int) -> bool:
    """Tell whether a word is in the number that ends before `end`."""
    plain = sentence.plain(place)
    if plain == "une":
        return False
    if plain in lexicon(sentence.language):
        return True
    return plain in ("et", "and", "a") and place + 1 < end and sentence.plain(place - 1) != ""


def name_end(sentence: Sentence, start: int, most: int = _MOST) -> int | None:
    """Return the end of a name that begins here: so many words, and the links between them; None if there is none."""
    place, end, taken = start, None, 0
    while place < len(sentence.pieces) and taken < most:
        piece = sentence.pieces[place]
        if piece.text in "'’-" or piece.plain in _LINKS:
            place += 1
            continue
        if not _is_name_word(sentence, place):
            break
        place += 1
        end = place
        taken += 1
    return _date_end(sentence, place) or end


def _is_name_word(sentence: Sentence, place: int) -> bool:
    """Tell whether a word may be in a name."""
    piece = sentence.pieces[place]
    if not piece.is_word or sentence.plain(place + 1) in ("'", "’"):
        return False
    if piece.plain in STOPS[Language.FR] or piece.plain in STOPS[sentence.language] or piece.plain in COMPLEMENTS:
        return False
    return piece.plain not in lexicon(sentence.language) and piece.plain != "code"


def _date_end(sentence: Sentence, place: int) -> int | None:
    """Return the end of the date a street may be named after: `rue du 8 mai 1945`."""
    if not (sentence.plain(place - 1) in ("du", "le") and place + 1 < len(sentence.pieces)):
        return None
    if not sentence.pieces[place].is_digits or not sentence.pieces[place + 1].is_word:
        return None
    end = place + 2
    is_year = end < len(sentence.pieces) and sentence.pieces[end].is_digits and len(sentence.pieces[end].text) == 4
    return end + 1 if is_year else end
