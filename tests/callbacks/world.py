"""A small world for requests: stores of each backend, agents and a carrier by hand, demands and a clock."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from guichet.callbacks.flag_store import MemoryFlagStore
from guichet.callbacks.lifecycle import Event
from guichet.callbacks.memory_store import MemoryAttemptStore, MemoryRequestStore
from guichet.callbacks.request import Demand, RequestKind
from guichet.callbacks.sql_attempts import SqlAttemptStore
from guichet.callbacks.sql_store import SqlRequestStore
from guichet.callbacks.store import AttemptStore, RequestStore
from guichet.carrier.events import CallState
from guichet.citizens.citizen import Citizen
from guichet.citizens.contact_memory_store import MemoryContactStore
from guichet.core.ids import AgentId, CallSid, CitizenId, ContactId
from guichet.core.jobs import MemoryJobQueue
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import Telephone
from guichet.routing.agent import Agent, Presence
from guichet.routing.memory_agent_store import MemoryAgentStore
from guichet.routing.rule_book import RuleBook
from tests.conftest import Engines

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
LINE = PhoneNumber("+33170180000")
NUMBER = PhoneNumber("+33612345678")
OTHER = PhoneNumber("+33698765432")
CLAIRE = CitizenId("cit_claire")
MARC = CitizenId("cit_marc")
ACT = "etat_civil_acte"


def demand(contact: str = "con_1", **changes: Any) -> Demand:
    """Ask for a birth certificate by phone, to be called back within four hours."""
    plain = Demand(
        contact=ContactId(contact),
        channel="voice",
        kind=RequestKind.CALLBACK,
        citizen=None,
        number=NUMBER,
        line=LINE,
        language=Language.FR,
        intent=ACT,
        queue="etat_civil",
        target_at=NOON + timedelta(hours=4),
    )
    return replace(plain, **changes)


def hold(contact: str = "con_1", call: str = "CA1", **changes: Any) -> Demand:
    """Ask to hold for an agent."""
    return demand(contact, **{"kind": RequestKind.HOLD, "call": CallSid(call), **changes})


def agent(name: str = "Anne", **changes: Any) -> Agent:
    """Make an available agent who knows the civil registry and speaks French."""
    plain = Agent(
        id=AgentId(f"agt_{name}"),
        name=name,
        phone=PhoneNumber("+33145670001"),
        skills=frozenset({"etat_civil"}),
        languages=frozenset({Language.FR}),
        presence=Presence.AVAILABLE,
        since=NOON,
    )
    return replace(plain, **changes)


BOOK = """
horaires:
  guichet: {lundi-vendredi: 8:00-18:00}
lignes:
  - {nom: accueil, numero: "+33170180000", langue: fr, accueil: {fr: Bonjour, en: Hello}}
files:
  - {nom: etat_civil, demandes: [etat_civil_acte]}
  - {nom: social, demandes: [logement_social]}
regles: []
defaut: {alors: rappel, file: etat_civil}
"""


class MemoryAgents(MemoryAgentStore):
    """Agents in a dict, by their names."""

    def presence(self, name: str = "Anne") -> Presence:
        """Return the presence of an agent by name."""
        return self.rows[AgentId(f"agt_{name}")].presence


class MemoryNames:
    """One citizen who can be named."""

    never_call = False

    def __init__(self) -> None:
        self.at_number: dict[PhoneNumber, tuple[Citizen, ...]] = {}
        self.known: Citizen | None = None

    async def get(self, citizen_id: CitizenId) -> Citizen | None:
        """Return her, or whom the test has put there."""
        if self.known is not None and self.known.id == citizen_id:
            return self.known
        claire = Citizen(CLAIRE, "1", "Claire", "Dubois", never_call=self.never_call)
        return claire if citizen_id == CLAIRE else None

    async def with_phone(self, number: PhoneNumber, limit: int = 20) -> Sequence[Citizen]:
        """Return who is on record at a number."""
        return self.at_number.get(number, ())


@dataclass(frozen=True, slots=True)
class Listed:
    """A call in the carrier's list."""

    call: CallSid
    state: CallState
    lasted: timedelta | None = None


@dataclass
class HandCarrier:
    """A carrier that notes what it is asked, and fails as told; `before_answer` runs while it is being asked."""

    placed: list[dict[str, Any]] = field(default_factory=list)
    ended: list[CallSid] = field(default_factory=list)
    redirected: list[tuple[CallSid, str]] = field(default_factory=list)
    gone: set[CallSid] = field(default_factory=set)
    listed: list[Listed] = field(default_factory=list)
    failure: Exception | None = None
    before_answer: Callable[[CallSid], Awaitable[None]] | None = None

    async def place_call(  # noqa: D102
        self,
        *,
        to: Telephone,
        line: PhoneNumber,
        answer_path: str,
        status_path: str,
        timeout: int = 25,  # noqa: ASYNC109  # seconds of ringing
    ) -> CallSid:
        asked = {"to": to, "line": line, "answer_path": answer_path, "status_path": status_path, "timeout": timeout}
        self.placed.append(asked)
        call = CallSid(f"CA-agent-{len(self.placed)}")
        if self.before_answer is not None:
            await self.before_answer(call)
        if self.failure is not None:
            raise self.failure
        return call

    async def end_call(self, call: CallSid) -> bool:
        """Note it."""
        self.ended.append(call)
        return True

    async def redirect_call(self, call: CallSid, path: str) -> bool:
        """Note it; a call in `gone` has ended."""
        self.redirected.append((call, path))
        return call not in self.gone

    async def calls_to(self, number: Telephone, since: datetime) -> Sequence[Listed]:
        """Return what the test has put there."""
        return [one for one in self.listed if not one.call.startswith("CA-citizen")]

    async def call_of(self, call: CallSid) -> Listed | None:
        """Return what the test has put there."""
        return next((one for one in self.listed if one.call == call), None)


@dataclass
class MemoryUnit:
    """Every store that requests touch; the SQL variant has the same names."""

    requests: RequestStore
    attempts: AttemptStore
    agents: MemoryAgents
    jobs: MemoryJobQueue
    citizens: MemoryNames = field(default_factory=MemoryNames)
    flags: MemoryFlagStore = field(default_factory=MemoryFlagStore)
    contacts: MemoryContactStore = field(default_factory=MemoryContactStore)


def memory_unit(*agents: Agent) -> MemoryUnit:
    """Make a unit in memory."""
    events: list[Event] = []
    requests = MemoryRequestStore(events)
    return MemoryUnit(requests, MemoryAttemptStore(events, requests), MemoryAgents(*agents), MemoryJobQueue())


def begin_immediate(engine: AsyncEngine) -> None:
    """Open SQLite's transactions as the gateway does."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


Begin = Callable[[], AbstractAsyncContextManager[MemoryUnit]]


@asynccontextmanager
async def transactions(backend: str, engines: Engines, *agents: Agent) -> AsyncIterator[Begin]:
    """Yield a maker of units, one transaction each; agents and jobs are in memory on every backend."""
    shared = memory_unit(*agents)
    if backend == "memory":

        @asynccontextmanager
        async def begin() -> AsyncIterator[MemoryUnit]:
            yield shared

        yield begin
        return
    async with engines(backend) as engine:
        begin_immediate(engine)
        await engine.dispose()

        @asynccontextmanager
        async def begin_sql() -> AsyncIterator[MemoryUnit]:
            async with engine.begin() as connection:
                yield replace(shared, requests=SqlRequestStore(connection), attempts=SqlAttemptStore(connection))

        yield begin_sql


@cache
def book() -> RuleBook:
    """Return a small rule book: one line, open from 8 to 18 on weekdays."""
    return RuleBook.parse(BOOK)


def title(intent: str) -> Bilingual:
    """Name an intent."""
    return Bilingual("Acte de naissance", "Birth certificate") if intent == ACT else Bilingual(intent, intent)
