"""Citizens in SQL, on SQLite and PostgreSQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.citizens.citizen import Citizen, PhoneKind, Preferred
from guichet.citizens.postings import SHARERS, asked, citizen_number, key_number
from guichet.citizens.search_keys import citizen_keys
from guichet.citizens.store import Saved, Seen
from guichet.citizens.tables import citizen_keys as keys_table
from guichet.citizens.tables import citizen_phones, citizens
from guichet.core.bulk import MOST_VALUES, insert_new
from guichet.core.ids import CitizenId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber

_IMPORT = 0x6775_6963
"""The lock under which citizens are saved on PostgreSQL."""
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
    "birth_place",
    "notes",
    "left_at",
)
_OF_IMPORTS = frozenset({"source", "seen_in"})
"""Columns that `see` writes."""


def _row(citizen: Citizen) -> dict[str, Any]:
    """Write a citizen as a row of the main table."""
    return {
        "id": citizen.id,
        **{name: getattr(citizen, name) for name in _PLAIN},
        "language": None if citizen.language is None else citizen.language.value,
        "never_call": citizen.never_call,
        "other_emails": list(citizen.other_emails),
        "channel": None if citizen.channel is None else citizen.channel.value,
        "number": citizen_number(citizen.id),
    }


def _entries(citizen: Citizen) -> set[tuple[int, int]]:
    """Return the entries of the search index: numbers of keys, and of the citizen."""
    number = citizen_number(citizen.id)
    return {(key_number(key), number) for key in citizen_keys(citizen)}


def _phone_rows(citizen: Citizen) -> list[dict[str, Any]]:
    """Write a citizen's telephone numbers as rows."""
    kinds = citizen.phone_kinds or ("",) * len(citizen.phones)
    return [
        {
            "citizen_id": citizen.id,
            "position": position,
            "number": number.e164,
            "kind": str(kind),
            "shared": number in citizen.shared_phones,
        }
        for position, (number, kind) in enumerate(zip(citizen.phones, kinds, strict=True))
    ]


def _citizen(row: sa.RowMapping, phones: Sequence[sa.RowMapping]) -> Citizen:
    """Read a citizen from a row and those of their numbers."""
    kinds = tuple(PhoneKind(phone["kind"] or PhoneKind.OTHER) for phone in phones)
    return Citizen(
        id=CitizenId(row["id"]),
        **{name: row[name] for name in _PLAIN},
        phones=tuple(PhoneNumber(phone["number"]) for phone in phones),
        phone_kinds=kinds if any(phone["kind"] for phone in phones) else (),
        shared_phones=frozenset(PhoneNumber(phone["number"]) for phone in phones if phone["shared"]),
        language=None if row["language"] is None else Language(row["language"]),
        never_call=row["never_call"],
        other_emails=tuple(row["other_emails"]),
        channel=None if row["channel"] is None else Preferred(row["channel"]),
    )


def sharers_values(keys: Sequence[str], limit: int, phone: PhoneNumber | None) -> dict[str, Any]:
    """Return the values of a statement of SHARERS."""
    return {"asked": asked(keys), "most": limit, "phone": "" if phone is None else phone.e164}


def sharers_of(rows: Sequence[sa.RowMapping]) -> tuple[Citizen, ...]:
    """Read the citizens that a statement of SHARERS has found, in its order."""
    numbers: defaultdict[str, list[sa.RowMapping]] = defaultdict(list)
    for row in rows:
        numbers[row["id"]] += [row] if row["number"] is not None else []
    return tuple(_citizen(row, numbers[row["id"]]) for row in {row["id"]: row for row in rows}.values())


class SqlCitizenStore:
    """A CitizenStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_all(self, citizens: Sequence[Citizen]) -> Saved:
        """Add or write over, in a handful of statements whatever the size of the batch (at most 1,000)."""
        batch = {citizen.external_id: citizen for citizen in citizens}
        if not batch:
            return Saved()
        if self._connection.dialect.name == "postgresql":
            # One import after another: two at once would give one citizen two ids.
            await self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_IMPORT)))
        known = await self._known(batch)
        new = [citizen for external_id, citizen in batch.items() if external_id not in known]
        kept = [replace(batch[external_id], id=citizen.id) for external_id, citizen in known.items()]
        changed = [citizen for citizen in kept if citizen != known[citizen.external_id]]
        if changed:
            await self._rewrite(changed, known)
        await self._add(new)
        return Saved(len(new), len(changed), len(kept) - len(changed))

    async def _known(self, external_ids: Mapping[str, Citizen]) -> dict[str, Citizen]:
        """Return those there are by external id."""
        found = await self._read(citizens.c.external_id.in_(list(external_ids)))
        return {citizen.external_id: citizen for citizen in found}

    async def _add(self, new: Sequence[Citizen]) -> None:
        """Write citizens that were not there."""
        await self._insert(citizens, [_row(citizen) for citizen in new])
        await self._insert(citizen_phones, [row for citizen in new for row in _phone_rows(citizen)])
        await self._index({entry for citizen in new for entry in _entries(citizen)})

    async def _rewrite(self, changed: Sequence[Citizen], known: Mapping[str, Citizen]) -> None:
        """Write over citizens, their numbers, and what differs in the search index."""
        columns = [
            column.name for column in citizens.c if column.name not in {"id", "external_id", "number", *_OF_IMPORTS}
        ]
        update = (
            sa.update(citizens)
            .where(citizens.c.id == sa.bindparam("_id"))
            .values({name: sa.bindparam(f"_{name}") for name in columns})
        )
        rows = [{f"_{name}": value for name, value in _row(citizen).items()} for citizen in changed]
        await self._connection.execute(
            update, [{f"_{name}": row[f"_{name}"] for name in ("id", *columns)} for row in rows]
        )
        ids = [citizen.id for citizen in changed]
        await self._connection.execute(sa.delete(citizen_phones).where(citizen_phones.c.citizen_id.in_(ids)))
        await self._insert(citizen_phones, [row for citizen in changed for row in _phone_rows(citizen)])
        before = {entry for citizen in changed for entry in _entries(known[citizen.external_id])}
        after = {entry for citizen in changed for entry in _entries(citizen)}
        if before - after:
            entry = sa.and_(keys_table.c.key == sa.bindparam("_key"), keys_table.c.citizen == sa.bindparam("_citizen"))
            gone = [{"_key": key, "_citizen": citizen} for key, citizen in sorted(before - after)]
            await self._connection.execute(sa.delete(keys_table).where(entry), gone)
        await self._index(after - before)

    async def _index(self, entries: set[tuple[int, int]]) -> None:
        """Add to the search index, in its own order: neighbours share pages."""
        await self._insert(keys_table, [{"key": key, "citizen": citizen} for key, citizen in sorted(entries)])

    async def _insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert new rows, in as few statements as may be."""
        if self._connection.dialect.name != "sqlite":
            if rows:
                await self._connection.execute(sa.insert(table), rows)
            return
        most = MOST_VALUES // len(table.c)
        for start in range(0, len(rows), most):
            await self._connection.exec_driver_sql(*insert_new(table, rows[start : start + most]))

    async def _read(self, condition: sa.ColumnElement[bool]) -> list[Citizen]:
        """Return the citizens that fit, with their numbers, in the order of their ids."""
        query = sa.select(citizens).where(condition).order_by(citizens.c.id)
        rows = (await self._connection.execute(query)).mappings().all()
        numbers: defaultdict[str, list[sa.RowMapping]] = defaultdict(list)
        owned = (
            sa.select(citizen_phones)
            .where(citizen_phones.c.citizen_id.in_([row["id"] for row in rows]))
            .order_by(citizen_phones.c.citizen_id, citizen_phones.c.position)
        )
        for phone in (await self._connection.execute(owned)).mappings() if rows else ():
            numbers[phone["citizen_id"]].append(phone)
        return [_citizen(row, numbers[row["id"]]) for row in rows]

    async def see(self, external_ids: Sequence[str], seen: Seen) -> None:
        """Mark citizens as seen by an import."""
        update = sa.update(citizens).where(citizens.c.external_id.in_(external_ids))
        await self._connection.execute(update.values(source=seen.source, seen_in=seen.run, left_at=None))

    async def unseen(self, seen: Seen) -> tuple[int, int]:
        """Return how many of a source were not seen, and of how many."""
        missed = sa.func.count().filter(citizens.c.seen_in.is_distinct_from(seen.run))
        of_source = sa.and_(citizens.c.source == seen.source, citizens.c.left_at.is_(None))
        row = (await self._connection.execute(sa.select(missed, sa.func.count()).where(of_source))).one()
        return row[0], row[1]

    async def mark_left(self, seen: Seen, at: datetime) -> int:
        """Mark those not seen as having left."""
        here = sa.and_(citizens.c.source == seen.source, citizens.c.left_at.is_(None))
        update = sa.update(citizens).where(here, citizens.c.seen_in.is_distinct_from(seen.run)).values(left_at=at)
        return (await self._connection.execute(update)).rowcount

    async def ids_of(self, external_ids: Sequence[str]) -> dict[str, CitizenId]:
        """Return the ids of those that are known."""
        query = sa.select(citizens.c.external_id, citizens.c.id).where(citizens.c.external_id.in_(external_ids))
        return {row.external_id: CitizenId(row.id) for row in await self._connection.execute(query)}

    async def get(self, citizen_id: CitizenId) -> Citizen | None:
        """Return the citizen, or None."""
        return next(iter(await self._read(citizens.c.id == citizen_id)), None)

    async def by_external_id(self, external_id: str) -> Citizen | None:
        """Return the citizen of that key, or None."""
        return next(iter(await self._read(citizens.c.external_id == external_id)), None)

    async def with_phone(self, number: PhoneNumber, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody who has that number and has not left."""
        owners = (
            sa.select(citizen_phones.c.citizen_id)
            .where(citizen_phones.c.number == number.e164)
            .distinct()
            .order_by(citizen_phones.c.citizen_id)
            .limit(limit)
        )
        return tuple(await self._read(sa.and_(citizens.c.id.in_(owners), citizens.c.left_at.is_(None))))

    async def at_address(self, address: str, postcode: str, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody at an address."""
        if not address:
            return ()
        here = (citizens.c.address == address, citizens.c.postcode == postcode, citizens.c.left_at.is_(None))
        some = sa.select(citizens.c.id).where(*here).order_by(citizens.c.id).limit(limit)
        return tuple(await self._read(citizens.c.id.in_(some)))

    async def candidates(
        self, keys: Sequence[str], limit: int = 200, phone: PhoneNumber | None = None
    ) -> tuple[Citizen, ...]:
        """Return those who share most, and the owners of a number; the database counts, only the best leave it."""
        if not keys and phone is None:
            return ()
        statement, values = SHARERS[self._connection.dialect.name], sharers_values(keys, limit, phone)
        return sharers_of((await self._connection.execute(statement, values)).mappings().all())

    async def count(self) -> int:
        """Return how many there are."""
        return (await self._connection.execute(sa.select(sa.func.count()).select_from(citizens))).scalar_one()
