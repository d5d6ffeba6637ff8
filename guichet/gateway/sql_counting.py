"""What counting in SQL is made of: conditions as zeros and ones, sums of groups, ranks, whether somebody came back."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from guichet.citizens.tables import contacts
from guichet.gateway.sql_moments import Micros, microseconds
from guichet.routing.measures import COMES_BACK

Column = sa.ColumnElement[Any]


def coalesced(*columns: Column) -> sa.ColumnElement[str]:
    """Return the first that there is, or an empty text."""
    return sa.func.coalesce(*columns, sa.literal_column("''", sa.String), type_=sa.String())


def flag(name: str, condition: sa.ColumnElement[bool]) -> Column:
    """Return one where a condition holds, else zero."""
    return sa.case((condition, 1), else_=0).label(name)


def counted(table: sa.FromClause, names: Iterable[str]) -> list[Column]:
    """Return the sums of columns."""
    return [sa.func.sum(table.c[name]).label(name) for name in names]


def grouped(table: sa.FromClause, columns: Iterable[Column]) -> sa.Select[Any]:
    """Select columns for each key."""
    return sa.select(table.c.key, *columns).group_by(table.c.key)


def ranks(table: sa.FromClause, names: Iterable[str]) -> list[Column]:
    """Return, for each column, the place of a row among those of its key that have a value, and how many these are."""
    found: list[Column] = []
    for name in names:
        value = table.c[name]
        # Where databases put NULL differs: last is said, not left to them.
        place = sa.func.row_number().over(partition_by=table.c.key, order_by=(value.is_(None), value))
        found += [
            place.label(f"{name}_place"),
            sa.func.count(value).over(partition_by=table.c.key).label(f"{name}_count"),
        ]
    return found


def ranked(table: sa.FromClause, name: str, tenths: int) -> Column:
    """Return the least value that so many tenths of a group's values do not exceed."""
    place, count = table.c[f"{name}_place"], table.c[f"{name}_count"]
    return sa.func.max(sa.case((place == (count * tenths + 9) // 10, table.c[name])))


def came_once(
    contact: Column, citizen: Column, number: Column, intent: Column, opened_at: Column, settled_at: Column
) -> sa.ColumnElement[bool]:
    """Whether a person had no other contact about a matter, from COMES_BACK before to as long after."""
    span = microseconds(COMES_BACK)
    other = contacts.alias("other")
    about_it = sa.and_(
        other.c.intent == intent,
        other.c.id != contact,
        Micros(other.c.started_at) >= Micros(opened_at) - span,
        Micros(other.c.started_at) <= Micros(settled_at) + span,
    )
    by_citizen = sa.select(1).where(other.c.citizen == citizen, about_it).exists()
    by_number = sa.select(1).where(citizen.is_(None), other.c.caller == number, about_it).exists()
    return sa.not_(sa.or_(by_citizen, by_number))
