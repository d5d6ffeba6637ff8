"""Names of months and days of the week, and ordinals, as they are said or written. Pure."""

from functools import cache

from guichet.core.language import Language
from guichet.core.text import words as folded_words
from guichet.transcripts.spoken.cardinals import ENGLISH_TENS, below_hundred

_MONTHS = {
    Language.FR: "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    Language.EN: "january february march april may june july august september october november december",
}
# "sept" is left out in French, where it is seven.
_SHORT_MONTHS = {
    Language.FR: "janv fevr mar avr mai juin juil aou septembre oct nov dec",
    Language.EN: "jan feb mar apr may jun jul aug sept oct nov dec",
}
_WEEKDAYS = {
    Language.FR: "lundi mardi mercredi jeudi vendredi samedi dimanche",
    Language.EN: "monday tuesday wednesday thursday friday saturday sunday",
}
_ENGLISH_ORDINALS = folded_words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th", "er", "eme", "e"})
"""What follows digits in `1er`, `3rd`."""


@cache
def months(language: Language) -> dict[str, int]:
    """Return the months by name, short names too."""
    named = {word: number for number, word in enumerate(_MONTHS[language].split(), 1)}
    return {word: number for number, word in enumerate(_SHORT_MONTHS[language].split(), 1)} | named


@cache
def month_names(language: Language) -> tuple[str, ...]:
    """Return the full names of the months, folded."""
    return tuple(_MONTHS[language].split())


@cache
def weekdays(language: Language) -> dict[str, int]:
    """Return the days of the week, Monday is 0."""
    return {word: number for number, word in enumerate(_WEEKDAYS[language].split())}


@cache
def days_of_month(language: Language) -> dict[tuple[str, ...], int]:
    """Return how the days 1 to 31 are said: cardinals, ordinals, `premier`."""
    said = {words: value for words, value in below_hundred(language).items() if 1 <= value <= 31}
    said.update({(str(day),): day for day in range(1, 32)})
    said.update({(f"0{day}",): day for day in range(1, 10)})
    said.update({(str(day), ending): day for day in range(1, 32) for ending in ORDINAL_ENDINGS})
    if language is Language.FR:
        return said | {("premier",): 1}
    said.update({(word,): day for day, word in enumerate(_ENGLISH_ORDINALS, 1)})
    for word, ten in ENGLISH_TENS.items():
        said.update({(word, _ENGLISH_ORDINALS[unit - 1]): ten + unit for unit in range(1, 10) if ten + unit <= 31})
    return said | {("thirtieth",): 30}
