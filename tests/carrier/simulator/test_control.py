import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from guichet.carrier.simulator.control import call_lines
from guichet.carrier.simulator.control_words import read_action, read_party, write_action
from guichet.carrier.simulator.credentials import basic
from guichet.carrier.simulator.parties import (
    Action,
    Answers,
    Busy,
    HangUp,
    Machine,
    NoAnswer,
    Press,
    Speak,
    StaySilent,
)
from guichet.carrier.simulator.remote import NobodyThere, connect
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from guichet.carrier.simulator.telling import told, trouble
from guichet.core.errors import BadInput
from tests.carrier.simulator.conftest import ACCOUNT, AGENT, CITIZEN, LINE, PUBLIC, TOKEN
from tests.carrier.simulator.gateway import Gateway

MENU = "<Gather action='/t' numDigits='1'><Say>Tapez 1</Say></Gather>"


async def all_of(lines: AsyncIterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line async for line in lines]


async def test_a_call_driven_from_elsewhere_is_told_while_it_happens(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": MENU, "/t": "<Say>Merci</Say>"}
    async with connect(sim.api_url, ACCOUNT, TOKEN) as remote:
        lines = await all_of(remote.call(CITIZEN, LINE, [Press("1")]))
    shown = [told(line["event"]) for line in lines if "event" in line]
    french = [line.fr.split("s  ", 1)[1] for line in shown if line is not None]
    assert french == [
        "· sonnerie",
        "· décroché",
        "guichet  « Tapez 1 »",
        "usager   tape 1",
        "guichet  « Merci »",
        "· terminé",
    ]
    assert lines[-1]["call"]["state"] == "completed"


async def test_leaving_a_call_early_hangs_up(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": "<Enqueue waitUrl='/w'>q</Enqueue>", "/w": "<Pause/>"}
    async for line in call_lines(sim, CITIZEN, LINE, []):
        if line["event"]["kind"] == "hold":
            break
    await asyncio.sleep(0)
    await gateway.until("/voice/status")
    assert next(iter(sim.calls)).state.value == "completed"


async def test_a_text_and_what_is_texted_back(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/sms/incoming"] = "<Message>Bonjour</Message>"
    async with connect(sim.api_url, ACCOUNT, TOKEN) as remote:
        lines = await all_of(remote.text((CITIZEN, LINE, "salut"), 0.05))
    assert [line["text"]["body"] for line in lines if "text" in line] == ["Bonjour"]
    assert lines[-1]["sent"]["replies"] == 1


async def test_a_party_is_put_at_the_end_of_a_number(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = f"<Dial action='/done'>{AGENT}</Dial>"
    body = {"number": AGENT, "party": "busy"}
    async with (
        aiohttp.ClientSession(headers=basic(ACCOUNT, TOKEN)) as session,
        session.post(sim.api_url + "/simulator/parties", json=body) as response,
    ):
        assert response.status == 201
    await sim.call(CITIZEN, LINE, [])
    assert gateway.forms("/done")[0]["DialCallStatus"] == "busy"


async def test_wrong_credentials_and_other_servers_are_told_apart(gateway: Gateway, sim: Simulator) -> None:
    with pytest.raises(BadInput, match="AUTH_TOKENS"):
        async with connect(sim.api_url, ACCOUNT, "wrong"):
            pass
    with pytest.raises(BadInput, match="no simulator"):
        async with connect(gateway.url, ACCOUNT, TOKEN):
            pass
    with pytest.raises(NobodyThere, match="guichet simulator"):
        async with connect("http://127.0.0.1:9", ACCOUNT, TOKEN):
            pass


async def test_nonsense_is_refused(gateway: Gateway, sim: Simulator) -> None:
    async with aiohttp.ClientSession(headers=basic(ACCOUNT, TOKEN)) as session:
        for path, body in (
            ("/simulator/calls", {"from": CITIZEN}),
            ("/simulator/calls", {"from": CITIZEN, "to": LINE, "actions": [{"do": "dance"}]}),
            ("/simulator/parties", {"number": AGENT, "party": "ghost"}),
        ):
            async with session.post(sim.api_url + path, json=body) as response:
                assert response.status == 400


@pytest.mark.parametrize("action", [Speak(b"\x00\xff", "a"), Press("1#"), StaySilent(), HangUp(after=2)])
def test_actions_travel_both_ways(action: Action) -> None:
    assert read_action(write_action(action)) == action


def test_parties_are_read() -> None:
    assert read_party({"actions": [{"do": "press", "keys": "1"}]}) == Answers((Press("1"),))
    assert read_party({"party": "busy"}) == Busy()
    assert read_party({"party": "no_answer"}) == NoAnswer()
    assert read_party({"party": "machine"}) == Machine()


async def test_what_to_check_is_said_when_the_gateway_is_away_or_refuses(settings: SimulatorSettings) -> None:
    async with Simulator(replace(settings, gateway_url="http://127.0.0.1:9")) as sim:
        record = await sim.call(CITIZEN, LINE, [])
    found = [trouble(event.as_json(), "http://127.0.0.1:9", PUBLIC) for event in record.log.events]
    assert any(line is not None and "guichet serve" in line.fr for line in found)
    refused = trouble({"kind": "error", "what": "11200: /x answered HTTP 403"}, "http://h", PUBLIC)
    assert refused is not None
    assert "GUICHET_TWILIO_AUTH_TOKENS" in refused.en
    assert trouble({"kind": "said", "what": "HTTP 403"}, "http://h", PUBLIC) is None
