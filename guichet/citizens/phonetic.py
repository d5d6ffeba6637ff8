"""A phonetic key for names, French first and decent for British ones: names that sound alike share a key. Pure.

The key is written in capitals for sounds: consonants as they sound (`X` for ch and sh, `J` for soft g, `K`, `S`…),
vowels in five classes and nasal vowels as `2`. Rules are tried in order at each place of the folded name; the
first that fits says what is sounded and how many letters it eats. They were written from French and English
orthography, not fitted to any list of names.
"""

import re
from functools import lru_cache

from guichet.core.text import fold

_END = r"(?=s?$)"
_NASAL = r"(?![aeiouynmh])"

_RULES: tuple[tuple[str, str], ...] = (
    # starts that English keeps silent
    (r"^kn", "N"),
    (r"^wr", "R"),
    (r"^ps", "S"),
    (r"^mac(?=[b-df-hj-np-tv-z])", "MAK"),
    (r"^mc", "MAK"),
    # vowels written with several letters
    (r"e?aux?", "O"),
    (r"oeu|eu|ueu", "E"),
    (r"oi[nm]" + _NASAL, "U2"),
    (r"oi|oy(?![aeiou])", "UA"),
    (r"igh", "I"),
    (r"ough", "O"),
    (r"(?:ai|ei|ey|ay)[nm]" + _NASAL, "2"),
    (r"ie[nm]" + _NASAL, "I2"),
    (r"[aeiuy][nm](?=[^aeiouynmh]|$)", "2"),
    (r"o[nm](?=[^aeiouynmh]|$)", "2"),
    (r"oo|ou|ow|w(?=[aeiou])(?<=o)", "U"),
    (r"ea(?=[lrdn])|ee|ie(?=s?$)|ea$|ey" + _END, "I"),
    (r"(?:ai|ei|ay|ey|ae)e?(?:s|t|x|z)?$", "E"),
    (r"ai|ei|ay|ey|ae", "E"),
    (r"e[rzt]s?$", "E"),
    (r"oe", "E"),
    # consonants
    (r"sch|sh|tch|ch(?![rln])", "X"),
    (r"ch", "K"),
    (r"ph", "F"),
    (r"gh(?=t)|gh$", ""),
    (r"th", "T"),
    (r"(?<=[^q])uill(?=[aeiouy])", "UI"),
    (r"(?<=[aeou])ill(?=[aeiouy])", "I"),
    (r"gn", "N"),
    (r"qu?|ck|cqu?|k", "K"),
    (r"sc(?=[eiy])", "S"),
    (r"c+(?=[eiy]|oi[sz])", "S"),  # the cedilla of François is folded away
    (r"c+", "K"),
    (r"gu(?=[eiy])", "G"),
    (r"ge(?=[aou])", "J"),
    (r"dg(?=e)|g(?=[eiy])|j", "J"),
    (r"g+", "G"),
    (r"b(?=v)", ""),
    (r"wh", "V"),
    (r"w|v", "V"),
    (r"x" + _END, ""),
    (r"x", "KS"),
    (r"(?<=[aeiouyrnl])(?:[dtsz]|ts|ds|lt|ld)s?$", ""),
    (r"s+$|z$", ""),
    (r"z|s+", "S"),
    (r"h", ""),
    (r"e" + _END, ""),
    (r"a", "A"),
    (r"e", "E"),
    (r"[iy]", "I"),
    (r"o", "O"),
    (r"u", "U"),
    (r"bb?", "B"),
    (r"dd?", "D"),
    (r"ff?", "F"),
    (r"ll?", "L"),
    (r"mm?", "M"),
    (r"nn?", "N"),
    (r"pp?", "P"),
    (r"rr?", "R"),
    (r"tt?", "T"),
)
_SOUNDS = tuple(sounded for _, sounded in _RULES)
_ANY = re.compile("|".join(f"({pattern})" for pattern, _ in _RULES))
"""All rules in one, so that the first that fits is found in C; none has groups of its own."""
_TWICE = re.compile(r"(.)\1+")
_LETTER = re.compile(r"[^a-z]")


@lru_cache(maxsize=65536)
def sound(name: str) -> str:
    """Return how one name sounds: `Catherine` and `Katherine` are both `KATERIN`; empty for no letters."""
    letters = _LETTER.sub("", fold(name))
    heard = "".join(_SOUNDS[(fits.lastindex or 1) - 1] for fits in _ANY.finditer(letters))
    return _TWICE.sub(r"\1", heard) or letters[:1].upper()


_SKELETON = str.maketrans({"2": "N", "B": "P", "D": "T", "V": "F", "G": "K", "J": "X", "M": "N"})


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """Return the coarse key: the consonants in classes (b with p, d with t…), and whether a vowel starts the name."""
    sounds = sound(name)
    consonants = "".join(letter for letter in sounds[1:] if letter not in "AEIOU")
    first = "A" if sounds[:1] in tuple("AEIOU2") else sounds[:1]
    tail = ("N" if sounds[:1] == "2" else "") + consonants
    return _TWICE.sub(r"\1", (first + tail).translate(_SKELETON))
