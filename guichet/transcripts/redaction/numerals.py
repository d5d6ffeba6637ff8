"""Numbers among the pieces of a sentence: which words are numbers, the number at a place, all ways to write it. Pure.

Faster and coarser than `spoken.digits`, which reads one answer; here every sentence is searched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from guichet.core.language import Language
from guichet.transcripts.spoken.cardinals import below_hundred, cardinals_at, number_words
from guichet.transcripts.spoken.said import said

TIMES = {
    Language.FR: {"double": 2, "triple": 3},
    Language.EN: {"double": 2, "triple": 3, "treble": 3},
}
ARTICLES = {Language.FR: frozenset({"un", "une"}), Language.EN: frozenset({"one", "o", "oh"})}
"""Number words that are mostly something else."""
ALIKE = {
    Language.FR: {
        **dict.fromkeys(("set", "cet", "cette", "sete"), "7"),
        **dict.fromkeys(("si", "scie", "sis"), "6"),
        **dict.fromkeys(("dis", "dit"), "10"),
        **dict.fromkeys(("vin", "vint", "vain"), "20"),
        **dict.fromkeys(("sang", "sans"), "100"),
        **dict.fromkeys(("sain", "saint", "cinque"), "5"),
        **dict.fromkeys(("cat", "cattre"), "4"),
        **dict.fromkeys(("troie", "uit", "eux"), "3"),
    },
    Language.EN: {"to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8", "won": "1", "free": "3", "tree": "3"},
}
"""What recognisers write for a number: believed only inside a long one."""
_end_of = attrgetter("end")
_LONGEST = 4
"""Words that a number below a hundred has at most: `quatre vingt dix neuf`."""


@cache
def lexicon(language: Language) -> frozenset[str]:
    """Return the words of numbers, articles too."""
    spellings = {"vingts", "cents", "milles", "mil", "une", "quatres", "fourty", "ninty", "hundreds", "thousands"}
    spelt = {word for word in spellings if said(word, language).words[0] != word}
    return number_words(language) | ARTICLES[language] | TIMES[language].keys() | spelt


@cache
def usual(word: str, language: Language) -> str:
    """Return the usual spelling of a number word: `vingts` is `vingt`."""
    return next(iter(said(word, language).words), word)


@dataclass(frozen=True, slots=True)
class Group:
    """One number in a run: where it ends, and its digits as they would be written."""

    end: int
    digits: str


def small_groups(words: Sequence[str], start: int, language: Language) -> Iterator[Group]:
    """Yield the numbers below a hundred that start at a place, shortest first; digits as they stand; `double three`."""
    word = words[start]
    if word.isdecimal():
        yield Group(start + 1, word)
        return
    table = below_hundred(language)
    for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
        value = table.get(tuple(words[start:end]))
        if value is not None:
            yield Group(end, str(value))
    times = TIMES[language].get(word)
    if times and start + 1 < len(words):
        value = table.get((words[start + 1],))
        digit = words[start + 1] if words[start + 1].isdecimal() else str(value)
        if len(digit) == 1:
            yield Group(start + 2, digit * times)
    elif word in ALIKE[language]:
        yield Group(start + 1, ALIKE[language][word])


def longest_group(words: Sequence[str], start: int, language: Language) -> Group | None:
    """Return the longest number at a place, thousands and hundreds included; None if there is none."""
    found = _below_thousand(words, start, language)
    if words[start].isdecimal():
        return found
    end, value = (found.end, int(found.digits)) if found else (start, 0)
    if end < len(words) and words[end] in ("mille", "thousand") and (value < 1000):
        rest = _rest(words, end + 1, language, 1000)
        return Group(rest.end, str(max(1, value) * 1000 + int(rest.digits)))
    if found and end < len(words) and words[end] in ("million", "millions"):
        rest_of_million = longest_group(words, end + 1, language) if end + 1 < len(words) else None
        more = int(rest_of_million.digits) if rest_of_million and len(rest_of_million.digits) <= 6 else 0
        return Group(rest_of_million.end if rest_of_million and more else end + 1, str(value * 1_000_000 + more))
    return found


def _below_thousand(words: Sequence[str], start: int, language: Language) -> Group | None:
    """Return the longest number below a thousand at a place (below ten thousand: `dix neuf cent`)."""
    small = max(small_groups(words, start, language), key=_end_of, default=None)
    if small and (len(small.digits) > 2 or words[start].isdecimal()):
        return small
    end, value = (small.end, int(small.digits)) if small else (start, 1)
    is_article = not small and words[start] == "a" and start + 1 < len(words)
    end += is_article
    if end < len(words) and words[end] in ("cent", "hundred") and value % 10 + (value < 10) and value:
        rest = _rest(words, end + 1, language, 100)
        return Group(rest.end, str(value * 100 + int(rest.digits)))
    if is_article:
        return Group(end, "1") if end < len(words) and words[end] == "thousand" else None
    return small


def _rest(words: Sequence[str], start: int, language: Language, size: int) -> Group:
    """Return what follows `cent` or `mille` and belongs to it; nothing is a zero."""
    joint = start < len(words) and words[start] == "and"
    place = start + joint
    if place < len(words) and not words[place].isdecimal() and words[place] not in TIMES[language]:
        found = _below_thousand(words, place, language) if size > 100 else None
        if found is None or found.digits.startswith("0") or int(found.digits) >= size:
            smalls = [group for group in small_groups(words, place, language) if words[place] not in ALIKE[language]]
            found = smalls[-1] if smalls else None
        if found and 0 < int(found.digits) < size:
            return found
    return Group(start, "0")


def writings(words: Sequence[str], language: Language, length: int, kept: int = 64) -> Iterator[str]:
    """Yield the ways to write all the words as so many digits, `kept` at most; words that are no numbers are passed."""
    steps = [_steps(words, place, language) for place in range(len(words))]
    reach = [0] * len(words) + [1]
    for place in reversed(range(len(words))):
        for group in steps[place]:
            reach[place] |= reach[group.end] << len(group.digits)
    found = _walk(steps, reach, 0, length)
    for _, written in zip(range(kept), found, strict=False):
        yield written


def _steps(words: Sequence[str], place: int, language: Language) -> list[Group]:
    """Return the numbers at a place, longest first; a step over what is no number."""
    groups = list(small_groups(words, place, language))
    if not words[place].isdecimal():
        larger = (Group(end, str(value)) for end, value in cardinals_at(words, place, language) if value >= 100)
        groups += larger
    if not groups or words[place] in ALIKE[language]:
        groups.append(Group(place + 1, ""))
    return groups[::-1]


def _walk(steps: list[list[Group]], reach: list[int], place: int, length: int) -> Iterator[str]:
    """Yield what may be written from a place on, only along ways that come out at the length."""
    if place == len(steps):
        yield ""
        return
    for group in steps[place]:
        left = length - len(group.digits)
        if left >= 0 and reach[group.end] >> left & 1:
            for written in _walk(steps, reach, group.end, left):
                yield group.digits + written
