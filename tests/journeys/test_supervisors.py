"""A supervisor puts up a message by telephone; the next caller hears it. Over real HTTP, with a simulated carrier."""

from dataclasses import replace
from pathlib import Path

from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.ivr.supervisor_store import Supervisor
from guichet.routing.rule_book import RuleBook
from guichet.routing.urgent_rules import UrgentRules
from tests.journeys import aftermath
from tests.journeys.conftest import copy_of
from tests.journeys.people import CATHERINE, keys, person
from tests.journeys.world import open_world

NUMBER = "+33199001098"
HEAT = Bilingual("Forte chaleur : la mairie ferme à midi.", "Heat wave: the town hall closes at noon.")


async def test_a_message_put_up_by_telephone_is_heard_by_the_next_caller(first_day: Path, tmp_path: Path) -> None:
    rules = replace(RuleBook.load(), urgent=UrgentRules(PhoneNumber(NUMBER), (HEAT,)))
    async with open_world(copy_of(first_day, tmp_path), tmp_path, rules=rules) as world:
        pin = "314159"
        hashed = await world.services.secrets.hash(pin)
        async with world.services.database.begin() as unit:
            await unit.supervisors.put(Supervisor("4711", "Sonia", hashed))
        supervisor = await world.call(
            CATHERINE,
            person(
                ("votre numéro", keys("4711#")),
                ("votre code", keys(f"{pin}#")),
                ("message préparé", keys("1#")),
                (HEAT.fr, keys("1#")),
                ("combien d'heures", keys("4#")),
                ("entendront", keys("1#")),
                ("C'est en ligne", keys("9#")),
            ),
            line=NUMBER,
        )
        assert supervisor.log.said[-1] == "Au revoir."
        await world.services.rules.refresh()
        caller = await world.call(CATHERINE, person())
        assert any(HEAT.fr in text for text in caller.log.said)
        tables = await world.tables()
        assert len(tables.contacts) == 1, "a supervisor's call is no contact"
        async with world.services.database.read() as unit:
            assert [one.deed for one in await unit.supervisors.done()] == ["put up", "signed in"]
        await aftermath.check(world)
