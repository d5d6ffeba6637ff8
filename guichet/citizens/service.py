"""Who calls: candidates from the store by number and search keys, weighed off the event loop."""

import asyncio
import time
from collections.abc import Callable

from guichet.citizens.citizen import Citizen, Evidence, Identification, Item
from guichet.citizens.ports import Begin, Unit
from guichet.citizens.score import identify
from guichet.citizens.search_keys import heard_keys
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber

CANDIDATES = 60
"""Citizens who share most search keys and are weighed."""
COUNTED_FOR = 60.0
"""Seconds for which the number of citizens is remembered: counting a million takes longer than a match."""


def evidence_keys(evidence: Evidence) -> tuple[str, ...]:
    """Return the search keys of all that was heard."""
    names, dates, postcodes = ([reading for answer in evidence.heard(item) for reading in answer] for item in Item)
    return heard_keys(names, dates, postcodes)


class CitizenService:
    """Finds and identifies citizens. `begin` opens a transaction; `seconds` is a clock that never goes back."""

    def __init__(self, begin: Begin, seconds: Callable[[], float] = time.monotonic) -> None:
        self._begin = begin
        self._seconds = seconds
        self._counted: tuple[float, int] | None = None

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
        """Return the candidates, best first, with reasons, and how sure the first is.

        A hidden number (None) is no evidence at all; a shared one gives everybody who has it.
        """
        keys = await asyncio.to_thread(evidence_keys, evidence)
        if evidence.phone is None and not keys:
            return await asyncio.to_thread(identify, evidence, (), 0)
        async with self._begin() as unit:
            population = await self._population(unit)
            found = await unit.citizens.candidates(keys, CANDIDATES, evidence.phone)
        return await asyncio.to_thread(identify, evidence, found, population)

    async def _population(self, unit: Unit) -> int:
        """Return how many citizens there are, or were within the last minute."""
        now = self._seconds()
        if self._counted is None or now - self._counted[0] >= COUNTED_FOR:
            self._counted = (now, await unit.citizens.count())
        return self._counted[1]
