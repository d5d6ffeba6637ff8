"""Passing a conversation on: the citizen holds again, the context goes along, nobody is lost on the way."""

from datetime import timedelta

import pytest

from guichet.callbacks.passing_on import PassingOn, ToAgent, ToQueue
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import entered_queue
from guichet.carrier.events import CallState, CallTurn
from guichet.carrier.verbs import DialQueue, Gather, Say
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, CallSid, RequestId
from guichet.core.jobs import Job, MoveCaller
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from tests.callbacks.desk import CallDesk, child, leg
from tests.callbacks.world import NOON, agent, book

ANNE = agent()
BRUNO = agent(
    "Bruno",
    phone=PhoneNumber("+33145670002"),
    since=NOON + timedelta(seconds=1),
    skills=frozenset({"social"}),
)
OTHER = PhoneNumber("+33698765432")


class PassingDesk(CallDesk):
    """A desk whose agents pass conversations on."""

    def __init__(self, *agents: Agent) -> None:
        super().__init__(*agents)
        self.passing_on = PassingOn(self.begin, self.carrier, self.clock, book)

    async def perform(self, job: Job) -> None:
        """Do a job."""
        if isinstance(job, MoveCaller):
            await self.passing_on.move(job.request_id)
        else:
            await super().perform(job)

    async def holder_talks(self) -> Request:
        """Let somebody who holds talk with Anne."""
        request = await self.holds()
        attempt = await self.attempt()
        await self.agent_accepts()
        await self.ringing.connected(attempt.id)
        return await self.request(request)

    async def called_talks(self) -> Request:
        """Let somebody who is called back talk with Anne."""
        request = await self.asks()
        await self.agent_accepts()
        await self.citizen_answers()
        await self.citizen_keys("1")
        return await self.request(request)


async def test_a_conversation_passed_on_to_a_queue_goes_to_its_agent_with_the_context() -> None:
    desk = PassingDesk(ANNE, BRUNO)
    request = await desk.holder_talks()
    desk.clock.move(timedelta(minutes=4))
    await desk.passing_on.pass_on(request.id, ANNE.id, ToQueue("social"), "Dossier complet, aide urgente.")
    await desk.jobs()
    assert desk.carrier.redirected == [(CallSid("CA2"), f"/voice/passed?request={request.id}")]
    passed = await desk.request(request)
    assert (passed.kind, passed.state, passed.queue) == (RequestKind.HOLD, RequestState.DIALING_AGENT, "social")
    assert (passed.passed_by, passed.entered_at, passed.target_at) == (ANNE.id, None, request.target_at)
    assert desk.unit.agents.presence() is Presence.WRAP_UP
    second = await desk.attempt(2)
    assert second.agent == BRUNO.id
    gather, _ = await desk.ringing.answered(second.id, CallTurn(leg(2), CallState.IN_PROGRESS))
    assert isinstance(gather, Gather)
    text = gather.prompts[0]
    assert isinstance(text, Say)
    assert text.text.endswith("De la part de Anne. Dossier complet, aide urgente.")
    await entered_queue(desk.unit, request.id, desk.clock.now())
    (dial,) = await desk.ringing.keyed(second.id, CallTurn(leg(2), CallState.IN_PROGRESS, "1"))
    assert isinstance(dial, DialQueue)
    await desk.ringing.connected(second.id)
    assert (await desk.request(request)).state is RequestState.TALKING
    first = await desk.attempt(1)
    assert (first.result, first.ended_at) == ("passed on", NOON + timedelta(minutes=4))


async def test_somebody_who_was_called_back_holds_when_they_are_passed_on() -> None:
    desk = PassingDesk(ANNE, BRUNO)
    request = await desk.called_talks()
    await desk.passing_on.pass_on(request.id, ANNE.id, ToQueue("social"))
    await desk.jobs()
    assert desk.carrier.redirected == [(child(), f"/voice/passed?request={request.id}")]
    passed = await desk.request(request)
    assert (passed.kind, passed.call, passed.state) == (RequestKind.HOLD, child(), RequestState.DIALING_AGENT)
    # The end of the first agent's Dial, and of their leg, changes nothing any more.
    await desk.dial_ends("completed", bridged=True)
    await desk.agent_leg(CallState.COMPLETED)
    assert (await desk.request(request)).state is RequestState.DIALING_AGENT
    assert desk.unit.agents.presence() is Presence.WRAP_UP


async def test_who_was_called_and_hangs_up_while_being_passed_on_is_called_back() -> None:
    desk = PassingDesk(ANNE, BRUNO)
    request = await desk.called_talks()
    await desk.passing_on.pass_on(request.id, ANNE.id, ToQueue("social"))
    await desk.jobs()
    await desk.citizen_leg(CallState.COMPLETED)
    await desk.jobs()
    gone = await desk.request(request)
    assert (gone.kind, gone.state, gone.queue) == (RequestKind.CALLBACK, RequestState.WAITING, "social")
    assert desk.unit.agents.presence("Bruno") is Presence.AVAILABLE


async def test_who_has_hung_up_before_they_could_be_moved_is_called_back() -> None:
    desk = PassingDesk(ANNE, BRUNO)
    request = await desk.holder_talks()
    desk.carrier.gone.add(CallSid("CA2"))
    await desk.passing_on.pass_on(request.id, ANNE.id, ToQueue("social"))
    await desk.jobs()
    gone = await desk.request(request)
    assert (gone.kind, gone.state) == (RequestKind.CALLBACK, RequestState.WAITING)


async def test_an_agent_who_is_free_gets_what_is_passed_on_to_them() -> None:
    carla = BRUNO.evolve(
        id=AgentId("agt_Carla"), name="Carla", phone=PhoneNumber("+33145670003"), since=NOON - timedelta(hours=1)
    )
    desk = PassingDesk(ANNE, BRUNO, carla)
    request = await desk.holder_talks()
    passed = await desk.passing_on.pass_on(request.id, ANNE.id, ToAgent(BRUNO.id))
    assert passed.queue == "social"
    await desk.jobs()
    assert (await desk.attempt(2)).agent == BRUNO.id


async def test_what_cannot_be_passed_on_is_refused_with_the_reason() -> None:
    busy = BRUNO.evolve(presence=Presence.PAUSE)
    english = agent(
        "Eve",
        phone=PhoneNumber("+33145670004"),
        languages=frozenset({Language.EN}),
        presence=Presence.AWAY,
    )
    desk = PassingDesk(ANNE, busy, english)
    request = await desk.holder_talks()
    for to, error in (
        (ToQueue("jardins"), BadInput),
        (ToAgent(busy.id), Conflict),
        (ToAgent(english.id), BadInput),
        (ToAgent(AgentId("agt_nobody")), NotFound),
    ):
        with pytest.raises(error):
            await desk.passing_on.pass_on(request.id, ANNE.id, to)
    with pytest.raises(BadInput):
        await desk.passing_on.pass_on(request.id, ANNE.id, ToQueue("social"), "a" * 301)
    with pytest.raises(Conflict):
        await desk.passing_on.pass_on(request.id, busy.id, ToQueue("social"))
    with pytest.raises(NotFound):
        await desk.passing_on.pass_on(RequestId("req_none"), ANNE.id, ToQueue("social"))
    assert (await desk.request(request)).state is RequestState.TALKING
    assert not desk.carrier.redirected


async def test_moving_somebody_twice_moves_them_once() -> None:
    desk = PassingDesk(ANNE, BRUNO)
    request = await desk.holder_talks()
    await desk.passing_on.pass_on(request.id, ANNE.id, ToQueue("social"))
    await desk.jobs()
    await entered_queue(desk.unit, request.id, desk.clock.now())
    await desk.passing_on.move(request.id)
    assert len(desk.carrier.redirected) == 1


async def test_who_has_passed_a_case_on_gets_it_again_only_if_nobody_else_is_there() -> None:
    both = ANNE.evolve(skills=frozenset({"etat_civil", "social"}))
    desk = PassingDesk(both, BRUNO)
    request = await desk.holder_talks()
    await desk.passing_on.pass_on(request.id, both.id, ToQueue("social"))
    desk.unit.agents.rows[both.id] = both
    await desk.jobs()
    assert (await desk.attempt(2)).agent == BRUNO.id
