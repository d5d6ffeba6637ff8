"""Who calls: candidates from the store by number and search keys, weighed off the event loop."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from guichet.citizens.citizen import Citizen, Evidence, Identification, Item
from guichet.citizens.file_number import heard_digits
from guichet.citizens.ports import BeginRecord, Find, Quick, RecordUnit
from guichet.citizens.score import NO_FILES, FilesHeld, identify
from guichet.citizens.search_keys import heard_keys
from guichet.citizens.separate import close_ones, separating
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber

CANDIDATES = 60
"""Citizens who share most search keys and are weighed."""
COUNTED_FOR = 60.0
"""Seconds for which the size of the record is remembered: counting a million takes longer than a match."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many citizens the record has, whether anybody has a file, and when (in seconds) that was looked up."""

    population: int
    has_files: bool
    at: float


def evidence_keys(evidence: Evidence) -> tuple[str, ...]:
    """Return the search keys of all that was heard."""
    return heard_keys(*(_said(evidence, item) for item in (Item.NAME, Item.BIRTH_DATE, Item.POSTCODE)))


def _said(evidence: Evidence, item: Item) -> list[str]:
    """Return the readings of all answers on an item."""
    return [reading for answer in evidence.heard(item) for reading in answer]


class CitizenService:
    """Finds and identifies citizens.

    `begin` opens a transaction; `seconds` is a clock that never goes back; `quick` finds candidates in one trip, where
    the database can.
    """

    def __init__(
        self, begin: BeginRecord, seconds: Callable[[], float] = time.monotonic, quick: Quick | None = None
    ) -> None:
        self._begin = begin
        self._seconds = seconds
        self._quick = quick
        self._known_size: Size | None = None

    async def citizen(self, citizen_id: CitizenId) -> Citizen | None:
        """Return the citizen, or None."""
        async with self._begin() as unit:
            return await unit.citizens.get(citizen_id)

    async def names(self, phone: PhoneNumber | None, citizen_id: CitizenId | None = None) -> tuple[str, ...]:
        """Return the names on record of those a number belongs to, and of a citizen: for masking what they say."""
        async with self._begin() as unit:
            owners = () if phone is None else await unit.citizens.with_phone(phone)
            citizen = None if citizen_id is None else await unit.citizens.get(citizen_id)
        people = owners if citizen is None else (*owners, citizen)
        names = (f"{person.given_names} {person.birth_name} {person.usual_name}".strip() for person in people)
        return tuple(dict.fromkeys(names))

    async def identify(self, evidence: Evidence) -> Identification:
        """Return the candidates, best first, with reasons, how sure the first is, and what would tell close ones apart.

        A hidden number (None) is no evidence at all; a shared one gives everybody who has it.
        """
        digits = heard_digits(_said(evidence, Item.FILE))
        if self._quick is not None and not digits:
            return await self._at_once(evidence, self._quick)
        keys = await asyncio.to_thread(evidence_keys, evidence)
        if evidence.phone is None and not keys and not digits:
            return await asyncio.to_thread(identify, evidence, (), 0)
        async with self._begin() as unit:
            size = await self._size(unit)
            found = await unit.citizens.candidates(keys, CANDIDATES, evidence.phone)
            held = NO_FILES
            if digits:
                found, held = await _with_files(unit, found, digits)
        identified = await asyncio.to_thread(identify, evidence, found, size.population, held=held)
        return await self._to_separate(replace(identified, has_files=size.has_files))

    async def _at_once(self, evidence: Evidence, quick: Quick) -> Identification:
        """Do all that identifying takes in one trip to a thread: on a busy machine each trip waits for a core twice."""
        size = self._fresh_size()
        if size is None:
            async with self._begin() as unit:
                size = await self._size(unit)
        population = size.population

        def work(find: Find) -> Identification:
            keys = evidence_keys(evidence)
            found = find(keys, CANDIDATES, evidence.phone) if keys or evidence.phone else ()
            return identify(evidence, found, population)

        return await self._to_separate(replace(await quick.run(work), has_files=size.has_files))

    async def _to_separate(self, identified: Identification) -> Identification:
        """Add what tells the close candidates apart, where there are several."""
        close = close_ones(identified)
        if len(close) < 2:
            return identified
        held = NO_FILES
        if identified.has_files:
            async with self._begin() as unit:
                held = await unit.records.numbers_of([citizen.id for citizen in close])
        return replace(identified, separating=await asyncio.to_thread(separating, close, held))

    async def _size(self, unit: RecordUnit) -> Size:
        """Return how large the record is, or was within the last minute."""
        known = self._fresh_size()
        if known is None:
            known = Size(await unit.citizens.count(), await unit.records.has_files(), self._seconds())
            self._known_size = known
        return known

    def _fresh_size(self) -> Size | None:
        """Return how large the record was within the last minute, if that was looked up."""
        known = self._known_size
        return known if known is not None and self._seconds() - known.at < COUNTED_FOR else None


async def _with_files(
    unit: RecordUnit, found: tuple[Citizen, ...], digits: Sequence[str]
) -> tuple[tuple[Citizen, ...], FilesHeld]:
    """Add those who have a file of these digits to the candidates; return them all, and the files of each."""
    known = {citizen.id: citizen for citizen in found}
    for owner in await unit.records.owners_of_files(digits):
        citizen = None if owner in known else await unit.citizens.get(owner)
        if citizen is not None and citizen.left_at is None:
            known[owner] = citizen
    return tuple(known.values()), await unit.records.numbers_of(list(known))
