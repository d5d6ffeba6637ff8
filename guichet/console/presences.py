"""What agents say of themselves at their desk, and do in conversations: the ports, served by `callbacks`."""

from collections.abc import Sequence
from typing import Protocol

from guichet.callbacks.flag import Flag, Incivility
from guichet.callbacks.passing_on import ToAgent, ToQueue
from guichet.callbacks.request import Request
from guichet.core.ids import AgentId, RequestId
from guichet.routing.agent import Agent, Presence


class Presences(Protocol):
    """Changes presence as an agent says."""

    async def say(self, agent_id: AgentId, wanted: Presence, reason: str = "", by: str = "") -> Agent:
        """Take in that an agent is available, pauses or leaves; with somebody, that comes afterwards."""
        ...

    async def end_wrap_up(self, agent_id: AgentId, by: str = "") -> Agent:
        """Take in that an agent has written up. Raises Conflict where they do not write up."""
        ...

    async def lengthen(self, agent_id: AgentId) -> Agent:
        """Give an agent more time to write up, once. Raises Conflict, BadInput."""
        ...


class PassingOn(Protocol):
    """Passes conversations on."""

    async def pass_on(self, request_id: RequestId, by: AgentId, to: ToQueue | ToAgent, note: str = "") -> Request:
        """Pass the conversation that an agent has on. Raises BadInput, Conflict."""
        ...


class Incivilities(Protocol):
    """Takes in what agents suffer."""

    async def flag(self, request_id: RequestId, by: AgentId, kind: Incivility, note: str = "") -> Flag:
        """Flag the person of a request. Raises NotFound, BadInput."""
        ...

    async def seen_with(self, request_id: RequestId) -> Sequence[Flag]:
        """Return the flags that are seen with a request."""
        ...

    async def end_call(self, request_id: RequestId, by: AgentId, kind: Incivility, note: str = "") -> Request:
        """End the conversation with a warning. Raises Conflict."""
        ...
