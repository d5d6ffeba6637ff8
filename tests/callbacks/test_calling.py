from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guichet.callbacks.joining import new_request
from guichet.callbacks.request import AttemptState, RequestKind, RequestState
from guichet.callbacks.service import close_request, open_request
from guichet.callbacks.whisper import announce
from guichet.carrier.events import CallProgress, CallState, CallTurn, DialEnded
from guichet.carrier.verbs import DialNumber, DialQueue, Gather, Hangup, Redirect, Say
from guichet.core.clock import ManualClock
from guichet.core.errors import InDoubt
from guichet.core.ids import AttemptId, CallSid
from guichet.core.jobs import ReconcileAttempt, TextRequest
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from guichet.routing.rule_book import RuleBook
from tests.callbacks.desk import CallDesk, child, leg
from tests.callbacks.world import BOOK, LINE, NOON, NUMBER, OTHER, Listed, agent, demand, hold, title

BRUNO = agent("Bruno", phone=PhoneNumber("+33145670002"), since=NOON + timedelta(seconds=1))


async def test_a_callback_goes_agent_first_then_citizen_then_done() -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    assert (request.state, desk.carrier.placed[0]["to"]) == (RequestState.DIALING_AGENT, agent().phone)
    attempt = await desk.attempt()
    told, dial = await desk.agent_accepts()
    assert isinstance(told, Say)
    assert dial == DialNumber(
        NUMBER,
        action=f"/voice/agent/called?attempt={attempt.id}",
        caller_id=LINE,
        whisper=f"/voice/citizen?attempt={attempt.id}",
        timeout=25,
        status=f"/voice/citizen/status?attempt={attempt.id}",
    )
    assert (await desk.request(request)).state is RequestState.DIALING_CITIZEN
    await desk.citizen_leg(CallState.RINGING)
    gather, otherwise = await desk.citizen_answers()
    assert isinstance(gather, Gather)
    assert gather.prompts[0] == Say("Bonjour. Un service public vous rappelle, comme vous l'avez demandé.", Language.FR)
    assert otherwise == Redirect(gather.action)
    assert await desk.citizen_keys("1") == (Say("Nous vous mettons en relation.", Language.FR),)
    assert (await desk.request(request)).state is RequestState.TALKING
    assert await desk.dial_ends("completed", bridged=True) == (Hangup(),)
    assert (await desk.request(request)).state is RequestState.DONE
    await desk.citizen_leg(CallState.COMPLETED)
    await desk.agent_leg(CallState.COMPLETED)
    assert (await desk.attempt()).state is AttemptState.ENDED
    assert (await desk.attempt()).citizen_call == child()
    assert desk.unit.agents.presence() is Presence.WRAP_UP
    assert len(desk.carrier.placed) == 1


@pytest.mark.parametrize(
    ("result", "minutes", "why"),
    [("busy", 5, "busy"), ("no-answer", 30, "no_answer"), ("failed", 5, "failed"), ("completed", 30, "no_answer")],
)
async def test_a_citizen_who_is_not_reached_is_called_again_later_at_their_place(
    result: str, minutes: int, why: str
) -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    await desk.agent_accepts()
    told, *_, last = await desk.dial_ends(result, bridged=False)
    assert (type(told), last) == (Say, Hangup())
    waiting = await desk.request(request)
    assert (waiting.state, waiting.not_before) == (RequestState.WAITING, NOON + timedelta(minutes=minutes))
    assert (waiting.target_at, waiting.kind) == (request.target_at, RequestKind.CALLBACK)
    assert (await desk.attempt()).result == why
    assert desk.unit.agents.presence() is Presence.WRAP_UP


@pytest.mark.parametrize(
    ("keys", "why", "said"), [("2", "not_now", True), ("3", "wrong_person", True), (None, "machine", False)]
)
async def test_only_who_presses_1_is_connected(keys: str | None, why: str, *, said: bool) -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_answers()
    verbs = await desk.citizen_keys(keys)
    assert verbs[-1] == Hangup()
    assert isinstance(verbs[0], Say) is said
    await desk.citizen_leg(CallState.COMPLETED)
    assert isinstance((await desk.dial_ends("no-answer", bridged=False))[0], Say)
    assert (await desk.attempt()).result == why
    assert (await desk.request(request)).state is RequestState.WAITING


async def test_another_key_is_asked_about_once_more() -> None:
    desk = CallDesk(agent())
    await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_answers()
    again = (await desk.citizen_keys("7"))[0]
    assert isinstance(again, Gather)
    assert again.action.endswith("&asked=2")
    assert await desk.citizen_keys("7", asked=2) == (Hangup(),)


async def test_who_is_never_reached_goes_to_a_person_and_is_told() -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    for number in range(1, 5):
        assert len(desk.carrier.placed) == number
        await desk.agent_accepts(number)
        await desk.dial_ends("no-answer", number, bridged=False)
        waiting = await desk.request(request)
        desk.clock.move(timedelta(days=1))
        desk.unit.agents.rows[agent().id] = agent()
        await desk.offering.offer()
    assert waiting.state is RequestState.EXHAUSTED
    assert TextRequest(request.id, "unreached") in desk.unit.jobs.jobs
    assert len(desk.carrier.placed) == 4


async def test_never_more_callbacks_are_out_than_agents_are_free() -> None:
    desk = CallDesk(agent(), BRUNO)
    for number in range(5):
        await desk.asks(f"con_{number}", number=PhoneNumber(f"+3361234567{number}"))
    assert len(desk.carrier.placed) == 2


async def test_there_is_one_order_of_holders_and_callbacks() -> None:
    desk = CallDesk()
    late = await desk.holds("con_1", "CA1", number=None, target_at=NOON + timedelta(hours=5))
    called = await desk.asks("con_2")
    urgent = await desk.holds("con_3", "CA3", number=OTHER, target_at=NOON + timedelta(hours=6), priority=5)
    served = []
    for name in ("Anne", "Bruno", "Chloé"):
        free = agent(name)
        desk.unit.agents.rows[free.id] = free
        await desk.offering.offer()
        served.append((await desk.attempt(len(desk.carrier.placed))).request)
    assert served == [urgent.id, called.id, late.id]


async def test_of_the_same_target_who_came_first_goes_first_whether_they_hold_or_are_called() -> None:
    desk = CallDesk()
    first = (await open_request(desk.unit, demand("con_1"), NOON)).request
    second = (await open_request(desk.unit, hold("con_2", "CA2", number=OTHER), NOON)).request
    ahead = min(first, second, key=lambda request: request.id)
    desk.unit.agents.rows[agent().id] = agent()
    await desk.offering.offer()
    assert (await desk.attempt()).request == ahead.id


async def test_outside_the_windows_nobody_is_called_and_the_next_in_order_is_served() -> None:
    desk = CallDesk()
    noumea = await desk.asks("con_1", number=PhoneNumber("+687751234"))
    paris = await desk.asks("con_2", number=OTHER, target_at=NOON + timedelta(hours=5))
    desk.unit.agents.rows[agent().id] = agent()
    await desk.offering.offer()
    assert (await desk.attempt()).request == paris.id
    # It is 23 o'clock in Nouméa; when the counter opens in the morning, it is 18 there.
    assert (await desk.request(noumea)).not_before == datetime(2026, 3, 4, 7, tzinfo=UTC)


async def test_at_night_a_callback_waits_for_the_morning() -> None:
    desk = CallDesk(agent())
    desk.clock.move(timedelta(hours=8))
    request = await desk.asks()
    assert (request.state, request.not_before) == (RequestState.WAITING, datetime(2026, 3, 4, 7, tzinfo=UTC))
    assert desk.carrier.placed == []
    desk.clock.move(timedelta(hours=11))
    await desk.offering.look()
    await desk.jobs()
    assert len(desk.carrier.placed) == 1


async def test_who_is_never_to_be_called_is_written_to() -> None:
    desk = CallDesk(agent())
    desk.unit.citizens.never_call = True
    request = await desk.asks(citizen="cit_claire")
    assert (request.state, request.kind) == (RequestState.WAITING, RequestKind.TEXT)
    assert TextRequest(request.id, "by_text") in desk.unit.jobs.jobs
    assert desk.carrier.placed == []


async def test_who_rings_while_an_agent_is_rung_for_them_gets_that_agent() -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    held = await desk.holds()
    assert (held.id, held.kind, held.state) == (request.id, RequestKind.HOLD, RequestState.DIALING_AGENT)
    (dial,) = await desk.agent_accepts()
    assert isinstance(dial, DialQueue)
    assert len(desk.carrier.placed) == 1


async def test_who_rings_while_their_own_phone_is_rung_gets_that_agent() -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_leg(CallState.RINGING)
    assert (await desk.holds()).id == request.id
    assert await desk.citizen_answers() == (Hangup(),)
    await desk.citizen_leg(CallState.BUSY)
    (dial,) = await desk.dial_ends("busy", bridged=False)
    assert isinstance(dial, DialQueue)
    attempt = await desk.attempt()
    await desk.ringing.connected(attempt.id)
    assert (await desk.request(request)).state is RequestState.TALKING


async def test_an_agent_who_hangs_up_while_the_citizen_is_rung_strands_nobody() -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_leg(CallState.RINGING)
    await desk.agent_leg(CallState.COMPLETED)
    await desk.citizen_leg(CallState.CANCELED)
    waiting = await desk.request(request)
    assert (waiting.state, waiting.not_before) == (RequestState.WAITING, NOON + timedelta(minutes=2))


async def test_an_agent_who_declines_is_followed_by_the_next() -> None:
    desk = CallDesk(agent(), BRUNO)
    request = await desk.asks()
    await desk.agent_accepts(keys="2")
    await desk.jobs()
    assert [placed["to"] for placed in desk.carrier.placed] == [agent().phone, BRUNO.phone]
    assert (await desk.request(request)).not_before is None


async def test_a_conversation_that_never_began_is_no_conversation() -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_answers()
    await desk.citizen_keys("1")
    await desk.dial_ends("completed", bridged=False)
    assert (await desk.request(request)).state is RequestState.WAITING
    assert (await desk.attempt()).result == "cut"


async def test_an_agent_who_comes_free_gets_the_next_in_order() -> None:
    desk = CallDesk(agent())
    await desk.asks()
    second = await desk.asks("con_2", number=OTHER)
    await desk.agent_accepts()
    await desk.dial_ends("completed", bridged=True)
    desk.clock.move(timedelta(seconds=30))
    attempt = await desk.attempt()
    await desk.ringing.reconcile(attempt.id)
    await desk.jobs()
    assert (await desk.attempt(2)).request == second.id


async def test_a_sign_in_is_noticed_without_any_webhook() -> None:
    desk = CallDesk(replace(agent(), presence=Presence.AWAY))
    await desk.asks()
    await desk.offering.look()
    assert desk.carrier.placed == []
    desk.unit.agents.rows[agent().id] = agent()
    await desk.offering.look()
    await desk.offering.look()
    await desk.jobs()
    assert len(desk.carrier.placed) == 1


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=5), "depuis moins d'une minute"),
        (timedelta(minutes=1), "depuis une minute"),
        (timedelta(minutes=90), "depuis 90 minutes"),
        (timedelta(hours=5), "depuis 5 heures"),
        (timedelta(days=3), "depuis 3 jours"),
    ],
)
async def test_the_agent_hears_that_it_is_a_call_to_make_and_since_when(ago: timedelta, said: str) -> None:
    request = new_request(demand(), NOON)
    told = announce(request, Language.FR, None, title(request.intent), NOON + ago)
    assert told == f"Rappel à faire. Un usager attend {said}. Sujet : Acte de naissance."


async def test_a_machine_hears_what_the_rules_say_and_nothing_personal() -> None:
    message = "{fr: Nous vous rappellerons., en: We will call again.}"
    desk = CallDesk(agent(), rules=RuleBook.parse(f"{BOOK}rappels: {{repondeur: {message}}}"))
    await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_answers()
    assert await desk.citizen_keys(None) == (Say("Nous vous rappellerons.", Language.FR), Hangup())


async def test_who_asks_in_a_call_is_not_rung_before_they_can_have_hung_up() -> None:
    desk = CallDesk(agent())
    request = await desk.asks(call=CallSid("CA1"))
    assert (request.state, request.not_before) == (RequestState.WAITING, NOON + timedelta(seconds=45))
    desk.clock.move(timedelta(seconds=45))
    await desk.jobs()
    assert len(desk.carrier.placed) == 1


async def test_a_request_that_is_cancelled_while_the_agent_waits_for_the_citizen_ends_both_legs() -> None:
    desk = CallDesk(agent())
    request = await desk.asks()
    await desk.agent_accepts()
    await close_request(desk.unit, request.id, RequestState.CANCELLED, "by text", NOON)
    await desk.jobs()
    assert desk.carrier.ended == [leg()]
    assert desk.unit.agents.presence() is Presence.WRAP_UP
    assert await desk.citizen_answers() == (Hangup(),)
    desk.clock.move(timedelta(seconds=30))
    await desk.jobs()
    assert desk.unit.agents.presence() is Presence.AVAILABLE


async def test_what_belongs_to_no_attempt_is_hung_up() -> None:
    desk = CallDesk()
    nobody, turn = AttemptId("att_none"), CallTurn(child(), CallState.IN_PROGRESS, "1")
    assert await desk.calling.answered(nobody, turn) == (Hangup(),)
    assert await desk.calling.keyed(nobody, turn, 1) == (Hangup(),)
    assert await desk.calling.ended(nobody, DialEnded(leg(), "busy", None)) == (Hangup(),)
    await desk.calling.progress(nobody, CallProgress(child(), CallState.BUSY, 0, None, None))


async def test_pressing_1_twice_connects_once() -> None:
    desk = CallDesk(agent())
    await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_answers()
    first = await desk.citizen_keys("1")
    assert await desk.citizen_keys("1") == first
    assert await desk.citizen_keys("2") == (Hangup(),)
    assert (await desk.attempt()).state is AttemptState.BRIDGED


async def test_a_callback_without_a_number_goes_to_a_person() -> None:
    desk = CallDesk(agent())
    request = await desk.asks(number=None)
    assert (request.state, desk.carrier.placed) == (RequestState.EXHAUSTED, [])


async def _talking(desk: CallDesk) -> AttemptId:
    """Let agent and citizen be connected."""
    await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_answers()
    await desk.citizen_keys("1")
    return (await desk.attempt()).id


@pytest.mark.parametrize(
    ("seconds", "state"), [(10, RequestState.WAITING), (60, RequestState.DONE), (None, RequestState.DONE)]
)
async def test_when_no_word_of_the_end_arrives_the_length_of_the_leg_tells_whether_they_talked(
    seconds: int | None, state: RequestState
) -> None:
    desk = CallDesk(agent())
    attempt = await _talking(desk)
    lasted = None if seconds is None else timedelta(seconds=seconds)
    desk.carrier.listed = [Listed(leg(), CallState.COMPLETED, lasted)]
    await desk.ringing.reconcile(attempt)
    found = await desk.unit.attempts.get(attempt)
    assert found is not None
    request = await desk.unit.requests.get(found.request)
    assert request is not None
    assert request.state is state


@pytest.mark.parametrize(("seconds", "result"), [(60, "talked"), (48, "talked"), (38, "cut")])
async def test_a_leg_that_a_slow_carrier_began_long_after_it_was_asked_is_measured_from_its_ringing(
    seconds: int, result: str
) -> None:
    desk = CallDesk(agent())
    desk.carrier.failure = InDoubt("no answer")
    await desk.asks()
    desk.clock.move(timedelta(seconds=95))
    await desk.agent_leg(CallState.RINGING)
    desk.clock.move(timedelta(seconds=10))
    await desk.agent_accepts()
    await desk.citizen_answers()
    await desk.citizen_keys("1")
    attempt = await desk.attempt()
    desk.carrier.listed = [Listed(leg(), CallState.COMPLETED, timedelta(seconds=seconds))]
    await desk.ringing.reconcile(attempt.id)
    assert (await desk.attempt()).result == result


@pytest.mark.parametrize(("seconds", "result"), [(45, "talked"), (38, "talked"), (37, "cut"), (None, "cut")])
async def test_where_the_agents_leg_tells_nothing_the_citizens_does(seconds: int | None, result: str) -> None:
    desk = CallDesk(agent())
    await desk.asks()
    desk.clock.move(timedelta(seconds=22))
    await desk.agent_leg(CallState.RINGING)
    desk.clock.move(timedelta(seconds=8))
    await desk.agent_accepts()
    desk.clock.move(timedelta(seconds=3))
    await desk.citizen_answers()
    desk.clock.move(timedelta(seconds=20))
    await desk.citizen_keys("1")
    attempt = await desk.attempt()
    lasted = None if seconds is None else timedelta(seconds=seconds)
    desk.carrier.listed = [
        Listed(leg(), CallState.COMPLETED, timedelta(seconds=50)),
        Listed(child(), CallState.COMPLETED, lasted),
    ]
    await desk.ringing.reconcile(attempt.id)
    assert (await desk.attempt()).result == result


async def test_the_end_of_a_leg_alone_does_not_tell_that_they_talked() -> None:
    desk = CallDesk(agent())
    attempt = await _talking(desk)
    await desk.agent_leg(CallState.COMPLETED)
    assert (await desk.attempt()).state is AttemptState.BRIDGED
    assert desk.unit.jobs.jobs[-1] == ReconcileAttempt(attempt)
    await desk.dial_ends("completed", bridged=False)
    assert (await desk.attempt()).result == "cut"


async def test_an_agent_is_not_kept_by_a_clock_that_has_gone_back() -> None:
    desk = CallDesk(agent())
    attempt = await _talking(desk)
    await desk.dial_ends("completed", bridged=True)
    await desk.ringing.reconcile(attempt)
    assert desk.unit.agents.presence() is Presence.WRAP_UP
    assert desk.unit.jobs.jobs[-1] == ReconcileAttempt(attempt)
    desk.ringing._clock = ManualClock(NOON - timedelta(minutes=10))
    await desk.ringing.reconcile(attempt)
    assert desk.unit.agents.presence() is Presence.AVAILABLE
