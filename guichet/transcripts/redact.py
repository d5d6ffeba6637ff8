"""Redaction before anything is stored: what tells who somebody is, written or dictated, becomes its kind. Pure.

`mon numéro est le zéro six douze …` becomes `mon numéro est le [téléphone]`. What is found, and how, is told in the
modules of `redaction`; which numbers may stay in `redaction.harmless`. Masking again changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import overload

from guichet.core.language import Language
from guichet.transcripts.heard import Heard, Word
from guichet.transcripts.redaction.find import Masked, find
from guichet.transcripts.redaction.kinds import label_pattern
from guichet.transcripts.redaction.known import NOBODY, Known


def mask_text(text: str, language: Language, known: Known = NOBODY) -> str:
    """Return the text with what is personal replaced by its kind."""
    while True:
        found = find(text, language, known)
        if not found:
            return text
        # What a mask leaves beside it may read differently without it: each round leaves less to look at.
        text = _replaced(text, found, language)


def _replaced(text: str, found: Sequence[Masked], language: Language) -> str:
    """Put the kinds in their places."""
    parts, last = list[str](), 0
    for masked in found:
        parts += (text[last : masked.start], masked.label.to(language))
        last = masked.end
    return "".join((*parts, text[last:]))


def without_labels(text: str) -> str:
    """Return a masked text without its labels: the words that were really said."""
    return " ".join(label_pattern().sub(" ", text).split()) if "[" in text else text


def mask_words(words: tuple[Word, ...], language: Language, known: Known = NOBODY) -> tuple[Word, ...]:
    """Return the words with each stretch replaced by its kind, from its start to its end, of mean confidence."""
    while True:
        found = find(" ".join(word.text for word in words), language, known)
        if not found:
            return words
        words = _replaced_words(words, found, language)


def _replaced_words(words: tuple[Word, ...], found: Sequence[Masked], language: Language) -> tuple[Word, ...]:
    """Replace the words that a mask touches; two masks on one word are one."""
    owners: list[Masked | None] = []
    end = -1
    for word in words:
        start, end = end + 1, end + 1 + len(word.text)
        owners.append(next((masked for masked in found if masked.start < end and start < masked.end), None))
    kept: list[Word] = []
    for owner, run in groupby(zip(owners, words, strict=True), key=lambda pair: pair[0]):
        own = [word for _, word in run]
        kept += own if owner is None else [_label(own, owner.label.to(language))]
    return tuple(kept)


def _label(run: Sequence[Word], label: str) -> Word:
    """Return one word in the place of several."""
    confidence = round(sum(word.confidence for word in run) / len(run), 4)
    return Word(label, run[0].start, run[-1].end, confidence)


@overload
def mask(what: Heard, language: Language | None = None, known: Known = NOBODY) -> Heard: ...
@overload
def mask(what: str, language: Language, known: Known = NOBODY) -> str: ...
def mask(what: Heard | str, language: Language | None = None, known: Known = NOBODY) -> Heard | str:
    """Mask a text in a language, or what was heard: its text, words and alternatives."""
    if isinstance(what, str):
        return mask_text(what, language or Language.FR, known)
    alternatives = dict.fromkeys(mask_text(text, what.language, known) for text in what.alternatives)
    text = mask_text(what.text, what.language, known)
    return replace(
        what,
        text=text,
        words=mask_words(what.words, what.language, known),
        alternatives=tuple(other for other in alternatives if other != text),
    )
