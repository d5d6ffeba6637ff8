"""Hooks and deliveries in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.hooks.happenings import Happening
from guichet.console.hooks.hook import Delivery, DeliveryStage, Hook, Topic
from guichet.console.hooks.tables import hook_deliveries as deliveries
from guichet.console.hooks.tables import hook_topics, hooks
from guichet.core.errors import NotFound
from guichet.core.ids import new_id
from guichet.core.jobs import DeliverHook, JobQueue
from guichet.core.tables import by_name

KEPT = timedelta(days=30)
"""How long the log of deliveries goes back."""
_SWEPT = 100


class SqlHookStore:
    """The hooks on one connection, inside its transaction; `jobs` is the outbox of the same."""

    def __init__(self, connection: AsyncConnection, jobs: JobQueue) -> None:
        self._connection = connection
        self._jobs = jobs

    async def add(self, hook: Hook) -> None:
        """Keep a new hook."""
        row = {column.name: getattr(hook, column.name) for column in hooks.c}
        await self._connection.execute(hooks.insert(), row)
        await self._connection.execute(hook_topics.insert(), [{"topic": one, "hook": hook.id} for one in hook.topics])

    async def get(self, hook_id: str) -> Hook:
        """Return a hook. Raises NotFound."""
        found = await self._read(hooks.c.id == hook_id)
        if not found:
            raise NotFound(f"there is no hook {hook_id}; see `guichet api hook list`")
        return found[0]

    async def all(self) -> tuple[Hook, ...]:
        """Return every hook, oldest first."""
        return await self._read(sa.true())

    async def change(self, hook: Hook) -> None:
        """Write how a hook fares."""
        fares = {name: getattr(hook, name) for name in ("failing_since", "rests_until", "disabled_at", "disabled_why")}
        await self._connection.execute(sa.update(hooks).where(hooks.c.id == hook.id).values(fares))

    async def remove(self, hook_id: str) -> None:
        """Forget a hook, its topics and its deliveries. Raises NotFound."""
        await self.get(hook_id)
        await self._connection.execute(sa.delete(deliveries).where(deliveries.c.hook == hook_id))
        await self._connection.execute(sa.delete(hook_topics).where(hook_topics.c.hook == hook_id))
        await self._connection.execute(sa.delete(hooks).where(hooks.c.id == hook_id))

    async def tell(self, happening: Happening, now: datetime) -> None:
        """Write a delivery for each hook that wants to know, and the job that makes it: with what causes it, or not."""
        wanting = (
            sa.select(hooks.c.id)
            .join(hook_topics, hook_topics.c.hook == hooks.c.id)
            .where(hook_topics.c.topic == happening.topic, hooks.c.disabled_at.is_(None))
        )
        event, body = new_id("evt"), ""
        for hook_id in await self._connection.scalars(wanting):
            body = body or happening.body()
            delivery = Delivery(new_id("dlv"), hook_id, event, happening.topic, body, DeliveryStage.WAITING, now, now)
            await self.put(delivery)

    async def put(self, delivery: Delivery) -> None:
        """Keep a new delivery, with the job that makes it."""
        row = {column.name: getattr(delivery, column.name) for column in deliveries.c}
        await self._connection.execute(deliveries.insert(), row)
        await self.make(delivery)

    async def make(self, delivery: Delivery) -> None:
        """Put the job that makes a delivery when it is due."""
        await self._jobs.put(DeliverHook(delivery.id), not_before=delivery.due_at)

    async def delivery(self, delivery_id: str) -> Delivery | None:
        """Return a delivery."""
        row = (await self._connection.execute(sa.select(deliveries).where(deliveries.c.id == delivery_id))).first()
        return None if row is None else _delivery(row)

    async def note(self, before: Delivery, after: Delivery) -> bool:
        """Write how a delivery went, unless somebody has been quicker."""
        unmoved = sa.and_(deliveries.c.id == before.id, deliveries.c.tries == before.tries)
        unmoved = sa.and_(unmoved, deliveries.c.state == before.state)
        names = ("state", "due_at", "tries", "tried_at", "status", "error")
        changes = {name: getattr(after, name) for name in names}
        statement = sa.update(deliveries).where(unmoved).values(changes).returning(deliveries.c.id)
        return (await self._connection.execute(statement)).first() is not None

    async def deliveries_of(
        self, hook_id: str, limit: int, before: str | None = None, state: DeliveryStage | None = None
    ) -> Sequence[Delivery]:
        """Return deliveries of a hook, latest first; those before one, in one state, if given."""
        query = sa.select(deliveries).where(deliveries.c.hook == hook_id)
        if before is not None:
            query = query.where(deliveries.c.id < before)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        return [
            _delivery(row)
            for row in await self._connection.execute(query.order_by(deliveries.c.id.desc()).limit(limit))
        ]

    async def sweep(self, now: datetime) -> None:
        """Remove some deliveries that are over for long; those that another transaction removes are passed."""
        over = sa.select(deliveries.c.id).where(
            deliveries.c.created_at < now - KEPT, deliveries.c.state != DeliveryStage.WAITING
        )
        ids = list(await self._connection.scalars(over.limit(_SWEPT).with_for_update(skip_locked=True)))
        if ids:
            await self._connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_(ids)))

    async def _read(self, condition: sa.ColumnElement[bool]) -> tuple[Hook, ...]:
        rows = (await self._connection.execute(sa.select(hooks).where(condition).order_by(hooks.c.id))).all()
        topics: dict[str, set[Topic]] = {row.id: set() for row in rows}
        wanted = sa.select(hook_topics).where(hook_topics.c.hook.in_(list(topics)))
        for row in await self._connection.execute(wanted) if topics else ():
            topics[row.hook].add(Topic(row.topic))
        return tuple(Hook(**by_name(row), topics=frozenset(topics[row.id])) for row in rows)


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(**{**by_name(row), "topic": Topic(row.topic), "state": DeliveryStage(row.state)})
