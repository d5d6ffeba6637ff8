"""Citizens in SQL, on SQLite and PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.citizens.citizen import Citizen
from guichet.citizens.search_keys import WEIGHTS, citizen_keys
from guichet.citizens.store import Saved
from guichet.citizens.tables import citizen_keys as keys_table
from guichet.citizens.tables import citizen_phones, citizens
from guichet.core.ids import CitizenId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber

_PLAIN = (
    "external_id",
    "given_names",
    "birth_name",
    "usual_name",
    "birth_date",
    "email",
    "address",
    "postcode",
    "town",
)


def _row(citizen: Citizen) -> dict[str, Any]:
    """Write a citizen as a row of the main table."""
    row = {name: getattr(citizen, name) for name in _PLAIN}
    language = None if citizen.language is None else citizen.language.value
    return {"id": citizen.id, **row, "language": language, "never_call": citizen.never_call}


def _citizen(row: sa.RowMapping, phones: Sequence[str]) -> Citizen:
    """Read a citizen from a row and their numbers."""
    return Citizen(
        id=CitizenId(row["id"]),
        **{name: row[name] for name in _PLAIN},
        phones=tuple(PhoneNumber(number) for number in phones),
        language=None if row["language"] is None else Language(row["language"]),
        never_call=row["never_call"],
    )


class SqlCitizenStore:
    """A CitizenStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_all(self, citizens: Sequence[Citizen]) -> Saved:
        """Add or write over, in a handful of statements whatever the size of the batch (at most 1,000)."""
        batch = {citizen.external_id: citizen for citizen in citizens}
        if not batch:
            return Saved()
        known = await self._known(batch)
        changed = [
            citizen
            for external_id, citizen in batch.items()
            if external_id not in known or replace(citizen, id=known[external_id].id) != known[external_id]
        ]
        if changed:
            await self._write(changed)
        added = len(batch.keys() - known.keys())
        return Saved(added, len(changed) - added, len(batch) - len(changed))

    async def _known(self, external_ids: Sequence[str] | dict[str, Citizen]) -> dict[str, Citizen]:
        """Return those there are by external id."""
        found = await self._read(citizens.c.external_id.in_(list(external_ids)))
        return {citizen.external_id: citizen for citizen in found}

    async def _write(self, batch: Sequence[Citizen]) -> None:
        """Write rows, then numbers and keys under the id each citizen really has."""
        await self._connection.execute(self._upsert(), [_row(citizen) for citizen in batch])
        query = sa.select(citizens.c.external_id, citizens.c.id).where(
            citizens.c.external_id.in_([citizen.external_id for citizen in batch])
        )
        ids = {row.external_id: row.id for row in await self._connection.execute(query)}
        for table in (citizen_phones, keys_table):
            await self._connection.execute(sa.delete(table).where(table.c.citizen_id.in_(list(ids.values()))))
        phones = [
            {"citizen_id": ids[citizen.external_id], "position": position, "number": number.e164}
            for citizen in batch
            for position, number in enumerate(citizen.phones)
        ]
        keys = [
            {"key": key, "citizen_id": ids[citizen.external_id]}
            for citizen in batch
            for key in sorted(citizen_keys(citizen))
        ]
        if phones:
            await self._connection.execute(sa.insert(citizen_phones), phones)
        if keys:
            await self._connection.execute(sa.insert(keys_table), keys)

    def _upsert(self) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that writes over a citizen of the same external id but leaves their id."""
        changing = [column.name for column in citizens.c if column.name not in {"id", "external_id"}]
        if self._connection.dialect.name == "postgresql":
            insert = postgresql.insert(citizens)
            excluded = {name: insert.excluded[name] for name in changing}
            return insert.on_conflict_do_update(index_elements=[citizens.c.external_id], set_=excluded)
        insert_lite = sqlite.insert(citizens)
        excluded = {name: insert_lite.excluded[name] for name in changing}
        return insert_lite.on_conflict_do_update(index_elements=[citizens.c.external_id], set_=excluded)

    async def _read(self, condition: sa.ColumnElement[bool]) -> list[Citizen]:
        """Return the citizens that fit, with their numbers, in the order of their ids."""
        query = sa.select(citizens).where(condition).order_by(citizens.c.id)
        rows = (await self._connection.execute(query)).mappings().all()
        numbers: defaultdict[str, list[str]] = defaultdict(list)
        owned = (
            sa.select(citizen_phones)
            .where(citizen_phones.c.citizen_id.in_([row["id"] for row in rows]))
            .order_by(citizen_phones.c.citizen_id, citizen_phones.c.position)
        )
        for phone in await self._connection.execute(owned) if rows else ():
            numbers[phone.citizen_id].append(phone.number)
        return [_citizen(row, numbers[row["id"]]) for row in rows]

    async def get(self, citizen_id: CitizenId) -> Citizen | None:
        """Return the citizen, or None."""
        return next(iter(await self._read(citizens.c.id == citizen_id)), None)

    async def by_external_id(self, external_id: str) -> Citizen | None:
        """Return the citizen of that key, or None."""
        return next(iter(await self._read(citizens.c.external_id == external_id)), None)

    async def with_phone(self, number: PhoneNumber, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody who has that number."""
        owners = (
            sa.select(citizen_phones.c.citizen_id)
            .where(citizen_phones.c.number == number.e164)
            .distinct()
            .order_by(citizen_phones.c.citizen_id)
            .limit(limit)
        )
        return tuple(await self._read(citizens.c.id.in_(owners)))

    async def candidates(self, keys: Sequence[str], limit: int = 200) -> tuple[Citizen, ...]:
        """Return those who share most; the database counts, only the best leave it."""
        if not keys:
            return ()
        weight = sa.func.sum(
            sa.case(WEIGHTS, value=sa.func.substr(keys_table.c.key, 1, 1), else_=0),
        )
        best = (
            sa.select(keys_table.c.citizen_id)
            .where(keys_table.c.key.in_(list(dict.fromkeys(keys))))
            .group_by(keys_table.c.citizen_id)
            .order_by(weight.desc(), keys_table.c.citizen_id)
            .limit(limit)
        )
        order = [row.citizen_id for row in await self._connection.execute(best)]
        found = {citizen.id: citizen for citizen in await self._read(citizens.c.id.in_(order))}
        return tuple(found[citizen_id] for citizen_id in order)

    async def count(self) -> int:
        """Return how many there are."""
        return (await self._connection.execute(sa.select(sa.func.count()).select_from(citizens))).scalar_one()
