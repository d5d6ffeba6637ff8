"""What the recogniser may hear in a closed turn: phrases, from which Vosk makes a bigram grammar. Pure.

Every pair of digits is as likely as any other: a phrase that has each pair once says so, and lets long numbers follow
without a pause. That hears more numbers right than a list of single digits does (docs/benchmarks.md).
"""

from functools import cache
from itertools import product
from typing import assert_never

from guichet.core.language import Language
from guichet.transcripts.heard import (
    Digits,
    Expectation,
    FileNumber,
    FreeSpeech,
    Letters,
    OneOf,
    Postcode,
    SpokenDate,
    SpokenTime,
    Telephone,
    YesNo,
)
from guichet.transcripts.number_words import (
    DIGITS,
    MONTHS,
    MORE_DIGITS,
    NO,
    ORDINALS,
    SPELT,
    TEENS,
    TENS,
    YES,
    below_hundred,
)

_WEIGHT = 4
"""How often the pairs of digits count beside grouped numbers: most people say digits one by one."""
ALWAYS = {
    Language.FR: (
        "un agent",
        "parler à un agent",
        "une personne",
        "répétez",
        "vous pouvez répéter",
        "je ne sais pas",
        "aidez moi",
        "au secours",
        "appelez les pompiers",
    ),
    Language.EN: (
        "an agent",
        "i want to speak to an agent",
        "a person",
        "repeat that",
        "say again",
        "i don't know",
        "help me",
        "call an ambulance",
    ),
}
"""What may be said at any question: a person, again, no idea, help. Longer than a digit, so as not to be one."""
ABROAD = {
    Language.FR: ("plus trente trois", "plus quarante quatre", "plus trente deux", "plus quarante et un"),
    Language.EN: ("plus three three", "plus four four", "plus thirty three", "plus forty four"),
}
"""How a number from abroad begins: the sign, which is never last, and the countries that ring most."""
FILE_NUMBER = {
    Language.FR: ("numéro de dossier", "mon numéro de dossier", "le dossier"),
    Language.EN: ("file number", "my file number", "the file"),
}
"""What may be said around a file number, and instead of a birth date to give it."""
_ALPHABET = tuple("abcdefghijklmnopqrstuvwxyz")


def phrases(expects: Expectation, language: Language) -> tuple[str, ...] | None:
    """Return the phrases of a turn in lower case, or None where anything may be said."""
    match expects:
        case FreeSpeech() | SpokenTime():
            return None
        case YesNo():
            asked = (*YES[language], *NO[language])
        case Digits() | Postcode() | Telephone():
            abroad = ABROAD[language] if isinstance(expects, Telephone) else ()
            asked = (*_digits(language), *abroad)
        case SpokenDate():
            asked = (*_dates(language), *FILE_NUMBER[language])
        case Letters():
            asked = _letters(language)
        case FileNumber():
            asked = (*_digits(language), *_letters(language), *FILE_NUMBER[language])
        case OneOf(choices):
            asked = tuple(dict.fromkeys(" ".join(choice.lower().split()) for choice in choices))
        case _:
            assert_never(expects)
    return (*asked, *ALWAYS[language])


def every_pair(words: tuple[str, ...]) -> str:
    """Return a phrase in which each word follows each word, itself too, exactly once (a walk of all edges)."""
    left = {word: list(reversed(words)) for word in words}
    stack, walk = [words[0]], []
    while stack:
        if left[stack[-1]]:
            stack.append(left[stack[-1]].pop())
        else:
            walk.append(stack.pop())
    return " ".join(reversed(walk))


@cache
def _digits(language: Language) -> tuple[str, ...]:
    """Digits one by one, doubled, and in groups up to 99 and by hundreds."""
    repeated = tuple(f"{times} {digit}" for times, digit in product(("double", "triple"), DIGITS[language]))
    groups = below_hundred(language)
    if language is Language.EN:
        single = (every_pair((*DIGITS[language], *MORE_DIGITS[language][:1])),) * _WEIGHT
        return (*single, *repeated, *groups[10:], "hundred", "thousand")
    # In France numbers are said in pairs of digits, a zero before the small ones.
    pairs = tuple(f"zéro {digit}" for digit in DIGITS[language])
    return (every_pair(DIGITS[language]), *repeated, *pairs, *groups, "cent", "cents", "mille", *TENS[language][5:])


@cache
def _dates(language: Language) -> tuple[str, ...]:
    """Days, months and years as they are said: `the third of march nineteen eighty five`, `trois mars 85`."""
    groups, months = below_hundred(language), MONTHS[language]
    if language is Language.FR:
        days = ("premier", *groups[1:32])
        years = ("mille neuf cent", "deux mille", *(f"mille neuf cent {group}" for group in groups[20:]))
        said = (f"{day} {month}" for day, month in product(days, months))
        return (*said, *(f"{month} {year}" for month, year in product(months, years[:2])), *years, *groups, "le")
    days = (*ORDINALS, *(f"twenty {day}" for day in ORDINALS[:9]), "thirtieth", "thirty first")
    said = (f"{day} of {month}" for day, month in product(days, months))
    back = (f"{month} {day}" for day, month in product(days, months))
    years = ("nineteen", "two thousand", "two thousand and", *(f"nineteen {group}" for group in groups[10:]))
    more = (f"{month} {start}" for month, start in product(months, ("nineteen", "two thousand", "twenty")))
    return (
        *said,
        *back,
        *more,
        *years,
        *(f"oh {digit}" for digit in DIGITS[language]),
        *groups,
        "the",
        *TEENS[language],
    )


@cache
def _letters(language: Language) -> tuple[str, ...]:
    """Letters one by one, doubled, and spelt."""
    link = {Language.EN: ("for", "as in"), Language.FR: ("comme",)}[language]
    spelt = tuple(
        f"{letter} {word} {name}" for letter, name in zip(_ALPHABET, SPELT[language], strict=True) for word in link
    )
    other = {
        Language.EN: ("zee", "zed", "x ray"),
        Language.FR: ("double v", "i grec", "accent", "tiret", "apostrophe"),
    }[language]
    doubled = tuple(f"double {letter}" for letter in _ALPHABET)
    return (every_pair(_ALPHABET), *spelt, *SPELT[language], *doubled, *other)
