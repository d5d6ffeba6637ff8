"""Whether words that name a time refuse it: `pas demain`, `jamais le matin`, `not before ten` does not. Pure."""

import re

from guichet.core.text import fold

_LIMITS = re.compile(
    r"\b(?:pas (?:avant|apres)|(?:pas )?plus (?:tard|tot)|(?:au|le) plus (?:tard|tot|vite|rapidement)"
    r"|not (?:before|after)|no later|no earlier)\b"
)
"""Negations that only set a limit."""
_EXCEPT = re.compile(
    r"\b(?:mais |but )?(?:sauf|hormis|excepte|pas|except(?: for)?|not)"
    r"(?! (?:avant|apres|plus|tard|trop|before|after|earlier|later|too)\b)(?: (?:a|le|l|at|in|the|vers|de)\b)*"
)
_NOT = re.compile(r"\b(?:pas|plus|sauf|jamais|impossible|indisponible|occupee?|absente?|not|no|never|except|busy)\b")


def refuses(text: str) -> bool:
    """Say whether a text refuses the time that it names."""
    return _NOT.search(_LIMITS.sub(" ", fold(text))) is not None


def split_exception(words: str) -> tuple[str, str]:
    """Split folded words into a wish and what it excepts (empty: nothing): `demain matin` and `10 heures`."""
    found = _EXCEPT.search(words)
    if found is None or not words[: found.start()].strip():
        return words, ""
    return words[: found.start()].strip(), words[found.end() :].strip()
