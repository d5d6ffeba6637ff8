"""Estimate the weights of `guichet/citizens/weights.py` from recorded dialogues, and try them by cross-validation.

    python benchmarks/citizen_weights.py DIALOGUES.jsonl RECORDS.csv

For every answer, the similarity with the caller's own record (m) and with records drawn at random (u) is counted at 21
places; the weight is log2(m/u), smoothed, made monotone, and cut at -4 bits (a recogniser that hears nonsense must not
outweigh everything else). Five folds of dialogues show what weights from other dialogues give.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression

from guichet.citizens.citizen import Citizen, Item
from guichet.citizens.evaluate import Dialogue, Evaluation, Turn, first_attempts, names_alone, read_dialogues, summary
from guichet.citizens.importer import read_file
from guichet.citizens.score import similarity_of
from guichet.citizens.weights import Curve, Weights

Scores = npt.NDArray[np.float64]
PLACES = np.linspace(0.0, 1.0, 21)
STRANGERS = 200
LEAST_BITS = -4.0
FOLDS = 5


def counts(similarities: Sequence[float]) -> Scores:
    """Count similarities at the 21 places, each shared by its two neighbours."""
    found = np.zeros(len(PLACES))
    at = np.asarray(similarities) * (len(PLACES) - 1)
    low = np.floor(at).astype(int).clip(0, len(PLACES) - 2)
    np.add.at(found, low, 1 - (at - low))
    np.add.at(found, low + 1, at - low)
    return found


def curve(own: Sequence[float], others: Sequence[float]) -> Curve:
    """Return the weights of one item from similarities with the right record and with others."""
    m = counts(own) + 0.5
    u = counts(others) + 0.01 * len(others) / len(own)
    bits = np.log2((m / m.sum()) / (u / u.sum()))
    smooth = IsotonicRegression().fit(PLACES, bits, sample_weight=m + u * len(own) / len(others)).predict(PLACES)
    return Curve(tuple(round(float(bit), 1) for bit in smooth.clip(LEAST_BITS)))


Samples = dict[Item, tuple[list[float], list[float]]]


def samples(dialogue: Dialogue, own: Citizen, others: list[Citizen]) -> Samples:
    """Return the similarities of each answer of a dialogue with its caller's record, and with others."""
    found: Samples = {item: ([], []) for item in Item}
    for turn in dialogue.turns:
        similar = similarity_of(turn.asked, [own, *others])(turn.heard)
        if similar is not None:
            found[turn.asked][0].append(float(similar[0]))
            found[turn.asked][1].extend(map(float, similar[1:]))
    return found


def estimate(taken: Sequence[Samples]) -> Weights:
    """Estimate the weights from the samples of some dialogues."""

    def of(item: Item) -> Curve:
        own = [value for sample in taken for value in sample[item][0]]
        return curve(own, [value for sample in taken for value in sample[item][1]])

    return Weights(of(Item.NAME), of(Item.BIRTH_DATE), of(Item.POSTCODE))


async def main(dialogues_file: Path, records_file: Path) -> None:
    """Print the tables for weights.py, then cross-validated figures."""
    people = list(read_file(records_file, datetime.now(UTC).date()))
    known = {person.external_id: person for person in people}
    dialogues = [one for one in read_dialogues(dialogues_file) if one.expected in known]
    chance = np.random.default_rng(7)
    taken = [
        samples(one, known[str(one.expected)], [people[at] for at in chance.integers(0, len(people), STRANGERS)])
        for one in dialogues
    ]
    found = estimate(taken)
    for name in ("name", "birth_date", "postcode"):
        print(f"{name}=Curve({getattr(found, name).at})")
    evaluation = await Evaluation.of(people)
    for title, choose in (("all turns", list[Turn]), ("first attempts", first_attempts), ("name alone", names_alone)):
        verdicts = []
        for fold in range(FOLDS):
            weights = estimate([sample for place, sample in enumerate(taken) if place % FOLDS != fold])
            verdicts += await evaluation.run(dialogues[fold::FOLDS], choose, weights=weights)
        print(title, summary(verdicts))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
