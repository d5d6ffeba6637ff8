from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.callbacks.legs import caller_left
from guichet.callbacks.offering import Offering
from guichet.callbacks.request import Attempt, AttemptState, Request, RequestKind, RequestState
from guichet.callbacks.ringing import PATIENT_TRIES, Ringing
from guichet.callbacks.service import close_request, entered_queue, open_request
from guichet.carrier.events import CallProgress, CallState, CallTurn, DialEnded
from guichet.carrier.verbs import DialQueue, Gather, Hangup, Pause, Redirect, Say
from guichet.core.clock import ManualClock
from guichet.core.errors import InDoubt, Refused, Unavailable
from guichet.core.ids import AttemptId, CallSid
from guichet.core.jobs import ConfirmRequest, OfferNext, ReconcileAttempt, RingAgent
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from tests.callbacks.world import (
    CLAIRE,
    NOON,
    OTHER,
    HandCarrier,
    Listed,
    MemoryUnit,
    agent,
    book,
    hold,
    memory_unit,
    title,
)

LEG = CallSid("CA-agent-1")
BRUNO = agent("Bruno", phone=PhoneNumber("+33145670002"), since=NOON + timedelta(seconds=1))


class Desk:
    """A unit in memory, a carrier by hand, and the ringing under test."""

    def __init__(self, *agents: Agent) -> None:
        self.unit = memory_unit(*agents)
        self.carrier = HandCarrier()
        self.clock = ManualClock(NOON)
        self.depth = 0
        self.offering = Offering(self._begin, self._begin, self.carrier, self.clock, book)
        self.ringing = Ringing(self._begin, self.carrier, self.clock, title, book)

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[MemoryUnit]:
        assert self.depth == 0, "a transaction inside a transaction"
        self.depth += 1
        try:
            yield self.unit
        finally:
            self.depth -= 1

    async def hold(self, contact: str = "con_1", call: str = "CA1", **changes: Any) -> Request:
        """Let a citizen hold, and run their first job."""
        opened = await open_request(self.unit, hold(contact, call, **changes), self.clock.now())
        await self.offering.ring(opened.request.id)
        return await self.request(opened.request)

    async def enters(self, request: Request) -> None:
        """Let the carrier take the caller into its queue."""
        await entered_queue(self.unit, request.id, self.clock.now())

    async def request(self, request: Request) -> Request:
        """Return a request as it is now."""
        found = await self.unit.requests.get(request.id)
        assert found is not None
        return found

    async def attempt(self, number: int = 1) -> Attempt:
        """Return the attempt of the carrier's nth call."""
        path = self.carrier.placed[number - 1]["answer_path"]
        found = await self.unit.attempts.get(AttemptId(path.partition("=")[2]))
        assert found is not None
        return found

    async def picked_up(self, number: int = 1) -> tuple[Any, ...]:
        """Let the agent pick up."""
        attempt = await self.attempt(number)
        return await self.ringing.answered(attempt.id, CallTurn(leg(number), CallState.IN_PROGRESS))

    async def keys(self, keys: str | None, number: int = 1) -> tuple[Any, ...]:
        """Let the agent press keys."""
        attempt = await self.attempt(number)
        return await self.ringing.keyed(attempt.id, CallTurn(leg(number), CallState.IN_PROGRESS, keys))

    async def status(self, state: CallState, number: int = 1) -> None:
        """Let a status callback of the agent's leg come."""
        attempt = await self.attempt(number)
        await self.ringing.progress(attempt.id, CallProgress(leg(number), state, None, None, None))

    async def left(self, request: Request, *, bridged: bool) -> None:
        """Let the caller's Enqueue end."""
        await caller_left(self.unit, request.id, self.clock.now(), book(), bridged=bridged)

    async def done(self, result: str = "completed", number: int = 1, tries: int = 0) -> tuple[Any, ...]:
        """Let the Dial of the agent's leg end."""
        attempt = await self.attempt(number)
        return await self.ringing.done(attempt.id, DialEnded(leg(number), result, None), tries)


def leg(number: int) -> CallSid:
    return CallSid(f"CA-agent-{number}")


async def test_an_agent_is_rung_hears_who_waits_presses_1_and_talks() -> None:
    desk = Desk(agent())
    request = await desk.hold(citizen=CLAIRE)
    attempt = await desk.attempt()
    assert desk.carrier.placed == [
        {
            "to": agent().phone,
            "line": request.line,
            "answer_path": f"/voice/agent?attempt={attempt.id}",
            "status_path": f"/voice/agent/status?attempt={attempt.id}",
            "timeout": 20,
        }
    ]
    assert (request.state, attempt.state, attempt.call) == (RequestState.DIALING_AGENT, AttemptState.RINGING, LEG)
    desk.clock.move(timedelta(minutes=3))
    gather, last = await desk.picked_up()
    assert isinstance(gather, Gather)
    assert (gather.digits, gather.action, last) == (1, f"/voice/agent/answer?attempt={attempt.id}", Hangup())
    assert gather.prompts[0] == Say("Claire Dubois attend depuis 3 minutes. Sujet : Acte de naissance.", Language.FR)
    await desk.enters(request)
    (dial,) = await desk.keys("1")
    assert dial == DialQueue(
        f"hold-{request.id}",
        action=f"/voice/agent/done?attempt={attempt.id}&tries=0",
        connected=f"/voice/agent/connected?attempt={attempt.id}",
    )
    assert desk.unit.agents.presence() is Presence.BUSY
    assert await desk.ringing.connected(attempt.id) == (Say("Nous vous mettons en relation.", Language.FR),)
    assert (await desk.request(request)).state is RequestState.TALKING
    assert await desk.done() == (Hangup(),)
    assert (await desk.request(request)).state is RequestState.DONE
    assert (await desk.attempt()).state is AttemptState.ENDED
    assert desk.unit.agents.presence() is Presence.WRAP_UP


async def test_the_attempt_is_kept_and_watched_before_the_carrier_is_asked() -> None:
    desk = Desk(agent())
    seen: list[AttemptState] = []

    async def look(_call: CallSid) -> None:
        assert desk.depth == 0
        attempt = await desk.attempt()
        seen.append(attempt.state)
        assert ReconcileAttempt(attempt.id) in desk.unit.jobs.jobs

    desk.carrier.before_answer = look
    await desk.hold()
    assert seen == [AttemptState.PREPARED]


async def test_an_unknown_caller_is_not_named_and_a_foreign_language_is_told() -> None:
    desk = Desk(agent(languages=frozenset({Language.FR, Language.EN})))
    await desk.hold(language=Language.EN)
    gather, _ = await desk.picked_up()
    said = gather.prompts[0].text
    assert (
        said == "Cette personne parle anglais. Un usager attend depuis moins d'une minute. Sujet : Acte de naissance."
    )


async def test_an_english_agent_hears_english() -> None:
    desk = Desk(agent(languages=frozenset({Language.EN})))
    await desk.hold(language=Language.EN)
    gather, _ = await desk.picked_up()
    assert gather.prompts[0].text == "A citizen has been waiting for less than a minute. About: Birth certificate."


@pytest.mark.parametrize("refuse", ["key", "silence", "no-answer", "busy", "gather without keys"])
async def test_an_agent_who_does_not_take_it_is_followed_by_the_next(refuse: str) -> None:
    desk = Desk(agent(), BRUNO)
    request = await desk.hold()
    desk.clock.move(timedelta(seconds=20))
    if refuse in ("key", "silence", "gather without keys"):
        await desk.picked_up()
    if refuse == "key":
        assert await desk.keys("2") == (Hangup(),)
    elif refuse == "gather without keys":
        assert await desk.keys(None) == (Hangup(),)
    await desk.status(CallState(refuse) if refuse in ("no-answer", "busy") else CallState.COMPLETED)
    await desk.status(CallState.COMPLETED)
    assert (await desk.attempt()).state is AttemptState.FAILED
    assert desk.unit.agents.presence() is (Presence.WRAP_UP if refuse == "key" else Presence.AVAILABLE)
    waiting = await desk.request(request)
    assert (waiting.state, waiting.kind, waiting.agent) == (RequestState.WAITING, RequestKind.HOLD, None)
    assert desk.unit.jobs.jobs.count(RingAgent(request.id)) == 2
    await desk.offering.ring(request.id)
    assert desk.carrier.placed[1]["to"] == BRUNO.phone


async def test_without_a_free_agent_it_is_tried_again_soon_once() -> None:
    desk = Desk()
    request = await desk.hold()
    await desk.offering.ring(request.id)
    assert desk.unit.jobs.jobs == [RingAgent(request.id), RingAgent(request.id)]
    assert desk.unit.jobs.not_before[1] == NOON + timedelta(seconds=5)
    assert (await desk.request(request)).state is RequestState.WAITING


async def test_a_free_agent_goes_to_the_first_in_the_order_whoever_asks() -> None:
    desk = Desk()
    first = await desk.hold("con_1", "CA1", number=None)
    second = await desk.hold("con_2", "CA2", number=OTHER, target_at=NOON + timedelta(hours=5))
    desk.unit.agents.rows[agent().id] = agent()
    await desk.offering.ring(second.id)
    assert (await desk.request(first)).state is RequestState.DIALING_AGENT
    assert (await desk.request(second)).state is RequestState.WAITING


async def test_running_the_job_twice_rings_one_agent() -> None:
    desk = Desk(agent(), BRUNO)
    request = await desk.hold()
    await desk.offering.ring(request.id)
    assert len(desk.carrier.placed) == 1


async def test_a_caller_who_hangs_up_ends_the_agents_leg_and_is_called_back() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await desk.left(request, bridged=False)
    left = await desk.request(request)
    assert (left.state, left.kind, left.target_at) == (RequestState.WAITING, RequestKind.CALLBACK, request.target_at)
    assert desk.unit.agents.presence() is Presence.AVAILABLE
    attempt = await desk.attempt()
    assert desk.unit.jobs.jobs[-4:] == [
        ReconcileAttempt(attempt.id),
        OfferNext(),
        ConfirmRequest(request.id),
        OfferNext(),
    ]
    await desk.ringing.reconcile(attempt.id)
    assert desk.carrier.ended == [LEG]
    assert isinstance((await desk.picked_up())[0], Say)
    assert isinstance((await desk.keys("1"))[0], Say)
    await desk.status(CallState.CANCELED)
    assert await desk.request(request) == left


async def test_a_caller_who_leaves_while_the_carrier_is_being_asked_rings_no_agent_for_long() -> None:
    desk = Desk(agent())

    async def leave(_call: CallSid) -> None:
        (request,) = await desk.unit.requests.open_of_number(hold().number or OTHER)
        await desk.left(request, bridged=False)

    desk.carrier.before_answer = leave
    await desk.hold()
    assert desk.carrier.ended == [LEG]
    assert desk.unit.agents.presence() is Presence.AVAILABLE


async def test_the_callers_own_end_of_the_talk_may_come_first() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await desk.keys("1")
    await desk.left(request, bridged=True)
    assert (await desk.request(request)).state is RequestState.DONE
    assert desk.unit.agents.presence() is Presence.WRAP_UP
    await desk.done()
    await desk.status(CallState.COMPLETED)
    assert (await desk.request(request)).state is RequestState.DONE


async def test_an_agent_who_finds_nobody_in_the_queue_is_freed_and_the_caller_is_to_be_called_back() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await desk.keys("1")
    await desk.done("failed", tries=PATIENT_TRIES)
    left = await desk.request(request)
    assert (left.state, left.kind) == (RequestState.WAITING, RequestKind.CALLBACK)
    assert desk.unit.agents.presence() is Presence.WRAP_UP


async def test_an_agent_who_accepts_while_the_caller_is_still_told_something_waits_a_moment() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    attempt = await desk.attempt()
    first = await desk.keys("1")
    assert [type(verb) for verb in first] == [Say, Pause, Redirect]
    assert first[-1] == Redirect(f"/voice/agent/waits?attempt={attempt.id}&tries=1")
    assert (await desk.ringing.waits(attempt.id, 1))[-1] == Redirect(f"/voice/agent/waits?attempt={attempt.id}&tries=2")
    await desk.enters(request)
    (dial,) = await desk.ringing.waits(attempt.id, 2)
    assert isinstance(dial, DialQueue)
    *told, again = await desk.done("no-answer", tries=2)
    assert [type(verb) for verb in told] == [Say, Pause]
    assert isinstance(again, DialQueue)
    assert again.action.endswith("&tries=3")
    assert (await desk.request(request)).state is RequestState.DIALING_AGENT


async def test_the_queue_is_looked_into_at_last_though_nobody_told_that_the_caller_entered_it() -> None:
    desk = Desk(agent())
    await desk.hold()
    await desk.keys("1")
    (dial,) = await desk.ringing.waits((await desk.attempt()).id, PATIENT_TRIES)
    assert isinstance(dial, DialQueue)


async def test_an_agent_who_waits_for_a_caller_who_has_gone_is_told() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await desk.keys("1")
    await desk.left(request, bridged=False)
    assert (await desk.ringing.waits((await desk.attempt()).id, 1))[-1] == Hangup()
    assert (await desk.ringing.waits(AttemptId("att_unknown"), 1))[-1] == Hangup()


async def test_who_asks_for_a_callback_and_holds_again_is_not_taken_for_being_in_the_queue() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await desk.enters(request)
    assert (await desk.request(request)).entered_at == NOON
    await desk.left(request, bridged=False)
    assert (await desk.request(request)).entered_at is None
    await desk.enters(request)
    assert (await desk.request(request)).entered_at is None


async def test_a_request_closed_meanwhile_lets_the_agent_go() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await close_request(desk.unit, request.id, RequestState.CANCELLED, "by text", NOON)
    assert desk.unit.agents.presence() is Presence.AVAILABLE
    assert isinstance((await desk.picked_up())[0], Say)


async def test_an_agent_who_misses_again_is_away_and_nobody_waits_for_an_empty_chair() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await desk.status(CallState.NO_ANSWER)
    await desk.offering.ring(request.id)
    await desk.status(CallState.NO_ANSWER, 2)
    assert desk.unit.agents.presence() is Presence.AWAY


async def test_an_agent_who_has_written_up_the_call_is_available_again() -> None:
    desk = Desk(agent())
    await desk.hold()
    await desk.keys("1")
    await desk.done()
    attempt = await desk.attempt()
    await desk.ringing.reconcile(attempt.id)
    assert desk.unit.agents.presence() is Presence.WRAP_UP
    assert ReconcileAttempt(attempt.id) == desk.unit.jobs.jobs[-1]
    assert desk.unit.jobs.not_before[-1] == NOON + timedelta(seconds=30)
    desk.clock.move(timedelta(seconds=30))
    await desk.ringing.reconcile(attempt.id)
    assert desk.unit.agents.presence() is Presence.AVAILABLE


async def test_a_carrier_that_is_away_is_asked_again_in_a_moment() -> None:
    desk = Desk(agent())
    desk.carrier.failure = Unavailable("away")
    request = await desk.hold()
    assert (await desk.attempt()).result == "carrier away"
    assert desk.unit.agents.presence() is Presence.AVAILABLE
    assert desk.unit.jobs.jobs[-1] == RingAgent(request.id)
    assert desk.unit.jobs.not_before[-1] == NOON + timedelta(seconds=5)


async def test_an_agent_whose_number_is_refused_is_away() -> None:
    desk = Desk(agent())
    desk.carrier.failure = Refused("no such number", 21211)
    await desk.hold()
    assert desk.unit.agents.presence() is Presence.AWAY


@pytest.mark.parametrize(
    ("listed", "attempt_state", "request_state"),
    [
        ([], AttemptState.FAILED, RequestState.WAITING),
        ([CallState.RINGING], AttemptState.RINGING, RequestState.DIALING_AGENT),
        ([CallState.NO_ANSWER], AttemptState.FAILED, RequestState.WAITING),
    ],
)
async def test_what_is_in_doubt_is_looked_up_before_anything_is_tried_again(
    listed: list[CallState], attempt_state: AttemptState, request_state: RequestState
) -> None:
    desk = Desk(agent(), BRUNO)
    desk.carrier.failure = InDoubt("no answer")
    request = await desk.hold()
    attempt = await desk.attempt()
    assert attempt.state is AttemptState.IN_DOUBT
    await desk.offering.ring(request.id)
    assert len(desk.carrier.placed) == 1
    assert desk.unit.jobs.not_before[-1] == NOON + timedelta(seconds=20)
    desk.carrier.listed = [Listed(LEG, state) for state in listed]
    await desk.ringing.reconcile(attempt.id)
    assert (await desk.attempt()).state is attempt_state
    assert (await desk.request(request)).state is request_state


async def test_in_doubt_and_answered_is_simply_answered() -> None:
    desk = Desk(agent())
    desk.carrier.failure = InDoubt("no answer")
    await desk.hold()
    assert isinstance((await desk.picked_up())[0], Gather)
    assert (await desk.attempt()).call == LEG


async def test_a_second_leg_for_one_attempt_is_sent_away() -> None:
    desk = Desk(agent())
    await desk.hold()
    attempt = await desk.attempt()
    assert isinstance((await desk.picked_up())[0], Gather)
    assert isinstance((await desk.ringing.answered(attempt.id, CallTurn(CallSid("CA-x"), CallState.RINGING)))[0], Say)


async def test_a_talk_whose_last_webhooks_were_lost_is_found_to_be_over() -> None:
    desk = Desk(agent())
    request = await desk.hold()
    await desk.keys("1")
    attempt = await desk.attempt()
    await desk.ringing.connected(attempt.id)
    desk.carrier.listed = [Listed(LEG, CallState.IN_PROGRESS)]
    await desk.ringing.reconcile(attempt.id)
    assert (await desk.request(request)).state is RequestState.TALKING
    desk.carrier.listed = [Listed(LEG, CallState.COMPLETED)]
    await desk.ringing.reconcile(attempt.id)
    assert (await desk.request(request)).state is RequestState.DONE
    assert desk.unit.agents.presence() is Presence.WRAP_UP


STEPS: dict[str, Callable[[Desk], Any]] = {
    "picked up": lambda desk: desk.picked_up(),
    "1": lambda desk: desk.keys("1"),
    "9": lambda desk: desk.keys("9"),
    "no key": lambda desk: desk.keys(""),
    "ringing": lambda desk: desk.status(CallState.RINGING),
    "in progress": lambda desk: desk.status(CallState.IN_PROGRESS),
    "completed": lambda desk: desk.status(CallState.COMPLETED),
    "busy": lambda desk: desk.status(CallState.BUSY),
    "talked": lambda desk: desk.done(),
    "nobody": lambda desk: desk.done("failed"),
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*STEPS, "connected", "left", "bridged", "reconcile", "ring"]), max_size=12))
async def test_webhooks_in_any_order_and_number_leave_nobody_stuck(steps: list[str]) -> None:
    desk = Desk(agent())
    request = await desk.hold()
    attempt = await desk.attempt()
    others: dict[str, Callable[[], Any]] = {
        "connected": lambda: desk.ringing.connected(attempt.id),
        "left": lambda: desk.left(request, bridged=False),
        "bridged": lambda: desk.left(request, bridged=True),
        "reconcile": lambda: desk.ringing.reconcile(attempt.id),
        "ring": lambda: desk.offering.ring(request.id),
    }
    for step in steps:
        await (STEPS[step](desk) if step in STEPS else others[step]())
        desk.clock.move(timedelta(seconds=1))
    desk.carrier.listed = [Listed(LEG, CallState.COMPLETED)]
    live = await desk.unit.attempts.live_of(request.id)
    if live is not None:
        await desk.ringing.reconcile(live.id)
    assert await desk.unit.attempts.live_of(request.id) is None
    assert desk.unit.agents.presence() not in (Presence.RINGING, Presence.BUSY)
    end = await desk.request(request)
    assert end.state in (RequestState.WAITING, RequestState.DONE)
    if end.state is RequestState.WAITING:
        assert RingAgent(end.id) in desk.unit.jobs.jobs if end.holds else ConfirmRequest(end.id) in desk.unit.jobs.jobs


async def test_what_belongs_to_no_attempt_is_told_so() -> None:
    desk = Desk(replace(agent(), presence=Presence.PAUSE))
    nobody = AttemptId("att_none")
    assert isinstance((await desk.ringing.answered(nobody, CallTurn(LEG, CallState.RINGING)))[0], Say)
    assert isinstance((await desk.ringing.keyed(nobody, CallTurn(LEG, CallState.RINGING, "1")))[0], Say)
    assert await desk.ringing.keyed(nobody, CallTurn(LEG, CallState.RINGING, "2")) == (Hangup(),)
    assert await desk.ringing.done(nobody, DialEnded(LEG, "completed", None)) == (Hangup(),)
    await desk.ringing.progress(nobody, CallProgress(LEG, CallState.BUSY, 0, None, None))
    await desk.ringing.reconcile(nobody)
