from datetime import timedelta

from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.carrier.events import IncomingMessage
from guichet.core.ids import MessageSid
from guichet.core.language import Language
from guichet.routing.intent import AGENT, DANGER
from guichet.sms import replies
from guichet.sms.consent import Purpose
from guichet.sms.message import DeliveryState
from tests.sms.desk import CITIZEN, LINE, TUESDAY_NOON, Desk, own_emergency


def only(desk: Desk) -> Request:
    (request,) = desk.unit.requests.rows.values()
    return request


async def test_a_text_opens_a_request_and_is_answered_once_with_its_reference() -> None:
    desk = Desk()
    reply = await desk.writes("bjr jvoudrai un rdv pr ma carte didentite svp")
    request = only(desk)
    assert reply is not None
    assert reply.startswith(f"Votre demande {request.reference} (Carte d'identité) est enregistrée.")
    assert (request.kind, request.intent, request.number) == (RequestKind.TEXT, "identite_titre", CITIZEN)
    assert [message.key for message in desk.ours] == [f"confirm:{request.id}"]
    contact = await desk.contact("SM1")
    assert (contact.intent, contact.request, contact.outcome) == ("identite_titre", request.id, "callback")
    assert contact.file["decision"]["rule"]
    assert contact.file["intent"]["because"] == ["didentite"]


async def test_a_second_text_about_the_same_matter_joins_and_counts_a_reminder() -> None:
    desk = Desk()
    await desk.writes("ma carte didentite svp")
    reply = await desk.writes("alors ma carte didentite ?")
    assert only(desk).reminders == 1
    assert reply is not None
    assert "déjà enregistrée et garde sa place" in reply


async def test_a_repeated_webhook_is_one_message_and_one_reply() -> None:
    desk = Desk()
    await desk.writes("acte de naissance", sid="SM7")
    assert await desk.writes("acte de naissance", sid="SM7") is None
    assert len(desk.unit.messages.rows) == 2
    assert only(desk).reminders == 0


async def test_a_known_citizens_request_is_theirs() -> None:
    desk = Desk()
    desk.knows("cit_claire")
    await desk.writes("acte de naissance")
    assert only(desk).citizen == "cit_claire"
    assert (await desk.contact("SM1")).citizen == "cit_claire"


async def test_digits_are_masked_before_anything_is_written() -> None:
    desk = Desk()
    await desk.writes("acte de naissance, mon numero est 06 12 34 56 78")
    (inbound, _) = desk.unit.messages.rows.values()
    assert not any(letter.isdigit() for letter in inbound.body)
    assert not any(letter.isdigit() for *_, text in desk.unit.transcripts.rows for letter in text)
    assert not any(letter.isdigit() for letter in (await desk.contact("SM1")).file["heard"])


async def test_the_names_of_who_may_have_written_are_masked_too() -> None:
    desk = Desk()
    desk.knows("cit_claire")
    await desk.writes("acte de naissance pour Dubois")
    (inbound, _) = desk.unit.messages.rows.values()
    assert inbound.body == "acte de naissance pour #"


async def test_the_language_written_is_the_language_answered() -> None:
    desk = Desk()
    desk.language = Language.EN
    reply = await desk.writes("I need a birth certificate")
    assert reply is not None
    assert reply.startswith("Your request")


async def test_a_danger_gets_the_numbers_at_once_and_an_agent_sees_it() -> None:
    desk = Desk()
    assert await desk.writes("danger chez moi") == own_emergency().fr
    assert only(desk).intent == DANGER
    assert len(desk.carrier.sent) == 1


async def test_what_is_not_understood_is_asked_back_with_the_likeliest_two_and_a_digit_answers() -> None:
    desk = Desk()
    reply = await desk.writes("un papier")
    assert (
        reply
        == "Votre demande porte-t-elle sur : 1. Acte de naissance 2. Carte d'identité ? Répondez 1 ou 2, ou AGENT."
    )
    assert (await desk.contact("SM1")).outcome == ""
    reply = await desk.writes("2")
    assert reply is not None
    assert "Carte d'identité" in reply
    assert (await desk.contact("SM1")).request == only(desk).id


async def test_not_understood_twice_goes_to_a_person() -> None:
    desk = Desk()
    await desk.writes("blabla")
    reply = await desk.writes("blabla encore")
    assert only(desk).intent == AGENT
    assert reply is not None
    assert "est enregistrée" in reply


async def test_a_question_of_ours_is_forgotten_after_two_hours() -> None:
    desk = Desk()
    await desk.writes("un papier")
    desk.clock.move(timedelta(hours=3))
    reply = await desk.writes("2")
    assert reply is not None
    assert "porte-t-elle" in reply
    assert not desk.unit.requests.rows


async def test_an_answer_of_the_rules_is_sent_and_opens_nothing() -> None:
    desk = Desk()
    reply = await desk.writes("vos horaires svp")
    assert reply
    assert not desk.unit.requests.rows
    assert (await desk.contact("SM1")).outcome == "answer"


async def test_stop_is_kept_with_its_proof_for_every_purpose_and_confirmed_once() -> None:
    desk = Desk()
    assert await desk.writes("Stop. Merci") == replies.OPTED_OUT.fr
    consents = await desk.unit.consents.all_of(CITIZEN)
    assert {(consent.purpose, consent.granted) for consent in consents} == {(purpose, False) for purpose in Purpose}
    inbound = next(iter(desk.unit.messages.rows.values()))
    assert consents[0].proof == f"message:{inbound.id}"
    assert (await desk.contact("SM1")).outcome == "opt_out"
    assert await desk.writes("STOP svp") is None


async def test_what_the_carrier_has_answered_is_not_answered_again() -> None:
    desk = Desk()
    assert await desk.writes("STOP") is None
    assert await desk.writes("arretez svp", opt_out="STOP") is None
    assert await desk.writes("HELP") is None
    assert await desk.writes("START") is None
    consent = await desk.unit.consents.current(CITIZEN, Purpose.REQUESTS)
    assert consent is not None
    assert consent.granted


async def test_after_stop_nothing_is_sent_unless_they_write_again() -> None:
    desk = Desk()
    await desk.writes("acte de naissance")
    await desk.writes("Stop. Merci")
    desk.clock.move(timedelta(minutes=1))
    request = only(desk)
    await desk.letters.text_contact((await desk.contact("SM1")).id, "emergency")
    await desk.run_jobs()
    assert len(desk.carrier.sent) == 2
    reply = await desk.writes("STATUT")
    assert reply is not None
    assert request.reference in reply


async def test_status_tells_the_place() -> None:
    desk = Desk()
    assert await desk.writes("statut") == replies.STATUS_NONE.fr
    await desk.writes("acte de naissance")
    request = only(desk)
    reply = await desk.writes("Statut svp")
    assert (
        reply
        == f"Votre demande {request.reference} (Acte de naissance) attend son tour : 0 avant vous. Annuler : ANNULER."
    )


async def test_annuler_cancels_the_only_request_or_the_one_named() -> None:
    desk = Desk()
    await desk.writes("acte de naissance")
    request = only(desk)
    reply = await desk.writes("ANNULER")
    assert reply is not None
    assert "est annulée" in reply
    assert only(desk).state is RequestState.CANCELLED
    events = await desk.unit.requests.events_of(request.id)
    assert events[-1].cause.reason == "cancelled by text"
    await desk.writes("acte de naissance")
    await desk.writes("carte didentite")
    first, second = await desk.unit.requests.open_of_number(CITIZEN)
    reply = await desk.writes("ANNULER")
    assert reply is not None
    assert first.reference in reply
    assert second.reference in reply
    reply = await desk.writes(f"annuler {second.reference}")
    assert reply is not None
    assert await desk.unit.requests.open_of_number(CITIZEN) == [first]
    assert await desk.writes("annuler ZZ-2222") == replies.NO_SUCH.fr.format(reference="ZZ-2222")


async def test_a_request_that_an_agent_talks_about_is_not_cancelled_by_text() -> None:
    desk = Desk()
    await desk.writes("acte de naissance")
    for move in (Move.RING, Move.CONNECT):
        taken, event = move_request(only(desk), move, Cause("agt_1", TUESDAY_NOON))
        await desk.unit.requests.change(only(desk), taken, event)
    reply = await desk.writes("annuler")
    assert reply is not None
    assert reply.startswith("Un agent s'occupe")
    assert only(desk).state is RequestState.TALKING


async def test_a_text_without_a_number_or_words_harms_nothing() -> None:
    desk = Desk()
    await desk.service.receive(IncomingMessage(MessageSid("SM0"), None, LINE, "acte de naissance"))
    assert not desk.unit.messages.rows
    assert await desk.writes("") == replies.AGAIN.fr
    assert all(message.state is DeliveryState.QUEUED for message in desk.ours)
