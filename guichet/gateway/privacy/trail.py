"""The trail of what was done for people's privacy: when, by whom, how many rows; of whom is nowhere."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from guichet.core.ids import new_id
from guichet.gateway.privacy.tables import privacy_events
from guichet.gateway.units import SqlUnit


async def note(unit: SqlUnit, kind: str, by: str, counts: Mapping[str, int], now: datetime) -> None:
    """Keep that something was done."""
    row = {"id": new_id("prv"), "kind": kind, "at": now, "by": by[:200], "counts": dict(counts)}
    await unit.connection.execute(sa.insert(privacy_events).values(row))


async def trail(unit: SqlUnit, limit: int = 200) -> list[dict[str, object]]:
    """Return what was done, latest first."""
    query = sa.select(privacy_events).order_by(privacy_events.c.at.desc(), privacy_events.c.id.desc()).limit(limit)
    return [
        {"at": row.at.isoformat(), "kind": row.kind, "by": row.by, "counts": row.counts}
        for row in await unit.connection.execute(query)
    ]
