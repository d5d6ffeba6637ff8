"""One request a person and matter, whatever they do: calls given up, "un agent", texts; it closes and says so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from guichet.carrier.simulator.parties import Answers, HangUp
from guichet.routing.rule_book import SAMPLE, RuleBook
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, CLAIRE, LUCAS, STRANGER, accepts, agent, keys, person, says
from tests.journeys.world import World, open_world

RULES = RuleBook.parse(
    SAMPLE.read_text("utf-8")
    .replace("relances: {toutes_les: 3, priorite: 10, au_plus: 30}", "relances: {toutes_les: 2, priorite: 20}")
    .replace("ouvrent: non", "ouvrent: [etat_civil_acte]")
)
ACT = ("Dites en une phrase", says("je voudrais un acte de naissance"))
CERTIFICATE = (ACT, ("date de naissance", keys("03031985")))
AGENT = (("Dites en une phrase", says("je veux parler à un agent")), ("date de naissance", keys("03031985")))
LEAVES = ("date de naissance", HangUp())


@pytest.fixture
async def world(any_database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(any_database, tmp_path, rules=RULES) as running:
        yield running


async def test_calls_given_up_calls_for_an_agent_and_texts_are_reminders_of_the_one_request(world: World) -> None:
    await world.call(CATHERINE, person(*CERTIFICATE))
    place = (await world.tables()).requests[0].target_at
    for caller in (
        Answers([HangUp(1)]),
        person(ACT, LEAVES),
        person(*AGENT),
        person(*CERTIFICATE),
    ):
        await world.move(timedelta(minutes=7))
        await world.call(CATHERINE, caller)
    await world.text(CATHERINE, "bonjour j'attends toujours mon acte de naissance")
    await world.move(timedelta(minutes=7))
    await world.text(CATHERINE, "je voudrais mon acte de naissance svp")
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.kind, request.intent, request.reminders) == ("callback", "etat_civil_acte", 6)
    assert request.target_at <= place, "it keeps its first place, or a better one"
    assert request.priority == 30, "two, four and six reminders: by rule, and no more than the rule allows"
    assert {contact.request for contact in tables.contacts} == {request.id}


async def test_who_wanted_an_agent_and_says_later_what_for_has_one_request_about_that(world: World) -> None:
    await world.text(LUCAS, "je veux parler à un agent")
    await world.text(LUCAS, "c'est pour un acte de naissance")
    (request,) = (await aftermath.check(world)).requests
    assert (request.intent, request.queue, request.reminders) == ("etat_civil_acte", "etat_civil", 1)


async def test_a_call_given_up_opens_a_callback_for_the_matters_that_the_rules_name(world: World) -> None:
    await world.call(STRANGER, person(ACT, ("votre nom", HangUp())))
    await world.call(
        "+33639989904", person(("Dites en une phrase", says("la cantine de mon fils")), ("votre nom", HangUp()))
    )
    await world.call("+33639989905", Answers([HangUp(1)]))
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.number, request.intent, request.kind) == (STRANGER, "etat_civil_acte", "callback")
    assert [text.number for text in tables.sent] == [STRANGER]


async def test_whoever_hangs_up_on_hold_is_called_back_where_the_rules_say_so(world: World) -> None:
    holder = person(*CERTIFICATE)
    await world.call(CATHERINE, holder)
    tables = await aftermath.check(world)
    assert [(request.kind, request.state) for request in tables.requests] == [("callback", "waiting")]


async def test_a_request_closes_by_itself_when_its_citizen_is_served_on_the_line_and_a_text_says_so(
    world: World,
) -> None:
    await world.text(CATHERINE, "je voudrais un acte de naissance")
    await world.move(timedelta(minutes=20))
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.call(CATHERINE, person(*AGENT))
    await world.move(timedelta(minutes=1))
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.state, request.intent) == ("done", "etat_civil_acte")
    (closed,) = [text.body for text in tables.sent if text.key == f"served:{request.id}"]
    assert closed.startswith(f"Votre demande {request.reference} (Actes d'état civil")
    assert "est close" in closed


async def test_whoever_was_promised_nothing_by_text_is_not_written_to_after_a_call(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.call(CATHERINE, person(*AGENT))
    tables = await aftermath.check(world)
    assert [request.state for request in tables.requests] == ["done"]
    assert tables.sent == ()
