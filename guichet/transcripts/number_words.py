"""The words of numbers, letters, months and answers, in French and English: what grammars and masks are made of. Pure.

Their meaning is not here: see `understand`.
"""

# Lists of words read best as text.
# ruff: noqa: SIM905

from guichet.core.language import Language

DIGITS = {
    Language.EN: ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    Language.FR: ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
}
"""The ten digits, in order."""
MORE_DIGITS = {Language.EN: ("oh", "nought"), Language.FR: ("une",)}
"""Other words for a digit."""
TEENS = {
    Language.EN: tuple(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
    ),
    Language.FR: tuple("dix onze douze treize quatorze quinze seize".split()),
}
TENS = {
    Language.EN: tuple("twenty thirty forty fifty sixty seventy eighty ninety".split()),
    Language.FR: tuple("vingt trente quarante cinquante soixante septante huitante octante nonante".split()),
}
OTHERS = {
    Language.EN: ("hundred", "thousand", "million", "double", "triple"),
    Language.FR: ("cent", "cents", "mille", "million", "millions", "vingts", "double", "triple"),
}
"""Words that make bigger or repeated numbers."""
MONTHS = {
    Language.EN: tuple(
        "january february march april may june july august september october november december".split(),
    ),
    Language.FR: tuple(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    ),
}
ORDINALS = tuple(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
)
"""English days of the month, first to twentieth; then come thirtieth and the joined ones."""
SPELT = {
    Language.EN: (
        *"alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa".split(),
        *"quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu".split(),
    ),
    Language.FR: (
        *"anatole berthe célestin désiré eugène françois gaston henri irma joseph kléber louis marcel nicolas".split(),
        *"oscar pierre quintal raoul suzanne thérèse ursule victor william xavier yvonne zoé".split(),
    ),
}
"""Names that stand for letters on the telephone, a to z."""
YES = {
    Language.EN: (
        *("yes", "yeah", "yep", "yup", "sure", "correct", "right", "exactly", "absolutely", "okay", "of course"),
        *("that's right", "that's correct", "yes please", "it is", "i do", "affirmative"),
    ),
    Language.FR: (
        *("oui", "ouais", "c'est ça", "tout à fait", "exactement", "d'accord", "absolument", "bien sûr", "voilà"),
        *("oui merci", "c'est bien ça", "c'est exact", "exact", "parfait", "oui c'est ça", "affirmatif", "ok"),
    ),
}
NO = {
    Language.EN: (
        *(
            "no",
            "nope",
            "nah",
            "no thanks",
            "no thank you",
            "not at all",
            "that's wrong",
            "wrong",
            "never",
            "incorrect",
        ),
        *("it isn't", "it's not", "that's not right", "that's not correct", "i don't", "negative", "not really"),
    ),
    Language.FR: (
        *(
            "non",
            "non merci",
            "pas du tout",
            "ce n'est pas ça",
            "c'est pas ça",
            "jamais",
            "absolument pas",
            "pas vraiment",
        ),
        *("c'est faux", "c'est inexact", "négatif", "bien sûr que non", "surtout pas", "pas d'accord"),
    ),
}


def below_hundred(language: Language) -> tuple[str, ...]:
    """Return 0 to 99 as they are said, in order; French in its usual form of France."""
    digits, teens, tens = DIGITS[language], TEENS[language], TENS[language]
    if language is Language.EN:
        joined = (f"{ten} {digit}" if n else ten for ten in tens for n, digit in enumerate(digits))
        return (*digits, *teens, *joined)
    low = (*digits, *teens, "dix sept", "dix huit", "dix neuf")
    middle = (_after_ten(ten, digit, n) for ten in tens[:4] for n, digit in enumerate(digits))
    seventies = ("soixante et onze" if n == 11 else f"soixante {word}" for n, word in enumerate(low) if n >= 10)
    sixties = (_after_ten("soixante", digit, n) for n, digit in enumerate(digits))
    high = ("quatre vingts" if n == 0 else f"quatre vingt {word}" for n, word in enumerate(low))
    return (*low, *middle, *sixties, *seventies, *high)


def _after_ten(ten: str, digit: str, number: int) -> str:
    """Join a French ten and its unit: `vingt`, `vingt et un`, `vingt deux`."""
    return ten if number == 0 else f"{ten} et un" if number == 1 else f"{ten} {digit}"
