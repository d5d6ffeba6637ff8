"""Whether words that name a time refuse it: `pas demain`, `jamais le matin`, `not before ten` does not. Pure."""

import re

from guichet.core.text import fold

_LIMITS = re.compile(
    r"\b(?:pas (?:avant|apres)|plus (?:tard|tot)|au plus tard|le plus (?:tot|vite)|not (?:before|after)|no later"
    r"|no earlier)\b"
)
"""Negations that only set a limit."""
_NOT = re.compile(r"\b(?:pas|plus|sauf|jamais|impossible|indisponible|occupee?|absente?|not|no|never|except|busy)\b")


def refuses(text: str) -> bool:
    """Say whether a text refuses the time that it names."""
    return _NOT.search(_LIMITS.sub(" ", fold(text))) is not None
