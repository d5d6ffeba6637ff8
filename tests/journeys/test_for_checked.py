"""What answers a matter that is for checked people: after the check, to nobody else, and never by text."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from guichet.carrier.simulator.parties import Action
from guichet.gateway.settings import VoiceMode
from guichet.routing.intent_book import IntentBook
from tests.journeys import aftermath
from tests.journeys.conftest import copy_of
from tests.journeys.people import CATHERINE, MARTINS, STRANGER, keys, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World, books, open_world

ANSWER = "La mairie est place de la Liberté"
WANTED = ("Dites en une phrase", says("quels sont vos horaires d'ouverture"))


def kept_back() -> IntentBook:
    """Return the packaged book, with opening hours for checked people only."""
    book = books().intents
    return replace(
        book, intents=tuple(replace(one, for_checked=one.name == "horaires_adresse") for one in book.intents)
    )


@pytest.fixture
async def world(first_day: Path, tmp_path: Path, voice_mode: VoiceMode) -> AsyncIterator[World]:
    database = copy_of(first_day, tmp_path)
    async with open_world(database, tmp_path, voice_mode=voice_mode, intents=kept_back()) as running:
        yield running


@in_both_voices
async def test_a_checked_caller_is_answered(world: World) -> None:
    call = await world.call(
        CATHERINE, person(WANTED, ("date de naissance", keys("03031985")), ("autre chose", keys("2")))
    )
    said = call.log.said
    asked = next(place for place, text in enumerate(said) if "date de naissance" in text)
    assert ANSWER not in " ".join(said[: asked + 1])
    assert ANSWER in " ".join(said[asked + 1 :])
    tables = await aftermath.check(world)
    assert (tables.requests, tables.contacts[0].outcome) == ((), "answer")


@in_both_voices
@pytest.mark.parametrize(
    ("proof", "is_answered"), [(keys("03031985"), True), (keys("04031986"), False), (says("je ne sais pas"), False)]
)
async def test_a_known_number_and_a_name_are_no_check(world: World, proof: Action, is_answered: bool) -> None:
    call = await world.call(
        MARTINS,
        person(
            WANTED,
            ("votre nom", says("catherine martin")),
            ("date de naissance", proof),
            ("Je n'ai pas pu vérifier", keys("05061990")),
        ),
    )
    said = call.log.said
    asked = next(place for place, text in enumerate(said) if "date de naissance" in text)
    assert ANSWER not in " ".join(said[: asked + 1])
    assert (ANSWER in " ".join(said)) is is_answered
    assert len((await aftermath.check(world)).requests) == (0 if is_answered else 1)


@in_both_voices
@pytest.mark.parametrize("number", [CATHERINE, STRANGER])
async def test_nobody_else_is_answered_but_called_back(world: World, number: str) -> None:
    call = await world.call(
        number,
        person(
            WANTED,
            ("votre nom", says("jeanne personne")),
            ("date de naissance", keys("04031986")),
            ("Je n'ai pas pu vérifier", keys("05061990")),
        ),
    )
    assert ANSWER not in " ".join(call.log.said)
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.intent, request.kind) == ("horaires_adresse", "callback")
    assert not any(ANSWER in text.body for text in tables.sent)


async def test_it_is_not_texted(world: World) -> None:
    await world.text(CATHERINE, "quels sont vos horaires d'ouverture")
    tables = await aftermath.check(world)
    assert len(tables.requests) == 1
    assert not any(ANSWER in text.body for text in tables.sent)
