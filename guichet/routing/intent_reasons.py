"""Which words of a text speak for a matter. Pure."""

from collections.abc import Sequence
from typing import Final

from guichet.routing.intent_model import Likeness, Ridge, sharpen
from guichet.routing.intent_terms import Rarity, Term, letters_of, pairs_of, stems_of, terms_of, vector

_AT_MOST: Final = 4
_SMALL: Final = 0.3
"""A word that says less than this part of the strongest one is not named."""


def deciding_words(words: Sequence[str], place: int, rare: Rarity, likeness: Likeness, ridge: Ridge) -> tuple[str, ...]:
    """Return up to four words, strongest first: those whose terms raise the matter's value above the average matter's."""
    vector_ = vector(terms_of(words), rare)
    alike = likeness.to(vector_)
    pull = sharpen(alike) * (ridge.weights[:, place] - ridge.weights.mean(axis=1))
    says: dict[Term, float] = {
        term: weight * float(likeness.of(term) @ pull) for term, weight in vector_.items() if term[0] != "near"
    }
    strength: dict[str, float] = {}
    for at, word in enumerate(words):
        near = words[max(0, at - 1) : at + 2]
        own = sum(says.get(term, 0.0) for term in (*stems_of([word]), *letters_of([word])))
        shared = sum(says.get(term, 0.0) for term in pairs_of(near) if word in term[1].split())
        strength[word] = max(strength.get(word, 0.0), own + shared / 2)
    ranked = sorted(strength, key=lambda word: -strength[word])[:_AT_MOST]
    if not ranked or strength[ranked[0]] <= 0:
        return ()
    return tuple(word for word in ranked if strength[word] >= _SMALL * strength[ranked[0]])
