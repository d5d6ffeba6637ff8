from guichet.carrier.events import CallState
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Answers, HangUp, Moment, Press, StaySilent
from guichet.carrier.simulator.simulator import Simulator
from tests.carrier.simulator.gateway import Gateway

CITIZEN, LINE = "+33612345678", "+33123456789"


async def test_a_call_says_what_the_document_says_and_ends_with_it(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Say>Bonjour</Say><Pause length='2'/><Say>Au revoir</Say>"
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == ("Bonjour", "Au revoir")
    assert record.log.states == ("ringing", "in-progress", "completed")
    assert record.seconds >= 2


async def test_keys_after_the_prompt_go_to_the_action_and_later_verbs_never_run(
    gateway: Gateway, sim: Simulator
) -> None:
    gateway.answers["/voice/incoming"] = (
        "<Gather action='turn?n=1' numDigits='1' timeout='3'><Say>Tapez 1</Say></Gather><Say>Personne</Say>"
    )
    gateway.answers["/voice/turn"] = "<Say>Merci</Say>"
    record = await sim.call(CITIZEN, LINE, [Press("1")])
    assert record.log.said == ("Tapez 1", "Merci")
    assert gateway.forms("/voice/turn")[0]["Digits"] == "1"
    assert gateway.asked[1].path == "/voice/turn?n=1"


async def test_without_keys_the_verb_after_the_gather_runs(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Gather action='/t'><Say>Tapez 1</Say></Gather><Say>Rien</Say>"
    record = await sim.call(CITIZEN, LINE, [StaySilent()])
    assert record.log.said == ("Tapez 1", "Rien")
    assert record.log.of(Kind.SILENT)
