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
        self._silencers: dict[int, dict[str, list[Stems]]] = {}
        for place, intent in enumerate(book.intents):
            for keyword in intent.keywords:
                stems = stems_of(plain_words(keyword))
                if stems:
                    self._starting.setdefault(stems[0], []).append((stems, place, keyword))
            phrases = [stems_of(plain_words(text)) for text in intent.unless]
            self._silencers[place] = {}
            for phrase in filter(None, phrases):
                self._silencers[place].setdefault(phrase[0], []).append(phrase)

    def found(self, words: Sequence[str]) -> list[Found]:
        """Return the keywords in a text given as plain words, each once. Words of a silencing phrase do not count."""
        stems = stems_of(words)
        heard: dict[int, list[str]] = {}
        met: dict[tuple[int, Stems], Found] = {}
        for at, first in enumerate(stems):
            for keyword, place, written in self._starting.get(first, ()):
                if place not in heard:
                    heard[place] = self._heard(place, stems)
                if (place, keyword) not in met and places_of(heard[place], at, keyword):
                    met[place, keyword] = Found(place, written)
        return list(met.values())

    def _heard(self, place: int, stems: Stems) -> list[str]:
        """Return the stems with those of the matter's silencing phrases blanked out."""
        heard = list(stems)
        for at, first in enumerate(stems):
            for silencer in self._silencers[place].get(first, ()):
                for silent in places_of(stems, at, silencer):
                    heard[silent] = ""
        return heard


def stems_of(words: Sequence[str]) -> Stems:
    """Return the stems, in order."""
    return tuple(stem(word) for word in words)


def places_of(stems: Sequence[str], at: int, phrase: Stems) -> list[int]:
    """Return where the phrase's stems stand if it begins at that place, with at most `_GAP` words between each."""
    if not phrase or stems[at] != phrase[0]:
        return []
    places = [at]
    for wanted in phrase[1:]:
        near = list(stems[places[-1] + 1 : places[-1] + 2 + _GAP])
        if wanted not in near:
            return []
        places.append(places[-1] + 1 + near.index(wanted))
    return places
