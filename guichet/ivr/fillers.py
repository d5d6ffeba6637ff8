"""Sounds that people make without saying anything, as recognisers write them. Pure."""

from guichet.core.text import fold
from guichet.transcripts.heard import Heard

FILLERS = frozenset(
    {"euh", "heu", "eu", "hum", "hm", "hmm", "mm", "mmh", "bah", "ben", "hein", "ah", "oh", "eh", "pff"}
    | {"uh", "um", "er", "erm", "huh", "mhm", "uhm", "ha", "the", "a"}
)
"""Small models hear a hum or a breath as an article too."""


def says_nothing(heard: Heard) -> bool:
    """Whether what was heard over a prompt is no reason to stop it."""
    return all(word in FILLERS for word in fold(heard.text).split())
