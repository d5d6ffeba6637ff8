"""People as they are: hidden, mistaken, changing their mind or language, asking for a person, calling on a Sunday."""

import pytest

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Action, Answers, HangUp
from guichet.routing.agent import Presence
from tests.journeys import aftermath
from tests.journeys.moments import OPEN, SUNDAY
from tests.journeys.people import (
    CATHERINE,
    CLAIRE,
    ENGLISH_LINE,
    HIDDEN,
    LINE,
    LUCAS,
    MARTINS,
    STRANGER,
    accepts,
    agent,
    keys,
    person,
    says,
)
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

CERTIFICATE = ("Dites en une phrase", says("je voudrais un acte de naissance"))


@in_both_voices
@pytest.mark.parametrize(
    "given",
    [keys("0639989902"), says("zéro six trente-neuf quatre-vingt-dix-huit quatre-vingt-dix-neuf zéro deux")],
    ids=["keyed", "spoken"],
)
async def test_a_hidden_caller_gives_a_number_and_is_called_back_there(any_world: World, given: Action) -> None:
    world = any_world
    call = await world.call(
        HIDDEN,
        person(
            CERTIFICATE,
            ("votre nom", says("lucas petit")),
            ("date de naissance", says("je ne sais pas")),
            ("Votre numéro est masqué", given),
        ),
    )
    assert "un agent va vous rappeler" in " ".join(call.log.said)
    tables = await aftermath.check(world)
    (contact,), (request,), (text,) = tables.contacts, tables.requests, tables.sent
    assert (contact.caller, request.number, text.number) == (None, "+33639989902", "+33639989902")
    assert (request.kind, request.state) == ("callback", "waiting")


@in_both_voices
async def test_a_hidden_caller_who_gives_no_number_is_told_what_remains(world: World) -> None:
    call = await world.call(
        HIDDEN, person(CERTIFICATE, ("votre nom", says("je préfère pas")), ("Votre numéro est masqué", says("non")))
    )
    assert "Sans numéro, nous ne pouvons pas vous rappeler." in call.log.said[-1]
    assert "01 99 00 10 99" in call.log.said[-1]
    tables = await aftermath.check(world)
    assert (tables.requests, tables.sent) == ((), ())
    assert tables.contacts[0].outcome == "unreachable"


@in_both_voices
async def test_a_wrong_birth_date_given_twice_proves_nothing_and_says_nothing(world: World) -> None:
    call = await world.call(
        CATHERINE,
        person(
            CERTIFICATE,
            ("date de naissance", says("le quatre mars mille neuf cent quatre-vingt-six")),
            ("Je n'ai pas pu vérifier", keys("05061990")),
        ),
    )
    said = " ".join(call.log.said)
    assert said.count("Je n'ai pas pu vérifier votre identité.") == 2
    assert "Catherine" not in said
    tables = await aftermath.check(world)
    (contact,), (request,) = tables.contacts, tables.requests
    assert (contact.citizen, request.citizen, request.subject) == (None, None, f"number:{CATHERINE}")
    assert request.kind == "callback"


@in_both_voices
async def test_a_matter_misunderstood_is_taken_back(world: World) -> None:
    call = await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("je voudrais un acte de naissance")),
            ("date de naissance", says("non pas ça")),
            ("Reprenons", says("c'est pour la cantine de mon fils")),
            ("date de naissance", says("le trois mars mille neuf cent quatre-vingt-cinq")),
        ),
    )
    assert any("Excusez-moi. Reprenons." in text for text in call.log.said)
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert request.intent == "cantine_periscolaire"


QUESTIONS: dict[str, tuple[str, str, tuple[tuple[str, Action], ...]]] = {
    "matter": (MARTINS, "Dites en une phrase", ()),
    "menu": (MARTINS, "Pour un acte d'état civil, tapez 1", (("Dites en une phrase", keys("8")),)),
    "choice": (MARTINS, "Appelez-vous pour", (("Dites en une phrase", says("un rendez-vous pour ma carte")),)),
    "who": (MARTINS, "votre nom", (CERTIFICATE,)),
    "check": (CATHERINE, "date de naissance", (CERTIFICATE,)),
    "more": (MARTINS, "autre chose", (("Dites en une phrase", says("quels sont vos horaires d'ouverture")),)),
}


@in_both_voices
@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("wish", [says("un agent"), keys("0")], ids=["spoken", "keyed"])
async def test_an_agent_may_be_asked_for_at_every_question(world: World, asked: str, wish: Action) -> None:
    number, piece, way = QUESTIONS[asked]
    await world.hire(agent("claire", CLAIRE), accepts())
    call = await world.call(number, person(*way, (piece, wish)))
    assert any(piece in text for text in call.log.said)
    assert call.log.of(Kind.BRIDGED)
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    (request,) = (await aftermath.check(world)).requests
    assert (request.kind, request.state) == ("hold", "done")


@in_both_voices
@pytest.mark.parametrize("wish", [says("un agent"), keys("0")], ids=["spoken", "keyed"])
async def test_an_agent_who_comes_free_after_the_emergency_numbers_may_be_asked_for(world: World, wish: Action) -> None:
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.presence("claire", Presence.PAUSE)
    is_free = False

    def react(prompt: str) -> Action | None:
        """Have the numbers repeated until the agent has come free, then ask for one."""
        if "Dites en une phrase" in prompt:
            return says("ça sent le gaz dans mon immeuble")
        if "Pour réentendre ces numéros" in prompt:
            return wish if is_free else keys("*")
        return None

    call, carried = world.ring(MARTINS, Answers(react=react))
    await world.until_said(call, "112")
    await world.presence("claire", Presence.AVAILABLE)
    is_free = True
    await carried
    await world.settled()
    assert call.log.of(Kind.BRIDGED)
    tables = await aftermath.check(world)
    assert (tables.requests[0].state, tables.contacts[0].outcome) == ("done", "emergency")


@in_both_voices
@pytest.mark.parametrize(
    "wish", [keys("9"), says("english please"), says("i would like a birth certificate")], ids=["key", "name", "words"]
)
async def test_the_language_follows_the_caller(world: World, wish: Action) -> None:
    call = await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", wish),
            ("Say in one sentence", says("i would like a birth certificate")),
            ("date of birth", says("the third of march nineteen eighty five")),
        ),
    )
    assert call.log.said[-1] == "Thank you for calling. Goodbye."
    by_the_carrier = {event.details["language"] for event in call.log.of(Kind.SAID)[-2:] if "language" in event.details}
    assert by_the_carrier <= {"en-GB"}
    tables = await aftermath.check(world)
    assert (tables.contacts[0].language, tables.requests[0].language, tables.sent[0].language) == ("en", "en", "en")
    assert "is registered" in tables.sent[0].body


@in_both_voices
async def test_french_is_had_on_the_english_line(world: World) -> None:
    call = await world.call(
        CATHERINE,
        person(("Say in one sentence", keys("9")), CERTIFICATE, ("date de naissance", keys("03031985"))),
        ENGLISH_LINE,
    )
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    assert (await aftermath.check(world)).requests[0].language == "fr"


@in_both_voices
async def test_on_a_sunday_the_caller_hears_when_we_open_and_is_called_back_then(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.move(SUNDAY - OPEN)
    call = await world.call(CATHERINE, person(("Dites en une phrase", says("un agent"))))
    assert "Nos services sont fermés. Ils rouvrent" in call.log.said[0]
    assert "lundi" in call.log.said[0] or "demain" in call.log.said[0]
    assert not world.agents_calls
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert request.kind == "callback"
    assert request.target_at.isoformat() >= "2026-03-09T07:30"


async def test_a_text_on_a_sunday_says_when_we_open(world: World) -> None:
    await world.move(SUNDAY - OPEN)
    await world.text(LUCAS, "bonjour je voudrais un acte de naissance")
    tables = await aftermath.check(world)
    (text,) = tables.sent
    assert "est enregistrée" in text.body
    assert "rouvrent" in text.body


@in_both_voices
@pytest.mark.parametrize("last", [says("non merci"), keys("2")], ids=["spoken", "keyed"])
async def test_an_answer_is_all_that_some_people_want(world: World, last: Action) -> None:
    call = await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("quels sont vos horaires d'ouverture")),
            ("Puis-je vous aider", last),
        ),
    )
    assert any("La mairie est place de la Liberté" in text for text in call.log.said)
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    tables = await aftermath.check(world)
    assert (tables.requests, tables.sent, tables.contacts[0].outcome) == ((), (), "answer")


@in_both_voices
async def test_an_answer_and_then_another_matter(world: World) -> None:
    await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("quels sont vos horaires d'ouverture")),
            ("Puis-je vous aider", says("je voudrais un acte de naissance")),
            ("date de naissance", keys("03031985")),
        ),
    )
    tables = await aftermath.check(world)
    assert [request.intent for request in tables.requests] == ["etat_civil_acte"]


@in_both_voices
async def test_somebody_in_no_record_is_asked_for_a_name_and_served_all_the_same(world: World) -> None:
    await world.call(STRANGER, person(CERTIFICATE, ("votre nom", says("jeanne personne"))))
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.citizen, request.subject, tables.sent[0].state) == (None, f"number:{STRANGER}", "delivered")


@in_both_voices
async def test_nothing_but_nonsense_ends_with_a_callback(world: World) -> None:
    nonsense = says("la girafe bleue danse sur la lune")
    asked = ("?", "ites", "tapez")
    call = await world.call(
        STRANGER, Answers(react=lambda said: nonsense if any(piece in said for piece in asked) else None)
    )
    assert any("un agent va vous rappeler" in text for text in call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert request.kind == "callback"


@in_both_voices
async def test_a_caller_who_hangs_up_during_the_greeting_leaves_a_contact_and_no_more(world: World) -> None:
    call = await world.call(STRANGER, [HangUp(2.0)], LINE)
    assert call.ended_by == "person"
    tables = await aftermath.check(world)
    assert [contact.outcome for contact in tables.contacts] == ["abandoned"]
    assert (tables.requests, tables.sent, tables.lines) == ((), (), ())
