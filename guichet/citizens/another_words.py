"""The words by which people say that they call for somebody else, or for themselves. Pure.

A parent who calls for their child calls for themselves: a child is none of the others. « Pour la cantine », « pour un
acte » name a matter and no person.
"""

import re

from guichet.core.text import fold

_PEOPLE = (
    r"(?:(?:belle|beau|grand|grands|arriere|vieille|vieux|old|elderly|grand)[ -]?)*"
    r"(?:mere|pere|maman|papa|parents|mari|femme|epoux|epouse|conjoint|conjointe|compagnon|compagne|frere|soeur|"
    r"mamie|papi|papy|oncle|tante|cousin|cousine|neveu|niece|voisin|voisine|ami|amie|copain|copine|patient|patiente|"
    r"cliente?|protegee?|majeure? protegee?|residente?|beneficiaire|dame|monsieur|madame|personne|"
    r"mother|father|mum|mom|dad|husband|wife|partner|brother|sister|grandmother|grandfather|grandma|grandpa|gran|"
    r"uncle|aunt|nephew|niece|neighbou?r|friend|client|patient|lady|gentleman|resident|person)"
)
_WHOSE = r"(?:ma|mon|mes|un|une|l|la|le|notre|nos|cette|my|a|an|our|the|this)"
_SOMEBODY = rf"(?:{_WHOSE} (?:\w+ )?{_PEOPLE}|quelqu un(?: d autre)?|monsieur|madame|someone|somebody)\b"
_CALLING = (
    r"(?:appelle|appel|telephone|contacte|ecris|jecris|c est|demande|calling|phoning|ringing|writing|asking|it s|"
    r"this is)"
)
_INSTEAD = r"(?:pour le compte d|au nom d|de la part d|a la place d|on behalf of|in the name of)e?"
_HELPERS = (
    r"(?:assistante? sociale?|travailleu\w+ sociale?|tuteur|tutrice|curateur|curatrice|mandataire|aide a domicile|"
    r"auxiliaire de vie|aidante?|social worker|guardian|carer|care worker)"
)
_RELATIVES = r"(?:fille|fils|femme|mari|soeur|frere|niece|neveu|daughter|son|wife|husband|sister|brother|niece|nephew)"
_I_AM = r"\b(?:je suis|i am|i m)"
_WAYS = (
    rf"\b{_CALLING}(?: (?!pour\b|for\b)\w+){{0,3}} (?:pour|for) {_SOMEBODY}",
    rf"\b{_INSTEAD} ?{_SOMEBODY}",
    r"\bpour le compte d\w*|\bon (?:his|her|their) behalf\b|\ba sa place\b",
    rf"{_I_AM} (?:\w+ )?{_HELPERS}\b",
    rf"{_I_AM} (?:la|le|the) {_RELATIVES} (?:de|d|of)\b",
    rf"{_I_AM} (?:sa|son|his|her) {_RELATIVES}\b",
)
_ANOTHER = re.compile("|".join(_WAYS))
_SELF = re.compile(
    r"\b(?:pour moi(?: meme)?|c est moi|moi meme|pour nous|pour mon (?:fils|enfant|bebe)|pour ma fille|"
    r"pour mes enfants|"
    r"for me|for myself|it s me|for us|for my (?:son|daughter|child|children|kids?|baby))\b"
)


def calls_for_another(text: str) -> bool:
    """Whether they call for somebody else: « j'appelle pour ma mère », "on behalf of a client"."""
    return bool(_ANOTHER.search(fold(text)))


def calls_for_self(text: str) -> bool:
    """Whether the words say that they call for themselves, or for a child of theirs."""
    return bool(_SELF.search(fold(text)))
