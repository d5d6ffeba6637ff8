"""The keys under which a citizen is found: names as they sound, birth date, postcode. Pure.

A citizen is stored under a dozen keys; evidence asks for as many as its readings give. The first letter of a key is
its kind and its weight when shared keys are counted: one right birth date outweighs a few half names.
No key is so common that it alone would return a large part of a million records.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from guichet.citizens.birth_date import DateReading, date_readings
from guichet.citizens.citizen import Citizen
from guichet.citizens.names import name_forms, name_readings, name_splits
from guichet.citizens.phonetic import skeleton, sound
from guichet.citizens.postcode import plain, postcode_readings

WEIGHTS = {"d": 6, "n": 6, "k": 3, "f": 3, "g": 2, "p": 3, "m": 2, "y": 2, "o": 1}
"""Of a kind of key: d whole date, n both names' sounds, k both skeletons, f family name and given initial, g given
name and family initial, p postcode with an initial, m day and month, y month and year, o family name alone."""
MOST_KEYS = 400
"""Keys asked for at most; the best readings come first."""


def _name_keys(given: str, family: str) -> set[str]:
    """Return the keys of a given and a family name, folded and joined."""
    first, last = sound(given), sound(family)
    if not first or not last:
        return {f"o{first or last}"} if first or last else set()
    given_bones, family_bones = skeleton(given), skeleton(family)
    return {
        f"n{first}|{last}",
        f"k{given_bones}|{family_bones}",
        f"f{last}|{given_bones[0]}",
        f"g{first}|{family_bones[0]}",
    }


def _postcode_keys(postcode: str, names: Iterable[str]) -> set[str]:
    """Return the keys of a plain postcode: British ones name a street, French ones need the initial of a name too."""
    if not postcode.isdigit():
        return {f"p{postcode}"}
    return {f"p{postcode}|{skeleton(name)[0]}" for name in names if skeleton(name)}


def _date_keys(born: date) -> set[str]:
    """Return the keys of a birth date: whole, day and month, month and year."""
    return {f"d{born:%Y%m%d}", f"m{born:%m%d}", f"y{born:%Y%m}"}


def citizen_keys(citizen: Citizen) -> frozenset[str]:
    """Return every key under which a citizen is found."""
    forms = name_forms(citizen)
    keys = {f"o{sound(family)}" for family in forms.family if family}
    for given in forms.given:
        for family in forms.family:
            keys |= _name_keys(given, family)
    if citizen.birth_date is not None:
        keys |= _date_keys(citizen.birth_date)
    if citizen.postcode:
        keys |= _postcode_keys(plain(citizen.postcode), {*forms.given, *forms.family})
    return frozenset(key for key in keys if len(key) > 1)


def _valid(day: int, month: int, year: int) -> date | None:
    """Return the date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _years(digits: str) -> list[int]:
    """Return the years that two or four digits may mean."""
    if len(digits) == 4:
        return [int(digits)] if "1880" <= digits <= "2099" else []
    return [1900 + int(digits), 2000 + int(digits)] if len(digits) == 2 else []


def possible_dates(reading: DateReading) -> set[date]:
    """Return the dates a reading may mean, in full: day first, or month first for a slip."""
    found: set[date | None] = set()
    for size in (4, 2):
        head, tail = reading.digits[:-size], reading.digits[-size:]
        for year in _years(tail) if head else []:
            if reading.month:
                found.add(_valid(int(head), reading.month, year) if len(head) <= 2 else None)
                continue
            for at in (1, 2):
                left, right = head[:at], head[at:]
                if left and right and len(right) <= 2:
                    found |= {_valid(int(left), int(right), year), _valid(int(right), int(left), year)}
    return {born for born in found if born is not None}


def _heard_date_keys(texts: Sequence[str]) -> Iterable[str]:
    """Return the keys of the dates heard, whole ones first; a named month finds its halves."""
    readings = [reading for text in texts for reading in date_readings(text)]
    for reading in readings:
        for born in sorted(possible_dates(reading)):
            yield f"d{born:%Y%m%d}"
            yield f"m{born:%m%d}"
            yield f"y{born:%Y%m}"
        if reading.month:
            if len(reading.digits) <= 2:
                yield f"m{reading.month:02}{int(reading.digits):02}"
            yield from (f"y{year}{reading.month:02}" for year in _years(reading.digits[-4:]))


def _heard_name_keys(texts: Sequence[str]) -> Iterable[str]:
    """Return the keys of the names heard, at every split of the words, in both orders."""
    for text in texts:
        for reading in name_readings(text):
            for given, family in name_splits(reading):
                yield from sorted(_name_keys(given, family))


def _heard_postcode_keys(texts: Sequence[str], names: Sequence[str]) -> Iterable[str]:
    """Return the keys of the postcodes heard, with the words of the names heard."""
    said = {word for text in names for reading in name_readings(text) for word in reading.words}
    for text in texts:
        for reading in postcode_readings(text):
            yield from sorted(_postcode_keys(reading, said))


def heard_keys(names: Sequence[str], birth_dates: Sequence[str], postcodes: Sequence[str]) -> tuple[str, ...]:
    """Return the keys to look up for what was heard, each once, at most MOST_KEYS."""
    keys = dict.fromkeys(
        key
        for source in (_heard_date_keys(birth_dates), _heard_name_keys(names), _heard_postcode_keys(postcodes, names))
        for key in source
        if 1 < len(key) <= 120
    )
    return tuple(keys)[:MOST_KEYS]
