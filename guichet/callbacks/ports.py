"""What requests and ringing need from others: stores of one transaction, the carrier, citizens' names."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from guichet.callbacks.flag_store import FlagStore
from guichet.callbacks.on_the_line import CitizenNames, Contacts
from guichet.callbacks.store import AttemptStore, RequestStore
from guichet.carrier.events import CallState
from guichet.core.ids import CallSid
from guichet.core.jobs import JobQueue
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import Telephone
from guichet.routing.agent_store import AgentStore
from guichet.routing.rule_book import RuleBook

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
        to: Telephone,
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

    async def redirect_call(self, call: CallSid, path: str) -> bool:
        """Make a call in progress ask `path` what to do; False if it had ended."""
        ...

    async def calls_to(self, number: Telephone, since: datetime) -> Sequence[Placed]:
        """Return our calls to a number since a moment, latest first."""
        ...

    async def call_of(self, call: CallSid) -> Placed | None:
        """Fetch one call, whoever asked for it."""
        ...


class FlaggingUnit(RingingUnit, Protocol):
    """One transaction over what ringing an agent touches, who is told of flags."""

    @property
    def flags(self) -> FlagStore:
        """The flags of incivility."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[RingingUnit]]
"""Opens a transaction; leaving the block commits, an exception rolls back."""
FlaggingBegin = Callable[[], AbstractAsyncContextManager[FlaggingUnit]]
