"""A caller leaves a message: recorded by the carrier, fetched over REST, heard by the real engine, deleted there."""

from pathlib import Path

import pytest

from guichet.carrier.simulator.parties import Speak
from guichet.carrier.voice import synthesise
from guichet.core.language import Language
from guichet.gateway.settings import VoiceMode
from guichet.routing.rule_book import SAMPLE, RuleBook
from tests.journeys import aftermath
from tests.journeys.people import ENGLISH_LINE, KATHERINE, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import open_world

RULES = RuleBook.parse(SAMPLE.read_text("utf-8") + "enregistrements: {proposer: oui}\n")
MESSAGE = "The certificate is for my daughter. My number is oh seven seven double oh nine hundred one two three."

pytestmark = pytest.mark.model


def sounds(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("recordings/*")]


@in_both_voices
async def test_a_message_for_the_agent_is_in_the_transcript_and_nowhere_else(
    any_database: str, tmp_path: Path, voice_mode: VoiceMode
) -> None:
    async with open_world(any_database, tmp_path, voice_mode=voice_mode, rules=RULES) as world:
        left = Speak(synthesise(MESSAGE, Language.EN), MESSAGE, after_tone=True)
        call = await world.call(
            KATHERINE,
            person(
                ("Say in one sentence", says("I would like a birth certificate please")),
                ("date of birth", says("the twenty seventh of September nineteen seventy nine")),
                ("speak after the tone", left),
            ),
            ENGLISH_LINE,
        )
        assert call.log.said[-1] == "Thank you for calling. Goodbye."
        tables = await aftermath.check(world)
        (contact,), (request,) = tables.contacts, tables.requests
        assert (request.contact, request.kind, request.state) == (contact.id, "callback", "waiting")
        (line,) = [line for line in tables.lines if line.source == "message"]
        assert line.contact == contact.id
        assert "my daughter" in line.text
        assert "[" in line.text
        assert "seven" not in line.text
        assert len(world.simulator.recordings) == 0
    assert sounds(tmp_path) == []
