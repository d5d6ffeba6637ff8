"""What was served and how well, counted by the database: memory grows with the rows of a report, not with the history.

Each contact and each demand becomes a row of zeros and ones; groups of these are summed. Waits are ranked by the
database too: a median is the wait of the one in the middle, not an estimate.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.tables import by_name
from guichet.gateway.sql_contact_measures import contacts_counted
from guichet.gateway.sql_demand_measures import demands_counted
from guichet.gateway.sql_text_measures import surveys_counted, texts_counted
from guichet.routing.measures import By, Key, Measures, Period, Report

_EPOCH = date(1970, 1, 1)


class SqlMeasures:
    """Reads figures on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def report(self, period: Period, by: By, now: datetime) -> Report:
        """Return the figures of a period as they are known at a moment."""
        whole = await self.of(period, By.ALL, now)
        channels = await self.of(period, By.CHANNEL, now)
        rows = channels if by is By.CHANNEL else whole if by is By.ALL else await self.of(period, by, now)
        months = {}
        for part in period.months() if by is By.MONTH else ():
            months[f"{part.first:%Y-%m}"] = await self.of(part, By.CHANNEL, now)
        return Report(period, now, by, whole.get("", Measures()), channels, rows, months)

    async def of(self, period: Period, by: By, now: datetime) -> dict[Key, Measures]:
        """Return the figures of each group, in the order of their keys."""
        found: dict[Key, Measures] = {}
        queries = (
            contacts_counted(period, by, now),
            demands_counted(period, by, now),
            texts_counted(period, by),
            surveys_counted(period, by),
        )
        for query in queries:
            async for row in await self._connection.stream(query):
                key = _key(by, row.key)
                found[key] = _with(found.get(key, Measures()), row)
        return dict(sorted(found.items(), key=lambda pair: pair[0]))


def _key(by: By, key: Any) -> Key:
    return _EPOCH + timedelta(days=key) if by is By.DAY else key


def _with(measures: Measures, row: sa.Row[Any]) -> Measures:
    """Add what a row has counted; sums of PostgreSQL are decimals."""
    counted = {name: value for name, value in by_name(row).items() if name != "key"}
    sums = {name: int(value) + (getattr(measures, name) or 0) for name, value in counted.items() if value is not None}
    return replace(measures, **sums)
