"""Names as they were heard against those on record: spelt, reversed, compound, with particles, birth or usual. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel

from guichet.citizens.citizen import Citizen
from guichet.citizens.phonetic import sound
from guichet.citizens.spelling import is_spelt, spelt
from guichet.core.text import fold, words

Scores = npt.NDArray[np.float64]

_PARTICLES = frozenset(
    ["de", "du", "des", "d", "la", "le", "les", "l", "van", "von", "der", "den", "di", "da", "del", "ben", "el", "al"]
)
_INTRODUCTIONS = (
    *[
        "oui",
        "alors",
        "euh",
        "bonjour",
        "yes",
        "hello",
        "so",
        "um",
        "well",
        "ici",
        "monsieur",
        "madame",
        "mademoiselle",
    ],
    *["mister", "mr", "mrs", "miss", "ms", "docteur", "it s", "its", "c est", "this is", "i am", "i m", "my name is"],
    *["my name s", "name is", "moi c est", "je suis", "je m appelle", "mon nom est", "mon nom c est", "le nom est"],
)
_LEAD_IN = re.compile(rf"^(?:(?:{'|'.join(_INTRODUCTIONS)})\s+)+")
_HALF_SPELLING, _HALF_SOUND = 0.5, 0.48
"""What spelling and sound are worth together: names that only sound alike are nearly the same."""
_SAID = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class NameForms:
    """The ways a person on record may say their given and family names: folded, without spaces."""

    given: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameReading:
    """One reading: as words in order, and joined."""

    words: tuple[str, ...]
    joined: str


@lru_cache(maxsize=65536)
def _given_forms(given_names: str) -> tuple[str, ...]:
    """Return the first given name (compound names whole, and their first half), and all of them."""
    names = _SAID.findall(given_names.replace(",", " ")) or [given_names]
    first = fold(names[0])
    forms = (first.replace(" ", ""), first.split(" ")[0], fold(given_names).replace(" ", ""))
    return tuple(dict.fromkeys(form for form in forms if form)) or ("",)


@lru_cache(maxsize=65536)
def _family_forms(*family_names: str) -> tuple[str, ...]:
    """Return each name whole, without its particles, and the two names joined."""
    forms: list[str] = []
    for name in filter(None, family_names):
        parts = words(name)
        bare = [part for part in parts if part not in _PARTICLES] or list(parts)
        forms += ["".join(parts), "".join(bare), *(part for part in bare if len(part) > 2)]
    if len(family_names) > 1 and all(family_names):
        forms += [fold("".join(order)).replace(" ", "") for order in (family_names, family_names[::-1])]
    return tuple(dict.fromkeys(form for form in forms if form)) or ("",)


def name_forms(citizen: Citizen) -> NameForms:
    """Return the ways a citizen may say their names."""
    return NameForms(_given_forms(citizen.given_names), _family_forms(citizen.birth_name, citizen.usual_name))


@lru_cache(maxsize=4096)
def name_readings(text: str) -> tuple[NameReading, ...]:
    """Return what a reading may say: its words without lead-in; for a spelt one, the letters joined as well."""
    bare = _LEAD_IN.sub("", fold(text))
    parts = tuple(bare.split())
    found = [NameReading(parts[:6], "".join(parts))] if parts else []
    if is_spelt(bare):
        letters = spelt(bare)
        found.append(NameReading((letters,), letters))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class NameScores:
    """For each record, the similarities 0 to 1 of given and family name at the best split, and of the whole name."""

    given: Scores
    family: Scores
    whole: Scores

    @property
    def mean(self) -> Scores:
        """The one similarity that is weighed: three views of a name err less than one.

        A name spelt in one run cannot be split; the whole speaks for it, at a discount.
        """
        return np.maximum((self.given + self.family + self.whole) / 3, 0.92 * self.whole)


Pair = tuple[str, str]
"""A thing said or on record: its letters, and its sounds."""


def _sounded(name: str) -> Pair:
    """Return a name with its sounds."""
    return name, sound(name)


@lru_cache(maxsize=65536)
def _all_sounded(forms: tuple[str, ...]) -> tuple[Pair, ...]:
    """Return the forms of a name with their sounds; many people bear the same one."""
    return tuple(map(_sounded, forms))


def _similar(said: Sequence[Pair], forms: Sequence[Sequence[Pair]]) -> Scores:
    """Compare each thing said with the best form of each record: spelling, or sound at a small discount."""
    flat = [form for own in forms for form in own]
    starts = np.cumsum([0, *(len(own) for own in forms[:-1])])
    spelling, sounds = (
        process.cdist([one[part] for one in said], [one[part] for one in flat], scorer=Indel.normalized_similarity)
        for part in (0, 1)
    )
    both = np.maximum(spelling, _HALF_SPELLING * spelling + _HALF_SOUND * sounds)
    grouped: Scores = np.maximum.reduceat(both, starts, axis=1).astype(np.float64)
    return grouped


def _wholes(record: NameForms) -> list[Pair]:
    """Return the names of a record in one run, in both orders; each part keeps the sounds that it has alone."""
    given, family = _all_sounded(record.given), _all_sounded(record.family)
    runs = [
        (one[0] + two[0], one[1] + two[1])
        for first in given
        for last in family
        for one, two in ((first, last), (last, first))
    ]
    return list(dict.fromkeys(runs))


def name_splits(reading: NameReading) -> list[tuple[str, str]]:
    """Return (given, family) as the words may be meant, usual order and reversed."""
    count = len(reading.words)
    halves = [("".join(reading.words[:at]), "".join(reading.words[at:])) for at in range(count + 1)]
    return list(dict.fromkeys([*halves, *((right, left) for left, right in halves)]))


def name_similarity(heard: Sequence[str], records: Sequence[NameForms]) -> NameScores | None:
    """Compare readings with records; None if no reading holds a letter."""
    readings = [reading for text in heard for reading in name_readings(text)]
    if not readings:
        return None
    splits = list(dict.fromkeys(split for reading in readings for split in name_splits(reading)))
    pieces = list(dict.fromkeys(piece for split in splits for piece in split))
    place = {piece: number for number, piece in enumerate(pieces)}
    sounded = [_sounded(piece) for piece in pieces]
    given = _similar(sounded, [_all_sounded(record.given) for record in records])
    family = _similar(sounded, [_all_sounded(record.family) for record in records])
    lefts, rights = (np.array([place[split[side]] for split in splits]) for side in (0, 1))
    best = (given[lefts] + family[rights]).argmax(axis=0)
    column = np.arange(len(records))
    joined = list(dict.fromkeys((reading.joined, "".join(map(sound, reading.words))) for reading in readings))
    whole = _similar(joined, [_wholes(record) for record in records]).max(axis=0)
    return NameScores(given[lefts[best], column], family[rights[best], column], whole)


@lru_cache(maxsize=16384)
def _alike(said: str, form: str) -> float:
    """Compare one thing said with one form, as `_similar` does."""
    spelling = Indel.normalized_similarity(said, form)
    sounds = Indel.normalized_similarity(sound(said), sound(form))
    return max(spelling, _HALF_SPELLING * spelling + _HALF_SOUND * sounds)


def piece_similarity(said: str, forms: tuple[str, ...]) -> float:
    """Return how alike one thing said and the best form of one name are, 0 to 1."""
    return max((_alike(said, form) for form in forms), default=0.0) if said else 0.0


def given_likeness(answers: Sequence[Sequence[str]], citizen: Citizen) -> float:
    """Return how alike the given name said and the one on record are, in the best answer; 1 if none was heard."""
    forms = name_forms(citizen)
    splits = [best_split(heard, forms) for heard in answers]
    return max((piece_similarity(given, forms.given) for given, family in splits if given and family), default=1.0)


def name_said(said: str, citizen: Citizen) -> str:
    """Return the family name of a citizen, at birth or usual, that was meant by what was said."""
    names = [name for name in (citizen.usual_name, citizen.birth_name) if name]
    return max(names, key=lambda name: piece_similarity(said, _family_forms(name)), default="")


def best_split(heard: Sequence[str], record: NameForms) -> tuple[str, str]:
    """Return what was said for the given and for the family name in the reading and split that fit a record best."""
    splits = [split for text in heard for reading in name_readings(text) for split in name_splits(reading)]

    def likeness(split: tuple[str, str]) -> float:
        return piece_similarity(split[0], record.given) + piece_similarity(split[1], record.family)

    return max(splits, key=likeness, default=("", ""))
