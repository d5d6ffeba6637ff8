"""Phone numbers: E.164, or they do not exist. Pure.

Numbering facts come from libphonenumber (phonenumberslite). French overseas territories have their own regions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import phonenumbers

from guichet.core.errors import BadInput

FRENCH_REGIONS = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "NC", "PF", "WF", "BL", "MF")
"""Regions tried, in this order, for a number written without its country code."""

_FRENCH = re.compile(r"\+33[1-9][0-9]{8}")
"""What the carrier sends for nearly every call: all of these are possible, and need no library to say so."""


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber:
    """A possible telephone number in E.164 (`+33612345678`); `str()` and `repr()` are masked."""

    e164: str

    @classmethod
    def parse(cls, text: str, region: str = "FR") -> Self:
        """Read a number as people write it; `region` (ISO 3166) is that of numbers without a country code.

        Raises BadInput for anything that is not a number somebody could have.
        """
        if _FRENCH.fullmatch(text):
            return cls(text)
        known = _first(text, _regions(text, region), phonenumbers.is_valid_number)
        # A number of no known range is taken if it is long enough: numbering plans grow faster than any list of
        # ranges, and a caller whose number we refused would be taken for a hidden one.
        number = known or _first(text, (region,), phonenumbers.is_possible_number)
        if number is not None:
            return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
        raise BadInput("not a telephone number; write it as +33612345678 or 06 12 34 56 78")

    @classmethod
    def maybe(cls, text: str | None, region: str = "FR") -> Self | None:
        """Read a number, or None for hidden callers (`anonymous`), clients, SIP addresses and nonsense."""
        if not text:
            return None
        try:
            return cls.parse(text, region)
        except BadInput:
            return None

    def __str__(self) -> str:
        """Mask all but the country code's start and the last two digits."""
        return f"{self.e164[:4]}…{self.e164[-2:]}"

    def __repr__(self) -> str:
        return f"PhoneNumber({self})"

    @property
    def address(self) -> str:
        """What the carrier is asked to ring."""
        return self.e164

    @property
    def can_receive_texts(self) -> bool:
        """Whether it may be a mobile number (unknown kinds may)."""
        kind = phonenumbers.number_type(phonenumbers.parse(self.e164))
        mobile = {
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
            phonenumbers.PhoneNumberType.UNKNOWN,
        }
        return kind in mobile


def _regions(text: str, region: str) -> tuple[str, ...]:
    """Return the regions whose numbers may be written so: only numbers without a country code leave a choice."""
    if text.lstrip().startswith("+") or region not in FRENCH_REGIONS:
        return (region,)
    return (region, *(other for other in FRENCH_REGIONS if other != region))


def _first(
    text: str, regions: tuple[str, ...], is_one: Callable[[phonenumbers.PhoneNumber], bool]
) -> phonenumbers.PhoneNumber | None:
    """Read a number as one of the first region that has it, or None."""
    for region in regions:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if is_one(number):
            return number
    return None
