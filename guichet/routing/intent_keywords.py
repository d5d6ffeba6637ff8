"""Keywords of the matters, found in a text by their stems. Pure.

The words of the text come mended (`intent_spelling`), so a near spelling of a keyword has become the keyword.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_wording import plain_words, stem

_GAP: Final = 2
"""Words that may stand between two words of a keyword: "fuite de gaz" is in "une fuite, euh, enfin de gaz"."""

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A keyword met, as the book writes it, and the place of its matter in the book."""

    place: int
    keyword: str


class Keywords:
    """Every keyword of a book, by the stem it begins with."""

    def __init__(self, book: IntentBook) -> None:
        self._starting: dict[str, list[tuple[Stems, int, str]]] = {}
        self._silenced: dict[int, list[Stems]] = {}
        for place, intent in enumerate(book.intents):
            for keyword in intent.keywords:
                stems = stems_of(plain_words(keyword))
                if stems:
                    self._starting.setdefault(stems[0], []).append((stems, place, keyword))
            self._silenced[place] = [stems_of(plain_words(text)) for text in intent.unless]

    def found(self, words: Sequence[str]) -> list[Found]:
        """Return the keywords in a text given as plain words, each once, without those that the text silences."""
        stems = stems_of(words)
        met: dict[tuple[int, str], Found] = {}
        for at, stem_ in enumerate(stems):
            for keyword, place, written in self._starting.get(stem_, ()):
                if (place, written) not in met and _follows(stems, at, keyword) and not self._silent(place, stems):
                    met[place, written] = Found(place, written)
        return list(met.values())

    def _silent(self, place: int, stems: Stems) -> bool:
        return any(
            _follows(stems, at, silencer)
            for silencer in self._silenced[place]
            for at in range(len(stems))
            if silencer and stems[at] == silencer[0]
        )


def stems_of(words: Sequence[str]) -> Stems:
    """Return the stems, in order."""
    return tuple(stem(word) for word in words)


def _follows(stems: Stems, at: int, keyword: Stems) -> bool:
    """Tell whether the keyword's other stems follow in order, with at most `_GAP` words between each."""
    for wanted in keyword[1:]:
        near = stems[at + 1 : at + 2 + _GAP]
        if wanted not in near:
            return False
        at += 1 + near.index(wanted)
    return True
