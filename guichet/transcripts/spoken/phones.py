"""A telephone number dictated in pairs, digit by digit or otherwise. Pure."""

from collections.abc import Iterable
from itertools import islice

from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.transcripts.spoken.digits import digit_strings

_TRIED = 24
"""Readings that are tried: each costs a look into the numbering plans."""
_REGION = {Language.FR: "FR", Language.EN: "GB"}


def phone_readings(heard: Iterable[str], language: Language, region: str = "FR") -> tuple[PhoneNumber, ...]:
    """Return the telephone numbers that may have been said, most natural first.

    `region` (ISO 3166) is where numbers without a country code are; an English speaker may have a British one.
    """
    found: dict[PhoneNumber, None] = {}
    for text in heard:
        for written in islice(_written(text, language), _TRIED):
            for place in dict.fromkeys((region, _REGION[language])):
                number = PhoneNumber.maybe(written, place)
                if number is not None:
                    found.setdefault(number)
    return tuple(found)


def _written(text: str, language: Language) -> Iterable[str]:
    """Yield the writings of a length that telephone numbers have, international ones with their sign."""
    is_international = text.strip().startswith("+") or text.lower().split()[:1] in (["plus"], ["+"])
    for digits in digit_strings(text.removeprefix("plus "), language, 9, 15):
        if is_international:
            yield f"+{digits}"
        elif digits.startswith("00"):
            yield f"+{digits[2:]}"
        elif digits.startswith("0"):
            yield digits


def phone(heard: Iterable[str], language: Language, region: str = "FR") -> PhoneNumber | None:
    """Return the most natural of them."""
    return next(iter(phone_readings(heard, language, region)), None)
