"""Who may speak for whom: whether a caller holds mandates, and whether one of them is for this person and matter."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from guichet.citizens.citizen import Citizen, Item
from guichet.citizens.mandate import Mandate, Role
from guichet.citizens.names import given_likeness, name_forms, name_similarity
from guichet.citizens.ports import BeginRecord, RecordUnit
from guichet.citizens.weights import RELATIVE, WEIGHTS
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber

NAMED = 9.0
"""Bits (`weights.py`) from which a name said is taken for that of one of the few people a mandate is about."""


class Standing(StrEnum):
    """Where somebody stands who calls for another."""

    MANDATE = "mandate"
    OUT_OF_SCOPE = "out_of_scope"
    EXPIRED = "expired"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Helper:
    """Who calls for somebody: their number, who they are if that is sure, the readings of their own name if not."""

    phone: PhoneNumber | None
    citizen: CitizenId | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a helper may do: `citizen` is whom they may speak for, as what (`role`); None without a mandate.

    `holder` is the helper where they are on record, `holder_name` their name where they are from outside.
    """

    standing: Standing
    citizen: CitizenId | None = None
    role: Role | None = None
    holder: CitizenId | None = None
    holder_name: str = ""

    def as_file(self) -> dict[str, Any]:
        """Return it for a contact's file, under `mandate`."""
        told = {"standing": self.standing.value, "role": self.role and self.role.value}
        return {**told, "helper": self.holder, "helper_name": self.holder_name or None}


def is_named(readings: Sequence[str], citizen: Citizen) -> bool:
    """Whether what was said is the full name of a citizen, as well as it was heard."""
    found = name_similarity(readings, [name_forms(citizen)])
    if found is None:
        return False
    bits = WEIGHTS.by_item[Item.NAME].bits(np.asarray(found.mean))
    return float(bits[0]) >= NAMED and given_likeness([readings], citizen) >= RELATIVE


def standing_of(mandates: Sequence[Mandate], matter: str | None, day: date) -> Spoken:
    """Return what the mandates about one person allow for a matter on a day."""
    if not mandates:
        return Spoken(Standing.NONE)
    in_force = [mandate for mandate in mandates if mandate.is_in_force(day)]
    if not in_force:
        return Spoken(Standing.EXPIRED)
    fitting = next((mandate for mandate in in_force if mandate.covers(matter)), None)
    if fitting is None:
        return Spoken(Standing.OUT_OF_SCOPE)
    return Spoken(Standing.MANDATE, fitting.citizen, fitting.role, fitting.holder, fitting.holder_name)


class SpeakingService:
    """Looks mandates up. `begin` opens a transaction."""

    def __init__(self, begin: BeginRecord) -> None:
        self._begin = begin

    async def holds(self, phone: PhoneNumber | None, day: date) -> bool:
        """Whether somebody with that number holds a mandate in force: a citizen, or somebody from outside."""
        if phone is None:
            return False
        async with self._begin() as unit:
            return any(mandate.is_in_force(day) for mandate in await _of_number(unit, phone))

    async def named(self, phone: PhoneNumber, readings: Sequence[str]) -> CitizenId | None:
        """Return whom a name means, of those whom mandates of people with that number are about; None for nobody."""
        async with self._begin() as unit:
            about = {one.citizen: await unit.citizens.get(one.citizen) for one in await _of_number(unit, phone)}
        return await asyncio.to_thread(_named, readings, [person for person in about.values() if person])

    async def stands(self, helper: Helper, citizen: CitizenId | None, matter: str | None, day: date) -> Spoken:
        """Say whether a helper may speak about a matter for a person (None: one whom nobody's mandate is about)."""
        async with self._begin() as unit:
            held = await self._held(unit, helper)
        return standing_of([mandate for mandate in held if mandate.citizen == citizen], matter, day)

    async def speaks(self, helper: Helper, readings: Sequence[str], matter: str | None, day: date) -> Spoken:
        """Say whether a helper may speak about a matter for the person whose name was heard.

        Only people whom the helper holds a mandate for are compared with it: nobody learns who else is on record. A
        helper from outside is known by their number and their name together.
        """
        async with self._begin() as unit:
            held = await self._held(unit, helper)
            people = {one.citizen: await unit.citizens.get(one.citizen) for one in held}
        named = await asyncio.to_thread(_named, readings, [person for person in people.values() if person])
        return standing_of([mandate for mandate in held if mandate.citizen == named], matter, day)

    async def _held(self, unit: RecordUnit, helper: Helper) -> list[Mandate]:
        """Return the mandates that a helper holds."""
        if helper.citizen is not None:
            return list(await unit.records.mandates_held(helper.citizen))
        if helper.phone is None or not helper.names:
            return []
        outside = await unit.records.mandates_held(phone=helper.phone)
        return [one for one in outside if one.holder is None and is_named(helper.names, _outsider(one))]


async def _of_number(unit: RecordUnit, phone: PhoneNumber) -> list[Mandate]:
    """Return the mandates of everybody with a number: of citizens, and of people from outside."""
    outside = await unit.records.mandates_held(phone=phone)
    owners = await unit.citizens.with_phone(phone)
    return [*outside, *[mandate for owner in owners for mandate in await unit.records.mandates_held(owner.id)]]


def _outsider(mandate: Mandate) -> Citizen:
    """Return a holder from outside as somebody to compare a name with: the last word is the family name."""
    given, _, family = mandate.holder_name.rpartition(" ")
    return Citizen(CitizenId(""), "", given, family)


def _named(readings: Sequence[str], people: Sequence[Citizen]) -> CitizenId | None:
    """Return the one person whose name was said; None for nobody, and where two bear it."""
    found = [person.id for person in people if is_named(readings, person)]
    return found[0] if len(found) == 1 else None
