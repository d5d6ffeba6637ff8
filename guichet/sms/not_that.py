"""Whether a text takes back what we understood, shorthand included: `non c pa ca`, `jme suis trompé`. Pure."""

from guichet.core.text import words
from guichet.routing.intent_wording import plain_words
from guichet.transcripts.spoken.taken_back import takes_back

_NEITHER = frozenset(
    {"non", "no", "nan", "nope", "aucun", "aucune", "ni", "neither", "none", "3", "trois", "three", "autre", "other"}
)
_AROUND = frozenset(words("l un une ni l autre des deux of them the either chose something else merci thanks pas not"))


def says_not_that(text: str) -> bool:
    """Say whether a text takes back what was understood."""
    return takes_back(text) or takes_back(" ".join(plain_words(text)))


def refuses_both(text: str) -> bool:
    """Say whether a text refuses the two matters that were asked back."""
    said = words(text)
    is_neither = any(word in _NEITHER for word in said) and all(word in _NEITHER or word in _AROUND for word in said)
    return is_neither or says_not_that(text)
