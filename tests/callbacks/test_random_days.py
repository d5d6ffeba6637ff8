"""Random days at a counter: nobody is lost, no agent has two at once, the order is kept or the reason recorded.

Calls, hang-ups, wishes, presence, unanswered telephones, new rules, transfers, overflow, lost webhooks: in any order.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from guichet.callbacks.lifecycle import Event
from guichet.callbacks.order import place_of
from guichet.callbacks.overflowing import overflow
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import become_callback, open_request
from guichet.callbacks.stepping_out import become_text, stepped_out
from guichet.callbacks.taking import finish, give_back, take_next
from guichet.callbacks.taking import take as take_one
from guichet.carrier.events import CallState
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import WRITES, Agent, Presence
from guichet.routing.rule_book import RuleBook
from tests.callbacks.floor import AGAIN, Floor, FloorLeg, memory_floor, sqlite_floor
from tests.callbacks.world import BOOK, agent, demand, hold

QUEUES = ("etat_civil", "social")
RULES = (
    RuleBook.parse(BOOK),
    RuleBook.parse(BOOK.replace("{nom: social,", "{nom: social, competences: [etat_civil],")),
    RuleBook.parse(
        BOOK.replace("{nom: etat_civil,", "{nom: etat_civil, attente: {debordement: {vers: social, apres: 1 min}},")
        + "agents: {apres_appel: aucun}\n"
    ),
)
CREW = (
    agent("Anne", languages=frozenset(Language)),
    agent("Bruno", phone=PhoneNumber("+33145670002"), skills=frozenset({"social", WRITES})),
    agent(
        "Carla",
        phone=PhoneNumber("+33145670003"),
        skills=frozenset({*QUEUES, WRITES}),
        languages=frozenset(Language),
    ),
)
WITH_AGENT = {RequestState.DIALING_AGENT, RequestState.DIALING_CITIZEN, RequestState.TALKING}
LOOKS = 150
PICK = st.integers(min_value=0, max_value=999)


class RandomDay(RuleBasedStateMachine):
    """A day on a floor; the backend is that of the class that opens it."""

    open_floor: Callable[..., Coroutine[Any, Any, Floor]]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.people: dict[RequestId, PhoneNumber | None] = {}
        self.told: dict[RequestId, int] = {}
        self.before: dict[RequestId, Request] = {}
        self.has_failed = False

    @initialize()
    def open(self) -> None:
        """Open the floor."""
        self.floor = self.loop.run(type(self).open_floor(RULES[0], *CREW))

    def live(self, deed: Awaitable[object]) -> None:
        """Let something happen, which may come too late to be possible; then look at the order of what followed."""

        async def live() -> None:
            self.before = {request.id: request for request in await self.requests()}
            self.told = {request_id: len(await self.events(request_id)) for request_id in self.people}
            with suppress(Conflict, BadInput):
                await deed

        self.guard(live())

    def guard(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something; after a failure there is nothing to calm down."""
        try:
            self.loop.run(work)
        except BaseException:
            self.has_failed = True
            raise

    async def requests(self) -> list[Request]:
        """Return everybody's requests."""
        return [await self.floor.request(one) for one in self.people]

    def pick(self, number: int, which: Callable[[Request], bool]) -> Request | None:
        """Return one of the requests of a kind."""
        found = [request for request in self.loop.run(self.requests()) if which(request)]
        return found[number % len(found)] if found else None

    def leg(self, number: int, *stages: str) -> FloorLeg | None:
        """Return one of the legs at a stage."""
        found = [leg for leg in self.floor.legs if leg.stage in stages]
        return found[number % len(found)] if found else None

    @rule(
        kind=st.sampled_from(RequestKind),
        queue=st.sampled_from(QUEUES),
        language=st.sampled_from((Language.FR, Language.FR, Language.FR, Language.EN)),
        priority=st.sampled_from((0, 0, 0, 5)),
        hours=st.integers(1, 4),
        hidden=st.sampled_from((False, False, False, True)),
        enters=st.booleans(),
        count=st.integers(1, 4),
    )
    def some_ask(
        self,
        *,
        kind: RequestKind,
        queue: str,
        language: Language,
        priority: int,
        hours: int,
        hidden: bool,
        enters: bool,
        count: int,
    ) -> None:
        """Let some people ring to hold, ask to be called back, or write; each is promised an answer before the last."""
        for turn in range(count):
            self.live(self.asks(kind, queue, language, priority, timedelta(hours=hours, minutes=-turn), hidden, enters))

    async def asks(  # noqa: PLR0917  # as many as the rule has
        self,
        kind: RequestKind,
        queue: str,
        language: Language,
        priority: int,
        within: timedelta,
        hidden: bool,  # drawn
        enters: bool,  # drawn
    ) -> None:
        """Let somebody ask."""
        place = len(self.people)
        hidden = hidden and kind is RequestKind.HOLD
        number = None if hidden else PhoneNumber(f"+336120{place:05}")
        now = self.floor.clock.now()
        more = {"queue": queue, "language": language, "priority": priority, "number": number}
        more["target_at"] = now + within
        wish = hold(f"con_{place}", f"CA{place}", **more)
        if kind is not RequestKind.HOLD:
            wish = demand(f"con_{place}", kind=kind, **more)
        async with self.floor.begin() as unit:
            opened = await open_request(unit, wish, now)
        self.people[opened.request.id] = number
        if kind is RequestKind.HOLD and enters:
            await self.floor.enters(opened.request)

    @rule(number=PICK)
    def somebody_enters_the_queue(self, number: int) -> None:
        """Let the carrier have somebody in its queue."""
        request = self.pick(number, lambda one: one.holds and not one.state.is_talking)
        if request is not None and request.id not in self.floor.in_queue:
            self.live(self.floor.enters(request))

    @rule(number=PICK)
    def somebody_hangs_up(self, number: int) -> None:
        """Let somebody on the line hang up."""
        request = self.pick(number, lambda one: one.holds)
        if request is not None:
            self.live(self.floor.hangs_up(request))

    @rule(number=PICK, wish=st.sampled_from(("callback", "text", "asked", "overflow")))
    def somebody_wishes(self, number: int, wish: str) -> None:
        """Let somebody on hold wish for something else, or go over to the other queue."""
        request = self.pick(number, lambda one: one.holds and not one.state.is_talking)
        if request is None:
            return

        async def change() -> None:
            now, own = self.floor.clock.now(), self.people[request.id]
            async with self.floor.begin() as unit:
                match wish:
                    case "callback":
                        await become_callback(unit, request.id, now, own)
                    case "text":
                        await become_text(unit, request.id, now, own)
                    case "asked":
                        await stepped_out(unit, request.id)
                    case _:
                        await overflow(unit, request.id, self.floor.rules, now)
            if wish != "overflow":
                self.floor.in_queue.discard(request.id)

        self.live(change())

    @rule(number=PICK, keys=st.sampled_from(("1", "1", "1", "2", None)), loses=st.booleans())
    def an_agent_picks_up(self, number: int, keys: str | None, *, loses: bool) -> None:
        """Let a telephone be answered; what follows may be lost."""
        leg = self.leg(number, "ringing")
        if leg is not None:
            self.floor.loses = loses
            self.live(self.floor.agent_picks_up(leg, keys))

    @rule(number=PICK, state=st.sampled_from((CallState.NO_ANSWER, CallState.BUSY)), loses=st.booleans())
    def an_agent_does_not_answer(self, number: int, state: CallState, *, loses: bool) -> None:
        """Let a telephone ring in vain."""
        leg = self.leg(number, "ringing")
        if leg is not None:
            self.floor.loses = loses
            self.live(self.floor.ends(leg, state))

    @rule(number=PICK)
    def a_leg_goes_on(self, number: int) -> None:
        """Let an agent who waits be connected, or asked to wait on."""
        leg = self.leg(number, "waits", "meets")
        if leg is not None:
            self.live(self.floor.goes_on(leg))

    @rule(number=PICK, how=st.sampled_from(("1", "1", "2", "3", "busy", "no-answer")))
    def a_citizen_is_called(self, number: int, how: str) -> None:
        """Let a citizen's telephone ring."""
        leg = self.leg(number, "calls")
        if leg is not None:
            self.live(self.floor.citizen(leg, how))

    @rule(number=PICK, loses=st.booleans())
    def an_agent_hangs_up(self, number: int, *, loses: bool) -> None:
        """Let an agent hang up, wherever they are."""
        leg = self.leg(number, "ringing", "waits", "meets", "calls")
        if leg is not None:
            self.floor.loses = loses
            self.live(self.floor.ends(leg))

    @rule(number=PICK, by_agent=st.booleans())
    def a_conversation_ends(self, number: int, *, by_agent: bool) -> None:
        """Let one of the two hang up."""
        leg = self.leg(number, "talking")
        if leg is not None:
            self.live(self.floor.parts(leg, by_agent=by_agent))

    @rule(number=PICK, queue=st.sampled_from(QUEUES))
    def a_conversation_is_passed_on(self, number: int, queue: str) -> None:
        """Let an agent pass somebody on."""
        leg = self.leg(number, "talking")
        if leg is not None:
            self.live(self.floor.passes_on(leg, queue))

    @rule(who=st.sampled_from(CREW), presence=st.sampled_from((Presence.AVAILABLE, Presence.PAUSE, Presence.AWAY)))
    def an_agent_says_how_it_is(self, who: Agent, presence: Presence) -> None:
        """Let an agent come, pause or leave."""
        reason = "Repas" if presence is Presence.PAUSE else ""
        self.live(self.floor.presences.say(who.id, presence, reason))

    @rule(who=st.sampled_from(CREW), number=PICK, what=st.sampled_from(("next", "one", "back", "finish")))
    def an_agent_takes_by_hand(self, who: Agent, number: int, what: str) -> None:
        """Let an agent take a case at their desk, give it back or finish it."""
        request = self.pick(number, lambda one: one.state.is_open)

        async def work() -> None:
            now = self.floor.clock.now()
            async with self.floor.begin() as unit:
                held = await unit.requests.in_hand_of(who.id)
                if what == "next":
                    await take_next(unit, who.id, self.floor.rules, now)
                elif what == "one" and request is not None:
                    await take_one(unit, request.id, who.id, now)
                elif what == "back" and held is not None:
                    await give_back(unit, held.id, who.id, now)
                elif what == "finish" and held is not None:
                    await finish(unit, held.id, who.id, "answered by text", now)

        self.live(work())

    @rule(rules=st.sampled_from(RULES))
    def the_rules_change(self, rules: RuleBook) -> None:
        """Let other rules be published."""
        self.floor.rules = rules
        self.live(self.floor.offering.reconsider())

    @rule(seconds=st.sampled_from((1, 5, 30, 60, 300)))
    def time_passes(self, seconds: int) -> None:
        """Let time pass, and what is due be done."""

        async def pass_time() -> None:
            self.floor.clock.move(timedelta(seconds=seconds))
            await self.floor.presences.end_overdue()
            await self.floor.offering.look()

        self.live(pass_time())

    @rule()
    def jobs_are_done(self) -> None:
        """Let the jobs that are due be done."""
        self.live(self.floor.drain())
        self.guard(self.order_is_kept())

    async def order_is_kept(self) -> None:
        """See that whoever was rung for came first of their queue and language, or that it is told why not."""
        rung = {}
        for request_id, before in self.before.items():
            new = (await self.events(request_id))[self.told[request_id] :]
            took = [event for event in new if event.attempt is None and event.after == RequestState.DIALING_AGENT]
            if took and before.state is RequestState.WAITING:
                rung[request_id] = took[0]
        for request_id, event in rung.items():
            await self._came_first(self.before[request_id], event, rung)

    async def _came_first(self, taken: Request, event: Event, rung: Collection[RequestId]) -> None:
        waited = [one for one in self.before.values() if one.state is RequestState.WAITING and one.id not in rung]
        for other in waited:
            later = await self.floor.request(other.id)
            is_same = (other.queue, other.language) == (taken.queue, taken.language)
            if is_same and _is_due(other, event) and _is_due(later, event) and later.state is RequestState.WAITING:
                assert place_of(taken) < place_of(other), f"{taken.id} was served before {other.id}"
                if other.opened_at < taken.opened_at:
                    assert "overtakes" in event.cause.reason, "nothing says who was overtaken"

    async def events(self, request_id: RequestId) -> list[Event]:
        """Return what has happened to a request."""
        async with self.floor.read() as unit:
            return list(await unit.requests.events_of(request_id))

    @precondition(lambda self: hasattr(self, "floor"))
    @invariant()
    def nobody_is_lost_or_booked_twice(self) -> None:
        """Look at every request, attempt and agent."""
        self.guard(self._consistent())

    async def _consistent(self) -> None:
        hands: Counter[AgentId] = Counter()
        async with self.floor.read() as unit:
            for request_id, number in self.people.items():
                request = await unit.requests.get(request_id)
                live = await unit.attempts.live_of(request_id)
                assert request is not None
                assert (request.state in WITH_AGENT) == (live is not None), f"{request.state} with {live}"
                if live is not None:
                    assert live.agent == request.agent
                    hands[live.agent] += 1
                if request.state is RequestState.OFFERED and request.agent is not None:
                    hands[request.agent] += 1
                if request.state is RequestState.CANCELLED:
                    assert number is None, "somebody who can be called has been dropped"
            agents = await unit.agents.all()
        assert all(count == 1 for count in hands.values()), f"two at once: {hands}"
        for one in agents:
            if one.presence in (Presence.AVAILABLE, Presence.WRAP_UP):
                assert not hands[one.id], f"{one.name} is {one.presence} with somebody"

    def teardown(self) -> None:
        """Let everything go well from now on: everybody is served in the end, and no agent is stuck."""
        try:
            if hasattr(self, "floor") and not self.has_failed:
                self.loop.run(self._calm())
        finally:
            if hasattr(self, "floor"):
                self.loop.run(self.floor.close())
            self.loop.close()

    async def _calm(self) -> None:
        floor = self.floor
        floor.loses, floor.rules = False, RULES[0]
        for _ in range(LOOKS):
            await floor.drain()
            for who in CREW:
                with suppress(Conflict):
                    await floor.presences.say(who.id, Presence.AVAILABLE)
            await self._all_goes_well()
            if not [one for one in await self.requests() if one.state.is_open]:
                break
            floor.clock.move(AGAIN)
            await floor.presences.end_overdue()
            await floor.offering.look()
        left = [one for one in await self.requests() if one.state.is_open]
        assert not left, f"never served: {left}"
        floor.clock.move(timedelta(minutes=10))
        await floor.drain()
        await floor.presences.end_overdue()
        async with floor.read() as unit:
            stuck = {one.presence for one in await unit.agents.all()} & {Presence.RINGING, Presence.BUSY}
        assert not stuck, "an agent is stuck"

    async def _all_goes_well(self) -> None:
        floor = self.floor
        for request in await self.requests():
            if request.holds and not request.state.is_talking and request.id not in floor.in_queue:
                await floor.enters(request)
        for leg in floor.legs:
            if leg.stage == "ringing":
                await floor.agent_picks_up(leg, "1")
            await floor.goes_on(leg)
            await floor.citizen(leg, "1")
            if leg.stage == "talking":
                await floor.parts(leg, by_agent=False)
        for who in CREW:
            async with floor.begin() as unit:
                held = await unit.requests.in_hand_of(who.id)
                if held is not None and not held.holds:
                    await finish(unit, held.id, who.id, "answered by text", floor.clock.now())


def _is_due(request: Request, event: Event) -> bool:
    if request.kind is RequestKind.TEXT:
        return False
    return request.kind is RequestKind.HOLD or request.not_before is None or request.not_before <= event.cause.at


class InMemory(RandomDay):
    """On the memory twins."""

    open_floor = staticmethod(memory_floor)


class OnSqlite(RandomDay):
    """On a real database, with its transactions and outbox."""

    open_floor = staticmethod(sqlite_floor)


_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
TestRandomDaysInMemory = InMemory.TestCase
TestRandomDaysInMemory.settings = settings(
    max_examples=40, stateful_step_count=50, deadline=None, suppress_health_check=_CHECKS
)
TestRandomDaysOnSqlite = OnSqlite.TestCase
TestRandomDaysOnSqlite.settings = settings(
    max_examples=6, stateful_step_count=40, deadline=None, phases=(Phase.generate,), suppress_health_check=_CHECKS
)
