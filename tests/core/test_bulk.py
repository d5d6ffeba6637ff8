import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from guichet.core.bulk import insert_new
from guichet.core.tables import UtcDateTime

things = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", sa.String(8), primary_key=True),
    sa.Column("order", sa.Integer),
    sa.Column("at", UtcDateTime),
    sa.Column("file", sa.JSON),
    sa.Column("is_new", sa.Boolean),
)
NOON = datetime(2026, 3, 2, 12, 0, 0, 250, tzinfo=UTC)


def row(name: str, order: int = 1) -> dict[str, object]:
    return {"id": name, "order": order, "at": NOON, "file": {"é": [1, None]}, "is_new": True}


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    things.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_rows_come_back_as_those_that_sqlalchemy_inserts(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(things), [row("a")])
        connection.exec_driver_sql(*insert_new(things, [row("b"), row("c")]))
        raw = connection.exec_driver_sql('SELECT "order", at, file, is_new FROM things').all()
        read = connection.execute(sa.select(things).order_by(things.c.id)).mappings().all()
    assert len(set(raw)) == 1
    assert [dict(one) for one in read] == [row("a"), row("b"), row("c")]


def test_known_rows_are_left_alone(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(*insert_new(things, [row("a", 1)]))
        connection.exec_driver_sql(*insert_new(things, [row("a", 2), row("b", 2)]))
        orders = connection.execute(sa.select(things.c.order).order_by(things.c.id)).scalars().all()
    assert orders == [1, 2]


def test_more_values_than_sqlite_takes_are_refused() -> None:
    with pytest.raises(ValueError, match="too many rows"):
        insert_new(things, [row(str(n)) for n in range(7000)])
    assert sqlite3.sqlite_version_info >= (3, 35)
