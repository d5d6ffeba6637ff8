"""What the separating question is worth: `python -m benchmarks.separating DIALOGUES RECORDS`, files as for evaluation.

Each recorded dialogue begins with the first answer on the name. Where that leaves close candidates, the next answer is
the recorded one to what separates them, or (the other way) always the birth date.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from guichet.citizens.citizen import Answer, Certainty, Evidence, Item
from guichet.citizens.evaluate import BATCH, first_attempts, read_dialogues
from guichet.citizens.importer import read_file
from guichet.citizens.memory_store import MemoryCitizenStore
from guichet.citizens.record_memory_store import MemoryRecordStore
from guichet.citizens.service import CitizenService


@dataclass(frozen=True)
class Unit:
    """The record, in memory."""

    citizens: MemoryCitizenStore
    records: MemoryRecordStore


async def main(dialogues: Path, records: Path) -> None:
    """Print both ways."""
    unit = Unit(MemoryCitizenStore(), MemoryRecordStore())
    people = list(read_file(records, datetime.now(UTC).date()))
    for start in range(0, len(people), BATCH):
        await unit.citizens.save_all(people[start : start + BATCH])

    @asynccontextmanager
    async def begin() -> AsyncIterator[Unit]:
        yield unit

    service = CitizenService(begin)
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    sure: Counter[str] = Counter()
    for dialogue in read_dialogues(dialogues):
        heard = {turn.asked: Answer(turn.asked, tuple(turn.heard)) for turn in first_attempts(dialogue.turns)}
        if Item.NAME not in heard or Item.BIRTH_DATE not in heard:
            continue
        first = await service.identify(Evidence(answers=(heard[Item.NAME],)))
        if first.separating is None:
            asked["nobody close, or nothing separates them"] += 1
            continue
        # The name has just been said: where it separates best, what follows is the check.
        chosen = Item.BIRTH_DATE if first.separating is Item.NAME else first.separating
        asked[chosen.value] += 1
        for way, item in (("separating", chosen), ("birth date", Item.BIRTH_DATE)):
            answers = tuple(heard[one] for one in (Item.NAME, item) if one in heard)
            found = await service.identify(Evidence(answers=answers))
            right[way] += found.best is not None and found.best.citizen.external_id == dialogue.expected
            sure[way] += found.certainty is Certainty.SURE
    close = sum(count for item, count in asked.items() if item in set(Item))
    print(f"asked next: {dict(asked)}")
    for way in ("separating", "birth date"):
        print(f"{way:12} right first {right[way] / close:.2%}, sure {sure[way] / close:.2%} of {close} with close ones")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
