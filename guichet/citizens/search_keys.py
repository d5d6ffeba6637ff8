"""The keys under which a citizen is found: names as they sound, birth date, postcode. Pure.

A citizen is stored under a score of keys; evidence asks for as many as its readings give. The first letter of a key is
its kind and its weight when shared keys are counted: one right birth date outweighs a few half names.
No key is so common that it alone would return a large part of a million records.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from guichet.citizens.birth_date import date_readings, possible_dates, years
from guichet.citizens.citizen import Citizen
from guichet.citizens.names import name_forms, name_readings, name_splits
from guichet.citizens.phonetic import skeleton, sound
from guichet.citizens.postcode import plain, postcode_readings

WEIGHTS = {"d": 6, "j": 6, "p": 4, "k": 3, "f": 3, "g": 2, "m": 2, "y": 2, "o": 1, "h": 1, "q": 1}
"""Of a kind of key: d whole date, j the sound of both names in one run, p postcode (a French one with an initial), k
both skeletons, f family name and given initial, g given name and family initial, m day and month, y month and year
(both with an initial), o family name alone, h given name alone, q district of a British postcode."""
COMMON = 3000
"""A key that more citizens share says too little to be read."""
MOST_ENTRIES = 30_000
"""Citizens counted for one look-up, each as often as they share a key: the rarest keys come first."""
MOST_KEYS = 400
"""Keys asked for at most; the best readings come first."""


def _name_keys(given: str, family: str) -> set[str]:
    """Return the keys of a given and a family name, folded and joined."""
    first, last = sound(given), sound(family)
    if not first or not last:
        alone = first or last
        return {f"o{alone}", f"h{alone}", f"j{alone}"} if alone else set()
    given_bones, family_bones = skeleton(given), skeleton(family)
    return {
        f"j{sound(given + family)}",
        f"k{given_bones}|{family_bones}",
        f"f{last}|{given_bones[0]}",
        f"g{first}|{family_bones[0]}",
    }


def _districts(postcode: str) -> list[str]:
    """Return the districts that a British postcode may begin with: its letters with one digit, or with two."""
    starts = [re.match(rf"[a-z]{{1,2}}\d{{{digits}}}", postcode) for digits in (1, 2)]
    return [start.group() for start in starts if start]


def _initials(names: Iterable[str]) -> list[str]:
    """Return the classes of sounds that names begin with."""
    return sorted({skeleton(name)[0] for name in names if skeleton(name)})


def _postcode_keys(postcode: str, initials: Sequence[str]) -> set[str]:
    """Return the keys of a plain postcode: British ones name a street, French ones need the initial of a name too."""
    if not postcode.isdigit():
        return {f"p{postcode}", *(f"q{district}" for district in _districts(postcode)[-1:])}
    return {f"p{postcode}|{initial}" for initial in initials}


def _date_keys(born: date, initials: Sequence[str]) -> Iterable[str]:
    """Return the keys of a birth date: whole, and its day and month, or month and year, with an initial."""
    yield f"d{born:%Y%m%d}"
    for initial in initials:
        yield f"m{born:%m%d}|{initial}"
        yield f"y{born:%Y%m}|{initial}"


def citizen_keys(citizen: Citizen) -> frozenset[str]:
    """Return every key under which a citizen is found."""
    forms = name_forms(citizen)
    # All given names in one run are nearly never said; the first, with its hyphen or without, is.
    given_forms = [given for given in forms.given[:2] if given]
    families = [family for family in forms.family if family]
    keys = {f"o{sound(family)}" for family in families} | {f"h{sound(given)}" for given in given_forms}
    for given in given_forms:
        for family in families:
            keys |= _name_keys(given, family)
    initials = _initials(families)
    if citizen.birth_date is not None:
        keys.update(_date_keys(citizen.birth_date, initials))
    if citizen.postcode:
        keys |= _postcode_keys(plain(citizen.postcode), initials)
    return frozenset(key for key in keys if len(key) > 1)


def _said_initials(names: Sequence[str]) -> list[str]:
    """Return the initials of every word of the names heard."""
    return _initials({word for text in names for reading in name_readings(text) for word in reading.words})


def _heard_date_keys(texts: Sequence[str], names: Sequence[str]) -> Iterable[str]:
    """Return the keys of the dates heard, whole ones first; with the names heard, halves of dates find somebody too."""
    initials = _said_initials(names)
    readings = [reading for text in texts for reading in date_readings(text)]
    for reading in readings:
        for born in sorted(possible_dates(reading)):
            yield from _date_keys(born, initials)
        if reading.month:
            halves = [f"y{year}{reading.month:02}" for year in years(reading.digits[-4:])]
            if len(reading.digits) <= 2:
                halves.append(f"m{reading.month:02}{int(reading.digits):02}")
            yield from (f"{half}|{initial}" for half in halves for initial in initials)


def _heard_name_keys(texts: Sequence[str]) -> Iterable[str]:
    """Return the keys of the names heard, at every split of the words, in both orders."""
    for text in texts:
        for reading in name_readings(text):
            for given, family in name_splits(reading):
                yield from sorted(_name_keys(given, family))


def _heard_postcode_keys(texts: Sequence[str], names: Sequence[str]) -> Iterable[str]:
    """Return the keys of the postcodes heard, with the words of the names heard."""
    initials = _said_initials(names)
    for text in texts:
        for reading in postcode_readings(text):
            yield from sorted(_postcode_keys(reading, initials))
            if not reading.isdigit():
                yield from (f"q{district}" for district in _districts(reading))


def heard_keys(names: Sequence[str], birth_dates: Sequence[str], postcodes: Sequence[str]) -> tuple[str, ...]:
    """Return the keys to look up for what was heard, each once, at most MOST_KEYS."""
    keys = dict.fromkeys(
        key
        for source in (
            _heard_date_keys(birth_dates, names),
            _heard_postcode_keys(postcodes, names),
            _heard_name_keys(names),
        )
        for key in source
        if 1 < len(key) <= 120
    )
    return tuple(keys)[:MOST_KEYS]
