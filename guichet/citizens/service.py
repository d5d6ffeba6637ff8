"""Who calls: candidates from the store by number and search keys, weighed off the event loop."""

import asyncio

from guichet.citizens.citizen import Citizen, Evidence, Identification, Item
from guichet.citizens.ports import Begin, Unit
from guichet.citizens.score import identify
from guichet.citizens.search_keys import heard_keys
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber

CANDIDATES = 200


def evidence_keys(evidence: Evidence) -> tuple[str, ...]:
    """Return the search keys of all that was heard."""
    names, dates, postcodes = ([reading for answer in evidence.heard(item) for reading in answer] for item in Item)
    return heard_keys(names, dates, postcodes)


class CitizenService:
    """Finds and identifies citizens. `begin` opens a transaction."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

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
            population = await unit.citizens.count()
            found = await self._found(unit, evidence, keys)
        return await asyncio.to_thread(identify, evidence, found, population)

    async def _found(self, unit: Unit, evidence: Evidence, keys: tuple[str, ...]) -> tuple[Citizen, ...]:
        """Return everybody with the number, and those who share most search keys."""
        owners = () if evidence.phone is None else await unit.citizens.with_phone(evidence.phone)
        others = await unit.citizens.candidates(keys, CANDIDATES) if keys else ()
        return tuple({citizen.id: citizen for citizen in (*owners, *others)}.values())
