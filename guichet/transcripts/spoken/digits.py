"""An identifier dictated in words, in digits or in both: every way to write it down, most natural first. Pure.

`soixante dix-huit` is 78, 60 18 or 70 8: nobody can tell but by the length, the check key or the record (see
`identifiers`). A reading costs 1 for each group, so that the longest numbers come first; what a recogniser mishears,
what is left out and what cuts a hyphen costs more.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from guichet.core.language import Language
from guichet.transcripts.spoken.cardinals import FRENCH_TENS, SWISS_TENS, cardinals_at, number_words
from guichet.transcripts.spoken.fillers import CORRECTIONS, FILLERS
from guichet.transcripts.spoken.lattice import Bounds, Edge, Reading, readings
from guichet.transcripts.spoken.said import Said, said

_TIMES = {
    Language.FR: {"double": 2, "triple": 3},
    Language.EN: {"double": 2, "triple": 3, "treble": 3, "quadruple": 4},
}
_SOUNDS_LIKE = {
    Language.FR: {
        **dict.fromkeys(("set", "cet", "cette", "sete"), "7"),
        **dict.fromkeys(("si", "scie", "sis"), "6"),
        **dict.fromkeys(("dis", "dit", "dix"), "10"),
        **dict.fromkeys(("vin", "vint", "vain"), "20"),
        **dict.fromkeys(("sang", "sans"), "100"),
        **dict.fromkeys(("sain", "saint", "cinque"), "5"),
        **dict.fromkeys(("eux", "deuxieme"), "2"),
        **dict.fromkeys(("cat", "cattre"), "4"),
        "hein": "1",
        "troie": "3",
        "uit": "8",
    },
    Language.EN: {
        **dict.fromkeys(("won",), "1"),
        **dict.fromkeys(("to", "too", "tu"), "2"),
        **dict.fromkeys(("free", "tree"), "3"),
        **dict.fromkeys(("for", "fore", "four's"), "4"),
        **dict.fromkeys(("sex", "sicks", "sics"), "6"),
        **dict.fromkeys(("ate", "hate"), "8"),
        **dict.fromkeys(("niner", "nein", "mine"), "9"),
        **dict.fromkeys(("nil", "owe", "ow", "euro"), "0"),
    },
}
"""What recognisers write for a number; believed only beside a number."""

GLUED, MISHEARD, LEFT_OUT, UNKNOWN = 0.5, 1.5, 0.5, 20.0
"""Costs: cutting at a hyphen, taking a like-sounding word for a number, passing over a filler that might be meant
(`et`), passing over a word that means nothing here."""


def digit_readings(
    text: str, language: Language, bounds: Bounds | None = None, *, letters: frozenset[str] = frozenset()
) -> tuple[Reading, ...]:
    """Return the ways to write down a dictated number, most natural first; none if most of the text is something else.

    `letters` (lower case) may stand among the digits: a Corsican NIR has `2A` or `2B`.
    """
    return _digit_readings(text, language, bounds or Bounds(), letters)


def digit_strings(text: str, language: Language, shortest: int = 1, longest: int = 20) -> tuple[str, ...]:
    """Return the same as plain strings of digits."""
    return tuple(reading.written for reading in digit_readings(text, language, Bounds(shortest, longest)))


@lru_cache(maxsize=256)
def _digit_readings(text: str, language: Language, bounds: Bounds, letters: frozenset[str]) -> tuple[Reading, ...]:
    """Read the text, and what follows its last correction (`non, pardon, …`) first of all."""
    whole = said(text, language)
    restarts = [place for place, word in enumerate(whole.words) if word in CORRECTIONS[language]]
    found: dict[str, Reading] = {}
    if restarts:
        tail = said(" ".join(whole.words[restarts[-1] + 1 :]), language)
        found.update((reading.written, reading) for reading in _read(tail, language, bounds, letters))
    for reading in _read(whole, language, bounds, letters):
        found.setdefault(reading.written, reading)
    return tuple(found.values())[: bounds.kept]


def _read(heard: Said, language: Language, bounds: Bounds, letters: frozenset[str]) -> tuple[Reading, ...]:
    """Read words that hold no correction."""
    if not _is_mostly_numbers(heard, language, letters):
        return ()
    return readings(len(heard.words), _edges(heard, language, letters), bounds)


def _is_number(word: str, language: Language) -> bool:
    """Tell whether a word is a number or part of one."""
    return word.isdigit() or word in number_words(language) or word in _TIMES[language]


def _is_mostly_numbers(heard: Said, language: Language, letters: frozenset[str]) -> bool:
    """Tell whether somebody was saying a number, rather than a sentence with a number in it."""
    numbers = sum(_is_number(word, language) or word in letters for word in heard.words)
    passing = FILLERS[language] | CORRECTIONS[language] | _SOUNDS_LIKE[language].keys()
    strange = sum(word not in passing and not _is_number(word, language) for word in heard.words)
    return numbers > 0 and strange <= numbers


def _edges(heard: Said, language: Language, letters: frozenset[str]) -> Callable[[int], Iterator[Edge]]:
    """Return the steps over these words."""
    words = heard.words

    def edges_at(place: int) -> Iterator[Edge]:
        word = words[place]
        cut = GLUED if place in heard.glued else 0.0
        if word.isdigit():
            yield from _written(words, place)
        elif word in letters:
            yield Edge(place + 1, word, 1.0)
        for end, value in cardinals_at(words, place, language):
            yield Edge(end, str(value), 1.0 + cut + _cost_without_et(words[place:end], language))
        yield from _repeated(words, place, language)
        if _is_number(word, language):
            return
        alike = _SOUNDS_LIKE[language].get(word)
        if alike and any(_is_number(near, language) for near in words[max(0, place - 1) : place + 2]):
            yield Edge(place + 1, alike, MISHEARD)
        yield Edge(place + 1, "", _cost_of_leaving(word, language))

    return edges_at


def _written(words: tuple[str, ...], place: int) -> Iterator[Edge]:
    """Read digits as they stand, and `20 2` as the 22 that some recognisers mean by it."""
    word, following = words[place], words[place + 1 : place + 2]
    yield Edge(place + 1, word, 1.0)
    is_ten = len(word) in (2, 4) and word[-1] == "0" and word[-2] in "23456789"
    if is_ten and following and following[0].isdigit() and len(following[0]) == 1 and following[0] != "0":
        yield Edge(place + 2, word[:-1] + following[0], 1.0 + MISHEARD)


def _cost_without_et(words: tuple[str, ...], language: Language) -> float:
    """Return what it costs to read `trente un` as 31: that is `trente et un`, unless the recogniser missed the `et`."""
    is_one = language is Language.FR and words[-1] == "un" and len(words) > 1
    is_eighty_one = words[-3:-1] == ("quatre", "vingt")
    return MISHEARD if is_one and not is_eighty_one and words[-2] in (FRENCH_TENS | SWISS_TENS) else 0.0


def _cost_of_leaving(word: str, language: Language) -> float:
    """Return what it costs to pass over a word."""
    if word in FILLERS[language] or word in CORRECTIONS[language]:
        return LEFT_OUT if word in ("et", "and") else 0.0
    return MISHEARD + LEFT_OUT if word in _SOUNDS_LIKE[language] else UNKNOWN


def _repeated(words: tuple[str, ...], place: int, language: Language) -> Iterator[Edge]:
    """Read `double three`, `triple zéro` and `trois fois le sept`."""
    times = _TIMES[language].get(words[place])
    start = place + 1
    if times is None and language is Language.FR and words[place + 1 : place + 2] == ("fois",):
        times = next((value for end, value in cardinals_at(words, place, language) if end == place + 1), None)
        start = place + 3 if words[place + 2 : place + 3] in (("le",), ("les",)) else place + 2
    if times is None or not 2 <= times <= 6 or start >= len(words):
        return
    if words[start].isdigit() and len(words[start]) == 1:
        yield Edge(start + 1, words[start] * times, 1.0)
    for end, value in cardinals_at(words, start, language):
        if value < 10:
            yield Edge(end, str(value) * times, 1.0)


def groups(text: str, language: Language) -> tuple[str, ...]:
    """Return the numbers of a text as one hears them in groups, the longest first: `twenty one oh six` is 21, 0, 6."""
    words, place, found = said(text, language).words, 0, list[str]()
    while place < len(words):
        cardinals = cardinals_at(words, place, language)
        if cardinals:
            place, value = cardinals[-1]
            found.append(str(value))
            continue
        if words[place].isdigit():
            found.append(words[place])
        place += 1
    return tuple(found)


def stray_groups(text: str, language: Language) -> int:
    """Count the longer numbers among mostly single digits: each is more often a digit misheard than a number meant.

    In English only, where identifiers are read digit by digit; the French say pairs, with single digits between.
    """
    found = groups(text, language)
    longer = sum(len(group) > 1 for group in found)
    is_by_digits = language is Language.EN and len(found) >= 5 and len(found) - longer >= 2 * longer
    return longer if is_by_digits else 0
