"""Agents as rows, and the statements about them: each is built once, with parameters to fill. No I/O."""

from typing import Any

import sqlalchemy as sa

from guichet.core.ids import AgentId, AttemptId
from guichet.core.language import Language
from guichet.core.telephone import telephone
from guichet.routing.agent import WRITES, Agent, Level, Presence
from guichet.routing.tables import IS_FREE, agent_abilities, agents

MOST_OVERDUE = 100

_own, _can = agents.c, agent_abilities.c
_is_able = sa.and_(
    _can.skill.in_(sa.bindparam("skills", expanding=True)), _can.language == sa.bindparam("language", type_=sa.String())
)
_free = (
    sa.select(agents)
    .join_from(agent_abilities, agents, _own.id == _can.agent_id)
    .where(_is_able, IS_FREE, _own.presence == Presence.AVAILABLE.value)
    .order_by(_can.level.desc(), _can.free_since, _can.agent_id)
    .limit(1)
    .with_for_update(of=agents, skip_locked=True)
)
_writes = agent_abilities.alias("writes")
_is_writing = sa.select(1).where(
    _writes.c.agent_id == _can.agent_id, _writes.c.skill == WRITES, _writes.c.language == _can.language
)
_AMONG = {
    "": sa.true(),
    "known": _can.agent_id.in_(sa.bindparam("known", expanding=True)),
    "parted": _can.agent_id.not_in(sa.bindparam("parted", expanding=True)),
}
_FREE_FIRST = {
    (name, writes): _free.where(among, *([_is_writing.exists()] if writes else []))
    for name, among in _AMONG.items()
    for writes in (False, True)
}


def free_first(among: str, *, writes: bool) -> sa.Select[Any]:
    """Return the statement for who knows one of `skills` best in a `language`, then has been idle longest; locked.

    `among`: of those `known` alone, without those who have `parted` with the case, or "" of all. `writes`: who
    answers texts in that language.
    """
    return _FREE_FIRST[among, writes]


FREE = sa.select(sa.func.count(sa.distinct(_can.agent_id))).where(_is_able, IS_FREE)
SKILLS_FREE = sa.select(_can.skill, _can.language).where(IS_FREE).distinct()
SKILLS_FREE_TO_WRITE = SKILLS_FREE.where(
    _can.agent_id.in_(sa.select(_writes.c.agent_id).where(_writes.c.skill == WRITES, _writes.c.free_since.is_not(None)))
)
"""The same, of those who answer texts."""
ABLE_AT_WORK = (
    sa.select(sa.func.count())
    .select_from(agents)
    .where(
        _own.presence.not_in(sa.bindparam("resting", expanding=True)),
        _own.id.in_(sa.select(_can.agent_id).where(_is_able)),
    )
)
OVERDUE = (
    sa.select(agents)
    .where(
        _own.presence == Presence.WRAP_UP.value,
        _own.until <= sa.bindparam("now", type_=_own.until.type),
    )
    .order_by(_own.until)
    .limit(MOST_OVERDUE)
)
_STANDING = (
    "presence",
    "since",
    "missed",
    "reason",
    "until",
    "lengthened",
    "attempt",
    "afterwards",
    "afterwards_reason",
)
CHANGED = (
    sa.update(agents)
    .where(_own.id == sa.bindparam("own"), _own.presence == sa.bindparam("was"))
    .values({name: sa.bindparam(f"new_{name}", type_=_own[name].type) for name in _STANDING})
)
"""Writes `new_…`, what `standing` returns, where the presence still `was`."""
FREED = (
    sa.update(agent_abilities)
    .where(_can.agent_id == sa.bindparam("own"))
    .values(free_since=sa.bindparam("new_free_since", type_=_can.free_since.type))
)


def standing(agent: Agent) -> dict[str, Any]:
    """Return an agent's presence and what belongs to it."""
    values = {name: getattr(agent, name) for name in _STANDING}
    values["presence"] = agent.presence.value
    values["afterwards"] = agent.afterwards.value if agent.afterwards else None
    return values


def described(agent: Agent) -> dict[str, Any]:
    """Return who an agent is."""
    return {
        "name": agent.name,
        "phone": agent.phone.address,
        "skills": sorted(agent.skills),
        "levels": {skill: int(level) for skill, level in agent.levels.items()},
        "languages": sorted(agent.languages),
    }


def abilities_of(agent: Agent) -> list[dict[str, Any]]:
    """Return what an agent can serve: a row for each skill in each language."""
    return [
        {
            "skill": skill,
            "language": language.value,
            "agent_id": agent.id,
            "level": int(agent.level(skill)),
            "free_since": agent.since if agent.can_be_rung else None,
        }
        for skill in sorted(agent.skills)
        for language in sorted(agent.languages)
    ]


def agent_of(row: sa.Row[Any]) -> Agent:
    """Return the agent of a row."""
    return Agent(
        id=AgentId(row.id),
        name=row.name,
        phone=telephone(row.phone),
        skills=frozenset(row.skills),
        languages=frozenset(Language(language) for language in row.languages),
        presence=Presence(row.presence),
        since=row.since,
        missed=row.missed,
        levels={skill: Level(level) for skill, level in row.levels.items()},
        reason=row.reason,
        until=row.until,
        lengthened=row.lengthened,
        attempt=AttemptId(row.attempt) if row.attempt else None,
        afterwards=Presence(row.afterwards) if row.afterwards else None,
        afterwards_reason=row.afterwards_reason,
    )
