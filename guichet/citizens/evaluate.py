"""Identification measured on recorded dialogues: who came first, how sure, and how often that was wrong."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from guichet.citizens.citizen import Answer, Certainty, Citizen, Evidence, Identification, Item
from guichet.citizens.memory_store import MemoryCitizenStore
from guichet.citizens.score import identify
from guichet.citizens.service import CANDIDATES, evidence_keys
from guichet.citizens.weights import WEIGHTS, Weights
from guichet.core.errors import BadInput

BATCH = 1000


class Turn(msgspec.Struct, frozen=True):
    """One question of a dialogue and the readings of its answer, best first."""

    asked: Item
    heard: list[str]
    attempt: int | None = None


class Dialogue(msgspec.Struct, frozen=True):
    """One recorded dialogue; `expected` is the external id of the caller, None for a stranger; it may be left out."""

    id: str
    turns: list[Turn]
    expected: str | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def labelled(self) -> bool:
        """Whether it is known who called."""
        return self.expected is not msgspec.UNSET


@dataclass(frozen=True, slots=True)
class Verdict:
    """What identification made of one dialogue."""

    dialogue: Dialogue
    found: Identification

    @property
    def best(self) -> str | None:
        """The external id of the first candidate, if any."""
        return None if self.found.best is None else self.found.best.citizen.external_id

    @property
    def right(self) -> bool:
        """Whether the caller came first (or, for a stranger, whether nobody was taken for sure)."""
        if self.dialogue.expected is None:
            return self.found.certainty is not Certainty.SURE
        return self.best == self.dialogue.expected

    def line(self) -> dict[str, Any]:
        """Write the verdict as a line of predictions."""
        best = self.found.best
        because = () if best is None else best.because
        return {
            "id": self.dialogue.id,
            "best": self.best,
            "score": 0.0 if best is None else best.score,
            "outcome": self.found.certainty.value,
            "because": [{"fr": reason.text.fr, "en": reason.text.en, "weight": reason.weight} for reason in because],
        }


def read_dialogues(path: Path) -> Iterator[Dialogue]:
    """Read one dialogue a line. Raises BadInput naming the line that is none."""
    decoder = msgspec.json.Decoder(Dialogue)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        yield decoder.decode(line)
                    except msgspec.MsgspecError as error:
                        raise BadInput(f"{path}, line {number}: {error}") from error
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error


def first_attempts(turns: Sequence[Turn]) -> list[Turn]:
    """Return the first answer on each item."""
    firsts: dict[Item, Turn] = {}
    for turn in turns:
        firsts.setdefault(turn.asked, turn)
    return list(firsts.values())


def names_alone(turns: Sequence[Turn]) -> list[Turn]:
    """Return the answers on the name."""
    return [turn for turn in turns if turn.asked is Item.NAME]


class Evaluation:
    """Runs dialogues against records held in memory, by the same keys and weights as a call."""

    def __init__(self, store: MemoryCitizenStore, population: int) -> None:
        self._store = store
        self._population = population

    @classmethod
    async def of(cls, records: Iterable[Citizen]) -> "Evaluation":
        """Index the records."""
        store, batch = MemoryCitizenStore(), list[Citizen]()
        for citizen in records:
            batch.append(citizen)
            if len(batch) == BATCH:
                await store.save_all(batch)
                batch = []
        await store.save_all(batch)
        return cls(store, await store.count())

    async def run(
        self,
        dialogues: Iterable[Dialogue],
        choose: Callable[[Sequence[Turn]], list[Turn]] = list,
        weights: Weights = WEIGHTS,
    ) -> list[Verdict]:
        """Identify the caller of each dialogue from the chosen turns; the best one gets its reasons."""
        verdicts = []
        for dialogue in dialogues:
            answers = tuple(Answer(turn.asked, tuple(turn.heard)) for turn in choose(dialogue.turns))
            evidence = Evidence(answers=answers)
            found = await self._store.candidates(evidence_keys(evidence), CANDIDATES)
            verdicts.append(Verdict(dialogue, identify(evidence, found, self._population, 1, weights)))
        return verdicts


def _share(part: int, whole: int) -> float:
    """Return a share, 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def summary(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Count: dialogues, the share of right first, and for `sure` its share and how many of those are wrong.

    `strangers` are callers who are not among the records: how many, and how many of them were taken for sure for
    somebody (`strangers_sure`). Dialogues that do not tell who called count in `outcomes` only.
    """
    labelled = [verdict for verdict in verdicts if verdict.dialogue.labelled]
    sure = [verdict for verdict in labelled if verdict.found.certainty is Certainty.SURE]
    strangers = [verdict for verdict in labelled if verdict.dialogue.expected is None]
    known = [verdict for verdict in labelled if verdict.dialogue.expected is not None]
    wrong = sum(verdict.best != verdict.dialogue.expected for verdict in sure)
    outcomes = {
        certainty.value: sum(verdict.found.certainty is certainty for verdict in verdicts) for certainty in Certainty
    }
    return {
        "dialogues": len(verdicts),
        "labelled": len(labelled),
        "right_first": _share(sum(verdict.right for verdict in labelled), len(labelled)),
        "sure": _share(len(sure), len(labelled)),
        "sure_wrong": wrong,
        "sure_error_rate": _share(wrong, len(sure)),
        "known_right_first": _share(sum(verdict.right for verdict in known), len(known)),
        "strangers": len(strangers),
        "strangers_sure": sum(verdict.found.certainty is Certainty.SURE for verdict in strangers),
        "outcomes": outcomes,
    }
