"""Candidates weighed against what was heard: bits for and against each, and the chance that each is the caller. Pure.

The chance of a candidate is 2^bits over the sum of all candidates' and one for every other record: the records not
looked at are each as likely as chance makes them. One number alone gives its only owner an even chance, never more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from guichet.citizens.birth_date import date_similarity
from guichet.citizens.citizen import Candidate, Certainty, Citizen, Evidence, Identification, Item
from guichet.citizens.explain import Weighed, reasons
from guichet.citizens.file_number import Agreement, agreement, heard_digits
from guichet.citizens.names import given_likeness, name_forms, name_similarity
from guichet.citizens.postcode import plain, postcode_similarity
from guichet.citizens.weights import (
    BITS_OF_DIGIT,
    DOUBT,
    FILE_AGREES,
    FILE_DIFFERS,
    LIKELY,
    RELATIVE,
    REPEATED,
    SURE,
    WEIGHTS,
    Curve,
    Weights,
)
from guichet.core.ids import CitizenId

Scores = npt.NDArray[np.float64]
FilesHeld = Mapping[CitizenId, Sequence[str]]
"""The file numbers of citizens, as they are on record."""
Similarity = Callable[[Sequence[str]], Scores | None]
EXPLAINED = 10
FAR = 2.0**16
"""Who has less than one part in so many of the best one's chance is no candidate: reasons cost more than weighing."""
NO_FILES: FilesHeld = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bits:
    """What each item weighs for each citizen, in bits; zero where nothing was heard or nothing is on record."""

    name: Scores
    birth_date: Scores
    postcode: Scores
    phone: Scores
    file: Scores

    @property
    def total(self) -> Scores:
        """The sum."""
        return self.name + self.birth_date + self.postcode + self.phone + self.file

    def of(self, place: int) -> Weighed:
        """Return what each item weighs for one citizen."""
        return Weighed(
            name=float(self.name[place]),
            birth_date=float(self.birth_date[place]),
            postcode=float(self.postcode[place]),
            phone=float(self.phone[place]),
            file=float(self.file[place]),
        )


def _answers(answers: Sequence[Sequence[str]], similarity: Similarity, curve: Curve, count: int) -> Scores:
    """Weigh every answer on one item; readable ones share their weight."""
    weighed = [curve.bits(found) for found in map(similarity, answers) if found is not None]
    if not weighed:
        return np.zeros(count)
    total: Scores = np.sum(weighed, axis=0) / len(weighed) ** REPEATED
    return total


def _dates(citizens: Sequence[Citizen]) -> Similarity:
    """Compare with birth dates; a record without one is given a date that is masked afterwards."""
    dates = [citizen.birth_date or date.min for citizen in citizens]
    return lambda heard: date_similarity(heard, dates)


def _names(citizens: Sequence[Citizen]) -> Similarity:
    """Compare with names."""
    forms = [name_forms(citizen) for citizen in citizens]

    def similarity(heard: Sequence[str]) -> Scores | None:
        found = name_similarity(heard, forms)
        return None if found is None else found.mean

    return similarity


def _postcodes(citizens: Sequence[Citizen]) -> Similarity:
    """Compare with postcodes."""
    postcodes = [plain(citizen.postcode) for citizen in citizens]
    return lambda heard: postcode_similarity(heard, postcodes)


def similarity_of(item: Item, citizens: Sequence[Citizen]) -> Similarity:
    """Return the comparison of an answer's readings with each citizen: similarities 0 to 1, None if unreadable."""
    match item:
        case Item.NAME:
            return _names(citizens)
        case Item.BIRTH_DATE:
            return _dates(citizens)
        case Item.POSTCODE:
            return _postcodes(citizens)
        case Item.FILE:
            # Not by likeness, but by who else has it: `_file_bits`.
            return lambda _heard: None


def _file_bits(evidence: Evidence, citizens: Sequence[Citizen], population: int, held: FilesHeld) -> Scores:
    """Weigh the file numbers heard: who has one shares it with few; who has others, and not that one, is somebody else.

    Nothing is said for or against by a number that was heard nearly right, or where no file is on record.
    """
    weighed = []
    for answer in evidence.heard(Item.FILE):
        sizes = [len(digits) for digits in heard_digits(answer)]
        if not sizes:
            continue
        found = np.array([agreement(answer, held.get(citizen.id, ())) for citizen in citizens])
        best = found.max()
        has_it = found == best if best >= Agreement.DIGITS else np.zeros(len(citizens), dtype=bool)
        most = min(BITS_OF_DIGIT * min(sizes), max(FILE_AGREES, float(np.log2(max(1, population)))))
        for_it = np.where(has_it, most - np.log2(max(1, int(has_it.sum()))), 0.0)
        against = (found == Agreement.DIFFERENT) | ((found >= Agreement.DIGITS) & ~has_it)
        weighed.append(np.where(against, FILE_DIFFERS, for_it))
    total: Scores = np.sum(weighed, axis=0) / len(weighed) ** REPEATED if weighed else np.zeros(len(citizens))
    return total


def _phone_bits(evidence: Evidence, citizens: Sequence[Citizen], population: int) -> Scores:
    """Weigh the calling number: its owners share an even chance; another number says little, people borrow phones."""
    if evidence.phone is None:
        return np.zeros(len(citizens))
    owns = np.array([evidence.phone in citizen.phones for citizen in citizens])
    owners = max(1, int(owns.sum()))
    return np.where(owns, np.log2(max(2.0, population / owners)), 0.0)


def weigh(
    evidence: Evidence,
    citizens: Sequence[Citizen],
    population: int,
    weights: Weights = WEIGHTS,
    held: FilesHeld = NO_FILES,
) -> Bits:
    """Weigh the evidence for each citizen; `population` is how many there are in the record."""
    count = len(citizens)
    has_date = np.array([citizen.birth_date is not None for citizen in citizens])
    has_postcode = np.array([bool(citizen.postcode) for citizen in citizens])
    bits = {
        item: _answers(evidence.heard(item), similarity_of(item, citizens), curve, count)
        for item, curve in weights.by_item.items()
    }
    return Bits(
        name=bits[Item.NAME],
        birth_date=bits[Item.BIRTH_DATE] * has_date,
        postcode=bits[Item.POSTCODE] * has_postcode,
        phone=_phone_bits(evidence, citizens, population),
        file=_file_bits(evidence, citizens, population, held),
    )


def _chances(total: Scores, population: int) -> Scores:
    """Return each one's chance of being the caller."""
    odds = np.exp2(np.minimum(total, 200.0))
    found: Scores = odds / (odds.sum() + max(1, population - len(total)))
    return found


def _certainty(score: float, bits: Weighed, evidence: Evidence, best: Citizen) -> Certainty:
    """Say what may be made of the best: sure takes two kinds of evidence that agree, and none that disagrees."""
    agreeing = sum(weight > 1 for weight in bits)
    if score >= SURE and agreeing >= 2 and min(bits) >= DOUBT:
        # What a relative says agrees in all but the given name.
        is_relative = given_likeness(evidence.heard(Item.NAME), best) < RELATIVE
        return Certainty.CHECK if is_relative else Certainty.SURE
    return Certainty.CHECK if score >= LIKELY else Certainty.UNKNOWN


def identify(
    evidence: Evidence,
    citizens: Sequence[Citizen],
    population: int,
    most: int = EXPLAINED,
    weights: Weights = WEIGHTS,
    held: FilesHeld = NO_FILES,
) -> Identification:
    """Rank the citizens found by the evidence, the best `most` with their reasons, and say how sure the first is.

    Those who are far behind the best are left out.

    `held` are the numbers of their files, needed where the evidence has one; all who have its number are `citizens`.
    Work for one CPU and some milliseconds: call it off the event loop.
    """
    if not citizens:
        return Identification(Certainty.UNKNOWN)
    bits = weigh(evidence, citizens, population, weights, held)
    total = bits.total
    chances = _chances(total, population)
    order = np.argsort(-total, kind="stable")[:most]
    order = order[chances[order] * FAR >= chances[order[0]]]
    ranked = [(citizens[place], round(float(chances[place]), 6), bits.of(place)) for place in map(int, order)]
    because = reasons(evidence, [citizen for citizen, _, _ in ranked], [weighed for _, _, weighed in ranked])
    candidates = tuple(Candidate(citizen, score, why) for (citizen, score, _), why in zip(ranked, because, strict=True))
    best = int(order[0])
    certainty = _certainty(float(chances[best]), bits.of(best), evidence, citizens[best])
    return Identification(certainty, candidates)
