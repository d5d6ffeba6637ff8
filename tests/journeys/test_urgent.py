"""An urgent message and an emergency closure, put up while citizens call and hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Answers, HangUp, NoAnswer
from guichet.core.language import Bilingual, Language
from guichet.routing.measures import By, Period
from guichet.routing.measures_in_words import report_in_words
from guichet.routing.urgent import Urgent
from tests.journeys import aftermath
from tests.journeys.people import AHMED, CATHERINE, CLAIRE, LUCAS, agent, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

PARIS = ZoneInfo("Europe/Paris")
AGENT = ("Dites en une phrase", says("un agent"))
TEXT = Bilingual("La rue Haute est inondée : évitez le quartier.", "Rue Haute is flooded: keep away.")


async def put_up(world: World, **changes: Any) -> None:
    """Put a message up for an hour; the process is as if it had just looked."""
    now = world.clock.now()
    known: dict[str, Any] = {"id": "urg_1", "text": TEXT, "closes": False, "line": None, "author": "Awa"}
    message = Urgent(**{**known, "put_up_at": now, "expires_at": now + timedelta(hours=1), **changes})
    async with world.services.database.begin() as unit:
        await unit.urgent_messages.add(message)
    assert await world.services.rules.refresh()


@in_both_voices
async def test_who_is_content_with_the_message_counts_apart_and_texters_read_it(any_world: World) -> None:
    world = any_world
    await put_up(world)

    def content(_prompt: str) -> HangUp:
        world.clock.move(timedelta(seconds=20))
        return HangUp()

    call = await world.call(LUCAS, Answers(react=content))
    assert any(TEXT.fr in text for text in call.log.said)
    await world.text(AHMED, "je voudrais un acte de naissance")
    tables = await aftermath.check(world)
    assert sorted((contact.channel, contact.outcome) for contact in tables.contacts) == [
        ("sms", "callback"),
        ("voice", "informed"),
    ]
    assert any(text.body.endswith(TEXT.fr) for text in tables.sent)


@in_both_voices
async def test_the_report_counts_who_was_content_apart_from_who_gave_up(any_world: World) -> None:
    """One hears the message out and hangs up, one hangs up at once, one asks for something and hangs up then."""
    world = any_world
    await put_up(world)

    def after(seconds: int) -> Callable[[str], HangUp]:
        def hang_up(_prompt: str) -> HangUp:
            world.clock.move(timedelta(seconds=seconds))
            return HangUp()

        return hang_up

    await world.call(LUCAS, Answers(react=after(40)))
    await world.call(AHMED, Answers(react=after(1)))
    asks = ("Dites en une phrase", says("je voudrais un acte de naissance"))
    await world.call(CATHERINE, person(asks, ("date de naissance", HangUp())))
    tables = await aftermath.check(world)
    assert sorted(contact.outcome for contact in tables.contacts) == ["abandoned", "abandoned", "informed"]
    today = world.clock.now().astimezone(PARIS).date()
    async with world.services.database.read() as unit:
        report = await unit.measures.report(Period(today, today, PARIS), By.LINE, world.clock.now())
    for counted in (report.all, *report.rows.values(), report.channels["voice"]):
        assert (counted.informed, counted.contacts, counted.gone + counted.left) == (1, 2, 2)
        assert (counted.served, counted.handled, counted.abandoned) == (0, 0, 0)
    assert "Compté à part : 1 appelant à qui le message urgent a suffi." in report_in_words(report, Language.FR)


@in_both_voices
async def test_an_emergency_closure_lets_those_on_hold_go_to_be_called_back(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), NoAnswer())
    call, carried = world.ring(CATHERINE, person(AGENT))
    await world.until_said(call, "Vous êtes le prochain.")
    await world.settled()
    await put_up(world, closes=True)
    await carried
    await world.settled()
    assert any(TEXT.fr in text for text in call.log.said)
    assert any("un agent va vous rappeler" in text for text in call.log.said)
    assert not call.log.of(Kind.BRIDGED)
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.kind, request.state) == ("callback", "waiting")
