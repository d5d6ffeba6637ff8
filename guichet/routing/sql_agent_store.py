"""Agents in SQL: SQLite and PostgreSQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import WRITES, Agent, Presence
from guichet.routing.agent_store import MISSES_TO_AWAY, NOT_AT_WORK
from guichet.routing.tables import agent_abilities, agents


def _agent(row: sa.Row[Any]) -> Agent:
    return Agent(
        id=AgentId(row.id),
        name=row.name,
        phone=PhoneNumber(row.phone),
        skills=frozenset(row.skills),
        languages=frozenset(Language(language) for language in row.languages),
        presence=Presence(row.presence),
        since=row.since,
        missed=row.missed,
    )


_is_for_texts = agent_abilities.c.skill == WRITES


def _is_able(skills: Collection[str], language: Language) -> sa.ColumnElement[bool]:
    able = sa.select(agent_abilities.c.agent_id).where(
        agent_abilities.c.skill.in_(sorted(skills)), agent_abilities.c.language == language.value
    )
    return agents.c.id.in_(able)


def _can_serve(skills: Collection[str], language: Language, *, writes: bool = False) -> sa.ColumnElement[bool]:
    free = (agents.c.presence == Presence.AVAILABLE.value) & _is_able(skills, language)
    return free & _is_able((WRITES,), language) if writes else free


class SqlAgentStore:
    """The agents, on one connection and in its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, agent: Agent) -> None:
        """Keep a new agent. Raises Conflict when the phone belongs to another one."""
        row = {
            "id": agent.id,
            "name": agent.name,
            "phone": agent.phone.e164,
            "skills": sorted(agent.skills),
            "languages": sorted(agent.languages),
            "presence": agent.presence.value,
            "since": agent.since,
            "missed": agent.missed,
        }
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(agents.insert(), row)
        except IntegrityError as error:
            raise Conflict("another agent has this telephone number") from error
        abilities = [
            {"skill": skill, "language": language.value, "agent_id": agent.id}
            for skill in agent.skills
            for language in agent.languages
        ]
        if abilities:
            await self._connection.execute(agent_abilities.insert(), abilities)

    async def get(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        row = (await self._connection.execute(agents.select().where(agents.c.id == agent_id))).one_or_none()
        if row is None:
            raise NotFound(f"there is no agent {agent_id}")
        return _agent(row)

    async def by_phone(self, phone: PhoneNumber) -> Agent | None:
        """Return the agent with that telephone."""
        row = (await self._connection.execute(agents.select().where(agents.c.phone == phone.e164))).one_or_none()
        return None if row is None else _agent(row)

    async def all(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        rows = await self._connection.execute(agents.select().order_by(agents.c.name, agents.c.id))
        return tuple(_agent(row) for row in rows)

    async def claim(
        self, queue: str, language: Language, now: datetime, *, skills: Collection[str] = (), writes: bool = False
    ) -> Agent | None:
        """Take the available agent who has been idle longest, and set them ringing; None when nobody is free."""
        # PostgreSQL passes over rows that another transaction is taking; on SQLite there is one writer at a time.
        idle_longest = (
            sa.select(agents.c.id)
            .where(_can_serve(skills or (queue,), language, writes=writes))
            .order_by(agents.c.since, agents.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        taken = (
            agents.update()
            .where(agents.c.id == idle_longest, agents.c.presence == Presence.AVAILABLE.value)
            .values(presence=Presence.RINGING.value, since=now)
            .returning(*agents.c)
        )
        row = (await self._connection.execute(taken)).one_or_none()
        return None if row is None else _agent(row)

    async def change(self, agent_id: AgentId, before: Presence, after: Presence, now: datetime) -> bool:
        """Change presence if it is still what it was; say whether it was."""
        values: dict[str, Any] = {"presence": after.value, "since": now}
        if after is Presence.BUSY:
            values["missed"] = 0
        changed = (
            agents.update()
            .where(agents.c.id == agent_id, agents.c.presence == before.value)
            .values(**values)
            .returning(agents.c.id)
        )
        return (await self._connection.execute(changed)).one_or_none() is not None

    async def missed(self, agent_id: AgentId, now: datetime) -> Presence | None:
        """Count a call that a ringing agent left unanswered; return the new presence, None when not ringing."""
        last = agents.c.missed + 1 >= MISSES_TO_AWAY
        counted = (
            agents.update()
            .where(agents.c.id == agent_id, agents.c.presence == Presence.RINGING.value)
            .values(
                presence=sa.case((last, Presence.AWAY.value), else_=Presence.AVAILABLE.value),
                missed=sa.case((last, 0), else_=agents.c.missed + 1),
                since=now,
            )
            .returning(agents.c.presence)
        )
        presence = (await self._connection.execute(counted)).scalar_one_or_none()
        return None if presence is None else Presence(presence)

    async def free_abilities(self, *, writes: bool = False) -> frozenset[tuple[str, Language]]:
        """Return the skills, each with a language, that at least one available agent has."""
        free = sa.select(agents.c.id).where(agents.c.presence == Presence.AVAILABLE.value)
        if writes:
            free = free.where(agents.c.id.in_(sa.select(agent_abilities.c.agent_id).where(_is_for_texts)))
        query = sa.select(agent_abilities.c.skill, agent_abilities.c.language).distinct()
        rows = await self._connection.execute(query.where(agent_abilities.c.agent_id.in_(free)))
        return frozenset((row.skill, Language(row.language)) for row in rows)

    async def staffed(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the agents at work who can serve a queue."""
        at_work = agents.c.presence.not_in(sorted(presence.value for presence in NOT_AT_WORK))
        count = sa.select(sa.func.count()).select_from(agents)
        query = count.where(at_work & _is_able(skills or (queue,), language))
        return int((await self._connection.execute(query)).scalar_one())

    async def free(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the available agents that `claim` would choose among."""
        count = sa.select(sa.func.count()).select_from(agents).where(_can_serve(skills or (queue,), language))
        return int((await self._connection.execute(count)).scalar_one())
