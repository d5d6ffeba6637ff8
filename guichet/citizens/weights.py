"""What a similarity is worth, in bits, for and against two descriptions being of one person. Pure.

Weights are logarithms to base 2 of how much likelier a similarity is for the right record than for any other
(Fellegi and Sunter, "A Theory for Record Linkage", 1969), read at 21 similarities from 0 to 1 and straight between
them. `benchmarks/citizen_weights.py` estimates them from recorded dialogues and prints this file's tables.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from guichet.citizens.citizen import Item

Scores = npt.NDArray[np.float64]
_PLACES = np.linspace(0.0, 1.0, 21)


@dataclass(frozen=True, slots=True)
class Curve:
    """Bits at the similarities 0, 0.05 … 1."""

    at: tuple[float, ...]

    def bits(self, similarity: Scores) -> Scores:
        """Return the bits of each similarity."""
        found: Scores = np.interp(similarity, _PLACES, self.at)
        return found


@dataclass(frozen=True, slots=True)
class Weights:
    """One curve for each item."""

    name: Curve
    birth_date: Curve
    postcode: Curve

    @property
    def by_item(self) -> dict[Item, Curve]:
        """The curve of each item."""
        return {Item.NAME: self.name, Item.BIRTH_DATE: self.birth_date, Item.POSTCODE: self.postcode}


WEIGHTS = Weights(
    name=Curve((*[-4.0] * 9, -3.6, -2.0, 0.2, 2.0, 3.4, 4.3, 5.5, 7.1, 9.0, 11.3, 11.8, 13.0)),
    birth_date=Curve((*[-4.0] * 13, -3.4, -3.4, -0.7, -0.7, 3.0, 5.3, 6.6, 12.7)),
    postcode=Curve((*[-4.0] * 7, -3.7, -3.0, -1.2, -0.2, 0.8, 3.3, 6.0, 7.5, 8.9, 10.5, 10.6, 10.7, 10.7, 10.8)),
)
FILE_AGREES = 12.0
"""A file number that agrees, among few citizens; among many, as much as tells one of them from all others.

Nobody has recorded dialogues with file numbers: these three are reckoned, not estimated. A number is one person's or
one home's, so that another record agrees by chance only, once in so many citizens or in so many numbers of its length.
"""
FILE_DIFFERS = -4.0
"""A file number that is none of those on record: as much as a wrong birth date."""
BITS_OF_DIGIT = 3.3
"""The most that a digit of a file number can tell: a short one is soon guessed."""
REPEATED = 0.5
"""Answers to one question resemble each other: n of them weigh their sum divided by n to this power."""
SURE = 0.99
"""Least score to be sure."""
DOUBT = -1.0
"""An item that weighs less than this speaks against the record: then nobody is sure."""
RELATIVE = 0.55
"""A given name less like the one on record than this is of somebody else of the home: then nobody is sure.

A parent gives their own name and a child's birth date. Relatives share all the rest; no weight estimated against
people drawn at random tells them apart. Dissimilar given names have 0.2 to 0.5, nicknames and misheard ones more.
"""
LIKELY = 0.02
"""Least score worth a check question."""
