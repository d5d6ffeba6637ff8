"""Cardinal numbers and their words, both ways. Pure."""

from guichet.core.language import Language
from guichet.transcripts.spoken.cardinals import ENGLISH_SMALL, ENGLISH_TENS, FRENCH_SMALL, FRENCH_TENS, cardinals_at
from guichet.transcripts.spoken.said import said

LARGEST = 999_999_999
"""The largest number that is put into words."""
_FRENCH_SMALL = (
    "zéro",
    *FRENCH_SMALL[1:],
    *("dix-sept", "dix-huit", "dix-neuf"),
)
_FRENCH_TENS = {ten: word for word, ten in FRENCH_TENS.items()}
_ENGLISH_TENS = {ten: word for word, ten in ENGLISH_TENS.items()}


def number(text: str, language: Language) -> int | None:
    """Read a text that is one cardinal number, in words or digits (`3 500` too); None for anything else."""
    words = said(text, language).words
    if words and all(word.isascii() and word.isdigit() for word in words):
        grouped = len(words) == 1 or all(len(word) == 3 for word in words[1:])
        return int("".join(words)) if grouped and sum(map(len, words)) <= 9 else None
    whole = [value for end, value in cardinals_at(words, 0, language) if end == len(words)] if words else []
    return whole[0] if whole else None


def in_words(value: int, language: Language) -> str:
    """Write a number from 0 to LARGEST in words, as one says it. Raises ValueError beyond."""
    if not 0 <= value <= LARGEST:
        raise ValueError(f"only numbers from 0 to {LARGEST} are put into words")
    return _in_french(value) if language is Language.FR else _in_english(value)


def _in_french(value: int) -> str:
    """Write a number in French, with the hyphens of old."""
    if value < 100:
        return _french_below_hundred(value)
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        head = "cent" if hundreds == 1 else f"{_FRENCH_SMALL[hundreds]} cent{'' if rest else 's'}"
        return f"{head} {_french_below_hundred(rest)}" if rest else head
    size, name = (1_000_000, "million") if value >= 1_000_000 else (1000, "mille")
    times, rest = divmod(value, size)
    if name == "mille":
        # Before "mille", "cent" and "vingt" take no s.
        head = (
            "mille" if times == 1 else f"{_in_french(times).replace('cents', 'cent').replace('vingts', 'vingt')} mille"
        )
    else:
        head = f"{_in_french(times)} {name}{'s' if times > 1 else ''}"
    return f"{head} {_in_french(rest)}" if rest else head


def _french_below_hundred(value: int) -> str:
    """Write a number below a hundred in French."""
    if value < 20:
        return _FRENCH_SMALL[value]
    if value == 80:
        return "quatre-vingts"
    if value > 80:
        return f"quatre-vingt-{_FRENCH_SMALL[value - 80]}"
    ten = 60 if value >= 60 else value // 10 * 10
    rest = value - ten
    if rest in (1, 11):
        return f"{_FRENCH_TENS[ten]} et {_FRENCH_SMALL[rest]}"
    return f"{_FRENCH_TENS[ten]}-{_FRENCH_SMALL[rest]}" if rest else _FRENCH_TENS[ten]


def _in_english(value: int) -> str:
    """Write a number in British English, with `and`."""
    if value < 20:
        return ENGLISH_SMALL[value]
    if value < 100:
        ten, rest = value // 10 * 10, value % 10
        return f"{_ENGLISH_TENS[ten]}-{ENGLISH_SMALL[rest]}" if rest else _ENGLISH_TENS[ten]
    size, name = next(
        (size, name) for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")) if value >= size
    )
    times, rest = divmod(value, size)
    head = f"{_in_english(times)} {name}"
    if not rest:
        return head
    return f"{head} and {_in_english(rest)}" if rest < 100 else f"{head} {_in_english(rest)}"
