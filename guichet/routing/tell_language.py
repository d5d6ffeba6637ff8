"""French or English: told by small words, accents and endings. Pure."""

import re
from typing import Final

from guichet.core.language import Language
from guichet.core.text import words
from guichet.routing.intent_shorthand import SHORTHAND

_FRENCH: Final = frozenset(
    """
    le la les un une des du de d l au aux et est sont suis es j je tu il elle on nous vous ils elles mon ma mes ton ta
    tes son sa ses notre nos votre vos leur ce cet cette ces c qu que qui quoi quand comment combien pourquoi ou quel
    quelle quels quelles dans pour avec sans chez sur sous vers par plus pas ne n y ai avez avons ont etre avoir fait
    faire faut veux voudrais voulais peux puis pouvez dois doit savoir besoin bonjour bonsoir merci oui non mais donc
    car si tres trop bien aussi encore toujours jamais deja depuis apres avant demain hier aujourd hui ca cela ici la
    svp stp bjr rdv pr ds jvoudrai jai ya mairie carte acte naissance enfant ecole cantine poubelle rue mari fils
    mere pere deces permis dechets allo madame monsieur agent parler inscrire aide secours
    """.split()  # noqa: SIM905 - read as words, not as a list
)
_ENGLISH: Final = frozenset(
    """
    the a an and is are am was were be been being i you he she it we they my your his her its our their this that
    these those what when where why how which who whom can could would should will shall may might do does did done
    don has
    have had having to of in on at for from with without by about into not no yes please thanks thank hello hi want
    need know tell get got make there here just up out if then than so too very some any all there s t re ve ll m
    certificate birth school child help fire smell street house council marriage permit appointment speak someone
    somebody person agent bill pay trash bin garbage wife husband died lost old new hall open hours
    """.split()  # noqa: SIM905 - read as words, not as a list
)
_SHARED: Final = frozenset({"on", "a", "an", "no", "son", "t", "s", "m", "fait", "car", "or", "me", "agent", "permit"})
"""Words of both: they tell nothing."""
_ACCENTED: Final = re.compile(r"[àâçèéêëîïôùûœ]", re.IGNORECASE)
_FRENCH_ENDING: Final = re.compile(r"(?:eau|eaux|euse|eux|ais|ait|ez|ique|oir|oire|elle|ette|ière|iere|ité|que)$")
_ENGLISH_ENDING: Final = re.compile(r"(?:ing|tion?s|ly|ght|ck|th|sh|ness|ful|ould|wh\w*|\w*ee\w*|\w*oo\w*)$")


def tell_language(text: str) -> Language | None:
    """Return the language of a text, or None where it does not tell (numbers, names, a word of both, silence)."""
    french = 2.0 * bool(_ACCENTED.search(text))
    english = 0.0
    for word in words(text):
        if word in _SHARED:
            continue
        is_french, is_english = word in _FRENCH, word in _ENGLISH
        if is_french or is_english:
            french += is_french
            english += is_english
        elif word in SHORTHAND:
            french += 0.8
        else:
            french += 0.4 * bool(_FRENCH_ENDING.search(word))
            english += 0.4 * bool(_ENGLISH_ENDING.search(word))
    if french == english:
        return None
    return Language.FR if french > english else Language.EN
