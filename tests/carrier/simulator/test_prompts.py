import io
import wave

import pytest
from aiohttp import web

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Action, Answers, HangUp, Moment, Press, Speak, StaySilent
from guichet.carrier.simulator.simulator import Simulator
from tests.carrier.simulator.conftest import CITIZEN, LINE
from tests.carrier.simulator.gateway import Gateway

MENU = "<Gather action='turn?n=1' {}><Say>Tapez 1</Say></Gather><Say>Rien</Say>"


async def test_a_call_says_what_the_document_says_and_ends_with_it(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Say>Bonjour</Say><Pause length='2'/><Say>Au revoir</Say>"
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == ("Bonjour", "Au revoir")
    assert record.log.states == ("ringing", "in-progress", "completed")
    assert record.seconds >= 2


async def test_the_first_request_says_ringing_and_carries_empty_geography(gateway: Gateway, sim: Simulator) -> None:
    record = await sim.call("anonymous", LINE, [])
    form = gateway.asked[0].form
    assert (form["CallSid"], form["CallStatus"], form["Direction"]) == (record.sid, "ringing", "inbound")
    assert (form["From"], form["Caller"], form["Called"]) == ("anonymous", "anonymous", LINE)
    assert form["FromCity"] == ""


async def test_the_number_hears_of_the_end_of_the_call_with_its_duration(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Pause length='61'/><Hangup/>"
    await sim.call(CITIZEN, LINE, [])
    await sim.settled()
    (form,) = gateway.forms("/voice/status")
    told = (form["CallStatus"], form["CallDuration"], form["Duration"], form["SequenceNumber"])
    assert told == ("completed", "61", "2", "0")


async def test_keys_after_the_prompt_go_to_the_action_and_later_verbs_never_run(
    gateway: Gateway, sim: Simulator
) -> None:
    gateway.answers |= {"/voice/incoming": MENU.format("numDigits='1'"), "/voice/turn": "<Say>Merci</Say>"}
    record = await sim.call(CITIZEN, LINE, [Press("1")])
    assert record.log.said == ("Tapez 1", "Merci")
    assert gateway.forms("/voice/turn")[0]["Digits"] == "1"
    assert gateway.asked[1].path == "/voice/turn?n=1"


async def test_without_keys_the_verb_after_the_gather_runs(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = MENU.format("")
    record = await sim.call(CITIZEN, LINE, [StaySilent()])
    assert record.log.said == ("Tapez 1", "Rien")
    assert record.log.of(Kind.SILENT)


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "finished"),
    [
        ("numDigits='2'", "123", "12", ""),
        ("", "12#3", "12", "#"),
        ("finishOnKey='*'", "1#2*", "1#2", "*"),
        ("finishOnKey=''", "12#", "12#", ""),
        ("timeout='1'", "7", "7", ""),
    ],
)
async def test_a_gather_ends_on_number_key_or_time(
    gateway: Gateway, sim: Simulator, attributes: str, keys: str, digits: str, finished: str
) -> None:
    gateway.answers["/voice/incoming"] = MENU.format(attributes)
    await sim.call(CITIZEN, LINE, [Press(keys)])
    form = gateway.forms("/voice/turn")[0]
    assert (form["Digits"], form["FinishedOnKey"]) == (digits, finished)


async def test_the_finishing_key_alone_is_no_answer(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = MENU.format("")
    record = await sim.call(CITIZEN, LINE, [Press("#")])
    assert record.log.said[-1] == "Rien"


async def test_an_empty_result_is_sent_when_asked_for(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = MENU.format("actionOnEmptyResult='true'")
    await sim.call(CITIZEN, LINE, [])
    assert gateway.forms("/voice/turn")[0]["Digits"] == ""


async def test_a_key_during_the_prompt_cuts_it_short(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = (
        f"<Gather action='/t' numDigits='1'><Say>{'long ' * 100}</Say><Say>jamais dit</Say></Gather>"
    )
    record = await sim.call(CITIZEN, LINE, [Press("1", early=1.0)])
    assert len(record.log.said) == 1
    assert record.seconds < 2


async def test_speech_waits_for_a_stream_and_is_not_used_up_by_keys(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = (
        MENU.format("").replace("<Say>Rien</Say>", "")
        + "<Connect><Stream url='wss://guichet.example/media/a'/></Connect><Redirect>/next</Redirect>"
    )
    gateway.answers["/next"] = MENU.format("numDigits='1'")
    record = await sim.call(CITIZEN, LINE, [Speak(b"\x00" * 800, "acte"), Press("1")])
    assert record.log.whats([Kind.SPOKE, Kind.PRESSED]) == ("acte", "1")


async def test_a_person_without_a_script_answers_by_what_was_said(gateway: Gateway, sim: Simulator) -> None:
    def react(prompt: str) -> Action | None:
        return Press("2") if "Tapez 2" in prompt else None

    gateway.answers |= {
        "/voice/incoming": "<Gather action='/a'><Say>Dites</Say></Gather><Redirect>/b</Redirect>",
        "/b": "<Gather action='/c' numDigits='1'><Say>Tapez 2</Say></Gather>",
    }
    await sim.call(CITIZEN, LINE, Answers(react=react))
    assert gateway.forms("/c")[0]["Digits"] == "2"


async def test_a_person_may_hang_up_while_the_gateway_thinks_and_is_still_answered(
    gateway: Gateway, sim: Simulator
) -> None:
    gateway.answers["/voice/incoming"] = "<Say>Trop tard</Say>"
    record = await sim.call(CITIZEN, LINE, [HangUp(at=Moment.WEBHOOK)])
    await sim.settled()
    assert gateway.forms("/voice/incoming")
    assert record.log.said == ()
    assert gateway.forms("/voice/status")[0]["CallStatus"] == "canceled"


@pytest.mark.parametrize("moment", [Moment.PROMPT, Moment.PRESSING, Moment.RECORDING])
async def test_a_person_may_hang_up_at_any_moment(gateway: Gateway, sim: Simulator, moment: Moment) -> None:
    gateway.answers["/voice/incoming"] = MENU.format("") + "<Record action='/done'/>"
    gateway.answers["/voice/turn"] = "<Record action='/done'/>"
    script: list[Action] = [HangUp(at=moment)]
    if moment is Moment.PRESSING:
        script.insert(0, Press("12"))
    record = await sim.call(CITIZEN, LINE, script)
    await sim.settled()
    assert record.log.states[-1] == "completed"
    assert gateway.forms("/done") == []


async def test_play_fetches_our_file_and_lasts_as_long(gateway: Gateway, sim: Simulator) -> None:
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000 * 5))
    gateway.answers["/music.wav"] = lambda _: web.Response(body=body.getvalue(), content_type="audio/x-wav")
    gateway.answers["/voice/incoming"] = "<Play loop='2'>/music.wav</Play><Play>/missing.wav</Play>"
    record = await sim.call(CITIZEN, LINE, [])
    assert record.seconds == pytest.approx(10)
    assert record.log.complaints == ("12300: <Play> of /missing.wav is text/xml, not audio",)


async def test_reject_refuses_a_ringing_call(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Reject reason='busy'/>"
    assert (await sim.call(CITIZEN, LINE, [])).log.states == ("ringing", "busy")


async def test_reject_of_an_answered_call_is_complained_about(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Say>Bonjour</Say><Reject/>"
    record = await sim.call(CITIZEN, LINE, [])
    assert "only hangs up" in record.log.complaints[0]


async def test_redirects_are_relative_to_the_document_and_may_be_get(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {
        "/voice/incoming": "<Redirect>deep/one</Redirect>",
        "/voice/deep/one": "<Redirect method='GET'>two?x=1</Redirect>",
        "/voice/deep/two": "<Say>Arrivé</Say>",
    }
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == ("Arrivé",)
    assert gateway.asked[2].path.startswith("/voice/deep/two?x=1&")
    assert record.sid in gateway.asked[2].path


async def test_verbs_that_no_call_can_reach_are_noted(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Hangup/><Say>Jamais</Say><Pause/>"
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.whats([Kind.UNREACHABLE]) == ("Say Pause",)


async def test_a_call_that_goes_round_in_circles_is_stopped(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Redirect>/voice/incoming</Redirect>"
    record = await sim.call(CITIZEN, LINE, [])
    assert "round in circles" in record.log.complaints[0]


async def test_a_silent_record_leaves_no_recording_and_goes_on(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Record action='/done'/><Say>Nous n'avons rien entendu</Say>"
    record = await sim.call(CITIZEN, LINE, [StaySilent()])
    assert len(sim.recordings) == 0
    assert record.log.said == ("Nous n'avons rien entendu",)


async def test_a_recording_stops_at_its_longest(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Record action='/done' maxLength='2'/>"
    await sim.call(CITIZEN, LINE, [Speak(b"\x00" * 40000)])
    assert gateway.forms("/done")[0]["RecordingDuration"] == "2"


async def test_hanging_up_in_a_recording_keeps_it_and_tells_the_action(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Record action='/done'/>"
    await sim.call(CITIZEN, LINE, [Speak(b"\x00" * 40000), HangUp(after=3, at=Moment.SPEAKING)])
    await sim.settled()
    assert gateway.forms("/done")[0]["Digits"] == "hangup"
    assert len(sim.recordings) == 1
