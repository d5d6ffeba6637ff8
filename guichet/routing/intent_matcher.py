"""From what a citizen said or wrote to the matter they want, with a score and the words that decided. Pure.

A value for each matter comes from the examples (`intent_model`) and from keywords; readings of the recogniser are
averaged, the likeliest counting most. `urgence_danger` wins as soon as one reading
has one of its keywords, or its value passes a bar of its own: better a false alarm than a missed one. What words leave
in doubt is looked at again by an encoder (`intent_meaning`) where there is one.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from guichet.routing.encoder import Encoder
from guichet.routing.intent import DANGER, IntentMatch, RunnerUp
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_judge import Judge
from guichet.routing.intent_keywords import Found, Keywords
from guichet.routing.intent_meaning import Meaning
from guichet.routing.intent_model import Floats, Likeness, Ridge, fit
from guichet.routing.intent_parts import parts_of
from guichet.routing.intent_reasons import deciding_words
from guichet.routing.intent_spelling import Spelling
from guichet.routing.intent_terms import Rarity, rarity, terms_of, vector
from guichet.routing.intent_wording import plain_words

_READINGS: Final = 5
_KEYWORDS_NAMED: Final = 3
_DANGER_KEYWORD: Final = 1.0
_DANGER_MEANT: Final = 0.25
"""The encoder tells cold weather from a night in the street: with it, danger without a keyword needs this chance."""
_PART: Final = 0.5
"""The score that a part of a sentence needs to have a matter of its own."""
_SURE: Final = 0.97
"""A score by words from which no second look is taken."""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One text against the book."""

    text: str
    words: tuple[str, ...]
    values: Floats
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """The likeliest matter, the values of all, and who judged them."""

    best: int
    values: Floats
    judge: Judge

    @property
    def known(self) -> bool:
        """Whether the value is enough not to refuse."""
        return bool(self.values[self.best] >= self.judge.scale.bar)

    @property
    def score(self) -> float:
        """The chance that the matter is the right one."""
        return self.judge.score(float(self.values[self.best]))


@dataclass(frozen=True, slots=True)
class Unseen:
    """An example of the book as it would be understood, had it not been there: `found` is None where refused.

    `wanted` is its matter, None for an example of what is none.
    """

    text: str
    wanted: str | None
    found: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """A match, the likeliest matter even where it is refused, and whether the encoder was asked."""

    match: IntentMatch
    nearest: str | None
    looked_again: bool


class IntentMatcher:
    """A trained book. Immutable: train another when the book changes, and swap."""

    def __init__(self, book: IntentBook, encoder: Encoder | None = None) -> None:
        self.version = book.version
        self.names = tuple(intent.name for intent in book.intents)
        labelled = [(text, place) for place, intent in enumerate(book.intents) for text in intent.texts()]
        labelled += [(text, -1) for text in book.out_of_scope]
        texts = [text for text, _ in labelled]
        worded = [plain_words(text) for text in texts]
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
        alone, unknown = self._ridge.left_out + told, self._ridge.unknown + told
        self._by_words = Judge.measured(self.names, labels, alone, unknown)
        self.scale = self._by_words.scale
        self._meaning = Meaning(encoder, texts, labels, len(self.names)) if encoder else None
        if self._meaning:
            alone, unknown = alone + self._meaning.left_out, unknown + self._meaning.unknown
            self._by_both = Judge.measured(self.names, labels, alone, unknown, _DANGER_MEANT)
            self.scale = self._by_both.scale
        self._alone = tuple(zip(texts, labels.tolist(), alone, strict=True))
        let_go(vectors, counted)

    @classmethod
    def train(cls, book: IntentBook, encoder: Encoder | None = None) -> "IntentMatcher":
        """Train on a book: about a second for 1,500 examples. An encoder looks again at what words leave in doubt."""
        return cls(book, encoder)

    def match(self, readings: Sequence[str]) -> IntentMatch:
        """Match what was heard, likeliest reading first (a written text is one reading)."""
        return self.examine(readings).match

    def examine(self, readings: Sequence[str]) -> Examined:
        """Match, and tell how it went."""
        text = readings[0] if readings else ""
        weighed = [one for one in map(self._weigh, readings[:_READINGS]) if one.words]
        if not weighed:
            return Examined(IntentMatch(text, None, 0.0), None, looked_again=False)
        verdict = likeliest = self._judged(weighed)
        parts = self._parts(text)
        if len(parts) > 1 and verdict.best not in parts:
            verdict = next(iter(parts.values()))
        match = IntentMatch(
            text=text,
            intent=self.names[verdict.best] if verdict.known else None,
            score=verdict.score,
            runner_up=self._runner_up(verdict),
            because=self._because(weighed, verdict.best) if verdict.known else (),
            also=tuple(self.names[place] for place in parts if place != verdict.best) if verdict.known else (),
        )
        return Examined(match, self.names[verdict.best], looked_again=likeliest.judge is not self._by_words)

    def nearest(self, text: str) -> str | None:
        """Return the likeliest matter even where the text is out of scope; None for a text without a word."""
        return self.examine([text]).nearest

    def _parts(self, text: str) -> dict[int, _Verdict]:
        """Return the matters of the parts of a sentence, danger before all, then the surest first."""
        weighed = [one for one in map(self._weigh, parts_of(text)) if one.words]
        verdicts = [self._judged([one]) for one in weighed]
        sure = [one for one in verdicts if one.known and one.score >= _PART]
        sure.sort(key=lambda one: (one.best != one.judge.danger, -one.score))
        found: dict[int, _Verdict] = {}
        for one in sure:
            found.setdefault(one.best, one)
        return found

    def unseen(self) -> tuple[Unseen, ...]:
        """Judge every example by all the others: what a change of the book does shows here without a second training.

        Keywords and the spelling of words are those of the whole book, so that this flatters a little, and alike before
        and after a change.
        """
        judge = self._by_both if self._meaning else self._by_words
        found = [(text, label, _verdict(judge, [values])) for text, label, values in self._alone]
        return tuple(
            Unseen(text, self._name(label), self._name(verdict.best) if verdict.known else None)
            for text, label, verdict in found
        )

    def _name(self, place: int) -> str | None:
        return self.names[place] if place >= 0 else None

    def by_words(self) -> "IntentMatcher":
        """Return the same matcher without its second look."""
        other = copy(self)
        other._meaning = None  # noqa: SLF001 - it is one of us
        return other

    def _judged(self, weighed: Sequence[_Weighed]) -> _Verdict:
        """Judge by words, and where they leave a doubt by words and meaning. A keyword of danger leaves none."""
        first = _verdict(self._by_words, [one.values for one in weighed])
        plain = any(found.place == self._by_words.danger for one in weighed for found in one.found)
        if self._meaning is None or plain or (first.score >= _SURE and first.best != self._by_words.danger):
            return first
        meant = self._meaning.values([one.text for one in weighed])
        return _verdict(self._by_both, [one.values + more for one, more in zip(weighed, meant, strict=True)])

    def _weigh(self, text: str) -> _Weighed:
        words = self._spelling.mend(plain_words(text))
        found = self._keywords.found(words)
        alike = self._likeness.to(vector(terms_of(words, self._matters(found)), self._rarity))
        return _Weighed(text, tuple(words), self._ridge.values(alike) + self._told(found), tuple(found))

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

    def _runner_up(self, verdict: _Verdict) -> RunnerUp | None:
        others = [place for place in range(len(verdict.values)) if place != verdict.best]
        if not others:
            return None
        second = max(others, key=lambda place: float(verdict.values[place]))
        # Danger below its bar may look likelier: it is not.
        value = min(float(verdict.values[second]), float(verdict.values[verdict.best]))
        return RunnerUp(self.names[second], verdict.judge.score(value))

    def _because(self, weighed: Sequence[_Weighed], best: int) -> tuple[str, ...]:
        """Name the keywords, then the words of the reading that speaks most for the matter."""
        loudest = max(weighed, key=lambda one: float(one.values[best]))
        keywords = [one.keyword for one in loudest.found if one.place == best][:_KEYWORDS_NAMED]
        words = deciding_words(loudest.words, best, self._rarity, self._likeness, self._ridge)
        return tuple(dict.fromkeys([*keywords, *words]))


def let_go(*held: list[Any]) -> None:
    """Free lists of large things one by one: all of them at once would hold the interpreter."""
    for things in held:
        while things:
            things.pop()


def _verdict(judge: Judge, readings: Sequence[Floats]) -> _Verdict:
    """Average the readings, the likeliest counting most, and choose."""
    values = np.average(readings, axis=0, weights=[1 / (1 + n) for n in range(len(readings))])
    best = judge.best(values, readings)
    if best == judge.danger:
        # It outranks, so no other may seem surer, and one reading is enough.
        values[best] = max(float(values.max()), *(float(one[best]) for one in readings))
    return _Verdict(best, values, judge)
