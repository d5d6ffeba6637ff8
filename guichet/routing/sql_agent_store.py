"""Agents in SQL: SQLite and PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId, AttemptId
from guichet.core.language import Language
from guichet.core.telephone import Telephone
from guichet.routing import presence
from guichet.routing.agent import Agent, Presence
from guichet.routing.agent_store import MISSES_TO_AWAY, NOBODY, Acquainted, Stood
from guichet.routing.presence import NOT_AT_WORK, NOTHING, OF_ATTEMPTS, About
from guichet.routing.sql_agent_rows import (
    ABLE_AT_WORK,
    CHANGED,
    FREE,
    FREED,
    OVERDUE,
    SKILLS_FREE,
    SKILLS_FREE_TO_WRITE,
    abilities_of,
    agent_of,
    described,
    free_first,
    standing,
)
from guichet.routing.tables import agent_abilities, agent_presences, agents


class SqlAgentStore:
    """The agents, on one connection and in its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, agent: Agent) -> None:
        """Keep a new agent. Raises Conflict when the telephone belongs to another one."""
        row = {"id": agent.id, **described(agent), **standing(agent)}
        await self._described(agents.insert().values(row))
        await self._abilities(agent)

    async def describe(self, agent: Agent) -> None:
        """Write who an agent is. Raises Conflict when the telephone belongs to another one, or NotFound."""
        kept = await self.lock(agent.id)
        await self._described(agents.update().where(agents.c.id == agent.id).values(described(agent)))
        await self._connection.execute(agent_abilities.delete().where(agent_abilities.c.agent_id == agent.id))
        await self._abilities(agent.evolve(presence=kept.presence, since=kept.since))

    async def _described(self, statement: sa.Executable) -> None:
        """Write who somebody is, inside a savepoint: the unique index may say no."""
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(statement)
        except IntegrityError as error:
            raise Conflict("another agent has this telephone number") from error

    async def _abilities(self, agent: Agent) -> None:
        if rows := abilities_of(agent):
            await self._connection.execute(agent_abilities.insert(), rows)

    async def get(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        return await self._one(agents.select().where(agents.c.id == agent_id), agent_id)

    async def lock(self, agent_id: AgentId) -> Agent:
        """Return an agent, the row locked (SQLite has one writer at a time anyway)."""
        return await self._one(agents.select().where(agents.c.id == agent_id).with_for_update(), agent_id)

    async def _one(self, query: sa.Select[Any], agent_id: AgentId) -> Agent:
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"there is no agent {agent_id}")
        return agent_of(row)

    async def by_phone(self, phone: Telephone) -> Agent | None:
        """Return the agent with that telephone."""
        row = (await self._connection.execute(agents.select().where(agents.c.phone == phone.address))).one_or_none()
        return None if row is None else agent_of(row)

    async def all(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        rows = await self._connection.execute(agents.select().order_by(agents.c.name, agents.c.id))
        return tuple(agent_of(row) for row in rows)

    async def claim(
        self,
        queue: str,
        language: Language,
        now: datetime,
        *,
        skills: Collection[str] = (),
        prefer: Acquainted = NOBODY,
        writes: bool = False,
    ) -> Agent | None:
        """Take who knows it, then who knows a skill best, then who has been idle longest; None when nobody is free.

        On PostgreSQL, a row that another transaction is taking is passed over; on SQLite there is one writer at a time.
        """
        able = {"skills": sorted(skills or (queue,)), "language": language.value}
        among = {"known": sorted(prefer.known), "parted": sorted(prefer.parted), "": []}
        row = None
        for name in [name for name in ("known", "parted") if among[name]] + [""]:
            asked = {**able, name: among[name]} if name else able
            row = row or (await self._connection.execute(free_first(name, writes=writes), asked)).first()
        if row is None:
            return None
        agent = agent_of(row)
        taken = presence.changed(agent, Presence.RINGING, now)
        return taken if await self.put(agent, taken) else None

    async def change(
        self, agent_id: AgentId, before: Presence, after: Presence, now: datetime, about: About = NOTHING
    ) -> bool:
        """Change presence if it is still what it was; say whether it was."""
        try:
            agent = await self.lock(agent_id)
        except NotFound:
            return False
        return agent.presence is before and await self.put(agent, presence.changed(agent, after, now, about))

    async def put(self, before: Agent, after: Agent) -> bool:
        """Write presence where it is still the same; the abilities tell who is free, the log how it was."""
        asked = {"own": before.id, "was": before.presence.value}
        told = {f"new_{name}": value for name, value in standing(after).items()}
        if (await self._connection.execute(CHANGED, {**asked, **told})).rowcount != 1:
            return False
        if before.can_be_rung or after.can_be_rung:
            free_since = after.since if after.can_be_rung else None
            await self._connection.execute(FREED, {"own": before.id, "new_free_since": free_since})
        if after.presence not in OF_ATTEMPTS and (after.presence, after.since) != (before.presence, before.since):
            stood = {"presence": after.presence.value, "reason": after.reason, "attempt": after.attempt}
            await self._connection.execute(agent_presences.insert(), {"agent": before.id, "at": after.since, **stood})
        return True

    async def missed(self, agent_id: AgentId, now: datetime, most: int = MISSES_TO_AWAY) -> Presence | None:
        """Count a call that a ringing agent left unanswered; return the new presence, None when not ringing."""
        try:
            agent = await self.lock(agent_id)
        except NotFound:
            return None
        if agent.presence is not Presence.RINGING:
            return None
        after = presence.missed(agent, now, most)
        return after.presence if await self.put(agent, after) else None

    async def overdue(self, now: datetime) -> Sequence[Agent]:
        """Return whose presence should have ended, by the index of presences."""
        rows = await self._connection.execute(OVERDUE, {"now": now})
        return [agent_of(row) for row in rows]

    async def log_of(self, agent_id: AgentId, since: datetime) -> Sequence[Stood]:
        """Return the changes, in order."""
        own = agent_presences.c
        query = sa.select(own.presence, own.reason, own.attempt, own.at).order_by(own.at, own.id)
        rows = await self._connection.execute(query.where(own.agent == agent_id, own.at >= since))
        return [
            Stood(Presence(row.presence), row.reason, AttemptId(row.attempt) if row.attempt else None, row.at)
            for row in rows
        ]

    async def free_abilities(self, *, writes: bool = False) -> frozenset[tuple[str, Language]]:
        """Return the skills, each with a language, that at least one available agent has."""
        rows = await self._connection.execute(SKILLS_FREE_TO_WRITE if writes else SKILLS_FREE)
        return frozenset((row.skill, Language(row.language)) for row in rows)

    async def staffed(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the agents at work who can serve a queue."""
        resting = sorted(one.value for one in NOT_AT_WORK)
        able = {"skills": sorted(skills or (queue,)), "language": language.value, "resting": resting}
        return int((await self._connection.execute(ABLE_AT_WORK, able)).scalar_one())

    async def free(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the available agents that `claim` would choose among."""
        able = {"skills": sorted(skills or (queue,)), "language": language.value}
        return int((await self._connection.execute(FREE, able)).scalar_one())
