"""What the words around a number announce: `mon numéro de sécu`, `dossier`, `joignable au`, `born on`. Pure."""

from functools import cache

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.sentence import WALL, Sentence

_CUES = {
    Language.FR: {
        Kind.PHONE: (
            "telephone tel portable mobile fixe joindre joignable joignables rappeler rappelez rappelle rappel "
            "appeler appelez appelle sms fax telephonique contacter contactez phone"
        ),
        Kind.NIR: "secu securite sociale nir vitale ss assure",
        Kind.TAX: "fiscal fiscale impots impot spi fisc",
        Kind.CARD: "cb visa mastercard bleue bancaire",
        Kind.IBAN: "iban rib bancaires bic",
        Kind.FILE: (
            "dossier dossiers doss demande reference ref allocataire facture contrat recepisse usager ticket "
            "recommande "
            "commande abonne adherent dp pc caf reclamation"
        ),
        Kind.ADDRESS: "postal",
        Kind.BIRTH: "ne nee nes nees naissance naiss ddn anniversaire",
        Kind.NUMBER: (
            "passeport cni identite plaque immatriculation immatricule siret siren compteur code crypto cryptogramme "
            "cvv cvc pin exp expire expiration chiffres sejour permis serie conduire"
        ),
    },
    Language.EN: {
        Kind.PHONE: "phone telephone tel mobile landline cell call ring reach text fax sms dial",
        Kind.NIR: "social security ssn nir insurance ni nino health",
        Kind.TAX: "tax fiscal utr spi",
        Kind.CARD: "visa mastercard card cards debit credit",
        Kind.IBAN: "iban bank account",
        Kind.FILE: "file case reference ref application request invoice customer contract claim ticket order claimant",
        Kind.ADDRESS: "postcode postal zip",
        Kind.BIRTH: "born birth birthday birthdate dob",
        Kind.NUMBER: "passport plate meter code cvv cvc pin exp expires expiry digits siret serial licence license id",
    },
}
REACH = 7
"""Pieces before a number in which its name is looked for."""
NEAR = 4
"""Pieces within which a name decides against the number's shape."""
_STOPS = frozenset(".!?;…") | {WALL}


@cache
def _kinds(language: Language) -> dict[str, Kind]:
    """Return the words that announce something."""
    return {word: kind for kind, said in _CUES[language].items() for word in words(said)}


def before(sentence: Sentence, place: int, language: Language) -> tuple[Kind | None, int]:
    """Return what the nearest telling word before a place announces, and how many pieces away it is."""
    kinds = _kinds(language)
    for away in range(1, REACH + 1):
        piece = sentence.plain(place - away)
        if not piece or (piece in _STOPS and not _is_abbreviation(sentence, place - away)):
            break
        kind = kinds.get(piece)
        if kind is not None and _is_meant(sentence, place - away, kind):
            return kind, away
    return None, 0


def after(sentence: Sentence, place: int, language: Language) -> Kind | None:
    """Return what the nearest telling word after a number announces: `… c'est mon numéro de dossier`."""
    kinds = _kinds(language)
    for away in range(6):
        piece = sentence.plain(place + away)
        if not piece or piece in _STOPS or sentence.pieces[place + away].is_digits:
            break
        kind = kinds.get(piece)
        if kind is not None and kind is not Kind.BIRTH:
            return kind
    return None


def _is_abbreviation(sentence: Sentence, place: int) -> bool:
    """Tell whether a full stop only shortens a word: `tél. 06`, `no. 12`."""
    return sentence.plain(place) == "." and sentence.is_tight(place) and len(sentence.plain(place - 1)) <= 4


def _is_meant(sentence: Sentence, place: int, kind: Kind) -> bool:
    """Tell whether a word announces what it may: `ne` is `né` before `le` and `en`, not in `je ne`."""
    piece = sentence.pieces[place]
    if kind is Kind.BIRTH and piece.plain == "ne":
        return "é" in piece.text.lower() or sentence.plain(place - 1) in ("est", "suis", "")
    if piece.plain == "code":
        return sentence.plain(place - 1) not in ("bar", "post")
    if kind is Kind.ADDRESS or piece.plain != "identite":
        return True
    return sentence.plain(place - 2) in ("carte", "piece", "d", "'", "’")
