"""Letters as they are spelt aloud: plain (`bé`, `double v`) or by example (`A comme Anatole`, `M for Mike`). Pure."""

import re
from collections.abc import Iterator

from guichet.core.language import Language
from guichet.core.text import words as folded_words
from guichet.transcripts.spoken.fillers import FILLERS
from guichet.transcripts.spoken.said import said

_ALIKE = {
    Language.FR: {
        "A": "ah ha",
        "B": "be bee bes",
        "C": "ce ces cee ses se",
        "D": "de des dee",
        "E": "eux",
        "F": "effe ef",
        "G": "ge jet",
        "H": "hache ache",
        "I": "hi ie",
        "J": "ji gi",
        "K": "ka cas kas",
        "L": "elle el elles aile ailes",
        "M": "aime em emme aimes",
        "N": "enne haine aine",
        "O": "oh eau au eaux haut",
        "P": "pe pes paix",
        "Q": "ku cu",
        "R": "air erre aire er ere",
        "S": "esse es",
        "T": "te the thes tes",
        "U": "hue eu",
        "V": "ve",
        "W": "",
        "X": "ixe ix",
        "Y": "",
        "Z": "zede zed",
    },
    Language.EN: {
        "A": "ay eh hey",
        "B": "be bee bea",
        "C": "see sea cee",
        "D": "dee",
        "E": "ee",
        "F": "ef eff",
        "G": "gee jee",
        "H": "aitch haitch",
        "I": "eye aye",
        "J": "jay",
        "K": "kay cay",
        "L": "el ell elle hell",
        "M": "em",
        "N": "en end",
        "O": "oh owe",
        "P": "pea pee",
        "Q": "queue cue que",
        "R": "are our ar",
        "S": "es ess",
        "T": "tea tee",
        "U": "you yew ewe",
        "V": "vee",
        "W": "",
        "X": "ex",
        "Y": "why wye",
        "Z": "zed zee",
    },
}
"""What recognisers write for the name of a letter."""

NATO = folded_words(
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo "
    "sierra tango uniform victor whiskey xray yankee zulu"
)
NATO_SPELLINGS = ("alfa", "juliett", "juliette", "whisky")
FRENCH_EXAMPLES = folded_words(
    "anatole berthe celestin desire eugene francois gaston henri irma joseph kleber louis marcel nicolas oscar pierre "
    "quintal raoul suzanne therese ursule victor william xavier yvonne zoe"
)
LIKE = {Language.FR: frozenset({"comme"}), Language.EN: frozenset({"for", "as", "like", "four", "fore", "4"})}
_JOINED: dict[tuple[str, ...], str] = {
    ("double", "v"): "w",
    ("double", "ve"): "w",
    ("double", "u"): "w",
    ("double", "you"): "w",
    ("i", "grec"): "y",
    ("y", "grec"): "y",
    ("i", "grecque"): "y",
    ("x", "ray"): "xray",
    ("as", "in"): "like",
}
_TWICE = {Language.FR: frozenset({"double", "deux"}), Language.EN: frozenset({"double", "two"})}
_HEARD_AS = ("sfxc", "mn", "bdptevgczq", "ahjk", "iy", "uqw")
"""Letters whose names are mistaken for each other on the telephone."""
_ELIDED = re.compile(r"\b\w+['’]\w+")
"""Words with an apostrophe (`c'est`, `that's`) are no letters."""
_MARKS = frozenset(
    folded_words("tiret apostrophe accent aigu grave circonflexe trema cedille majuscule hyphen dash space capital")
)


def letter_of(word: str, language: Language) -> str | None:
    """Return the letter (upper case) a folded word names: itself, its name, or a word of a spelling alphabet."""
    if len(word) == 1 and word.isalpha():
        return word.upper()
    if word in NATO or word in NATO_SPELLINGS or (language is Language.FR and word in FRENCH_EXAMPLES):
        return word[0].upper()
    return next((letter for letter, names in _ALIKE[language].items() if word in names.split()), None)


def joined_words(text: str, language: Language) -> tuple[str, ...]:
    """Return the folded words, `double v`, `i grec` and `x-ray` made one."""
    words = said(_ELIDED.sub(" ", text), language).words
    joined: list[str] = []
    place = 0
    while place < len(words):
        pair = _JOINED.get(words[place : place + 2])
        joined.append(pair or words[place])
        place += 2 if pair else 1
    return tuple(joined)


def without_examples(words: tuple[str, ...], language: Language) -> Iterator[str]:
    """Yield the words, with `b comme berthe` and `m for mike` reduced to their letter."""
    place = 0
    while place < len(words):
        word, following = words[place], words[place + 1 : place + 3]
        letter = letter_of(word, language)
        has_example = len(following) == 2 and following[0] in LIKE[language] and _is_example(following[1], language)
        if has_example and word.isalpha() and (letter or following[0].isalpha()):
            yield _by_example(letter or following[1][0], following[1], is_plain=len(word) == 1)
            place += 3
        elif len(word) == 1 and following and _stands_for(following[0], language) == word:
            # `x x-ray`, `m mike`: the little word between was not said, or not heard.
            yield word
            place += 2
        else:
            yield word
            place += 1


def _stands_for(word: str, language: Language) -> str | None:
    """Return the letter that a word of a spelling alphabet stands for."""
    is_known = word in NATO or word in NATO_SPELLINGS or (language is Language.FR and word in FRENCH_EXAMPLES)
    return word[0] if is_known else None


def _is_example(word: str, language: Language) -> bool:
    """Tell whether a word may be an example rather than the next letter."""
    return word.isalpha() and len(word) > 2 and (letter_of(word, language) in (None, word[0].upper()))


def _by_example(letter: str, example: str, *, is_plain: bool) -> str:
    """Return the letter meant: the example corrects a letter that sounds like it, `P for fillip` stays a P.

    The words of a spelling alphabet stand for one letter alone: `I for alpha` was an A.
    """
    initial = example[0]
    if example in NATO or example in NATO_SPELLINGS or example in FRENCH_EXAMPLES:
        return initial
    alike = any(letter.lower() in group and initial in group for group in _HEARD_AS)
    return initial if alike or not is_plain else letter.lower()


def letters(text: str, language: Language) -> str | None:
    """Read spelt letters, in upper case; None if there are none, or if most of the text is something else."""
    found: list[str] = []
    strange, times = 0, 1
    for word in without_examples(joined_words(text, language), language):
        if word in _TWICE[language]:
            times = 2
            continue
        letter = letter_of(word, language)
        if letter is not None:
            found.append(letter * times)
        elif word not in _MARKS and word not in FILLERS[language]:
            strange += 1
        times = 1
    return "".join(found) if found and strange <= len(found) else None
