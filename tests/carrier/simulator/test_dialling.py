import asyncio
from dataclasses import replace

import pytest

from guichet.carrier.simulator.conversation import parting
from guichet.carrier.simulator.dialling import Manners
from guichet.carrier.simulator.parties import (
    Answers,
    Busy,
    HangUp,
    Machine,
    Moment,
    NoAnswer,
    Party,
    Press,
    Unreachable,
)
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from tests.carrier.simulator.conftest import AGENT, CITIZEN, LINE
from tests.carrier.simulator.gateway import Gateway

DIAL = f"<Dial action='/done' timeout='20' callerId='{LINE}'><Number url='/whisper'>{AGENT}</Number></Dial>"
ACCEPT = "<Gather action='/accept' numDigits='1'><Say>Tapez 1</Say></Gather><Hangup/>"


async def test_a_whisper_accepted_with_a_key_bridges_both(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": DIAL, "/whisper": ACCEPT, "/accept": "", "/done": "<Say>Fin</Say>"}
    sim.party(AGENT, Answers([Press("1"), HangUp(after=12, at=Moment.BRIDGED)]))
    record = await sim.call(CITIZEN, LINE, [])
    await sim.settled()
    done = gateway.forms("/done")[0]
    assert (done["DialCallStatus"], done["DialBridged"], done["DialCallDuration"]) == ("completed", "true", "12")
    assert record.log.said == ("Fin",)
    child = sim.calls.get(done["DialCallSid"])
    assert (child.parent, child.from_, child.direction) == (record.sid, LINE, "outbound-dial")


async def test_an_answering_machine_never_takes_a_whispered_call(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": DIAL, "/whisper": ACCEPT, "/done": "<Say>Fin</Say>"}
    sim.party(AGENT, Machine())
    await sim.call(CITIZEN, LINE, [])
    assert gateway.forms("/done")[0]["DialBridged"] == "false"
    assert gateway.forms("/done")[0]["DialCallStatus"] == "no-answer"


@pytest.mark.parametrize(
    ("party", "status"),
    [
        (Busy(), "busy"),
        (NoAnswer(), "no-answer"),
        (Unreachable(), "failed"),
        (Answers(ring=25), "no-answer"),
    ],
)
async def test_the_action_hears_why_nobody_was_reached(
    gateway: Gateway, sim: Simulator, party: Party, status: str
) -> None:
    gateway.answers["/voice/incoming"] = DIAL
    sim.party(AGENT, party)
    await sim.call(CITIZEN, LINE, [])
    assert gateway.forms("/done")[0]["DialCallStatus"] == status


async def test_without_an_action_the_next_verb_runs(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = f"<Dial>{AGENT}</Dial><Say>Encore là</Say>"
    sim.party(AGENT, Busy())
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == ("Encore là",)


async def test_of_several_numbers_the_first_to_answer_wins_and_the_others_are_cancelled(
    gateway: Gateway, settings: SimulatorSettings
) -> None:
    other = "+33698765433"
    gateway.answers["/voice/incoming"] = f"<Dial action='/done'><Number>{other}</Number><Number>{AGENT}</Number></Dial>"
    async with Simulator(settings) as sim:
        sim.party(other, NoAnswer())
        sim.party(AGENT, Answers())
        sim.calls  # noqa: B018 -- the book exists before the call
        await sim.call(CITIZEN, LINE, [])
        await sim.settled()
        assert {call.to: call.state.value for call in sim.calls if call.parent}[AGENT] == "completed"


async def test_a_caller_who_hangs_up_while_it_rings_cancels_the_other_leg(
    gateway: Gateway, settings: SimulatorSettings
) -> None:
    gateway.answers["/voice/incoming"] = DIAL
    gateway.answers["/whisper"] = "<Say>Un long message avant de prendre cet appel</Say>" + ACCEPT
    async with Simulator(settings) as sim:
        sim.party(AGENT, Answers([Press("1")]))
        call = asyncio.create_task(sim.call(CITIZEN, LINE, [HangUp(after=3, at=Moment.BRIDGED)]))
        record = await call
        await sim.settled()
    assert record.log.states[-1] == "completed"
    assert all(leg.state.is_final for leg in sim.calls)


async def test_a_declined_whisper_may_be_told_otherwise(gateway: Gateway, settings: SimulatorSettings) -> None:
    gateway.answers |= {"/voice/incoming": DIAL, "/whisper": "<Hangup/>"}
    async with Simulator(replace(settings, manners=Manners(declined_status="completed"))) as sim:
        sim.party(AGENT, Answers())
        await sim.call(CITIZEN, LINE, [])
    assert gateway.forms("/done")[0]["DialCallStatus"] == "completed"
    assert gateway.forms("/done")[0]["DialBridged"] == "false"


async def test_a_number_reports_the_events_it_was_asked_for_in_order(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = (
        "<Dial action='/done'><Number statusCallback='/leg' statusCallbackEvent='initiated ringing answered completed'>"
        f"{AGENT}</Number></Dial>"
    )
    sim.party(AGENT, Answers())
    await sim.call(CITIZEN, LINE, [])
    await sim.settled()
    told = [(form["SequenceNumber"], form["CallStatus"]) for form in gateway.forms("/leg")]
    assert told == [("0", "initiated"), ("1", "ringing"), ("2", "in-progress"), ("3", "completed")]


async def test_a_conference_starts_with_two_and_ends_with_who_may_end_it(gateway: Gateway, sim: Simulator) -> None:
    room = (
        "<Dial action='/left'><Conference waitUrl='/music' endConferenceOnExit='{}' statusCallback='/room' "
        "statusCallbackEvent='start end join leave'>salle</Conference></Dial>"
    )
    gateway.answers |= {
        "/voice/incoming": lambda form: room.format("true" if form["From"] == AGENT else "false"),
        "/music": "<Say>Patientez</Say>",
        "/left": "<Say>Fini</Say>",
    }
    citizen = asyncio.create_task(sim.call(CITIZEN, LINE, [HangUp(after=60, at=Moment.RECORDING)]))
    await gateway.until("/music")
    await sim.call(AGENT, LINE, [HangUp(after=0, at=Moment.BRIDGED)])
    record = await citizen
    await sim.settled()
    events = [form["StatusCallbackEvent"] for form in gateway.forms("/room")]
    assert events[:3] == ["participant-join", "participant-join", "conference-start"]
    assert "conference-end" in events
    assert record.log.states[-1] == "completed"


@pytest.mark.parametrize(
    ("dialler", "other", "limit", "expected"),
    [
        (None, None, 100.0, (20.0, False, True)),
        (5.0, None, 100.0, (5.0, True, False)),
        (5.0, 3.0, 100.0, (3.0, False, True)),
        (None, 50.0, 10.0, (10.0, False, False)),
    ],
)
def test_who_leaves_a_conversation_first(
    dialler: float | None, other: float | None, limit: float, expected: tuple[float, bool, bool]
) -> None:
    plan = parting(dialler, other, 20.0, limit)
    assert (plan.seconds, plan.dialler_leaves, plan.other_leaves) == expected
