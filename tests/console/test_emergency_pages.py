import re
from datetime import timedelta

from guichet.carrier.simulator.parties import Answers, HangUp
from guichet.console.audit import Look
from guichet.console.role import Role
from tests.console.browsing import signed_in
from tests.console.units import account
from tests.journeys.people import AHMED, LUCAS
from tests.journeys.world import World

FR, EN = "La rue Haute est inondée.", "Rue Haute is flooded."
MESSAGE = {"fr": FR, "en": EN, "for": "60"}
HANGS_UP = Answers(react=lambda _: HangUp())


async def test_a_message_is_heard_by_the_next_caller_until_it_is_ended(any_world: World) -> None:
    world = any_world
    sam = await signed_in(world, account("sam", role=Role.SUPERVISOR))
    assert "Aucun message" in (await sam.go("/console/emergency")).words
    page = await sam.go("/console/emergency", MESSAGE)
    assert "Le message est diffusé." in page.words
    await world.services.rules.refresh()
    call = await world.call(LUCAS, HANGS_UP)
    assert any(FR in text for text in call.log.said)
    message = re.search(r'name="message" value="(urg_\w+)"', page.text)
    assert message
    assert "Le message est arrêté." in (await sam.go("/console/emergency/end", {"message": message[1]})).words
    await world.services.rules.refresh()
    again = await world.call(AHMED, HANGS_UP)
    assert not any(FR in text for text in again.log.said)
    assert (await sam.go("/console/emergency/end", {"message": message[1]})).status == 404
    async with world.services.database.read() as unit:
        noted = await unit.audit.find(Look(action="emergency."))
    assert [entry.action for entry in noted] == ["emergency.ended", "emergency.put_up"]
    assert noted[1].detail == {"closes": False, "minutes": 60}


async def test_a_message_expires_by_itself(any_world: World) -> None:
    sam = await signed_in(any_world, account("sam", role=Role.SUPERVISOR))
    await sam.go("/console/emergency")
    assert "diffusé par" not in (await sam.go("/console/emergency")).words
    await sam.go("/console/emergency", MESSAGE)
    any_world.clock.move(timedelta(minutes=59))
    assert "Arrêter ce message" in (await sam.go("/console/emergency")).words
    any_world.clock.move(timedelta(minutes=1))
    sam = await signed_in(any_world, account("sam", role=Role.SUPERVISOR))
    assert "Arrêter ce message" not in (await sam.go("/console/emergency")).words


async def test_a_closure_needs_no_words_and_a_message_needs_both_languages(any_world: World) -> None:
    sam = await signed_in(any_world, account("sam", role=Role.SUPERVISOR))
    await sam.go("/console/emergency")
    page = await sam.go("/console/emergency", {**MESSAGE, "en": ""})
    assert page.status == 400
    assert FR in page.text
    assert "dans les deux langues" in page.words
    assert (await sam.go("/console/emergency", {**MESSAGE, "for": "7"})).status == 400
    page = await sam.go("/console/emergency", {"fr": "", "en": "", "for": "30", "closes": "yes"})
    assert "guichet fermé" in page.words
    await any_world.services.rules.refresh()
    assert any_world.services.rules.book().emergency_closures


async def test_an_auditor_reads_messages_and_puts_none_up(any_world: World) -> None:
    eve = await signed_in(any_world, account("eve", role=Role.AUDITOR))
    assert "Diffuser" not in (await eve.go("/console/emergency")).words
    assert (await eve.go("/console/emergency", MESSAGE)).status == 403
