"""Rules published while citizens call and wait: who calls next is served by them, and so are those who wait."""

from datetime import timedelta

from guichet.carrier.simulator.log import Kind
from guichet.gateway.past_days import past_contacts, staff_of
from guichet.gateway.services import Services
from guichet.routing.publishing import FIRST_SIGNED, Publishing, Signed
from guichet.routing.replay import Replay
from guichet.routing.rule_book import RuleBook, read_text
from tests.journeys import aftermath
from tests.journeys.moments import OPEN, SUNDAY
from tests.journeys.people import AHMED, CATHERINE, CLAIRE, accepts, agent, keys, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

HOURS = ("Dites en une phrase", says("quels sont vos horaires d'ouverture"))
NO_MORE = ("autre chose", says("non"))


async def publish(services: Services, *changes: tuple[str, str]) -> int:
    """Publish the sample with changes; return the number. The processes are as if they had just looked."""
    text = read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    publishing = Publishing(services.database.begin, services.clock)
    await publishing.ensure_first(read_text(), FIRST_SIGNED)
    number = (await publishing.publish(text, Signed("Awa", "un essai"))).number
    assert await services.rules.refresh()
    await services.offering.reconsider()
    return number


@in_both_voices
async def test_the_next_caller_is_served_by_what_was_published_and_again_after_the_rollback(any_world: World) -> None:
    world = any_world
    await publish(world.services, ("La mairie est place de la Liberté", "La mairie est rue Haute"))
    call = await world.call(CATHERINE, person(HOURS, NO_MORE))
    assert any("rue Haute" in text for text in call.log.said)
    publishing = Publishing(world.services.database.begin, world.services.clock)
    await publishing.rollback(Signed("Awa", "non"))
    assert await world.services.rules.refresh()
    again = await world.call(AHMED, person(HOURS, NO_MORE))
    assert any("place de la Liberté" in text for text in again.log.said)
    tables = await aftermath.check(world)
    first, second = (contact.file["decision"] for contact in tables.contacts)
    assert first["rule"] == second["rule"] == "Horaires et adresse"
    assert first["version"] != second["version"] == world.services.books.rules.version


@in_both_voices
async def test_who_waits_already_is_called_back_in_the_hours_that_were_published(any_world: World) -> None:
    world = any_world
    world.clock.move(SUNDAY - world.clock.now())
    await world.hire(agent("claire", CLAIRE), accepts())
    world.simulator.party(CATHERINE, accepts())
    await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("je voudrais un acte de naissance")),
            ("date de naissance", keys("03031985")),
        ),
    )
    await world.move(timedelta(minutes=2))
    await world.services.offering.look()
    await world.settled()
    assert not world.agents_calls
    await publish(
        world.services,
        ("    dimanche: fermé", "    dimanche: 8:00-18:00"),
        ("rappels:\n", "rappels:\n  horaires: mairie\n"),
    )
    await world.services.offering.look()
    await world.settled()
    assert [bool(leg.log.of(Kind.BRIDGED)) for leg in world.agents_calls] == [True]


@in_both_voices
async def test_the_rules_in_force_replayed_on_what_the_gateway_has_decided_make_no_difference(
    any_world: World,
) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.call(AHMED, person(("Dites en une phrase", says("un agent"))))
    await world.call(AHMED, person(HOURS, NO_MORE))
    await world.call(CATHERINE, person(("Dites en une phrase", says("ça sent le gaz")), ("Pour réentendre", keys("2"))))
    await world.text(CATHERINE, "je voudrais un acte de naissance")
    world.clock.move(SUNDAY - world.clock.now())
    housing = ("Dites en une phrase", says("je voudrais un logement social"))
    await world.call(CATHERINE, person(housing, ("naissance", keys("03031985"))))
    await world.text(AHMED, "mon badge de cantine")
    book = world.services.rules.book()
    since = OPEN - timedelta(days=1)
    database = world.services.database
    one = Replay(book, book, await staff_of(database, book, since, world.clock.now()))
    async for _, contacts in past_contacts(database, since):
        for past in contacts:
            one.take(past)
    one.close()
    assert one.contacts == 6
    assert (one.samples, one.changes, one.other_rule) == (0, {}, 0)
    now, then = "si: {demande: horaires_adresse, veut_agent: non}", "si: {canal: sms}"
    without = RuleBook.parse(read_text().replace(now, then))
    draft = Replay(book, without, await staff_of(database, book, since, world.clock.now()))
    async for _, contacts in past_contacts(database, since):
        for past in contacts:
            draft.take(past)
    assert {change.matter for change in draft.changes} >= {"horaires_adresse"}
