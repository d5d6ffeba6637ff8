"""The contacts of the demonstration, each to its end: what was heard on both sides, and what is left of it."""

from collections.abc import Callable
from functools import partial

import pytest

from guichet.carrier.simulator.parties import Answers
from tests.journeys import aftermath
from tests.journeys.people import (
    AHMED,
    CATHERINE,
    CLAIRE,
    EMMA,
    ENGLISH_LINE,
    KATHERINE,
    LANDLINE,
    LINE,
    LUCAS,
    MARTINS,
    accepts,
    agent,
    keys,
    person,
    says,
)
from tests.journeys.world import World

CERTIFICATES = {
    "spoken French": (
        CATHERINE,
        LINE,
        partial(
            person,
            ("Dites en une phrase", says("bonjour je voudrais un acte de naissance")),
            ("date de naissance", says("le trois mars mille neuf cent quatre-vingt-cinq")),
        ),
        ("C'est noté, vous appelez pour un acte d'état civil.", "Merci, c'est vérifié.", "un agent va vous rappeler"),
        "est enregistrée. Nous vous rappelons à ce numéro.",
    ),
    "spoken English": (
        KATHERINE,
        ENGLISH_LINE,
        partial(
            person,
            ("Say in one sentence", says("hello i would like a birth certificate please")),
            ("date of birth", says("the twenty seventh of september nineteen seventy nine")),
        ),
        ("you are calling about a birth", "Thank you, that is checked.", "an agent will call you back"),
        "is registered. We will call you back on this number.",
    ),
    "keyed French": (
        AHMED,
        LINE,
        partial(
            person,
            ("Dites en une phrase", keys("8")),
            ("Pour un acte d'état civil, tapez 1", keys("1")),
            ("date de naissance", keys("01011972")),
        ),
        ("tapez 1", "Merci, c'est vérifié.", "un agent va vous rappeler"),
        "est enregistrée. Nous vous rappelons à ce numéro.",
    ),
    "keyed English": (
        KATHERINE,
        ENGLISH_LINE,
        partial(
            person,
            ("Say in one sentence", keys("8")),
            ("press 1", keys("1")),
            ("date of birth", keys("27091979")),
        ),
        ("Thank you, that is checked.", "an agent will call you back"),
        "is registered. We will call you back on this number.",
    ),
}


@pytest.mark.parametrize("kind", CERTIFICATES)
async def test_a_certificate_ends_as_a_callback_with_a_confirming_text(spoken_world: World, kind: str) -> None:
    world = spoken_world
    number, line, caller, said, confirmed = CERTIFICATES[kind]
    call = await world.call(number, caller(), line)
    heard = " ".join(call.log.said)
    for piece in said:
        assert piece in heard
    tables = await aftermath.check(world)
    (contact,), (request,), (text,) = tables.contacts, tables.requests, tables.sent
    assert (contact.intent, contact.outcome, contact.request) == ("etat_civil_acte", "callback", request.id)
    assert (request.kind, request.state, request.queue, request.number) == ("callback", "waiting", "etat_civil", number)
    assert request.citizen == contact.citizen is not None
    assert text.state == "delivered"
    assert confirmed in text.body
    assert request.reference in text.body
    assert ", ".join(request.reference.replace("-", "")) in heard
    assert [line.text for line in tables.lines] == [
        spoken if place == 0 else tables.lines[place].text
        for place, spoken in enumerate(call.log.whats(["spoke"]))  # type: ignore[list-item]
    ]
    assert not any(digit.isdigit() for line in tables.lines for digit in line.text)


@pytest.mark.parametrize(
    ("line", "caller", "whisper"),
    [
        (
            LINE,
            partial(
                person,
                ("Dites en une phrase", says("j'ai besoin d'aide pour mon dossier de logement social")),
                ("votre nom", says("je m'appelle catherine martin")),
                ("date de naissance", says("le trois mars mille neuf cent quatre-vingt-cinq")),
            ),
            "Catherine Martin",
        ),
        (
            ENGLISH_LINE,
            partial(
                person,
                ("Say in one sentence", says("i need help with my application for social housing")),
                ("full name", says("my name is catherine martin")),
                ("date of birth", says("the third of march nineteen eighty five")),
            ),
            "Cette personne parle anglais. Catherine Martin",
        ),
    ],
    ids=["French", "English"],
)
async def test_one_of_a_household_says_who_she_is_and_an_agent_presses_one(
    spoken_world: World, line: str, caller: Callable[[], Answers], whisper: str
) -> None:
    world = spoken_world
    await world.hire(agent("claire", CLAIRE, "social"), accepts())
    call = await world.call(MARTINS, caller(), line)
    (leg,) = world.agents_calls
    assert any(whisper in text and "attend depuis moins d'une minute" in text for text in leg.log.said)
    assert any("Appuyez sur 1" in text for text in leg.log.said)
    assert len(call.log.of("bridged")) == len(leg.log.of("bridged")) == 1  # type: ignore[arg-type]
    thanks = "Merci de votre appel. Au revoir." if line == LINE else "Thank you for calling. Goodbye."
    assert call.log.said[-1] == thanks
    tables = await aftermath.check(world)
    (contact,), (request,), (attempt,), (claire,) = tables.contacts, tables.requests, tables.attempts, tables.agents
    assert (contact.outcome, contact.intent) == ("agent", "logement_social")
    assert contact.citizen is not None
    assert (request.kind, request.state, request.citizen) == ("hold", "done", contact.citizen)
    assert (attempt.state, attempt.result, attempt.call) == ("ended", "talked", leg.sid)
    assert claire.presence == "wrap_up"
    assert tables.sent == ()


async def test_a_caller_who_says_nothing_is_offered_keys_and_then_called_back(spoken_world: World) -> None:
    world = spoken_world
    call = await world.call(LANDLINE, person())
    said = " ".join(call.log.said)
    assert said.count("Je n'ai rien entendu.") == 3
    assert "Pour un acte d'état civil, tapez 1" in said
    assert "Je ne vous entends toujours pas. Nous allons vous rappeler." in said
    assert "Un SMS" not in said
    tables = await aftermath.check(world)
    (contact,), (request,) = tables.contacts, tables.requests
    assert (contact.outcome, contact.intent, contact.citizen) == ("callback", None, None)
    assert (request.kind, request.state, request.intent) == ("callback", "waiting", "agent_humain")
    assert (tables.lines, tables.sent) == ((), ())


@pytest.mark.parametrize(
    ("number", "line", "opening", "sentence", "advice", "text"),
    [
        (LUCAS, LINE, "Dites en une", "ça sent le gaz dans mon immeuble", "sortez sans toucher", "URGENCE"),
        (EMMA, ENGLISH_LINE, "Say in one", "there is a smell of gas in my building", "leave without", "EMERGENCY"),
    ],
    ids=["French", "English"],
)
async def test_a_smell_of_gas_gets_the_emergency_numbers_at_once(  # noqa: PLR0917 - a table of cases
    spoken_world: World, number: str, line: str, opening: str, sentence: str, advice: str, text: str
) -> None:
    world = spoken_world
    call = await world.call(number, person((opening, says(sentence)), ("2.", keys("2"))), line)
    answered = next(at for at, event in enumerate(call.log.events) if event.kind == "spoke")
    first = next(event.what for event in call.log.events[answered:] if event.kind == "said")
    assert "112" in first
    assert advice in first
    tables = await aftermath.check(world)
    (contact,), (sent,) = tables.contacts, tables.sent
    assert (contact.outcome, contact.intent) == ("emergency", "urgence_danger")
    assert tables.requests == ()
    assert (sent.state, sent.body[: len(text)]) == ("delivered", text)


@pytest.mark.parametrize(
    ("number", "line", "bodies", "joined", "obeyed"),
    [
        (
            LUCAS,
            LINE,
            (
                "bjr jvoudrai un rdv pr ma carte didentite svp",
                "jattend toujours pr le rdv de ma carte didentité",
                "Stop. Merci",
            ),
            "est déjà enregistrée et garde sa place",
            "C'est noté : nous ne vous écrirons plus.",
        ),
        (
            EMMA,
            ENGLISH_LINE,
            (
                "hi i need an appointment to renew my passport",
                "still waiting for my passport appointment",
                "Stop, thanks",
            ),
            "is already registered and keeps its place",
            "Noted: we will not text you any more.",
        ),
    ],
    ids=["French", "English"],
)
async def test_two_texts_about_one_matter_are_one_request_and_stop_is_obeyed(
    any_world: World, number: str, line: str, bodies: tuple[str, ...], joined: str, obeyed: str
) -> None:
    world = any_world
    for body in bodies:
        await world.text(number, body, line)
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.kind, request.state, request.intent, request.reminders) == ("text", "waiting", "identite_titre", 1)
    first, second, last = [text.body for text in tables.sent]
    assert request.reference in first
    assert joined in second
    assert obeyed in last
    assert {(consent.purpose, consent.granted) for consent in tables.consents} == {
        (purpose, False) for purpose in ("requests", "news", "survey")
    }
    assert [line.text for line in tables.lines] == list(bodies)
    assert [contact.outcome for contact in tables.contacts][-1] == "opt_out"
