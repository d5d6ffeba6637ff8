"""A text that cannot arrive shows on its request and chooses another way; a flood is slowed; a rate is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.carrier.events import MessageProgress, MessageState
from guichet.citizens.citizen import Citizen
from guichet.core.ids import CitizenId, MessageSid
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.texting import Flood, TextRules
from guichet.sms import replies
from guichet.sms.composing import Addressee, compose
from guichet.sms.message import Message
from guichet.sms.undelivered import ONCE_MORE
from tests.sms.desk import CITIZEN, LINE, Desk
from tests.sms.test_answering import ANNE, anne, current, written


async def lost(desk: Desk, message: Message, code: int) -> None:
    """Let the carrier tell that a text was not delivered."""
    progress = MessageProgress(MessageSid(message.carrier_id or ""), MessageState.UNDELIVERED, code)
    await desk.service.progress(message.id, progress)


async def answered(desk: Desk) -> tuple[Request, Message]:
    """Let an agent answer a text; return the request and the answer."""
    await desk.unit.agents.add(anne())
    request = await written(desk)
    await desk.taking.take(ANNE, request.id)
    sent = await desk.answering.answer(ANNE, request.id, "C'est prêt.", key="1")
    await desk.run_jobs()
    found = await desk.unit.messages.get(sent.message)
    assert found is not None
    return request, found


async def test_an_answer_that_never_arrives_is_asked_for_again_at_its_place_and_the_citizen_called() -> None:
    desk = Desk()
    request, message = await answered(desk)
    await lost(desk, message, 30005)
    (again,) = [row for row in desk.unit.requests.rows.values() if row.state.is_open]
    assert (again.kind, again.target_at, again.intent) == (RequestKind.CALLBACK, request.target_at, request.intent)
    reasons = [event.cause.reason for event in await desk.unit.requests.events_of(request.id)]
    assert reasons[-1].startswith("a text could not be delivered: the number is unknown")
    await lost(desk, message, 30005)
    assert len(desk.unit.requests.rows) == 2, "told twice is told once"


async def test_what_may_pass_is_sent_once_more_and_then_given_up() -> None:
    desk = Desk()
    _, message = await answered(desk)
    await lost(desk, message, 30003)
    assert all(not row.state.is_open for row in desk.unit.requests.rows.values())
    before = len(desk.carrier.sent)
    desk.clock.move(ONCE_MORE)
    await desk.run_jobs()
    assert [body for _, body, _ in desk.carrier.sent[before:]] == [message.body]
    (copy,) = [row for row in desk.ours if row.key.endswith(":again")]
    await lost(desk, copy, 30003)
    assert [row.kind for row in desk.unit.requests.rows.values() if row.state.is_open] == [RequestKind.CALLBACK]


async def test_who_waits_for_a_text_and_cannot_get_one_is_called() -> None:
    desk = Desk()
    request = await written(desk)
    (confirmation,) = desk.ours
    await lost(desk, confirmation, 30006)
    after = await current(desk, request)
    assert (after.kind, after.state, after.target_at) == (
        RequestKind.CALLBACK,
        RequestState.WAITING,
        request.target_at,
    )


async def test_who_is_never_called_is_written_to_at_another_number_of_theirs_or_left_to_a_person() -> None:
    for phones, kind, state in (
        ((CITIZEN, PhoneNumber("+33699999999")), RequestKind.TEXT, RequestState.WAITING),
        ((CITIZEN,), RequestKind.TEXT, RequestState.EXHAUSTED),
    ):
        desk = Desk()
        desk.knows("cit_deaf")
        desk.unit.citizens.known = Citizen(CitizenId("cit_deaf"), "1", "Odette", "Noir", phones=phones, never_call=True)
        request = await written(desk)
        (confirmation,) = desk.ours
        await lost(desk, confirmation, 30005)
        await desk.run_jobs()
        after = await current(desk, request)
        assert (after.kind, after.state) == (kind, state)
        texted = [number for number, _, _ in desk.carrier.sent]
        assert texted == [CITIZEN, *phones[1:]]


async def test_a_lost_text_about_a_callback_changes_nothing_but_shows() -> None:
    desk = Desk()
    request = await written(desk)
    await desk.unit.requests.change(request, request.evolve(kind=RequestKind.CALLBACK))
    (confirmation,) = desk.ours
    await lost(desk, confirmation, 30005)
    assert (await current(desk, request)).kind is RequestKind.CALLBACK
    assert len(await desk.unit.requests.events_of(request.id)) == 1


async def test_a_flood_is_slowed_told_once_and_kept_whole() -> None:
    desk = Desk()
    desk.rules = replace(desk.rules, texts=TextRules(flood=Flood(answers=3, minutes=60)))
    replies_ = [await desk.writes("naissance") for _ in range(8)]
    assert [reply is not None for reply in replies_] == [True] * 4 + [False] * 4
    assert replies_[3] == replies.SLOWED.fr
    assert len(desk.unit.messages.rows) == 8 + 4, "all are kept"
    (request,) = desk.unit.requests.rows.values()
    assert request.reminders == 7
    assert "112" in str(await desk.writes("danger")), "a danger is answered all the same"
    assert await desk.writes("STOP svp merci") == replies.OPTED_OUT.fr
    desk.clock.move(timedelta(hours=1))
    assert await desk.writes("naissance") is not None


@pytest.mark.parametrize(("rate", "seconds"), [(0, [0, 0, 0]), (2, [0, 0.5, 1.0])])
async def test_a_senders_rate_is_kept(rate: int, seconds: list[float]) -> None:
    desk = Desk()
    rules = TextRules(parts_a_second=rate)
    now = desk.clock.now()
    to = Addressee(CITIZEN, LINE, Language.FR, rules=rules)
    for place in range(3):
        assert await compose(desk.unit, to, "Bonjour", f"key:{place}", now)
    assert await compose(desk.unit, replace(to, first=True), "112", "first", now)
    sent = [at or now for at in desk.unit.jobs.not_before]
    assert [(at - now).total_seconds() for at in sent] == [*seconds, 0]


async def test_what_is_set_to_leave_tomorrow_leaves_then_and_holds_nobody_up() -> None:
    desk = Desk()
    now = desk.clock.now()
    to = Addressee(CITIZEN, LINE, Language.FR, rules=TextRules(parts_a_second=2))
    tomorrow = now + timedelta(hours=16)
    assert await compose(desk.unit, to, "Demain", "later", now, not_before=tomorrow)
    assert await compose(desk.unit, to, "Bonjour", "now", now)
    assert [at or now for at in desk.unit.jobs.not_before] == [tomorrow, now]
    (later,) = [row for row in desk.unit.messages.rows.values() if row.key == "later"]
    desk.clock.move(timedelta(hours=16))
    await desk.outbox.deliver(later.id)
    assert [body for _, body, _ in desk.carrier.sent] == ["Demain"]
