"""Danger, said or written as people in danger do, in both languages: the numbers come first, whatever else is asked."""

import pytest

from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, ENGLISH_LINE, STRANGER, keys, person, says
from tests.journeys.test_writing_for_another import write
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

TEXTED = [
    ("mon mec ma frappé g peur", "3919"),
    ("jdors dehor depui 3 jour", "115"),
    ("jveu mourir", "3114"),
    ("sa sen le gaz ché moi", "18"),
    ("peux pas parler il est a coté de moi", "114"),
    ("my husband beats me", "3919"),
    ("nowhere 2 sleep 2nite", "115"),
]
SPOKEN = [
    ("euh mon maris me bas tous les jours", "39 19"),
    ("ma mère ne se réveille pas", "112"),
    ("je suis à la rue ce soir avec ma fille", "115"),
    ("j'ai pris tous mes cachets d'un coup", "112"),
    ("il y a le feu au quatrième étage y a de la fumée partout", "18"),
]


@pytest.mark.parametrize(("text", "number"), TEXTED, ids=[text for text, _ in TEXTED])
async def test_a_text_in_danger_gets_the_numbers_at_once(world: World, text: str, number: str) -> None:
    await world.text(STRANGER, text)
    tables = await aftermath.check(world)
    assert tables.contacts[0].outcome == "emergency"
    assert number in tables.sent[0].body
    assert "112" in tables.sent[0].body


@in_both_voices
@pytest.mark.parametrize(("words", "number"), SPOKEN, ids=[words for words, _ in SPOKEN])
async def test_a_caller_in_danger_hears_the_numbers_at_once(world: World, words: str, number: str) -> None:
    call = await world.call(STRANGER, person(("Dites en une phrase", says(words)), ("réentendre", keys("2"))))
    said = " ".join(call.log.said)
    assert number in said
    assert "112" in said
    assert "votre nom" not in said
    assert (await aftermath.check(world)).contacts[0].outcome == "emergency"


async def test_a_caller_in_danger_is_understood_in_english(world: World) -> None:
    call = await world.call(
        STRANGER,
        person(
            ("what you need", says("there is a man with a knife outside my door")), ("these numbers again", keys("2"))
        ),
        ENGLISH_LINE,
    )
    assert "call 112" in " ".join(call.log.said)
    assert (await aftermath.check(world)).contacts[0].outcome == "emergency"


@in_both_voices
async def test_danger_is_heard_in_the_middle_of_a_question(world: World) -> None:
    call = await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("je voudrais un acte de naissance")),
            ("date de naissance", says("au secours il y a le feu")),
            ("réentendre", keys("2")),
        ),
    )
    assert "appelez les pompiers, le 18" in " ".join(call.log.said)


async def test_what_may_be_danger_is_asked_about(world: World) -> None:
    words = "elle tremble et elle est toute pâle"
    assert world.services.intents.match((words,)).intent is None
    call = await world.call(
        STRANGER,
        person(("Dites en une phrase", says(words)), ("est-il en danger", keys("1")), ("réentendre", keys("2"))),
    )
    assert "112" in " ".join(call.log.said)
    (answer,) = await write(world, STRANGER, words)
    assert answer.startswith("Si quelqu'un est en danger : 112")
    await aftermath.check(world)
