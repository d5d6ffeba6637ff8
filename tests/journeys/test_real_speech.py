"""Synthesised callers heard by the real recogniser process: words, not a script."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guichet.carrier.simulator.parties import Speak
from guichet.carrier.voice import synthesise
from guichet.core.language import Language
from guichet.gateway.settings import VoiceMode
from guichet.transcripts.vosk_recogniser import VoskRecogniser
from tests.journeys import aftermath
from tests.journeys.people import CLAIRE, EMMA, ENGLISH_LINE, KATHERINE, accepts, agent, keys, person
from tests.journeys.world import World, open_world

SPEED = 20.0
"""Simulated seconds in a real one: the recogniser is a process of its own, and an instant silence outruns it."""
pytestmark = pytest.mark.model
MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models"))


def speaks(text: str, voice: str = "") -> Speak:
    """Say a sentence with a synthesised British voice (or another)."""
    return Speak(synthesise(text, Language.EN, voice=voice, speed=0.9 if voice else 1.0), text)


@pytest.fixture(params=list(VoiceMode))
async def hearing_world(request: pytest.FixtureRequest, any_database: str, tmp_path: Path) -> AsyncIterator[World]:
    """Open a gateway with the real recogniser, in each voice mode."""
    recogniser = VoskRecogniser(MODELS)
    await recogniser.start()
    try:
        async with open_world(any_database, tmp_path, recogniser, SPEED, request.param) as running:
            yield running
    finally:
        await recogniser.close()


async def test_a_birth_certificate_is_heard_and_its_caller_known(hearing_world: World) -> None:
    world = hearing_world
    call = await world.call(
        KATHERINE,
        person(
            ("Say in one sentence", speaks("Hello, I would like a birth certificate please.")),
            ("date of birth", speaks("the twenty seventh of September nineteen seventy nine")),
        ),
        ENGLISH_LINE,
    )
    assert any("an agent will call you back" in text for text in call.log.said)
    tables = await aftermath.check(world)
    (request,), (contact,) = tables.requests, tables.contacts
    assert (request.intent, request.kind) == ("etat_civil_acte", "callback")
    assert contact.citizen is not None
    assert "birth certificate" in tables.lines[0].text
    assert all(0 < line.confidence <= 1 for line in tables.lines)


async def test_a_smell_of_gas_is_heard_and_an_agent_is_there(hearing_world: World) -> None:
    world = hearing_world
    await world.hire(agent("claire", CLAIRE), accepts())
    call = await world.call(
        EMMA,
        person(
            ("Say in one sentence", speaks("There is a smell of gas in my building.", "en-US")),
            ("To finish, press 2", keys("2")),
        ),
        ENGLISH_LINE,
    )
    assert any("112" in text for text in call.log.said)
    tables = await aftermath.check(world)
    assert tables.contacts[0].outcome == "emergency"
    assert [request.state for request in tables.requests] == ["done"]
    assert tables.sent[0].body.startswith("EMERGENCY")
