"""What requests and ringing need from others: stores of one transaction, the carrier, citizens' names."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from guichet.callbacks.on_the_line import CitizenNames, Contacts
from guichet.callbacks.store import AttemptStore, RequestStore
from guichet.carrier.events import CallState
from guichet.core.ids import AgentId, CallSid
from guichet.core.jobs import JobQueue
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from guichet.routing.rule_book import RuleBook


class AgentStore(Protocol):
    """The agents, as far as ringing them goes (`routing.agent_store`)."""

    async def claim(
        self, queue: str, language: Language, now: datetime, *, skills: Collection[str] = (), writes: bool = False
    ) -> Agent | None:
        """Take the available agent (who `writes`) who has been idle longest, and set them ringing: atomic."""
        ...

    async def free_abilities(self, *, writes: bool = False) -> frozenset[tuple[str, Language]]:
        """Return the skills, each with a language, that at least one available agent has (who `writes`)."""
        ...

    async def staffed(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the agents at work (neither paused nor away) who can serve a queue."""
        ...

    async def change(self, agent_id: AgentId, before: Presence, after: Presence, now: datetime) -> bool:
        """Change presence if it is still what it was; say whether it was."""
        ...

    async def missed(self, agent_id: AgentId, now: datetime) -> Presence | None:
        """Count a call that a ringing agent left unanswered: back to available, or away when it happens again."""
        ...

    async def get(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        ...


BookInForce = Callable[[], RuleBook]
"""Gives the rule book in force."""


class Unit(Protocol):
    """One transaction over what a request touches."""

    @property
    def requests(self) -> RequestStore:
        """The requests."""
        ...

    @property
    def attempts(self) -> AttemptStore:
        """The attempts."""
        ...

    @property
    def agents(self) -> AgentStore:
        """The agents."""
        ...

    @property
    def jobs(self) -> JobQueue:
        """The outbox of jobs."""
        ...


class RingingUnit(Unit, Protocol):
    """One transaction over what ringing an agent touches."""

    @property
    def citizens(self) -> CitizenNames:
        """The citizens."""
        ...

    @property
    def contacts(self) -> Contacts:
        """The contacts."""
        ...


class Placed(Protocol):
    """A call of ours as the carrier lists it (`carrier.client.PlacedCall`)."""

    @property
    def call(self) -> CallSid:
        """The carrier's id."""
        ...

    @property
    def state(self) -> CallState:
        """Where it stands."""
        ...

    @property
    def lasted(self) -> timedelta | None:
        """How long it lasted, ringing included; None: not over, or not known."""
        ...


class RingingCarrier(Protocol):
    """The carrier, as far as ringing an agent goes (`carrier.client.Carrier`)."""

    async def place_call(
        self,
        *,
        to: PhoneNumber,
        line: PhoneNumber,
        answer_path: str,
        status_path: str,
        timeout: int = 25,  # noqa: ASYNC109  # how long the carrier lets it ring
    ) -> CallSid:
        """Ring a number. Raises Refused, Unavailable (never processed) or InDoubt."""
        ...

    async def end_call(self, call: CallSid) -> bool:
        """End a call; False if it had ended."""
        ...

    async def calls_to(self, number: PhoneNumber, since: datetime) -> Sequence[Placed]:
        """Return our calls to a number since a moment, latest first."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[RingingUnit]]
"""Opens a transaction; leaving the block commits, an exception rolls back."""
