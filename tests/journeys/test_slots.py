"""Choosing when to be called back: by voice, key and text; a slot that is full; a mishearing put right."""

from datetime import UTC, datetime, timedelta

import pytest

from guichet.callbacks.booking import book_slot
from guichet.callbacks.joining import new_request
from guichet.callbacks.request import Demand, RequestKind
from guichet.callbacks.slots import Slot
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.mischief import Drop
from guichet.carrier.simulator.parties import Action, Answers, HangUp, Moment, Press
from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from tests.journeys import aftermath
from tests.journeys.moments import OPEN, SUNDAY
from tests.journeys.people import (
    CATHERINE,
    CLAIRE,
    DESK,
    ENGLISH_LINE,
    KATHERINE,
    LINE,
    LUCAS,
    accepts,
    agent,
    keys,
    person,
    says,
)
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

CERTIFICATE = ("Dites en une phrase", says("je voudrais un acte de naissance"))
BORN = ("date de naissance", keys("03031985"))
NINE = datetime(2026, 3, 4, 8, tzinfo=UTC)
"""Tomorrow at 9 in Paris."""
ROOM = 8
"""Callbacks that fit into a slot of the civil registry: two agents, fifteen minutes each."""


def ask(*answers: tuple[str, Action]) -> Answers:
    """Return Catherine, who asks for a certificate and then answers as told."""
    return person(CERTIFICATE, BORN, *answers)


async def chosen(world: World) -> tuple[datetime | None, str]:
    """Return the slot of the only request, and the text that confirms it."""
    tables = await aftermath.check(world)
    (request,), (text,) = tables.requests, tables.sent
    assert (request.kind, request.state) == ("callback", "waiting")
    assert request.reference in text.body
    return request.slot_at, text.body


async def fill(world: World, starts: datetime, count: int = ROOM) -> None:
    """Let others have a slot."""
    book, now = world.services.books.rules, world.clock.now()
    async with world.services.database.begin() as unit:
        for place in range(count):
            demand = Demand(
                contact=ContactId(f"con_other_{place}"),
                channel="voice",
                kind=RequestKind.CALLBACK,
                citizen=None,
                number=PhoneNumber(f"+3319900{2200 + place}"),
                line=PhoneNumber(LINE),
                language=Language.FR,
                intent="etat_civil_acte",
                queue="etat_civil",
                target_at=now + timedelta(hours=4),
            )
            request = new_request(demand, now)
            await unit.requests.open(request)
            assert await book_slot(unit, book, request.id, Slot(starts, starts + timedelta(hours=1)), now)


@in_both_voices
async def test_a_moment_that_is_said_is_kept_told_and_confirmed_by_text(any_world: World) -> None:
    world = any_world
    call = await world.call(CATHERINE, ask(("tapez 2, ou dites-le", says("demain après quatorze heures"))))
    said = " ".join(call.log.said)
    assert "C'est noté : nous vous rappellerons demain entre 14 heures et 15 heures." in said
    assert "Un agent vous rappellera demain entre 14 heures et 15 heures. Sa référence est" in said
    slot, text = await chosen(world)
    assert slot == NINE + timedelta(hours=5)
    assert text.startswith("C'est noté : nous vous appellerons demain entre 14h00 et 15h00 depuis le 01 99 00 10 10")


@in_both_voices
async def test_a_moment_is_chosen_by_keys_alone(world: World) -> None:
    call = await world.call(
        CATHERINE, ask(("tapez 2, ou dites-le", keys("2")), ("Pour demain entre 9 heures et 10 heures", keys("2")))
    )
    assert "Pour aujourd'hui entre 11 heures et midi, tapez 1." in " ".join(call.log.said)
    slot, text = await chosen(world)
    assert slot in {NINE, NINE - timedelta(hours=19)}
    assert "entre" in text


@in_both_voices
@pytest.mark.parametrize("answer", [keys("1"), says("dès que possible"), None], ids=["key", "words", "silence"])
async def test_as_soon_as_possible_is_what_one_gets_by_saying_it_and_by_saying_nothing(
    world: World, answer: Action | None
) -> None:
    call = await world.call(CATHERINE, ask(*((("tapez 2, ou dites-le", answer),) if answer else ())))
    assert "un agent va vous rappeler" in " ".join(call.log.said)
    slot, text = await chosen(world)
    assert slot is None
    assert "Nous vous rappelons à ce numéro" in text


@in_both_voices
async def test_who_hangs_up_at_the_question_is_called_as_soon_as_possible(world: World) -> None:
    await world.call(
        CATHERINE,
        ask(("tapez 2, ou dites-le", HangUp(0.0))),
    )
    slot, text = await chosen(world)
    assert slot is None
    assert "Nous vous rappelons à ce numéro" in text


@in_both_voices
async def test_a_full_slot_offers_the_nearest_and_one_of_them_is_taken(world: World) -> None:
    await fill(world, NINE)
    call = await world.call(
        CATHERINE,
        ask(("tapez 2, ou dites-le", says("demain à neuf heures")), ("Ce moment est complet", keys("1"))),
    )
    said = " ".join(call.log.said)
    assert "Ce moment est complet. Pour demain entre 10 heures et 11 heures, tapez 1." in said
    tables = await aftermath.check(world)
    (request,) = [request for request in tables.requests if request.number == CATHERINE]
    assert request.slot_at == NINE + timedelta(hours=1)
    assert "vous rappellera demain entre 10 heures et 11 heures" in said


@in_both_voices
async def test_a_mishearing_is_put_right_by_saying_no_and_the_day_again(world: World) -> None:
    call = await world.call(
        CATHERINE,
        ask(
            ("tapez 2, ou dites-le", says("mardi matin")),
            ("rappellerons mardi 10 mars", says("non jeudi matin")),
            ("rappellerons jeudi 5 mars", says("oui")),
        ),
    )
    assert "Un agent vous rappellera jeudi 5 mars entre 9 heures et 10 heures." in " ".join(call.log.said)
    assert (await chosen(world))[0] == NINE + timedelta(days=1)


@in_both_voices
async def test_where_speech_fails_slots_are_read_with_their_keys(world: World) -> None:
    call = await world.call(
        CATHERINE,
        ask(("tapez 2, ou dites-le", says("heu voyons voir")), ("Je n'ai pas reconnu de moment", keys("3"))),
    )
    assert "vous rappellera" in " ".join(call.log.said)
    assert (await chosen(world))[0] is not None


@in_both_voices
async def test_an_english_caller_chooses_in_english(world: World) -> None:
    call = await world.call(
        KATHERINE,
        person(
            ("Say in one sentence", says("hello i would like a birth certificate please")),
            ("date of birth", says("the twenty seventh of september nineteen seventy nine")),
            ("or say it", says("tomorrow afternoon")),
        ),
        line=ENGLISH_LINE,
    )
    assert "An agent will call you back tomorrow between 2 pm and 3 pm." in " ".join(call.log.said)
    slot, text = await chosen(world)
    assert slot == NINE + timedelta(hours=5)
    assert "tomorrow between 14:00 and 15:00" in text


@in_both_voices
async def test_on_a_sunday_monday_can_be_chosen(world: World) -> None:
    world.clock.move(SUNDAY - OPEN)
    await world.call(CATHERINE, ask(("tapez 2, ou dites-le", says("lundi matin"))))
    assert (await chosen(world))[0] == SUNDAY + timedelta(days=1, hours=-1)


@in_both_voices
async def test_who_is_in_danger_is_not_asked_when(world: World) -> None:
    call = await world.call(
        CATHERINE, person(("Dites en une phrase", says("ça sent le gaz dans mon immeuble")), ("étoile", keys("2")))
    )
    assert "dès que possible" not in " ".join(call.log.said)


@in_both_voices
async def test_the_promise_is_kept_nobody_is_called_before_and_the_call_comes_in_the_slot(world: World) -> None:
    await world.call(CATHERINE, ask(("tapez 2, ou dites-le", says("aujourd'hui après quatorze heures"))))
    await world.hire(agent("claire", CLAIRE), accepts())
    world.simulator.party(CATHERINE, Answers([Press("1"), HangUp(20.0, Moment.BRIDGED)], ring=2))
    await world.move(timedelta(hours=3))
    await world.settled()
    assert world.agents_calls == ()
    await world.move(timedelta(hours=1, minutes=1))
    await world.settled()
    assert len(world.agents_calls) == 1
    tables = await world.tables()
    assert [request.state for request in tables.requests] == ["done"]


@in_both_voices
async def test_by_text_a_slot_is_asked_for_full_picked_told_and_moved(any_world: World) -> None:
    world = any_world
    await fill(world, NINE)
    await world.call(CATHERINE, ask())
    for body in ("DEPLACER demain 9h", "1", "STATUT", "plutôt demain après-midi"):
        world.clock.move(timedelta(seconds=5))
        await world.text(CATHERINE, body)
    tables = await aftermath.check(world)
    texts = [text.body for text in tables.sent if text.number == CATHERINE]
    assert texts[1].startswith("Ce moment est complet. Libres : 1. demain 10h-11h, 2. demain 11h-12h")
    assert texts[2].startswith("C'est noté : nous vous appellerons demain entre 10h00 et 11h00")
    assert "nous vous appellerons demain entre 10h00 et 11h00. Autre moment : DEPLACER." in texts[3]
    assert texts[4].startswith("C'est noté : nous vous appellerons demain entre 14h00 et 15h00")
    assert len(texts) == 5


@in_both_voices
async def test_who_has_a_slot_and_rings_again_keeps_it_or_chooses_another(world: World) -> None:
    await world.call(CATHERINE, ask(("tapez 2, ou dites-le", says("demain matin"))))
    await world.call(CATHERINE, ask())
    assert (await world.tables()).requests[0].slot_at == NINE
    call = await world.call(CATHERINE, ask(("Nous devons vous rappeler demain", says("jeudi après-midi"))))
    assert "vous rappellera jeudi 5 mars entre 14 heures et 15 heures" in " ".join(call.log.said)
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.slot_at, request.reminders) == (NINE + timedelta(days=1, hours=5), 2)
    assert [text.body[:45] for text in tables.sent] == [
        "C'est noté : nous vous appellerons demain ent",
        "C'est noté : nous vous appellerons jeudi 5/03",
    ]


@in_both_voices
async def test_a_call_whose_end_is_never_told_is_confirmed_all_the_same(world: World) -> None:
    world.simulator.mischief.add("/voice/status", Drop(), times=10)
    call = await world.call(
        LUCAS,
        ask(("tapez 2, ou dites-le", HangUp(0.0))),
    )
    assert call.log.of(Kind.SAID)
    assert DESK not in call.log.said
    assert (await world.tables()).sent == ()
    await world.move(timedelta(minutes=4))
    await world.settled()
    (text,) = (await world.tables()).sent
    assert "est enregistrée" in text.body


OTHER_NUMBER = "+33199001234"


@pytest.mark.parametrize(
    "number", [keys("0199001234"), says("zéro un quatre-vingt-dix-neuf zéro zéro douze trente-quatre")]
)
async def test_they_are_called_at_another_number_where_somebody_else_is_asked_for(world: World, number: Action) -> None:
    where = (("autre numéro, tapez 3", keys("3")), ("À quel numéro", number), ("autre personne", says("Julie Martin")))
    call = await world.call(CATHERINE, ask(*where, ("autre numéro, tapez 3", keys("1"))))
    assert any("nous appellerons le 01 99 00 12 34 et demanderons cette personne" in said for said in call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert (request.callback_number, request.number) == (OTHER_NUMBER, CATHERINE)
    assert "julie" in request.ask_for.lower()
    world.simulator.party(OTHER_NUMBER, Answers([Press("1"), HangUp(40.0)], ring=4))
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.move(timedelta(minutes=1))
    await world.settled()
    (leg,) = world.agents_calls
    assert any("julie" in said.lower() for said in leg.log.said)
    assert [one.to for one in world.simulator.calls if one.direction == "outbound-dial"] == [OTHER_NUMBER]
    assert leg.log.of(Kind.BRIDGED)
