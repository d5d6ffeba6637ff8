"""Agents over the API: who they are, and whether they can be called."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from guichet.callbacks.letting_go import offer_next
from guichet.console.api.etag import etag_of
from guichet.console.api.kinds import Name, Phone, Short
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.token import Scope
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence

_SERVING = frozenset({Presence.RINGING, Presence.BUSY})


class AgentShown(msgspec.Struct, frozen=True):
    """Somebody who serves citizens, and whether they can take one, since when."""

    id: str
    name: str
    phone: str
    skills: tuple[str, ...]
    languages: tuple[Language, ...]
    presence: Presence
    since: datetime


class AgentsShown(msgspec.Struct, frozen=True):
    """Every agent, by name."""

    items: tuple[AgentShown, ...]


class NewAgent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who will serve citizens; not called before their presence says so."""

    name: Name
    phone: Phone
    skills: tuple[Short, ...]
    languages: tuple[Language, ...] = (Language.FR,)


class AgentRef(msgspec.Struct, frozen=True):
    """Which agent."""

    id: str


class Settable(StrEnum):
    """The presences that are set from outside; the others come of calls."""

    AVAILABLE = "available"
    PAUSE = "pause"
    AWAY = "away"


class PresenceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether an agent can be called."""

    presence: Settable


async def _list(asked: Asked) -> Answer:
    return Answer(AgentsShown(tuple(map(_shown, await asked.unit.agents.all()))))


async def _read(asked: Asked) -> Answer:
    agent = await asked.unit.agents.get(AgentId(asked.path["id"]))
    return Answer(_shown(agent), f"agent:{agent.id}", etag=_etag(agent))


async def _add(asked: Asked) -> Answer:
    given: NewAgent = asked.body
    known = sorted({skill for queue in asked.tools.book().queues.values() for skill in queue.skills})
    for skill in given.skills:
        if skill not in known:
            raise BadInput(f"no queue of the rule book asks for the skill '{skill}'; it may be: {', '.join(known)}")
    if not given.skills or not given.languages:
        raise BadInput("an agent has at least one skill and one language")
    agent = Agent(
        id=AgentId(new_id("agent")),
        name=given.name,
        phone=PhoneNumber.parse(given.phone),
        skills=frozenset(given.skills),
        languages=frozenset(given.languages),
        presence=Presence.AWAY,
        since=asked.now,
    )
    await asked.unit.agents.add(agent)
    return Answer(AgentRef(agent.id), f"agent:{agent.id}", etag=_etag(agent), location=f"/agents/{agent.id}")


async def _set_presence(asked: Asked) -> Answer:
    given: PresenceChange = asked.body
    agent = await asked.unit.agents.get(AgentId(asked.path["id"]))
    asked.check(_etag(agent))
    if agent.presence in _SERVING:
        raise Conflict("this agent is with a citizen: try again afterwards")
    wanted = Presence(given.presence.value)
    if wanted is not agent.presence:
        if not await asked.unit.agents.change(agent.id, agent.presence, wanted, asked.now):
            raise Conflict("the presence has changed meanwhile")
        if wanted is Presence.AVAILABLE:
            await offer_next(asked.unit, f"{agent.id}:{asked.now.timestamp():.0f}")
    changed = await asked.unit.agents.get(agent.id)
    return Answer(_shown(changed), f"agent:{agent.id}", {"presence": wanted.value}, etag=_etag(changed))


def _shown(agent: Agent) -> AgentShown:
    return AgentShown(
        id=agent.id,
        name=agent.name,
        phone=agent.phone.e164 if isinstance(agent.phone, PhoneNumber) else agent.phone.address,
        skills=tuple(sorted(agent.skills)),
        languages=tuple(sorted(agent.languages)),
        presence=agent.presence,
        since=agent.since,
    )


def _etag(agent: Agent) -> str:
    told: dict[str, Any] = msgspec.to_builtins(_shown(agent))
    return etag_of(told)


def operations() -> tuple[Operation, ...]:
    """Return the operations on agents."""
    return (
        Operation(
            name="list_agents",
            method="GET",
            path="/agents",
            scope=Scope.AGENTS_READ,
            summary="List the agents and their presence",
            answers=AgentsShown,
            perform=_list,
            action="agents.listed",
        ),
        Operation(
            name="add_agent",
            method="POST",
            path="/agents",
            scope=Scope.AGENTS_WRITE,
            summary="Add an agent, who is away until their presence is set",
            body=NewAgent,
            answers=AgentRef,
            perform=_add,
            action="agent.added",
            status=201,
            writes=True,
            tagged=True,
        ),
        Operation(
            name="read_agent",
            method="GET",
            path="/agents/{id}",
            scope=Scope.AGENTS_READ,
            summary="Read an agent and their presence",
            answers=AgentShown,
            perform=_read,
            action="agent.seen",
            tagged=True,
        ),
        Operation(
            name="set_presence",
            method="PUT",
            path="/agents/{id}/presence",
            scope=Scope.AGENTS_WRITE,
            summary="Say whether an agent can be called",
            body=PresenceChange,
            answers=AgentShown,
            perform=_set_presence,
            action="agent.presence_set",
            writes=True,
            guarded=True,
            tagged=True,
        ),
    )
