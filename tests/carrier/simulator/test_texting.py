import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from guichet.carrier.simulator.messages import segments
from guichet.carrier.simulator.mischief import Drop
from guichet.carrier.simulator.parties import Press
from guichet.carrier.simulator.simulator import Simulator
from tests.carrier.simulator.conftest import CITIZEN, LINE, TOKEN
from tests.carrier.simulator.gateway import Gateway
from tests.carrier.simulator.rest import get, post


async def test_a_text_reaches_the_gateway_signed_with_every_field(gateway: Gateway, sim: Simulator) -> None:
    sid = await sim.text(CITIZEN, LINE, "bjr jvoudrai un rdv")
    (asked,) = gateway.asked
    assert asked.form["MessageSid"] == sid
    assert asked.form["Body"] == "bjr jvoudrai un rdv"
    assert asked.form["FromCity"] == ""
    url = "https://guichet.example/sms/incoming"
    assert RequestValidator(TOKEN).validate(url, dict(asked.form), asked.headers["X-Twilio-Signature"])


async def test_an_empty_text_is_a_text(gateway: Gateway, sim: Simulator) -> None:
    await sim.text(CITIZEN, LINE, "")
    assert gateway.asked[0].form["Body"] == ""


async def test_the_answers_twiml_is_sent_and_redirects_are_followed(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {
        "/sms/incoming": "<Message>Bonjour</Message><Redirect>/sms/more</Redirect>",
        "/sms/more": "<Message><Body>Encore</Body></Message>",
    }
    await sim.text(CITIZEN, LINE, "salut")
    assert [text.body for text in sim.texts_to(CITIZEN)] == ["Bonjour", "Encore"]


async def test_voice_verbs_in_the_answer_to_a_text_are_complained_about(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/sms/incoming"] = "<Say>Bonjour</Say>"
    await sim.text(CITIZEN, LINE, "salut")
    assert sim.texting.log.complaints == ("12200: <Say> has no place in the answer to a text",)


async def test_our_text_is_delivered_with_a_callback_for_each_state_but_the_first(
    gateway: Gateway, sim: Simulator
) -> None:
    status, body = await post(
        sim,
        "/Messages.json",
        To=CITIZEN,
        From=LINE,
        Body="Bonjour",
        StatusCallback="https://guichet.example/sms/status",
    )
    await sim.settled()
    assert (status, body["status"]) == (201, "queued")
    assert [form["MessageStatus"] for form in gateway.forms("/sms/status")] == ["sending", "sent", "delivered"]
    assert (await get(sim, f"/Messages/{body['sid']}.json"))[1]["status"] == "delivered"


async def test_a_text_may_not_arrive(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.text_errors[CITIZEN] = 30005
    await post(
        sim,
        "/Messages.json",
        To=CITIZEN,
        From=LINE,
        Body="Bonjour",
        StatusCallback="https://guichet.example/sms/status",
    )
    await sim.settled()
    last = gateway.forms("/sms/status")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30005")


async def test_stop_alone_opts_out_is_answered_by_the_carrier_and_still_reaches_us(
    gateway: Gateway, sim: Simulator
) -> None:
    await sim.text(CITIZEN, LINE, " stop ")
    assert gateway.forms("/sms/incoming")
    assert "unsubscribed" in sim.texts_to(CITIZEN)[0].body
    status, body = await post(sim, "/Messages.json", To=CITIZEN, From=LINE, Body="Bonjour")
    assert (status, body["code"]) == (400, 21610)
    await sim.text(CITIZEN, LINE, "START")
    assert (await post(sim, "/Messages.json", To=CITIZEN, From=LINE, Body="Bonjour"))[0] == 201


async def test_stop_inside_a_sentence_is_nothing_to_the_carrier(gateway: Gateway, sim: Simulator) -> None:
    await sim.text(CITIZEN, LINE, "Stop. Merci")
    assert sim.texts_to(CITIZEN) == ()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"From": LINE, "Body": "x"}, 21604),
        ({"To": CITIZEN, "Body": "x"}, 21603),
        ({"To": CITIZEN, "From": LINE}, 21602),
        ({"To": "abc", "From": LINE, "Body": "x"}, 21211),
        ({"To": CITIZEN, "From": LINE, "Body": "x" * 1601}, 21617),
    ],
)
async def test_texts_that_cannot_be_sent_are_refused_with_twilios_code(
    gateway: Gateway, sim: Simulator, fields: dict[str, str], code: int
) -> None:
    status, body = await post(sim, "/Messages.json", **fields)
    assert (status, body["code"]) == (400, code)


async def test_texts_are_listed_by_number(gateway: Gateway, sim: Simulator) -> None:
    await post(sim, "/Messages.json", To=CITIZEN, From=LINE, Body="un")
    await post(sim, "/Messages.json", To="+33612345679", From=LINE, Body="deux")
    messages = (await get(sim, "/Messages.json", To=CITIZEN))[1]["messages"]
    assert isinstance(messages, list)
    assert [message["body"] for message in messages] == ["un"]


async def test_a_message_verb_in_a_call_texts_the_caller(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Message>Votre demande est notée</Message><Say>Au revoir</Say>"
    record = await sim.call(CITIZEN, LINE, [Press("1")])
    assert [text.body for text in sim.texts_to(CITIZEN)] == ["Votre demande est notée"]
    assert record.log.said == ("Au revoir",)


async def test_a_text_that_the_gateway_never_gets_is_an_error_in_the_log(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/sms/incoming", Drop(), times=2)
    await sim.text(CITIZEN, LINE, "bonjour")
    assert "11205" in sim.texting.log.complaints[0]


@pytest.mark.parametrize(
    ("body", "parts"), [("é" * 160, 1), ("é" * 161, 2), ("€" * 81, 2), ("ç" * 70, 1), ("ç" * 71, 2), ("😀" * 35, 1)]
)
def test_parts_are_counted_as_the_networks_do(body: str, parts: int) -> None:
    assert segments(body) == parts
