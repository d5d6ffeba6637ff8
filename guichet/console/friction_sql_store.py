"""Where callers struggle, counted by the database over the turns of ended calls."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.citizens.tables import contacts
from guichet.console.friction import Friction
from guichet.ivr.record import ResultKind, StreamState
from guichet.ivr.tables import calls, turns

_GIVEN_UP = ("", "abandoned")


def _is(kind: ResultKind) -> sa.ColumnElement[bool]:
    """Whether a turn brought that (`ivr.wire` writes results as JSON)."""
    return sa.func.coalesce(turns.c.result, "").contains(f'"kind":"{kind.value}"', autoescape=True)


def _sum(condition: sa.ColumnElement[bool], name: str) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)


class SqlFrictionStore:
    """A FrictionStore on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def since(self, moment: datetime) -> Sequence[Friction]:
        """Return a row for each question and matter."""
        following = sa.func.lead(turns.c.expects).over(partition_by=turns.c.call, order_by=turns.c.number)
        unheard = turns.c.stream == StreamState.NONE.value
        one = (
            sa.select(
                turns.c.expects,
                sa.func.coalesce(contacts.c.intent, "").label("intent"),
                contacts.c.outcome,
                following.label("following"),
                sa.or_(_is(ResultKind.SILENCE), _is(ResultKind.FAILED)).label("silent"),
                # Keys during the prompt close the turn before its stream has begun.
                sa.and_(turns.c.listen, sa.or_(_is(ResultKind.KEYS), unheard)).label("typed"),
            )
            .join_from(turns, calls, calls.c.id == turns.c.call)
            .join(contacts, contacts.c.id == turns.c.contact)
            .where(turns.c.opened_at >= moment, calls.c.ended_at.is_not(None))
            .subquery()
        )
        is_last = one.c.following.is_(None)
        query = sa.select(
            one.c.expects,
            one.c.intent,
            sa.func.count().label("turns"),
            _sum(one.c.following == one.c.expects, "again"),
            _sum(sa.and_(one.c.typed, sa.not_(is_last)), "keys"),
            _sum(one.c.silent, "silent"),
            _sum(sa.and_(is_last, one.c.outcome.in_(_GIVEN_UP)), "given_up"),
        ).group_by(one.c.expects, one.c.intent)
        found: dict[tuple[str, str], Friction] = {}
        for row in await self._connection.execute(query):
            key = _question(row.expects), row.intent
            counts = [int(row[at]) for at in range(2, 7)]
            known = found.get(key)
            if known:
                old = (known.turns, known.again, known.keys, known.silent, known.given_up)
                counts = [one + other for one, other in zip(counts, old, strict=True)]
            found[key] = Friction(*key, *counts)
        return list(found.values())


def _question(expects: str) -> str:
    """Return the kind of a question (`ivr.wire` writes it first, in a list)."""
    return expects.split('"')[1] if expects.count('"') > 1 else ""
