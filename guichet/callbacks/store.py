"""Where requests and attempts are kept: the ports. Every change is atomic and kept as an event in the same breath."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from guichet.callbacks.expected_wait import Handled
from guichet.callbacks.lifecycle import Cause, Event
from guichet.callbacks.order import Place
from guichet.callbacks.request import Attempt, Request, RequestState
from guichet.callbacks.slots import Taken
from guichet.core.ids import AgentId, AttemptId, CallSid, CitizenId, ContactId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent_store import Acquainted
from guichet.routing.calling import Missed

NEAREST = 100
"""How many `nearest` returns at most."""
MOST_OVERTAKEN = 1000
"""Who overtakes more is said to overtake so many: a claim must not take longer the more people wait."""

HOLDING_STATES = (RequestState.WAITING, RequestState.OFFERED, RequestState.DIALING_AGENT)
"""States in which somebody who holds has nobody to talk to yet."""
MOST_BEFORE = 1000
"""Who has more before them is told so many: a question must not take longer the more people wait."""
MOST_HANDLED = 50
"""The cases that tell how long one takes."""

ACCEPTED_RESULTS = frozenset(missed.value for missed in Missed)
"""Results of attempts whose agent had accepted, although they talked with nobody."""

PASSED_ON = "passed on"
"""The result of an attempt whose agent has passed the conversation on."""
INCIVILITY = "ended for incivility"
"""The result of an attempt whose agent has ended the conversation with a warning."""
PARTED_RESULTS = frozenset({PASSED_ON, INCIVILITY})


def acquainted_by(tries: Iterable[tuple[AgentId, str, bool]]) -> Acquainted:
    """Return who knows a request, from its attempts, latest first: the agent, the result, whether they talked."""
    known: dict[AgentId, None] = {}
    parted: dict[AgentId, None] = {}
    for agent, result, has_talked in tries:
        if result in PARTED_RESULTS:
            parted[agent] = None
        elif has_talked or result in ACCEPTED_RESULTS:
            known[agent] = None
    return Acquainted(tuple(agent for agent in known if agent not in parted), tuple(parted))


Served = Collection[tuple[str, Language]]
"""Queues, each with a language, that somebody serves."""


class RequestStore(Protocol):
    """The requests. "Open" means that somebody still waits (`RequestState.is_open`)."""

    async def open(self, request: Request) -> Request | None:
        """Insert a request unless its subject has an open one for the intent: that one is returned then, else None.

        Simultaneous calls make one row. A reference that is taken is exchanged for another one (see `get`).
        """
        ...

    async def get(self, request_id: RequestId) -> Request | None:
        """Return a request."""
        ...

    async def open_of_subject(self, subject: str, intent: str) -> Request | None:
        """Return the open request of a subject (`joining`) for an intent."""
        ...

    async def open_of_number(self, number: PhoneNumber, intent: str | None = None) -> Sequence[Request]:
        """Return the open requests that would be answered at a number, oldest first; of one intent, or all."""
        ...

    async def open_of_citizen(self, citizen: CitizenId) -> Sequence[Request]:
        """Return the open requests of a citizen, oldest first."""
        ...

    async def nearest(self, until: datetime) -> Sequence[Request]:
        """Return the first NEAREST of the one order: holders, and callbacks that may be made before `until`."""
        ...

    async def change(self, before: Request, after: Request, event: Event | None = None) -> bool:
        """Write what differs, if the state is still that of `before`; False (and nothing written) otherwise.

        False too where the agent has another one in hand already, or its person one open for the new matter.
        `citizen`, `number` and `subject` are not changed here but by `adopt`.
        """
        ...

    async def note(self, event: Event) -> None:
        """Keep what happened to a request without changing it."""
        ...

    async def adopt(self, request: Request, citizen: CitizenId) -> bool:
        """Give an open request of an unknown person to a citizen; False if they have one for its intent already."""
        ...

    async def give(self, request: Request, citizen: CitizenId | None, cause: Cause) -> bool:
        """Give a request, open or ended, to another citizen or to nobody, and keep that as an event.

        False (and nothing written) if its new subject has an open one for its intent.
        """
        ...

    async def of_contact(self, contact: ContactId) -> Sequence[Request]:
        """Return the requests that a contact is about, oldest first."""
        ...

    async def unlink(self, request_id: RequestId, contact: ContactId) -> bool:
        """Forget a contact about a request, and a reminder; the next takes the place of the one that opened it."""
        ...

    async def link(self, request_id: RequestId, contact: ContactId, at: datetime, *, reminds: bool = True) -> bool:
        """Remember a contact as being about a request; counts a reminder for each but the first. False if known.

        One that does not remind (it answers a question of the agent's) is remembered alone.
        """
        ...

    async def contacts_of(self, request_id: RequestId) -> Sequence[ContactId]:
        """Return the contacts about a request, first to last."""
        ...

    async def events_of(self, request_id: RequestId) -> Sequence[Event]:
        """Return what happened to a request and its attempts, in order."""
        ...

    async def ahead(self, request: Request) -> int:
        """Count those waiting in the same queue before this one: higher priority, then earlier target, then older."""
        ...

    async def first_in_order(self, served: Served, now: datetime, *, writing: Served = ()) -> Request | None:
        """Return who is next in the one order, locked where the database can.

        Holders and due callbacks of the queues `served`, and texts of those where somebody is `writing`.
        """
        ...

    async def is_anyone_due(self, served: Served, now: datetime, *, writing: Served = ()) -> bool:
        """Whether `first_in_order` would find somebody; locks nothing."""
        ...

    async def in_order(self, queue: str | None = None, limit: int = NEAREST) -> Sequence[Request]:
        """Return the first of all who wait, in their order; of one queue, or all."""
        ...

    async def by_reference(self, reference: str) -> Request | None:
        """Return the request of a reference, however it is written."""
        ...

    async def in_hand_of(self, agent: AgentId) -> Request | None:
        """Return the request that an agent has in hand; they have one at most."""
        ...

    async def bring_forward(self) -> int:
        """Let callbacks that were put off to an opening be looked at again at once; return how many there are."""
        ...

    async def overtaken_by(self, request: Request, now: datetime) -> int:
        """Count those in the same queue and language who came before a request, and would be served after it.

        MOST_OVERTAKEN at most.
        """
        ...

    async def lock_slots(self, queue: str) -> None:
        """Let those who take slots of a queue come one after the other, until the transaction ends."""
        ...

    async def slots_taken(self, queue: str, since: datetime, until: datetime, *, but: RequestId) -> Sequence[Taken]:
        """Count the callbacks promised by slot, for slots that meet a stretch of time; one request is left out."""
        ...

    async def before(self, place: Place, now: datetime) -> Mapping[tuple[str, Language], int]:
        """Count the holders and the callbacks that are due who stand before a place, by queue and language.

        MOST_BEFORE at most, the first of them.
        """
        ...

    async def holding(self, queue: str, language: Language) -> int:
        """Count who waits on the line in a queue, an agent being rung for them or not."""
        ...


class AttemptStore(Protocol):
    """The attempts. An agent and a request have at most one live attempt (`ended_at` None) each."""

    async def add(self, attempt: Attempt) -> bool:
        """Insert an attempt; False if its request or its agent has a live one."""
        ...

    async def get(self, attempt_id: AttemptId) -> Attempt | None:
        """Return an attempt."""
        ...

    async def lock(self, attempt_id: AttemptId) -> Attempt | None:
        """Return an attempt that nobody else changes before the transaction ends (one after the other)."""
        ...

    async def live_of(self, request_id: RequestId) -> Attempt | None:
        """Return the live attempt of a request."""
        ...

    async def of_call(self, call: CallSid) -> Attempt | None:
        """Return the attempt whose agent's leg is that call."""
        ...

    async def change(self, before: Attempt, after: Attempt, event: Event) -> bool:
        """Write the new state, if it is still that of `before`; False (and nothing written) otherwise."""
        ...

    async def written_up(self, attempt_id: AttemptId, cause: Cause) -> bool:
        """Record when the agent had written an ended attempt up, with its event; False if that was recorded before."""
        ...

    async def acquainted(self, request_id: RequestId) -> Acquainted:
        """Return the agents who know a request, and those who have parted with it."""
        ...

    async def name_call(self, attempt_id: AttemptId, call: CallSid) -> bool:
        """Record the carrier's id of the agent's leg unless one is recorded; False if it is another one."""
        ...

    async def name_citizen_call(self, attempt_id: AttemptId, call: CallSid) -> bool:
        """Record the carrier's id of the citizen's leg unless one is recorded; False if it is another one."""
        ...

    async def handled(self, since: datetime) -> Sequence[Handled]:
        """Return the last MOST_HANDLED cases that agents have talked about and written up since then, latest first."""
        ...

    async def results_of(self, request_id: RequestId) -> Sequence[str]:
        """Return how the attempts of a request ended, first to last."""
        ...
