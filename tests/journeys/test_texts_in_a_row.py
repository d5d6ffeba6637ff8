"""A text sent in pieces is understood as one, and answered once."""

from datetime import timedelta

from guichet.sms.gathering import GATHER
from tests.journeys import aftermath
from tests.journeys.people import LUCAS
from tests.journeys.world import World


async def test_a_text_in_three_pieces_opens_one_request_and_has_one_reply(any_world: World) -> None:
    world = any_world
    for piece in ("Bonjour", "je me permets de vous écrire", "je voudrais un acte de naissance"):
        await world.text(LUCAS, piece)
        world.clock.move(timedelta(seconds=2))
    await world.move(GATHER)
    await world.settled()
    tables = await world.tables()
    assert [request.intent for request in tables.requests] == ["etat_civil_acte"]
    assert [text.body[:13] for text in tables.sent if text.state == "delivered"] == ["Votre demande"]
    assert len(world.simulator.messages.all) == 4
    await aftermath.check(world)


async def test_stop_in_the_middle_is_obeyed_at_once_and_nothing_more_is_asked(world: World) -> None:
    await world.text(LUCAS, "bonjour")
    await world.text(LUCAS, "arrêtez svp")
    await world.move(GATHER)
    await world.settled()
    tables = await aftermath.check(world)
    assert [text.body[:9] for text in tables.sent if text.state == "delivered"] == ["C'est not"]
    assert tables.requests == ()
