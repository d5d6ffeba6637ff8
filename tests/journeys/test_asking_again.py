"""The same person, again and again: one request, its place kept; STATUT, ANNULER, STOP and START by text."""

from datetime import timedelta

import pytest

from guichet.carrier.simulator.messages import TextRecord
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, EMMA, ENGLISH_LINE, LINE, LUCAS, keys, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

CERTIFICATE = (
    ("Dites en une phrase", says("je voudrais un acte de naissance")),
    ("date de naissance", keys("03031985")),
)
UNSAID = (
    ("Dites en une phrase", says("je voudrais un acte de naissance")),
    ("date de naissance", says("je ne sais pas")),
)


@in_both_voices
async def test_five_calls_and_two_texts_about_one_matter_are_one_request(any_world: World) -> None:
    world = any_world
    for answers in (UNSAID, CERTIFICATE, UNSAID, CERTIFICATE):
        call = await world.call(CATHERINE, person(*answers))
        await world.move(timedelta(minutes=7))
    assert any("Vous gardez votre place." in text for text in call.log.said)
    await world.text(CATHERINE, "bonjour j'attends toujours mon acte de naissance")
    await world.move(timedelta(minutes=7))
    await world.call(CATHERINE, person(*CERTIFICATE))
    await world.text(CATHERINE, "je voudrais un acte de naissance svp")
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.reminders, request.state, request.kind) == (6, "waiting", "callback")
    assert request.citizen is not None
    assert request.opened_at < request.changed_at or request.reminders
    assert request.target_at.isoformat() == "2026-03-03T14:30:00+00:00"
    confirmations = [text for text in tables.sent if text.key == f"confirm:{request.id}"]
    assert len(confirmations) == 1
    assert len(tables.contacts) == 7 or len({line.contact for line in tables.lines}) == 7
    assert {contact.request for contact in tables.contacts} == {request.id}


@in_both_voices
async def test_two_of_one_household_about_the_same_matter_are_two_requests(world: World) -> None:
    for words, born in (("catherine martin", "03031985"), ("julien martin", "17091983")):
        await world.call(
            "+33199001201",
            person(CERTIFICATE[0], ("votre nom", says(words)), ("date de naissance", keys(born))),
        )
    tables = await aftermath.check(world)
    assert len(tables.requests) == 2
    assert len({request.citizen for request in tables.requests}) == 2


@in_both_voices
async def test_statut_tells_where_a_request_stands_and_annuler_cancels_it(any_world: World) -> None:
    world = any_world
    await world.call(CATHERINE, person(*CERTIFICATE))
    await world.text(CATHERINE, "STATUT")
    await world.text(CATHERINE, "Annuler svp")
    await world.text(CATHERINE, "statut ?")
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert request.state == "cancelled"
    _, status, cancelled, after = [text.body for text in tables.sent]
    assert f"{request.reference} (Actes d'état civil) attend son tour : 0 avant vous" in status
    assert f"{request.reference} (Actes d'état civil) est annulée" in cancelled
    assert "Vous n'avez pas de demande en cours" in after


@in_both_voices
@pytest.mark.parametrize(("number", "line", "again"), [(LUCAS, LINE, "de nouveau"), (EMMA, ENGLISH_LINE, "again")])
async def test_who_opts_out_in_a_sentence_gets_no_text_until_they_opt_in(
    any_world: World, number: str, line: str, again: str
) -> None:
    world = any_world
    await world.text(number, "Arrêtez de m'envoyer des sms, merci" if line == LINE else "please stop texting me", line)
    await world.move(timedelta(minutes=1))
    question = "Dites en une phrase" if line == LINE else "Say in one sentence"
    matter = "je voudrais un acte de naissance" if line == LINE else "i would like a birth certificate"
    answers = ((question, says(matter)), ("date", says("je ne sais pas" if line == LINE else "i don't know")))
    await world.call(number, person(*answers), line)
    silent = await aftermath.check(world)
    assert len(silent.sent) == 1
    assert len(silent.open_requests) == 1
    await world.move(timedelta(minutes=1))
    await world.text(number, "reprendre" if line == LINE else "please start", line)
    tables = await aftermath.check(world)
    assert again in tables.sent[-1].body
    assert [consent.granted for consent in tables.consents if consent.purpose == "requests"] == [False, True]


@in_both_voices
async def test_stop_and_start_that_the_carrier_obeys_itself_are_kept_and_not_answered_twice(any_world: World) -> None:
    world = any_world
    await world.text(LUCAS, "STOP")
    stopped = await aftermath.check(world)
    assert [consent.granted for consent in stopped.consents if consent.purpose == "requests"] == [False]
    assert stopped.sent == ()
    await world.move(timedelta(minutes=1))
    await world.call(LUCAS, person(UNSAID[0], ("date de naissance", keys("07121998"))))
    assert (await aftermath.check(world)).sent == ()
    await world.move(timedelta(minutes=1))
    await world.text(LUCAS, "START")
    await world.text(LUCAS, "statut")
    tables = await aftermath.check(world)
    assert [consent.granted for consent in tables.consents if consent.purpose == "requests"] == [False, True]
    (status,) = tables.sent
    assert (status.state, "attend son tour" in status.body) == ("delivered", True)
    assert [text.body[:20] for text in _automatic(world)] == ["You have successfull"] * 2


def _automatic(world: World) -> list[TextRecord]:
    return [text for text in world.simulator.messages.all if text.direction == "outbound-reply"]


@in_both_voices
async def test_the_carriers_word_that_somebody_has_opted_out_is_taken(any_world: World) -> None:
    world = any_world
    world.simulator.messages.opted_out.add((CATHERINE, LINE))
    call = await world.call(CATHERINE, person(*CERTIFICATE))
    assert any("un agent va vous rappeler" in text for text in call.log.said)
    tables = await aftermath.check(world)
    (text,) = tables.sent
    assert (text.state, text.error) == ("refused", 21610)
    assert {(consent.granted, consent.proof) for consent in tables.consents} == {(False, "carrier:21610")}
    await world.move(timedelta(days=1))
    await world.call(CATHERINE, person(*CERTIFICATE[:1]))
    assert len((await aftermath.check(world)).sent) == 1


async def test_a_text_that_cannot_be_delivered_is_known_to_be_so(world: World) -> None:
    world.simulator.mischief.text_errors[LUCAS] = 30005
    await world.text(LUCAS, "je voudrais un acte de naissance")
    (text,) = (await aftermath.check(world)).sent
    assert (text.state, text.error) == ("undelivered", 30005)
