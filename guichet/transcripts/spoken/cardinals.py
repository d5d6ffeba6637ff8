"""Cardinal numbers inside a run of words: every number that starts at a place, however long. Pure.

French is read with its Belgian and Swiss tens (septante, octante, huitante, nonante), the old and the new hyphens, and
hundreds above ten (`dix-neuf cent`); English with and without `and`, and hundreds above ten (`nineteen hundred`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from guichet.core.language import Language
from guichet.core.text import words as folded_words

Match = tuple[int, int]
"""Where a number ends (the place after its last word), and its value."""
_Reader = Callable[[Sequence[str], int], Iterator[Match]]

FRENCH_SMALL = folded_words(
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
)
ENGLISH_SMALL = folded_words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
FRENCH_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
SWISS_TENS = {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90}
ENGLISH_TENS = {
    word: ten * 10 for ten, word in enumerate(folded_words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
ENGLISH_ZEROS = ("oh", "o", "nought", "naught")


@cache
def below_hundred(language: Language) -> dict[tuple[str, ...], int]:
    """Return how each number from 0 to 99 may be said."""
    return _french_below_hundred() if language is Language.FR else _english_below_hundred()


def _french_below_hundred() -> dict[tuple[str, ...], int]:
    """Write the French numbers below a hundred, with `et` wherever people put it."""
    said: dict[tuple[str, ...], int] = {(word,): value for value, word in enumerate(FRENCH_SMALL)}
    said.update({("dix", FRENCH_SMALL[unit]): 10 + unit for unit in (7, 8, 9)})
    below_twenty = {words: value for words, value in said.items() if value}
    for word, ten in (FRENCH_TENS | SWISS_TENS).items():
        said[word,] = ten
        for words, value in below_twenty.items():
            if value < (20 if word == "soixante" else 10):
                said[(word, *words)] = ten + value
            if value in ((1, 11) if word == "soixante" else (1,)):
                said[(word, "et", *words)] = ten + value
    said["quatre", "vingt"] = 80
    for words, value in below_twenty.items():
        said[("quatre", "vingt", *words)] = 80 + value
        if value in (1, 11):
            said[("quatre", "vingt", "et", *words)] = 80 + value
    return said


def _english_below_hundred() -> dict[tuple[str, ...], int]:
    """Write the English numbers below a hundred."""
    said: dict[tuple[str, ...], int] = {(word,): value for value, word in enumerate(ENGLISH_SMALL)}
    said.update({(zero,): 0 for zero in ENGLISH_ZEROS})
    for word, ten in ENGLISH_TENS.items():
        said[word,] = ten
        said.update({(word, ENGLISH_SMALL[unit]): ten + unit for unit in range(1, 10)})
    return said


@dataclass(frozen=True, slots=True)
class _Scale:
    """A word that multiplies: what may stand before it, whether it may stand alone, what joins it to the rest."""

    word: str
    size: int
    before: Callable[[int], bool]
    alone: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()


def _is_below_thousand(value: int) -> bool:
    return 0 < value < 1000


_SCALES = {
    Language.FR: (
        _Scale("cent", 100, lambda value: 2 <= value <= 9 or 11 <= value <= 19, alone=("",)),
        _Scale("mille", 1000, lambda value: 1 < value < 1000, alone=("",)),
        _Scale("million", 1_000_000, _is_below_thousand),
        _Scale("millions", 1_000_000, _is_below_thousand),
    ),
    Language.EN: (
        _Scale("hundred", 100, lambda value: 1 <= value <= 99 and value % 10 != 0, alone=("a",), joint=("and",)),
        _Scale("thousand", 1000, _is_below_thousand, alone=("a",), joint=("and",)),
        _Scale("million", 1_000_000, _is_below_thousand, alone=("a",), joint=("and",)),
    ),
}


def _small(language: Language) -> _Reader:
    """Return the reader of numbers below a hundred."""
    table = below_hundred(language)
    longest = max(map(len, table))

    def read(words: Sequence[str], start: int) -> Iterator[Match]:
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            value = table.get(tuple(words[start:end]))
            if value is not None:
                yield end, value

    return read


@dataclass(frozen=True, slots=True)
class _WithScale:
    """The reader that knows one more multiplying word than the lower one."""

    lower: _Reader
    scale: _Scale

    def __call__(self, words: Sequence[str], start: int) -> Iterator[Match]:
        """Yield the numbers that start there."""
        yield from self.lower(words, start)
        for end, value in self._heads(words, start):
            yield end, value
            has_joint = end < len(words) and words[end] in self.scale.joint
            for rest_end, rest in self.lower(words, end + 1 if has_joint else end):
                if 0 < rest < self.scale.size:
                    yield rest_end, value + rest

    def _heads(self, words: Sequence[str], start: int) -> Iterator[Match]:
        """Yield where the rest starts after the multiplying word, and the value so far."""
        for article in self.scale.alone:
            wanted = (article, self.scale.word) if article else (self.scale.word,)
            if tuple(words[start : start + len(wanted)]) == wanted:
                yield start + len(wanted), self.scale.size
        for end, value in self.lower(words, start):
            if end < len(words) and words[end] == self.scale.word and self.scale.before(value):
                yield end + 1, value * self.scale.size


@cache
def _reader(language: Language) -> _Reader:
    """Return the reader of all numbers of a language."""
    read: _Reader = _small(language)
    for scale in _SCALES[language]:
        read = _WithScale(read, scale)
    return read


def cardinals_at(words: Sequence[str], start: int, language: Language) -> tuple[Match, ...]:
    """Return every number that starts at a place, shortest first, each once: `vingt deux` is 20 and 22."""
    return tuple(sorted(set(_reader(language)(words, start))))


@cache
def number_words(language: Language) -> frozenset[str]:
    """Return the words that numbers are made of, without `et`, `and` and `a`."""
    small = {word for words in below_hundred(language) for word in words}
    return frozenset((small | {scale.word for scale in _SCALES[language]}) - {"et"})
