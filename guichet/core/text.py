"""Text made comparable: case, accents and punctuation folded away. Pure."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "ʼ": "'", "‘": "'", "–": "-", "—": "-"})
_NOT_WORD = re.compile(r"[^\w]+|_+")


def without_accents(text: str) -> str:
    """Lower the case, split ligatures and drop accents: `Élève Œuvré` becomes `eleve oeuvre`."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def fold(text: str) -> str:
    """Fold to plain words and single spaces: `C'est l'Été !` becomes `c est l ete`."""
    return _NOT_WORD.sub(" ", without_accents(text)).strip()


def words(text: str) -> tuple[str, ...]:
    """Return the folded words."""
    return tuple(fold(text).split())


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of a text, for a set of words that is written as one."""
    return frozenset(text.split())
