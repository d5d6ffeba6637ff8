"""What was not understood is kept for supervisors, masked, from calls and texts."""

from datetime import timedelta

from tests.journeys.moments import OPEN
from tests.journeys.people import CATHERINE, STRANGER, keys, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World


async def kept(world: World) -> list[tuple[str, str]]:
    async with world.services.database.read() as unit:
        found = await unit.unclear.since(OPEN - timedelta(days=1))
    return [(one.channel, one.text) for one in reversed(found)]


@in_both_voices
async def test_words_that_fit_no_matter_are_kept_masked(any_world: World) -> None:
    world = any_world
    await world.call(
        CATHERINE,
        person(
            (
                "Dites en une phrase",
                says("racontez-moi une blague zéro six douze trente-quatre cinquante-six soixante-dix-huit"),
            ),
            ("Je n'ai pas compris", keys("6")),
            ("autre chose", keys("2")),
        ),
    )
    ((channel, text),) = await kept(world)
    assert channel == "voice"
    assert "blague" in text
    assert "douze" not in text


async def test_a_text_that_fits_no_matter_is_kept_once(any_world: World) -> None:
    world = any_world
    await world.text(STRANGER, "raconte-moi une blague paul.roy@example.org")
    ((channel, text),) = await kept(world)
    assert channel == "sms"
    assert "blague" in text
    assert "paul.roy" not in text


@in_both_voices
async def test_what_was_understood_is_not_kept(world: World) -> None:
    await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("quels sont vos horaires d'ouverture")),
            ("autre chose", says("non merci")),
        ),
    )
    await world.text(STRANGER, "quels sont vos horaires")
    await world.text(STRANGER, "merci")
    assert await kept(world) == []
