"""Words around what was asked for: polite, hesitant, or the name of the thing itself. Pure."""

from guichet.core.language import Language
from guichet.core.text import words

FILLERS = {
    Language.FR: frozenset(
        words(
            "euh heu hum ah eh ben bah bon alors donc voilà et puis ensuite après oui c est le la les l mon ma "
            "mes numéro téléphone dossier code postal sécurité sociale sécu fiscal référence identifiant attendez "
            "je suis j ai vous donne d de du des a au s il plaît merci bonjour tiret point espace slash barre "
            "virgule trait union ça fait né née date naissance jour mois année an portable fixe unk"
        )
    ),
    Language.EN: frozenset(
        words(
            "um uh erm er ah hm mm well so ok okay right yes yeah and then it s is my the a an of on number phone "
            "mobile telephone file case reference code postcode post zip social security i m was am born date "
            "birth birthday day month year dash hyphen slash point dot space please thank thanks you hello hi in "
            "that would be unk"
        )
    ),
}
"""Words that may stand beside a value without meaning anything for it (`unk` is a recogniser's unknown word)."""

CORRECTIONS = {
    Language.FR: frozenset(words("non pardon excusez correction plutôt")),
    Language.EN: frozenset(words("no sorry correction rather wait")),
}
"""Words after which people say it again, rightly."""
