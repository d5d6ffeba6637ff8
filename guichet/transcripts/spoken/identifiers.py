"""Which of many readings of an identifier is meant: its length, its check key and the record decide. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from stdnum import luhn
from stdnum.fr import nif, nir, siren, siret

from guichet.core.language import Language
from guichet.transcripts.spoken.digits import digit_readings
from guichet.transcripts.spoken.lattice import Bounds

_CHECKED_KEPT = 512
"""Readings kept where a check key will refuse nearly all of them."""


class Check(StrEnum):
    """How an identifier proves itself."""

    NIR = "nir"
    """French social security number, 15 signs; its key is 97 less the rest by 97 (INSEE)."""
    FISCAL = "fiscal"
    """French tax number, 13 digits; its key is the first ten by 511."""
    SIREN = "siren"
    SIRET = "siret"
    LUHN = "luhn"


@dataclass(frozen=True, slots=True)
class Shape:
    """What an identifier must be like: its length, its check key, and a way to ask whether the record has it."""

    shortest: int = 1
    longest: int = 20
    check: Check | None = None
    is_known: Callable[[str], bool] | None = None

    def fits(self, written: str) -> bool:
        """Tell whether length and check key are right."""
        if not self.shortest <= len(written) <= self.longest:
            return False
        return self.check is None or is_valid(written, self.check)


NIR_SHAPE = Shape(15, 15, Check.NIR)
FISCAL_SHAPE = Shape(13, 13, Check.FISCAL)


def is_valid(written: str, check: Check) -> bool:
    """Tell whether a check key is right."""
    match check:
        case Check.NIR:
            return bool(nir.is_valid(written)) and len(written) == 15
        case Check.FISCAL:
            return bool(nif.is_valid(written))
        case Check.SIREN:
            return bool(siren.is_valid(written))
        case Check.SIRET:
            return bool(siret.is_valid(written))
        case Check.LUHN:
            return bool(luhn.is_valid(written))
        case _:
            assert_never(check)


def choose(written: Iterable[str], shape: Shape) -> str | None:
    """Return the first reading that the record has, else the first that fits; None if none fits."""
    fitting = [reading for reading in dict.fromkeys(written) if shape.fits(reading)]
    if shape.is_known is not None:
        known = next(filter(shape.is_known, fitting), None)
        if known is not None:
            return known
    return fitting[0] if fitting else None


def identifier(heard: Iterable[str], language: Language, shape: Shape) -> str | None:
    """Read an identifier from what may have been heard, best first; letters of a NIR come in upper case.

    A later reading of the right length wins over an earlier one of a wrong length.
    """
    letters = frozenset("ab") if shape.check is Check.NIR else frozenset[str]()
    kept = Bounds().kept if shape.check is None else _CHECKED_KEPT
    bounds = Bounds(shape.shortest, shape.longest, kept)
    found = (
        reading.written.upper() for text in heard for reading in digit_readings(text, language, bounds, letters=letters)
    )
    return choose(found, shape)
