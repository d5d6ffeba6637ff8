"""Letters and digits as they are spelt aloud, in French and English, back into characters. Pure."""

import re
from collections.abc import Iterator

from guichet.core.text import words

_NATO = words(
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa "
    "quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
)
_FRENCH_PEOPLE = words(
    "anatole berthe celestin desire eugene francois gaston henri irma joseph kleber louis marcel nicolas oscar pierre "
    "quintal raoul suzanne therese ursule victor william xavier yvonne zoe"
)
"""The names of the French telephone alphabet."""

_SOUNDS = {
    "a": "ay eh hey ah",
    "b": "be bee bea bien be",
    "c": "see sea ce cee",
    "d": "dee de",
    "e": "ee euh he",
    "f": "ef eff effe",
    "g": "gee ge",
    "h": "aitch haitch ache hache",
    "i": "eye aye",
    "j": "jay ji jy",
    "k": "kay ka cay okay",
    "l": "el ell elle hell",
    "m": "em emme",
    "n": "en enne and an end",
    "o": "oh eau",
    "p": "pea pee pe",
    "q": "queue que cue ku",
    "r": "are ar arr erre our",
    "s": "es ess esse as",
    "t": "tea tee te",
    "u": "you yu ewe",
    "v": "vee ve",
    "x": "ex ix ixe",
    "y": "why igrec",
    "z": "zed zee zede said bed that",
}
_NUMBERS = {
    "0": "zero nought oh zeros",
    "1": "one won un une",
    "2": "two to too deux",
    "3": "three free trois",
    "4": "four for quatre fore",
    "5": "five cinq fife",
    "6": "six sex sics",
    "7": "seven sept",
    "8": "eight ate huit",
    "9": "nine neuf niner",
}
LETTER_WORDS = {
    **{word: letter for letter, sounds in _SOUNDS.items() for word in sounds.split()},
    **{word: word[0] for word in (*_NATO, *_FRENCH_PEOPLE)},
}
"""What a word spells when letters are expected."""
DIGIT_WORDS = {word: digit for digit, spoken in _NUMBERS.items() for word in spoken.split() if word != "oh"}
"""What a word counts when digits are expected."""
_TWICE = frozenset({"double", "deux", "two"})
_LIKE = frozenset({"comme", "like", "as", "for", "four", "4"})
_SKIPPED = frozenset({"space", "espace", "tiret", "hyphen", "dash", "trait", "apostrophe", "accent", "aigu", "grave"})
_MARKS = str.maketrans({"+": " and ", "&": " and ", "@": " at "})
_PIECE = re.compile(r"\d|[a-z]+")


def spoken_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a reading, signs said as words, `double u` and `i grec` joined."""
    folded = " ".join(words(text.translate(_MARKS)))
    for said, letter in (
        ("double u", "w"),
        ("double you", "w"),
        ("double v", "w"),
        ("double ve", "w"),
        ("i grec", "y"),
        ("x ray", "x"),
    ):
        folded = re.sub(rf"\b{said}\b", letter, folded)
    return tuple(folded.split())


def _without_examples(said: tuple[str, ...]) -> Iterator[str]:
    """Drop the example from `m for mike` and `b comme berthe`, keeping the letter."""
    place = 0
    while place < len(said):
        word = said[place]
        following = said[place + 1 : place + 3]
        names_one = len(following) == 2 and following[0] in _LIKE and following[1].isalpha() and len(following[1]) > 2
        if names_one and word.isalpha() and (len(word) == 1 or word in LETTER_WORDS):
            # A letter heard as a letter counts; heard as a word (`be for Bravo`), the example decides.
            yield following[1][0] if len(word) > 1 else word
            place += 3
        else:
            yield word
            place += 1


def spelt(text: str) -> str:
    """Join what was spelt: `B A double R E` is `barre`, `m comme marcel` is `m`, whole words stay as they are."""
    letters, twice = [], False
    for word in _without_examples(spoken_words(text)):
        if word in _SKIPPED:
            continue
        if word in _TWICE:
            twice = True
            continue
        letter = LETTER_WORDS.get(word, word)
        letters.append(letter * 2 if twice and len(letter) == 1 else letter)
        twice = False
    return "".join(letters)


def is_spelt(text: str) -> bool:
    """Tell whether most words of a reading are letters, as in `k i CI e` or `Delta Echo Bravo`."""
    said = spoken_words(text)
    spelling = sum(len(word) <= 2 or word in _NATO or word in _SKIPPED or word in _LIKE for word in said)
    return len(said) > 2 and spelling * 2 > len(said)


def code(text: str) -> str:
    """Read letters and digits of a code (a postcode): `tango n 5 are one f j` is `tn5r1fj`.

    Words that spell nothing are dropped; a run of letters and digits is kept as it is.
    """
    found = []
    for word in _without_examples(spoken_words(text)):
        if word in DIGIT_WORDS:
            found.append(DIGIT_WORDS[word])
        elif word in LETTER_WORDS:
            found.append(LETTER_WORDS[word])
        elif len(word) <= 4 or any(sign.isdigit() for sign in word):
            found.extend(_PIECE.findall(word))
    return "".join(found)
