"""Which words of a text speak for a matter. Pure."""

from collections.abc import Sequence
from typing import Final

from guichet.routing.intent_model import Likeness, Ridge, sharpen
from guichet.routing.intent_terms import Rarity, Term, letters_of, pairs_of, stems_of, terms_of, vector

_AT_MOST: Final = 4
_SMALL: Final = 0.3
"""A word that says less than this part of the strongest one is not named."""

_EMPTY: Final = frozenset(
    """
    le la les l un une des du de d au aux et ou en a y il elle on je j tu me m te se s nous vous ce c cet cette ces ca
    mon ma mes son sa ses notre nos votre vos que qu qui ne n pas plus est es suis sont ai as ont pour par dans sur avec
    the an of to in on at for with and or is are am was be i my we you your it this that there do can could would have
    """.split()  # noqa: SIM905 - read as words, not as a list
)
"""Words that may weigh but explain nothing; they are named only where there is no other."""


def deciding_words(words: Sequence[str], place: int, rare: Rarity, likeness: Likeness, ridge: Ridge) -> tuple[str, ...]:
    """Return up to four words, strongest first: those whose terms raise this matter's value most."""
    vector_ = vector(terms_of(words), rare)
    alike = likeness.to(vector_)
    pull = sharpen(alike) * (ridge.weights[:, place] - ridge.weights.mean(axis=1))
    says: dict[Term, float] = {
        term: weight * likeness.pull(term, pull) for term, weight in vector_.items() if term[0] != "near"
    }
    strength: dict[str, float] = {}
    for at, word in enumerate(words):
        near = words[max(0, at - 1) : at + 2]
        own = sum(says.get(term, 0.0) for term in (*stems_of([word]), *letters_of([word])))
        shared = sum(says.get(term, 0.0) for term in pairs_of(near) if word in term[1].split())
        strength[word] = max(strength.get(word, 0.0), own + shared / 2)
    telling = [word for word in strength if word not in _EMPTY] or list(strength)
    ranked = sorted(telling, key=lambda word: -strength[word])[:_AT_MOST]
    if not ranked or strength[ranked[0]] <= 0:
        return ()
    return tuple(word for word in ranked if strength[word] >= _SMALL * strength[ranked[0]])
