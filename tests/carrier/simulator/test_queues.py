import asyncio
from dataclasses import replace

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Answers, HangUp, Moment, Press
from guichet.carrier.simulator.simulator import Limits, Simulator, SimulatorSettings
from tests.carrier.simulator.conftest import AGENT, CITIZEN, LINE
from tests.carrier.simulator.gateway import Gateway
from tests.carrier.simulator.rest import post

ENQUEUE = "<Enqueue waitUrl='/hold/wait' action='/hold/left'>hold-1</Enqueue><Say>Jamais</Say>"


async def test_hold_music_is_asked_for_again_until_the_document_leaves(gateway: Gateway, sim: Simulator) -> None:
    rounds: list[str] = []

    def wait(form: object) -> str:
        rounds.append("x")
        return "<Leave/>" if len(rounds) == 3 else "<Say>Patientez</Say>"

    gateway.answers |= {"/voice/incoming": ENQUEUE, "/hold/wait": wait, "/hold/left": "<Say>Fini</Say>"}
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == ("Patientez", "Patientez", "Fini")
    waits = gateway.forms("/hold/wait")
    assert [form["QueuePosition"] for form in waits] == ["1", "1", "1"]
    assert waits[0]["QueueTime"] == "0"
    assert gateway.forms("/hold/left")[0]["QueueResult"] == "leave"


async def test_an_agent_takes_the_first_caller_who_hears_something_before_the_bridge(
    gateway: Gateway, sim: Simulator
) -> None:
    gateway.answers |= {
        "/voice/incoming": ENQUEUE,
        "/hold/wait": "<Say>Patientez</Say>",
        "/hold/left": "<Say>Au revoir</Say>",
        "/agent": "<Dial action='/agent/done'><Queue url='/hold/connected'>hold-1</Queue></Dial>",
        "/hold/connected": "<Say>Un agent prend votre appel</Say>",
        "/agent/done": "<Hangup/>",
    }
    sim.party(AGENT, Answers([HangUp(after=5, at=Moment.BRIDGED)]))
    call = asyncio.create_task(sim.call(CITIZEN, LINE, []))
    await gateway.until("/hold/wait")
    await post(sim, "/Calls.json", To=AGENT, From=LINE, Url="https://guichet.example/agent")
    record = await call
    await sim.settled()
    left = gateway.forms("/hold/left")[0]
    assert left["QueueResult"] == "bridged"
    assert record.log.said[-2:] == ("Un agent prend votre appel", "Au revoir")
    assert record.log.of(Kind.BRIDGED)


async def test_a_caller_who_hangs_up_first_completes_the_agents_dial(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {
        "/voice/incoming": ENQUEUE,
        "/agent": "<Dial action='/agent/done'><Queue>hold-1</Queue></Dial>",
        "/agent/done": "<Say>Merci</Say>",
    }
    sim.party(AGENT, Answers())
    call = asyncio.create_task(sim.call(CITIZEN, LINE, [HangUp(after=30, at=Moment.BRIDGED)]))
    await gateway.until("/hold/wait")
    await post(sim, "/Calls.json", To=AGENT, From=LINE, Url="https://guichet.example/agent")
    await call
    await sim.settled()
    done = gateway.forms("/agent/done")[0]
    assert (done["DialCallStatus"], done["DialBridged"], done["DialCallDuration"]) == ("completed", "true", "30")
    assert gateway.forms("/hold/left")[0]["QueueResult"] == "bridged"


async def test_hanging_up_on_hold_tells_the_action(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": ENQUEUE, "/hold/wait": "<Say>Patientez encore un moment</Say>"}
    record = await sim.call(CITIZEN, LINE, [HangUp(after=4, at=Moment.HOLD)])
    await sim.settled()
    assert gateway.forms("/hold/left")[0]["QueueResult"] == "hangup"
    assert record.log.states[-1] == "completed"
    assert not sim.queues.open("hold-1").members


async def test_dialling_an_empty_queue_is_no_answer_and_an_unknown_one_fails(gateway: Gateway, sim: Simulator) -> None:
    sim.queues.open("hold-1")
    gateway.answers |= {
        "/agent": "<Dial action='/agent/done' timeout='1'><Queue>hold-1</Queue></Dial>",
        "/other": "<Dial action='/agent/done'><Queue>hold-9</Queue></Dial>",
    }
    sim.party(AGENT, Answers())
    for path in ("/agent", "/other"):
        await post(sim, "/Calls.json", To=AGENT, From=LINE, Url=f"https://guichet.example{path}")
        await sim.settled()
    assert [form["DialCallStatus"] for form in gateway.forms("/agent/done")] == ["no-answer", "failed"]


async def test_keys_during_hold_music_work(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {
        "/voice/incoming": ENQUEUE,
        "/hold/wait": "<Gather action='/hold/key' numDigits='1'><Say>Tapez 2</Say></Gather>",
        "/hold/key": "<Leave/>",
        "/hold/left": "<Say>Rappel</Say>",
    }
    record = await sim.call(CITIZEN, LINE, [Press("2")])
    assert gateway.forms("/hold/key")[0]["Digits"] == "2"
    assert record.log.said[-1] == "Rappel"


async def test_a_dial_inside_hold_music_is_complained_about(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": ENQUEUE, "/hold/wait": "<Dial>+33198765432</Dial><Leave/>"}
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.complaints == ("13233: <Dial> may not stand here",)


async def test_hold_music_that_asks_for_itself_again_is_no_circle(
    gateway: Gateway, settings: SimulatorSettings
) -> None:
    music = "<Say>Patientez encore un moment</Say><Redirect>/hold/wait</Redirect>"
    gateway.answers |= {"/voice/incoming": ENQUEUE, "/hold/wait": music}
    async with Simulator(replace(settings, limits=Limits(documents=3))) as sim:
        record = await sim.call(CITIZEN, LINE, [HangUp(after=20, at=Moment.HOLD)])
    assert (record.ended_by, record.log.complaints) == ("person", ())
    assert len(gateway.forms("/hold/wait")) > 3
