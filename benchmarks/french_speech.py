"""How invented people say their name, birth date and postcode, and what a recogniser makes of it.

Written from French orthography and phonetics, not from the rules of `guichet/citizens/phonetic.py`:
- homophones: letters that sound alike take each other's place (ph for f, eau for o, silent ends come and go);
- what is misheard: sounds that differ by voice or place alone (b and p, m and n, é and i), now and then a space;
- a vocabulary: what was said becomes the nearest of the common surnames, as recognisers do with strange names;
- people: reversed order, birth name for the usual one, half of a double name, particles left out, `j'habite au`.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from benchmarks.french_people import Person, surnames
from guichet.core.text import fold

_HOMOPHONES = (
    *(
        ("ph", "f"),
        ("f", "ph"),
        ("eau", "o"),
        ("au", "o"),
        ("o", "au"),
        ("y", "i"),
        ("i", "y"),
        ("th", "t"),
        ("t", "th"),
    ),
    *(
        ("c(?=[aou])", "k"),
        ("k", "c"),
        ("qu", "k"),
        ("ain", "in"),
        ("in$", "ain"),
        ("in", "ein"),
        ("en(?=[tdc])", "an"),
    ),
    *(("an(?=[tdc])", "en"), ("ai", "e"), ("é", "er"), ("er$", "ez"), ("et$", "ay"), ("ll", "l"), ("l(?=e)", "ll")),
    *(("tt", "t"), ("nn", "n"), ("n(?=e$)", "nn"), ("ss", "c"), ("z", "s"), ("^h", ""), ("(?<=t)h", ""), ("oi", "oua")),
    *(("s$", ""), ("t$", ""), ("d$", ""), ("x$", ""), ("$", "s"), ("e$", ""), ("(?<=[lrn])$", "e"), ("ge", "je")),
)
_MISHEARD = (
    *(
        ("b", "p"),
        ("p", "b"),
        ("d", "t"),
        ("t", "d"),
        ("g(?=[aour])", "k"),
        ("c(?=[aour])", "g"),
        ("v", "f"),
        ("f", "v"),
    ),
    *(("m", "n"), ("n(?=[aeiouy])", "m"), ("ch", "j"), ("j", "ch"), ("l", "r"), ("r", "l"), ("é", "i"), ("i", "é")),
    *(("on", "an"), ("an", "on"), ("ou", "o"), ("o", "ou"), ("in", "an"), ("u", "i"), ("e", "a"), ("a", "e")),
)
_LEADS = ("", "", "", "", "oui ", "euh ", "c'est ", "je m'appelle ", "oui bonjour c'est ", "alors ")
_UNITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"),
    *("novembre", "décembre"),
)
_NUMBERS_MISHEARD = {
    "deux": "douze",
    "douze": "deux",
    "trois": "treize",
    "treize": "trois",
    "six": "dix",
    "dix": "six",
    "seize": "treize",
    "cinq": "cent",
    "cent": "cinq",
    "sept": "cette",
    "huit": "oui",
    "un": "en",
    "onze": "on",
    "mars": "mai",
    "juin": "juillet",
    "juillet": "juin",
    "mai": "mais",
}


@dataclass(frozen=True, slots=True)
class Line:
    """How bad the line is: chances that a word is written otherwise, misheard, or made a known one."""

    homophone: float = 0.35
    misheard: float = 0.15
    vocabulary: float = 0.08


def number(value: int) -> str:
    """Write 0 to 9,999 in French words."""
    if value < 20:
        return _UNITS[value]
    if value < 100:
        ten = value // 10 * 10
        base = ten - 10 if ten in {70, 90} else ten
        rest = value - base
        link = " et " if rest in {1, 11} and base != 80 else "-"
        return _TENS[base] + (f"{link}{_UNITS[rest]}" if rest else "")
    if value < 1000:
        head = "cent" if value < 200 else f"{_UNITS[value // 100]} cent"
        return f"{head} {number(value % 100)}" if value % 100 else head
    head = "mille" if value < 2000 else f"{_UNITS[value // 1000]} mille"
    return f"{head} {number(value % 1000)}" if value % 1000 else head


def _changed(word: str, rules: Sequence[tuple[str, str]], chance: random.Random) -> str:
    """Change one place of a word by one of the rules that fit."""
    fitting = [rule for rule in rules if re.search(rule[0], word)]
    if not fitting:
        return word
    old, new = chance.choice(fitting)
    place = chance.choice(list(re.finditer(old, word)))
    return word[: place.start()] + new + word[place.end() :] or word


def _heard_word(word: str, line: Line, chance: random.Random) -> str:
    """Return what is heard for one word of a name."""
    if chance.random() < line.homophone:
        word = _changed(word, _HOMOPHONES, chance)
    if chance.random() < line.misheard:
        word = _changed(word, _MISHEARD, chance)
    if chance.random() < line.vocabulary:
        known = [name.lower() for name in surnames().things[:5000]]
        found = process.extractOne(word, known, scorer=Levenshtein.distance, score_cutoff=2)
        word = found[0] if found else word
    return word


def said_name(person: Person, chance: random.Random) -> str:
    """Return the name as the person says it."""
    given = person.given.split(" ")[0].lower()
    family = person.usual_name if person.usual_name and chance.random() < 0.85 else person.birth_name
    family = family.lower()
    if "-" in family and chance.random() < 0.3:
        family = chance.choice(family.split("-"))
    if " " in family and chance.random() < 0.2:
        family = family.split(" ", 1)[1]
    if "-" in given and chance.random() < 0.15:
        given = given.split("-", maxsplit=1)[0]
    parts = [family, given] if chance.random() < 0.12 else [given, family]
    return " ".join(parts).replace("-", " ")


def said_date(born: date, chance: random.Random) -> str:
    """Return a birth date as it is said: with the month's name, or in numbers."""
    year = number(born.year if chance.random() < 0.6 or born.year >= 2000 else born.year % 100)
    day = "premier" if born.day == 1 else number(born.day)
    if chance.random() < 0.75:
        return f"{chance.choice(('le ', ''))}{day} {_MONTHS[born.month - 1]} {year}"
    zeros = chance.random() < 0.5
    told = [f"zéro {number(part)}" if zeros and part < 10 else number(part) for part in (born.day, born.month)]
    return f"{' '.join(told)} {year}"


def said_postcode(postcode: str, chance: random.Random) -> str:
    """Return a French postcode as it is said: in two numbers, by pairs, or digit by digit."""
    lead = chance.choice(("", "", "c'est le ", "j'habite au "))
    head, tail = postcode[:2], postcode[2:]
    first = f"zéro {number(int(head[1]))}" if head[0] == "0" else number(int(head))
    rest = " ".join(map(number, map(int, tail))) if tail[0] == "0" else number(int(tail))
    told = " ".join(map(number, map(int, postcode))) if chance.random() < 0.2 else f"{first} {rest}"
    return lead + told


def _heard_number(text: str, chance: random.Random, wrong: float = 0.05) -> str:
    """Return what is heard for a text of numbers: a word misheard, or lost."""
    words = []
    for word in text.replace("-", " ").split(" "):
        heard = _NUMBERS_MISHEARD.get(word, word) if chance.random() < wrong else word
        words += [heard] if chance.random() > wrong / 4 else []
    return " ".join(words) or text


def heard_name(said: str, chance: random.Random, line: Line = Line()) -> list[str]:
    """Return the readings of a name, best first."""
    readings = []
    lead = chance.choice(_LEADS)
    for _ in range(chance.choice((1, 2, 3, 5))):
        heard = " ".join(_heard_word(word, line, chance) for word in said.split(" "))
        if chance.random() < 0.05:
            heard = heard.replace(" ", "", 1)
        readings.append(lead + heard)
    return list(dict.fromkeys(readings))


def spelt_name(name: str, chance: random.Random) -> list[str]:
    """Return what is heard of a name that is spelt, with some letters taken for others of like names."""
    like = {"b": "d", "d": "b", "p": "t", "t": "p", "m": "n", "n": "m", "f": "s", "s": "f", "g": "j", "j": "g"}
    letters = [like.get(letter, letter) if chance.random() < 0.06 else letter for letter in fold(name).replace(" ", "")]
    return [" ".join(letters)]


def heard_date(born: date, chance: random.Random) -> list[str]:
    """Return the readings of a birth date."""
    said = said_date(born, chance)
    return list(dict.fromkeys(_heard_number(said, chance) for _ in range(chance.choice((1, 2, 3)))))


def heard_postcode(postcode: str, chance: random.Random) -> list[str]:
    """Return the readings of a postcode."""
    said = said_postcode(postcode, chance)
    return list(dict.fromkeys(_heard_number(said, chance) for _ in range(chance.choice((1, 2)))))
