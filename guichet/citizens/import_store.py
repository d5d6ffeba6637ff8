"""Where imports are kept: the port, with a twin in memory, and one in SQL."""

from dataclasses import asdict
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.citizens.import_run import ImportRun, Part, Progress
from guichet.citizens.store import Saved
from guichet.citizens.tables import imports


class ImportStore(Protocol):
    """Keeps how far each import has come."""

    async def save(self, run: ImportRun) -> None:
        """Keep an import as it stands now."""
        ...

    async def latest(self, source: str) -> ImportRun | None:
        """Return the last import of a source, ended or not."""
        ...


class MemoryImportStore:
    """An ImportStore in a dictionary: the twin for tests."""

    def __init__(self) -> None:
        self._runs: dict[str, ImportRun] = {}

    async def save(self, run: ImportRun) -> None:
        """Keep an import."""
        self._runs[run.id] = run

    async def latest(self, source: str) -> ImportRun | None:
        """Return the last import of a source."""
        own = [run for run in self._runs.values() if run.source == source]
        return max(own, key=lambda run: (run.started_at, run.id), default=None)


class SqlImportStore:
    """An ImportStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, run: ImportRun) -> None:
        """Keep an import."""
        row = {
            "id": run.id,
            "source": run.source,
            "fingerprint": run.fingerprint,
            "part": run.part.value,
            "lines": run.progress.get(run.part, Progress()).lines,
            "counts": {part.value: asdict(progress) for part, progress in run.progress.items()},
            "started_at": run.started_at,
            "changed_at": run.changed_at,
            "ended_at": run.ended_at,
        }
        is_postgresql = self._connection.dialect.name == "postgresql"
        insert = postgresql.insert(imports) if is_postgresql else sqlite.insert(imports)
        changed = {name: value for name, value in row.items() if name != "id"}
        await self._connection.execute(
            insert.values(row).on_conflict_do_update(index_elements=[imports.c.id], set_=changed)
        )

    async def latest(self, source: str) -> ImportRun | None:
        """Return the last import of a source."""
        query = sa.select(imports).where(imports.c.source == source)
        latest = query.order_by(imports.c.started_at.desc(), imports.c.id.desc()).limit(1)
        row = (await self._connection.execute(latest)).mappings().first()
        return None if row is None else _run(row)


def _run(row: sa.RowMapping) -> ImportRun:
    """Read an import from its row."""
    return ImportRun(
        id=row["id"],
        source=row["source"],
        fingerprint=row["fingerprint"],
        part=Part(row["part"]),
        progress={Part(part): _progress(counts) for part, counts in row["counts"].items()},
        started_at=row["started_at"],
        changed_at=row["changed_at"],
        ended_at=row["ended_at"],
    )


def _progress(counts: dict[str, Any]) -> Progress:
    """Read a progress."""
    return Progress(counts["lines"], Saved(**counts["saved"]), counts["faults"], counts["left"])
