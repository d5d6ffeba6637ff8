"""Whether somebody takes back what we have understood: `non, pas ça`, `je me suis trompé`, `that's not it`. Pure.

A bare `non` answers the question that is open, and is no correction.
"""

import re

from guichet.core.text import fold

_TAKEN_BACK = re.compile(
    r"\b(?:(?:c est|etait|est|mais|non|nan) pas (?:ca|cela)|^pas (?:ca|cela)"
    r"|(?:c est|est|etait) pas (?:pour (?:ca|cela)|ce (?:que|qu)|ma demande|mon probleme|la bonne)"
    r"|c est pas sa$|non pas sa$"
    r"|pas (?:du tout )?(?:ce que|ce qu) (?:j ai |je )?(?:demand|voul|veu|dis|dit)\w*"
    r"|(?:je|j|on) (?:me|m|s) ?(?:suis |est )?(?:trompe|trompee|gouree?|plantee?)\b"
    r"|(?:vous|tu) (?:vous|t|te) (?:\w+ )?trompe[zs]?(?! (?:dans|sur|de (?:nom|prenom|date|montant)))\b"
    r"|(?:vous avez|t as|tu as) (?:mal compris|rien compris)"
    r"|j ai (?:fait (?:une )?erreur|mal dit|dit une betise|change d avis)|mauvaise touche|mauvaise demande"
    r"|rien a voir|on recommence|je recommence|recommencons|je reprends"
    r"|(?:(?:that s|that is|it s|it is|this is) not|this isn t|that isn t|it isn t)"
    r" (?:it$|that$|what i|my request|the right one|why i)"
    r"|not (?:that one|that$|what i (?:want|said|asked|meant|need))"
    r"|(?:that s|that is) (?:wrong|not it|not right)"
    r"|i (?:made a mistake|was wrong|m wrong|changed my mind|misspoke|pressed the wrong)|my mistake"
    r"|wrong (?:key|button|one)|you (?:misunderstood|got (?:it|that|me) wrong|did not understand|didn t understand)"
    r"|start (?:over|again))"
)
_AND_YET = re.compile(r"\bpas (?:ca|cela) (?:de|d|va)\b")
"""« Ça ne va pas », « c'est pas ça de faire »: about something else."""


def takes_back(text: str) -> bool:
    """Say whether the words take back what was understood."""
    folded = fold(text)
    return bool(_TAKEN_BACK.search(_AND_YET.sub(" ", folded)))
