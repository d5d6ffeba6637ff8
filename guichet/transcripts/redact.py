"""Masking before anything is stored: digits, and numbers dictated in words, become `[numéro]` or `[number]`. Pure.

One small number alone stays (`two children`): it says what the matter is, not who calls. So do French articles.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import cache
from itertools import groupby
from typing import overload

from guichet.core.language import Bilingual, Language
from guichet.core.text import fold
from guichet.transcripts.heard import Heard, Word
from guichet.transcripts.number_words import DIGITS, MONTHS, MORE_DIGITS, ORDINALS, OTHERS, TEENS, TENS

MASK = Bilingual(fr="[numéro]", en="[number]")

_TRAILING = re.compile(r"[.,;:!?…»)]+$")
_FILLERS = frozenset(
    fold(word) for word in ("et", "and", "of", "the", "le", "virgule", "tiret", "euh", "um", "uh", "er")
)


class _Kind(Enum):
    """What a word says of a number."""

    DIGITS = auto()
    NUMBER = auto()
    FAINT = auto()
    JOIN = auto()
    OTHER = auto()


@cache
def _number_words() -> frozenset[str]:
    """Return the words of numbers, folded, in every language: people mix them."""
    lists = (DIGITS, MORE_DIGITS, TEENS, TENS, OTHERS)
    words = {fold(word) for language in Language for table in lists for word in table[language]}
    return frozenset(words | {fold(word) for word in ORDINALS} | {"premier", "thirtieth"})


@cache
def _joining_words() -> frozenset[str]:
    """Return the words that may stand inside a number or a date."""
    return _FILLERS | {fold(month) for language in Language for month in MONTHS[language]}


_ARTICLES = frozenset({"un", "une", "one", "oh", "first", "second", "premier"})


def _kind(token: str) -> _Kind:
    """Tell what a token, with its hyphens and punctuation, says of a number."""
    if any(letter.isnumeric() for letter in token):
        return _Kind.DIGITS
    parts = fold(token).split()
    if parts and all(part in _number_words() or part in _FILLERS for part in parts):
        strong = [part for part in parts if part in _number_words() and part not in _ARTICLES]
        if strong:
            return _Kind.NUMBER
        return _Kind.FAINT if any(part in _ARTICLES for part in parts) else _Kind.JOIN
    return _Kind.JOIN if parts and all(part in _joining_words() for part in parts) else _Kind.OTHER


def _spans(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give the stretches to be masked, as start and end among the tokens."""
    kinds = [_kind(token) for token in tokens]
    for is_run, places in groupby(range(len(tokens)), key=lambda place: kinds[place] is not _Kind.OTHER):
        run = list(places)
        while run and kinds[run[0]] is _Kind.JOIN:
            run.pop(0)
        while run and kinds[run[-1]] is _Kind.JOIN:
            run.pop()
        if is_run and run and _tells_a_number([kinds[place] for place in run], tokens[run[0]]):
            yield run[0], run[-1] + 1


def _tells_a_number(kinds: list[_Kind], first: str) -> bool:
    """Tell whether a run is a number worth masking: digits, a joined word, or two words of which one is no article."""
    if _Kind.DIGITS in kinds:
        return True
    spoken = [kind for kind in kinds if kind in {_Kind.NUMBER, _Kind.FAINT}]
    if len(spoken) == 1:
        return _Kind.NUMBER in spoken and len(fold(first).split()) > 1
    return _Kind.NUMBER in spoken or len(spoken) >= 3


def mask_text(text: str, language: Language) -> str:
    """Return the text with its numbers masked; masking twice changes nothing."""
    tokens = text.split()
    for start, end in reversed(list(_spans(tokens))):
        after = _TRAILING.search(tokens[end - 1])
        tokens[start:end] = [MASK.to(language) + (after.group() if after else "")]
    return " ".join(tokens)


def mask_words(words: tuple[Word, ...], language: Language) -> tuple[Word, ...]:
    """Return the words with each number replaced by one mask, from its start to its end, of mean confidence."""
    masked = list(words)
    for start, end in reversed(list(_spans([word.text for word in words]))):
        run = words[start:end]
        confidence = round(sum(word.confidence for word in run) / len(run), 4)
        masked[start:end] = [Word(MASK.to(language), run[0].start, run[-1].end, confidence)]
    return tuple(masked)


@overload
def mask(what: Heard, language: Language | None = None) -> Heard: ...
@overload
def mask(what: str, language: Language) -> str: ...
def mask(what: Heard | str, language: Language | None = None) -> Heard | str:
    """Mask a text in a language, or what was heard: its text, words and alternatives."""
    if isinstance(what, str):
        return mask_text(what, language or Language.FR)
    alternatives = dict.fromkeys(mask_text(text, what.language) for text in what.alternatives)
    text = mask_text(what.text, what.language)
    return replace(
        what,
        text=text,
        words=mask_words(what.words, what.language),
        alternatives=tuple(other for other in alternatives if other != text),
    )
