"""Arithmetic of stored moments in SQL: whole microseconds, the same on SQLite and PostgreSQL.

SQLite's own functions round to milliseconds or to floats; PostgreSQL's `extract` is exact.
"""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from guichet.routing.measures import Period

_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400


class Micros(FunctionElement[int]):
    """The microseconds from 1970 to a stored moment; NULL for none."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(Micros, "sqlite")
def _on_sqlite(element: Micros, compiler: sa.Compiled, **known: Any) -> str:
    """Read the text in which SQLAlchemy writes moments: `2026-03-04 10:00:00.000000`."""
    moment = compiler.process(element.clauses, **known)
    return (
        f"(CAST(strftime('%s', substr({moment}, 1, 19)) AS INTEGER) * 1000000"
        f" + CAST(substr({moment}, 21, 6) AS INTEGER))"
    )


@compiles(Micros, "postgresql")
def _on_postgresql(element: Micros, compiler: sa.Compiled, **known: Any) -> str:
    """Let it be extracted; the result is an exact number."""
    return f"CAST(extract(epoch FROM {compiler.process(element.clauses, **known)}) * 1000000 AS BIGINT)"


def between(start: sa.ColumnElement[Any], end: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Return the microseconds from one moment to another."""
    return Micros(end) - Micros(start)


def microseconds(span: timedelta) -> int:
    """Return a span as these do."""
    return span // _MICROSECOND


def hour_of(moment: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[int]:
    """Return the hour of the day (0 to 23) where the administration is."""
    return (_local_seconds(moment, period) % _DAY) // 3600


def day_of(moment: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[int]:
    """Return the day where the administration is, counted from 1970."""
    return _local_seconds(moment, period) // _DAY


class Month(FunctionElement[str]):
    """The month of seconds since 1970, as `2026-03`."""

    type = sa.String()
    inherit_cache = True


@compiles(Month, "sqlite")
def _month_on_sqlite(element: Month, compiler: sa.Compiled, **known: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **known)}, 'unixepoch')"


@compiles(Month, "postgresql")
def _month_on_postgresql(element: Month, compiler: sa.Compiled, **known: Any) -> str:
    seconds = compiler.process(element.clauses, **known)
    return f"to_char(to_timestamp({seconds}) AT TIME ZONE 'UTC', 'YYYY-MM')"


def month_of(moment: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[str]:
    """Return the month where the administration is, as `2026-03`."""
    return Month(_local_seconds(moment, period))


def _local_seconds(moment: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[int]:
    """Return the seconds that a clock on the wall counts: databases know no time zones, or others than ours."""
    offsets = period.offsets()
    cases = [(moment < until, _seconds(offset)) for (_, offset), (until, _) in pairwise(offsets)]
    latest = _seconds(offsets[-1][1])
    return Micros(moment) // 1_000_000 + (sa.case(*cases, else_=latest) if cases else latest)


def _seconds(offset: timedelta) -> sa.ColumnElement[int]:
    return sa.literal_column(str(round(offset.total_seconds())), sa.Integer)
