"""Agents answer texts: what they see before they send, what becomes of the request, what the citizen may say back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, RequestId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import WRITES, Agent, Presence
from guichet.routing.texting import Price, Template, TextRules
from guichet.sms.answering import REPLY_AWAITED
from guichet.sms.message import DeliveryState
from guichet.sms.parts import Encoding
from guichet.sms.states import delivery_in_words, text_state
from tests.sms.desk import CITIZEN, TUESDAY_NOON, Desk

ANNE = AgentId("agent_anne")
PRICE = Price(72_500, "EUR")


def anne(*skills: str, presence: Presence = Presence.AVAILABLE, phone: str = "+33199002001") -> Agent:
    return Agent(
        id=ANNE,
        name="Anne",
        phone=PhoneNumber(phone),
        skills=frozenset(skills or ("etat_civil", "accueil")),
        languages=frozenset(Language),
        presence=presence,
        since=TUESDAY_NOON,
    )


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    desk.rules = replace(desk.rules, texts=TextRules(price=PRICE))
    await desk.unit.agents.add(anne())
    return desk


async def written(desk: Desk, text: str = "je voudrais un acte de naissance") -> Request:
    """Let the citizen write; return the request."""
    await desk.writes(text)
    (request,) = [row for row in desk.unit.requests.rows.values() if row.state.is_open]
    return request


async def current(desk: Desk, request: Request) -> Request:
    found = await desk.unit.requests.get(request.id)
    assert found is not None
    return found


async def test_an_agent_takes_a_text_answers_it_and_the_request_is_done(desk: Desk) -> None:
    request = await written(desk)
    taken = await desk.taking.take(ANNE, request.id)
    assert (taken.state, taken.agent) == (RequestState.OFFERED, ANNE)
    assert (await desk.unit.agents.get(ANNE)).presence is Presence.BUSY
    assert text_state(taken, desk.clock.now()).fr == "lu"
    assert "lu : un agent" in str(await desk.writes("STATUT"))
    sent = await desk.answering.answer(ANNE, request.id, "L’acte est prêt, à l’accueil.", key="1")
    await desk.run_jobs()
    assert desk.carrier.sent[-1][:2] == (CITIZEN, "L'acte est prêt, à l'accueil.")
    assert (sent.request.state, text_state(sent.request, desk.clock.now()).en) == (RequestState.DONE, "answered")
    assert (await desk.unit.agents.get(ANNE)).presence is Presence.AVAILABLE
    events = await desk.unit.requests.events_of(request.id)
    assert [(event.after, event.cause.actor, event.cause.reason) for event in events] == [
        ("offered", ANNE, ""),
        ("done", ANNE, "answered by text"),
    ]


async def test_an_answer_sent_twice_goes_once(desk: Desk) -> None:
    request = await written(desk)
    await desk.taking.take(ANNE, request.id)
    before = len(desk.ours)
    first = await desk.answering.answer(ANNE, request.id, "Oui.", key="form-1")
    second = await desk.answering.answer(ANNE, request.id, "Oui.", key="form-1")
    assert first.message == second.message
    assert len(desk.ours) == before + 1


async def test_what_a_text_will_be_and_cost_is_seen_before_it_is_sent_and_kept_with_it(desk: Desk) -> None:
    request = await written(desk)
    text = "Bonjour, “votre dossier” est complet… Fête des mères : fermé. " + "Merci de venir au guichet. " * 3
    shown = await desk.answering.preview(request.id, text)
    assert shown.parts.encoding is Encoding.UCS2
    assert (shown.parts.count, shown.cost, shown.said.fr) == (3, 217_500, "3 SMS, 0,2175 EUR")
    assert shown.replaced == ("“", "”", "…")
    assert shown.dear == ("ê",)
    assert "Fête" in shown.text
    cheaper = shown.cheaper
    assert cheaper is not None
    assert (cheaper.parts.count, cheaper.parts.encoding) == (1, Encoding.GSM7)
    assert "Fete" in cheaper.text
    await desk.taking.take(ANNE, request.id)
    sent = await desk.answering.answer(ANNE, request.id, text, key="1")
    kept = await desk.unit.messages.get(sent.message)
    assert kept is not None
    assert (kept.body, kept.encoding, kept.parts, kept.cost, kept.currency) == (shown.text, "ucs2", 3, 217_500, "EUR")


async def test_templates_of_the_matter_come_filled_in_the_language_of_the_request(desk: Desk) -> None:
    ready = Template(
        "pret",
        Bilingual("C'est prêt", "It is ready"),
        Bilingual("Demande {reference} ({demande}) : prêt. {ligne}", "Request {reference} ({matter}): ready. {line}"),
        frozenset({"etat_civil_acte"}),
    )
    other = replace(ready, name="autre", intents=frozenset({"identite_titre"}))
    desk.rules = replace(desk.rules, texts=TextRules(price=PRICE, templates=(ready, other)))
    request = await written(desk)
    (suggested,) = await desk.answering.templates(request.id)
    assert suggested.name == "pret"
    assert suggested.draft.text == f"Demande {request.reference} (Acte de naissance) : prêt. 01 99 00 10 10"
    assert suggested.draft.parts.encoding is Encoding.UCS2, "ê is shown to cost, and stays"


async def test_a_question_of_the_agents_waits_for_the_answer_which_comes_to_the_agents_whatever_it_says(
    desk: Desk,
) -> None:
    request = await written(desk)
    await desk.taking.take(ANNE, request.id)
    sent = await desk.answering.answer(ANNE, request.id, "Pour quelle date de naissance ?", key="1", closes=False)
    await desk.run_jobs()
    assert text_state(sent.request, desk.clock.now()).fr == "question posée, réponse attendue"
    assert await desk.taking.take_next(ANNE) is None
    assert "posé une question" in str(await desk.writes("statut"))
    reply = await desk.writes("ma carte d'identité dit le 3 mars")
    assert reply == f"Merci. Votre réponse est transmise à l'agent, demande {request.reference}."
    assert await desk.writes("et la mairie etait fermee") is None, "more of the same is kept without another word"
    again = await desk.taking.take_next(ANNE)
    assert again is not None
    assert (again.id, again.reminders, again.target_at) == (request.id, 0, request.target_at)
    talk = [message.body for message in await desk.answering.conversation(request.id)]
    assert talk[0] == "je voudrais un acte de naissance"
    assert talk[-1] == "et la mairie etait fermee"
    assert "Pour quelle date de naissance ?" in talk


async def test_a_danger_is_never_taken_for_an_answer_to_an_agent(desk: Desk) -> None:
    request = await written(desk)
    await desk.taking.take(ANNE, request.id)
    await desk.answering.answer(ANNE, request.id, "Pour qui ?", key="1", closes=False)
    await desk.run_jobs()
    assert "112" in str(await desk.writes("danger chez moi"))


async def test_a_question_that_nobody_answers_brings_the_request_back_to_the_agents(desk: Desk) -> None:
    request = await written(desk)
    await desk.taking.take(ANNE, request.id)
    await desk.answering.answer(ANNE, request.id, "Pour qui ?", key="1", closes=False)
    desk.clock.move(REPLY_AWAITED)
    again = await desk.taking.take_next(ANNE)
    assert again is not None
    assert again.id == request.id


async def test_who_said_stop_is_not_answered_by_text_and_the_agent_is_told(desk: Desk) -> None:
    request = await written(desk)
    await desk.writes("STOP", opt_out="STOP")
    await desk.taking.take(ANNE, request.id)
    with pytest.raises(Conflict, match="STOP"):
        await desk.answering.answer(ANNE, request.id, "Bonjour", key="1")
    assert (await current(desk, request)).state is RequestState.OFFERED


async def test_only_the_agent_who_has_it_in_hand_answers(desk: Desk) -> None:
    request = await written(desk)
    with pytest.raises(Conflict, match="take it first"):
        await desk.answering.answer(ANNE, request.id, "Bonjour", key="1")
    await desk.taking.take(ANNE, request.id)
    with pytest.raises(Conflict):
        await desk.answering.answer(AgentId("agent_other"), request.id, "Bonjour", key="1")
    with pytest.raises(NotFound):
        await desk.answering.preview(RequestId("req_none"), "Bonjour")


@pytest.mark.parametrize("text", ["", "   ", "x" * 1601])
async def test_what_is_no_text_is_refused_with_the_way_out(desk: Desk, text: str) -> None:
    request = await written(desk)
    await desk.taking.take(ANNE, request.id)
    with pytest.raises(BadInput, match=r"write something|shorten"):
        await desk.answering.answer(ANNE, request.id, text, key="1")


async def test_an_answer_given_late_goes_at_a_decent_hour(desk: Desk) -> None:
    request = await written(desk)
    await desk.taking.take(ANNE, request.id)
    desk.clock.move(timedelta(hours=11))
    sent = await desk.answering.answer(ANNE, request.id, "C'est prêt.", key="1")
    assert sent.leaves_at is not None
    assert sent.leaves_at.isoformat() == "2026-03-04T07:00:00+00:00"
    kept = await desk.unit.messages.get(sent.message)
    assert kept is not None
    assert kept.state is DeliveryState.PENDING


async def test_a_text_comes_in_its_turn_to_a_free_agent_who_answers_texts() -> None:
    desk = Desk()
    request = await written(desk)
    await desk.unit.agents.add(anne("etat_civil", WRITES))
    await desk.offering.offer()
    held = await current(desk, request)
    assert (held.state, held.agent, held.kind) == (RequestState.OFFERED, ANNE, RequestKind.TEXT)
    assert (await desk.unit.agents.get(ANNE)).presence is Presence.BUSY


async def test_a_text_is_not_given_to_an_agent_who_only_telephones(desk: Desk) -> None:
    request = await written(desk)
    await desk.offering.offer()
    assert (await current(desk, request)).state is RequestState.WAITING
    assert (await desk.unit.agents.get(ANNE)).presence is Presence.AVAILABLE


def test_every_state_of_a_text_is_said_in_both_languages() -> None:
    for state in DeliveryState:
        said = delivery_in_words(state)
        assert said.fr
        assert said.en
