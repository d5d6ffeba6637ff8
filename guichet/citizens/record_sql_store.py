"""Files and mandates in SQL, on SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.citizens.case_file import CaseFile
from guichet.citizens.file_number import digits as digits_of
from guichet.citizens.mandate import Mandate, Role
from guichet.citizens.store import Saved, Seen
from guichet.citizens.tables import citizen_files as files_table
from guichet.citizens.tables import citizen_mandates as mandates_table
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber

Key = tuple[CitizenId, str]


def _file(row: sa.RowMapping) -> CaseFile:
    """Read a file."""
    return CaseFile(row["number"], row["kind"], row["state"], row["left_at"])


def _mandate(row: sa.RowMapping) -> Mandate:
    """Read a mandate."""
    return Mandate(
        citizen=CitizenId(row["citizen_id"]),
        role=Role(row["role"]),
        holder=None if row["holder_id"] is None else CitizenId(row["holder_id"]),
        holder_name=row["holder_name"],
        holder_phone=None if row["holder_phone"] is None else PhoneNumber(row["holder_phone"]),
        scope=tuple(row["scope"]),
        until=row["until"],
        proof=row["proof"],
        left_at=row["left_at"],
    )


def _mandate_row(mandate: Mandate) -> dict[str, Any]:
    """Write a mandate."""
    return {
        "citizen_id": mandate.citizen,
        "key": mandate.key,
        "holder_id": mandate.holder,
        "holder_name": mandate.holder_name,
        "holder_phone": None if mandate.holder_phone is None else mandate.holder_phone.e164,
        "role": mandate.role.value,
        "scope": list(mandate.scope),
        "until": mandate.until,
        "proof": mandate.proof,
        "left_at": mandate.left_at,
    }


class SqlRecordStore:
    """A RecordStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_files(self, files: Sequence[tuple[CitizenId, CaseFile]], seen: Seen) -> Saved:
        """Add or write over."""
        new = {(owner, file.number): file for owner, file in files}
        owners = files_table.c.citizen_id.in_({owner for owner, _ in new})
        rows = await self._rows(files_table, owners) if new else ()
        known = {(CitizenId(row["citizen_id"]), row["number"]): _file(row) for row in rows}
        written = [
            {
                "citizen_id": owner,
                "number": number,
                "digits": digits_of(number),
                "kind": file.kind,
                "state": file.state,
                "left_at": file.left_at,
            }
            for (owner, number), file in new.items()
        ]
        await self._write(files_table, written, seen)
        return _counted(known, new)

    async def save_mandates(self, mandates: Sequence[Mandate], seen: Seen) -> Saved:
        """Add or write over."""
        new = {(one.citizen, one.key): one for one in mandates}
        owners = mandates_table.c.citizen_id.in_({owner for owner, _ in new})
        rows = await self._rows(mandates_table, owners) if new else ()
        known = {(CitizenId(row["citizen_id"]), row["key"]): _mandate(row) for row in rows}
        await self._write(mandates_table, [_mandate_row(mandate) for mandate in new.values()], seen)
        return _counted(known, new)

    async def _rows(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> Sequence[sa.RowMapping]:
        """Return rows in the order of their keys."""
        query = sa.select(table).where(*conditions).order_by(*table.primary_key.columns)
        return (await self._connection.execute(query)).mappings().all()

    async def _write(self, table: sa.Table, rows: Sequence[dict[str, Any]], seen: Seen) -> None:
        """Insert rows, or write over those of the same key."""
        if not rows:
            return
        is_postgresql = self._connection.dialect.name == "postgresql"
        insert = postgresql.insert(table) if is_postgresql else sqlite.insert(table)
        keys = list(table.primary_key.columns)
        changed = {column.name: insert.excluded[column.name] for column in table.c if column not in set(keys)}
        marks = {"source": seen.source, "seen_in": seen.run}
        await self._connection.execute(
            insert.on_conflict_do_update(index_elements=keys, set_=changed), [{**row, **marks} for row in rows]
        )

    async def files_of(self, citizen_id: CitizenId) -> tuple[CaseFile, ...]:
        """Return a citizen's files by number."""
        return tuple(map(_file, await self._rows(files_table, files_table.c.citizen_id == citizen_id)))

    async def owners_of_files(self, digits: Sequence[str], limit: int = 20) -> tuple[CitizenId, ...]:
        """Return the citizens who have a file with these digits."""
        asked = (files_table.c.digits.in_([one for one in digits if one]), files_table.c.left_at.is_(None))
        query = sa.select(files_table.c.citizen_id).where(*asked).distinct().order_by(files_table.c.citizen_id)
        rows = await self._connection.execute(query.limit(limit))
        return tuple(CitizenId(row.citizen_id) for row in rows)

    async def numbers_of(self, owners: Sequence[CitizenId]) -> dict[CitizenId, tuple[str, ...]]:
        """Return the numbers of citizens' files."""
        found: dict[CitizenId, tuple[str, ...]] = {}
        theirs = files_table.c.citizen_id.in_(owners)
        for row in await self._rows(files_table, theirs, files_table.c.left_at.is_(None)) if owners else ():
            owner = CitizenId(row["citizen_id"])
            found[owner] = (*found.get(owner, ()), row["number"])
        return found

    async def has_files(self) -> bool:
        """Whether anybody has a file."""
        told = sa.select(files_table.c.digits).where(files_table.c.digits > "", files_table.c.left_at.is_(None))
        return (await self._connection.execute(told.limit(1))).first() is not None

    async def mandates_of(self, citizen_id: CitizenId) -> tuple[Mandate, ...]:
        """Return the mandates to speak for a citizen."""
        return tuple(map(_mandate, await self._rows(mandates_table, mandates_table.c.citizen_id == citizen_id)))

    async def mandates_held(
        self, holder: CitizenId | None = None, phone: PhoneNumber | None = None
    ) -> tuple[Mandate, ...]:
        """Return the mandates of a holder."""
        conditions = [] if holder is None else [mandates_table.c.holder_id == holder]
        conditions += [] if phone is None else [mandates_table.c.holder_phone == phone.e164]
        return tuple(map(_mandate, await self._rows(mandates_table, sa.or_(*conditions)))) if conditions else ()

    async def files_left(self, seen: Seen, at: datetime) -> int:
        """Mark the files not seen."""
        return await self._left(files_table, seen, at)

    async def mandates_left(self, seen: Seen, at: datetime) -> int:
        """Mark the mandates not seen."""
        return await self._left(mandates_table, seen, at)

    async def _left(self, table: sa.Table, seen: Seen, at: datetime) -> int:
        """Mark what this import has not seen of its source."""
        gone = (table.c.source == seen.source, table.c.seen_in != seen.run, table.c.left_at.is_(None))
        return (await self._connection.execute(sa.update(table).where(*gone).values(left_at=at))).rowcount


def _counted(known: Mapping[Key, CaseFile] | Mapping[Key, Mandate], new: Mapping[Key, CaseFile | Mandate]) -> Saved:
    """Count what is new, changed and the same."""
    added = sum(key not in known for key in new)
    same = sum(known.get(key) == one for key, one in new.items())
    return Saved(added, len(new) - added - same, same)
