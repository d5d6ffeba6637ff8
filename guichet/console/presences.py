"""What agents say of themselves at their desk: the port, and how it is done with the agents' store."""

from typing import Protocol

from guichet.callbacks.letting_go import offer_next
from guichet.console.desk_unit import BeginDesk
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId
from guichet.routing.agent import Agent, Presence

SAID = frozenset({Presence.AVAILABLE, Presence.PAUSE, Presence.AWAY})


class Presences(Protocol):
    """Changes presence as an agent says."""

    async def say(self, agent_id: AgentId, wanted: Presence, reason: str = "", by: str = "") -> Agent:
        """Take in that an agent is available, pauses or leaves. Raises BadInput, NotFound, Conflict."""
        ...

    async def end_wrap_up(self, agent_id: AgentId, by: str = "") -> Agent:
        """Take in that an agent has written up. Raises Conflict where they do not write up."""
        ...


class DeskPresences:
    """Changes presence; whoever has somebody finishes first."""

    def __init__(self, begin: BeginDesk, clock: Clock) -> None:
        self._begin = begin
        self._clock = clock

    @again_on_conflict
    async def say(self, agent_id: AgentId, wanted: Presence, reason: str = "", by: str = "") -> Agent:  # noqa: ARG002
        """Take in that an agent is available, pauses or leaves."""
        if wanted not in SAID:
            raise BadInput("an agent says that they are available, pause, or are away; the rest comes with calls")
        now = self._clock.now()
        async with self._begin() as unit:
            agent = await unit.agents.get(agent_id)
            busy = agent.presence is Presence.RINGING or bool(await unit.queues.in_hand(agent_id))
            if busy:
                raise Conflict("finish with the one you have first")
            if not await unit.agents.change(agent_id, agent.presence, wanted, now):
                raise Conflict("your presence has changed meanwhile")
            if wanted is Presence.AVAILABLE:
                await offer_next(unit, f"{agent_id}:free:{now.timestamp():.3f}")
            return await unit.agents.get(agent_id)

    async def end_wrap_up(self, agent_id: AgentId, by: str = "") -> Agent:
        """Take in that an agent has written up."""
        async with self._begin() as unit:
            if (await unit.agents.get(agent_id)).presence is not Presence.WRAP_UP:
                raise Conflict("nothing is being written up")
        return await self.say(agent_id, Presence.AVAILABLE, "", by)
