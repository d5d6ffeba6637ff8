"""From what a citizen said or wrote to the matter they want, with a score and the words that decided. Pure.

A value for each matter comes from the examples (`intent_model`) and from keywords; readings of the recogniser are
averaged, the likeliest counting most. `urgence_danger` wins as soon as one reading
has one of its keywords, or its value passes a bar of its own: better a false alarm than a missed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from guichet.routing.intent import DANGER, IntentMatch, RunnerUp
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_keywords import Found, Keywords
from guichet.routing.intent_model import Floats, Likeness, Ridge, fit
from guichet.routing.intent_reasons import deciding_words
from guichet.routing.intent_score import Scale, measure
from guichet.routing.intent_spelling import Spelling
from guichet.routing.intent_terms import Rarity, rarity, terms_of, vector
from guichet.routing.intent_wording import plain_words

_READINGS: Final = 5
_KEYWORDS_NAMED: Final = 3
_DANGER_KEYWORD: Final = 1.0
_DANGER_FALSE: Final = 0.015
"""Part of all other examples that may raise a false alarm by their likeness alone."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One text against the book."""

    words: tuple[str, ...]
    values: Floats
    found: tuple[Found, ...]


class IntentMatcher:
    """A trained book. Immutable: train another when the book changes, and swap."""

    def __init__(self, book: IntentBook) -> None:
        self.version = book.version
        self.names = tuple(intent.name for intent in book.intents)
        labelled = [(text, place) for place, intent in enumerate(book.intents) for text in intent.texts()]
        labelled += [(text, -1) for text in book.out_of_scope]
        worded = [plain_words(text) for text, _ in labelled]
        self._keywords = Keywords(book)
        written = [plain_words(keyword) for intent in book.intents for keyword in (*intent.keywords, *intent.unless)]
        self._spelling = Spelling(word for words in worded + written for word in words)
        met = [self._keywords.found(words) for words in worded]
        counted = [terms_of(words, self._matters(found)) for words, found in zip(worded, met, strict=True)]
        self._rarity: Rarity = rarity(counted)
        vectors = [vector(terms, self._rarity) for terms in counted]
        self._likeness = Likeness(vectors)
        labels = np.array([place for _, place in labelled], dtype=np.int64)
        alike = np.stack([self._likeness.to(each) for each in vectors])
        self._ridge: Ridge = fit(alike, labels, len(self.names))
        told = np.stack([self._told(found) for found in met])
        self.scale, self.danger_bar = self._bars(labels, self._ridge.left_out + told, self._ridge.unknown + told)

    @classmethod
    def train(cls, book: IntentBook) -> "IntentMatcher":
        """Train on a book: about a second for 1,500 examples."""
        return cls(book)

    def match(self, readings: Sequence[str]) -> IntentMatch:
        """Match what was heard, likeliest reading first (a written text is one reading)."""
        text = readings[0] if readings else ""
        weighed = [one for one in map(self._weigh, readings[:_READINGS]) if one.words]
        if not weighed:
            return IntentMatch(text, None, 0.0)
        values = np.average([one.values for one in weighed], axis=0, weights=[1 / (1 + n) for n in range(len(weighed))])
        best = self._choose(weighed, values)
        if self.names[best] == DANGER:
            # It outranks, so no other may seem surer, and one reading is enough.
            values[best] = max(float(values.max()), *(float(one.values[best]) for one in weighed))
        known = bool(values[best] >= self.scale.bar)
        return IntentMatch(
            text=text,
            intent=self.names[best] if known else None,
            score=round(self.scale.score(float(values[best])), 4),
            runner_up=self._runner_up(best, values),
            because=self._because(weighed, best) if known else (),
        )

    def nearest(self, text: str) -> str | None:
        """Return the likeliest matter even where the text is out of scope; None for a text without a word."""
        one = self._weigh(text)
        return self.names[self._choose([one], one.values)] if one.words else None

    def _weigh(self, text: str) -> _Weighed:
        words = self._spelling.mend(plain_words(text))
        found = self._keywords.found(words)
        alike = self._likeness.to(vector(terms_of(words, self._matters(found)), self._rarity))
        return _Weighed(tuple(words), self._ridge.values(alike) + self._told(found), tuple(found))

    def _matters(self, found: Sequence[Found]) -> list[str]:
        """Name the matter of each keyword; danger's own are not learned from: each is enough by itself."""
        return [self.names[one.place] for one in found if self.names[one.place] != DANGER]

    def _told(self, found: Sequence[Found]) -> Floats:
        """Return what keywords of danger add to each matter's value: all of it to danger."""
        added = np.zeros(len(self.names))
        for one in found:
            if self.names[one.place] == DANGER:
                added[one.place] = _DANGER_KEYWORD
        return added

    def _bars(self, labels: npt.NDArray[np.int64], alone: Floats, unknown: Floats) -> tuple[Scale, float]:
        """Measure the scale, and the value from which danger outranks everything (infinite where the book has none)."""
        inside = labels >= 0
        right = alone.argmax(axis=1) == labels
        scale = measure(
            alone[inside].max(axis=1), right[inside], unknown[inside].max(axis=1), alone[~inside].max(axis=1)
        )
        if DANGER not in self.names:
            return scale, float("inf")
        place = self.names.index(DANGER)
        others = alone[labels != place, place]
        least = float(np.quantile(others, 1 - _DANGER_FALSE)) if len(others) else scale.bar
        return scale, max(scale.bar, least)

    def _choose(self, weighed: Sequence[_Weighed], values: Floats) -> int:
        """Return the likeliest matter; danger as soon as it passes its bar in one reading, and never below."""
        if DANGER not in self.names:
            return int(values.argmax())
        place = self.names.index(DANGER)
        if max(float(one.values[place]) for one in weighed) >= self.danger_bar or len(self.names) == 1:
            return place
        return max((each for each in range(len(values)) if each != place), key=lambda each: float(values[each]))

    def _runner_up(self, best: int, values: Floats) -> RunnerUp | None:
        others = [place for place in range(len(values)) if place != best]
        if not others:
            return None
        second = max(others, key=lambda place: float(values[place]))
        value = min(float(values[second]), float(values[best]))  # danger below its bar may look likelier: it is not
        return RunnerUp(self.names[second], round(self.scale.score(value), 4))

    def _because(self, weighed: Sequence[_Weighed], best: int) -> tuple[str, ...]:
        """Name the keywords, then the words of the reading that speaks most for the matter."""
        loudest = max(weighed, key=lambda one: float(one.values[best]))
        keywords = [one.keyword for one in loudest.found if one.place == best][:_KEYWORDS_NAMED]
        words = deciding_words(loudest.words, best, self._rarity, self._likeness, self._ridge)
        return tuple(dict.fromkeys([*keywords, *words]))
