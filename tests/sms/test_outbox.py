from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.events import MessageProgress, MessageState
from guichet.core.errors import BadInput, InDoubt, OptedOut, Refused, Unavailable
from guichet.core.ids import ContactId, MessageId, MessageSid
from guichet.core.jobs import SendMessage
from guichet.core.phone import PhoneNumber
from guichet.sms.consent import Consent, Purpose, may_write
from guichet.sms.delivery import FINAL, RANK, at_carrier, before
from guichet.sms.message import DeliveryState, Message
from guichet.sms.outbox import AGAIN, LOOK_AFTER
from tests.sms.desk import CITIZEN, TUESDAY_NOON, Desk, Listed


async def asked(desk: Desk, failure: Exception | None = None) -> Message:
    """Let a text of ours be asked for, the carrier failing so."""
    desk.carrier.failure = failure
    await desk.writes("acte de naissance")
    return desk.ours[0]


async def test_a_text_is_sent_once_however_often_the_job_runs() -> None:
    desk = Desk()
    message = await asked(desk)
    await desk.outbox.deliver(message.id)
    desk.clock.move(timedelta(minutes=5))
    await desk.outbox.deliver(message.id)
    assert len(desk.carrier.sent) == 1
    assert desk.carrier.sent[0][2] == f"/sms/status?message={message.id}"
    assert (desk.ours[0].state, desk.ours[0].carrier_id) == (DeliveryState.QUEUED, "SM-out-1")


async def test_what_is_in_doubt_is_looked_up_and_never_sent_blindly() -> None:
    desk = Desk()
    message = await asked(desk, InDoubt("no answer"))
    assert message.state is DeliveryState.IN_DOUBT
    desk.carrier.failure = None
    await desk.outbox.deliver(message.id)
    assert len(desk.carrier.sent) == 1
    assert desk.unit.jobs.jobs[-1] == SendMessage(message.id)
    assert desk.unit.jobs.not_before[-1] == desk.clock.now() + AGAIN
    desk.carrier.listed = [Listed(MessageSid("SM-x"), "another"), Listed(MessageSid("SM-y"), message.body)]
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    assert len(desk.carrier.sent) == 1
    assert (desk.ours[0].state, desk.ours[0].carrier_id) == (DeliveryState.SENT, "SM-y")


async def test_a_text_whose_delivery_callbacks_are_lost_is_looked_up_and_never_sent_again() -> None:
    desk = Desk()
    message = await asked(desk)
    assert desk.unit.jobs.jobs[-1] == SendMessage(message.id)
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    assert desk.ours[0].state is DeliveryState.QUEUED
    desk.carrier.listed = [
        Listed(MessageSid("SM-x"), message.body),
        Listed(MessageSid("SM-out-1"), message.body, MessageState.UNDELIVERED, 30005),
    ]
    await desk.outbox.deliver(message.id)
    assert (desk.ours[0].state, desk.ours[0].error) == (DeliveryState.UNDELIVERED, 30005)
    assert len(desk.carrier.sent) == 1


async def test_what_the_carrier_has_never_seen_is_sent_again() -> None:
    desk = Desk()
    message = await asked(desk, InDoubt("no answer"))
    desk.carrier.failure = None
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    assert len(desk.carrier.sent) == 2
    assert desk.ours[0].state is DeliveryState.QUEUED


async def test_a_process_killed_while_asking_leaves_a_text_that_is_looked_up() -> None:
    desk = Desk()
    with pytest.raises(KeyboardInterrupt):
        await asked(desk, KeyboardInterrupt())  # type: ignore[arg-type]  # a kill is no Exception
    (message,) = desk.ours
    assert message.state is DeliveryState.SENDING
    assert desk.unit.jobs.not_before[-1] == desk.clock.now() + LOOK_AFTER
    desk.carrier.failure = None
    desk.carrier.listed = [Listed(MessageSid("SM-y"), message.body, MessageState.DELIVERED)]
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    assert len(desk.carrier.sent) == 1
    assert desk.ours[0].state is DeliveryState.DELIVERED


async def test_a_carrier_that_is_away_is_asked_again_later() -> None:
    desk = Desk()
    message = await asked(desk, Unavailable("away"))
    assert message.state is DeliveryState.PENDING
    assert message.asked_at is not None
    assert (desk.unit.jobs.jobs[-1], desk.unit.jobs.not_before[-1]) == (
        SendMessage(message.id),
        message.asked_at + AGAIN,
    )
    desk.carrier.failure = None
    await desk.outbox.deliver(message.id)
    assert desk.ours[0].state is DeliveryState.QUEUED


@pytest.mark.parametrize(("failure", "code"), [(Refused("no such number", 21211), 21211), (BadInput("too long"), None)])
async def test_what_is_refused_is_final(failure: Exception, code: int | None) -> None:
    desk = Desk()
    message = await asked(desk, failure)
    assert (message.state, message.error) == (DeliveryState.REFUSED, code)
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    assert len(desk.carrier.sent) == 1


async def test_an_opt_out_at_the_carrier_is_recorded_as_an_opt_out() -> None:
    desk = Desk()
    message = await asked(desk, OptedOut("opted out", 21610))
    assert (message.state, message.error) == (DeliveryState.REFUSED, 21610)
    consents = await desk.unit.consents.all_of(CITIZEN)
    assert [consent.proof for consent in consents] == ["carrier:21610"] * len(Purpose)
    desk.carrier.failure = None
    await desk.letters.text_contact((await desk.contact("SM1")).id, "emergency")
    await desk.run_jobs()
    assert len(desk.carrier.sent) == 1


async def test_a_text_composed_before_stop_does_not_leave_after_it() -> None:
    desk = Desk()
    message = await asked(desk, Unavailable("away"))
    desk.carrier.failure = None
    await desk.writes("STOP")
    await desk.outbox.deliver(message.id)
    assert desk.ours[0].state is DeliveryState.REFUSED
    assert len(desk.carrier.sent) == 1


async def test_a_text_that_could_not_leave_for_half_a_day_is_given_up() -> None:
    desk = Desk()
    message = await asked(desk, Unavailable("away"))
    desk.carrier.failure = None
    desk.clock.move(timedelta(hours=13))
    await desk.outbox.deliver(message.id)
    assert desk.ours[0].state is DeliveryState.FAILED


async def test_delivery_callbacks_are_ranked() -> None:
    desk = Desk()
    message = await asked(desk)
    sid = MessageSid("SM-out-1")
    for state in (MessageState.SENT, MessageState.SENDING, MessageState.DELIVERED, MessageState.FAILED):
        await desk.service.progress(message.id, MessageProgress(sid, state, 30003))
    assert desk.ours[0].state is DeliveryState.DELIVERED


async def test_a_callback_that_overtakes_the_carriers_own_answer_is_kept() -> None:
    desk = Desk()
    message = await asked(desk, InDoubt("no answer"))
    await desk.service.progress(message.id, MessageProgress(MessageSid("SM-z"), MessageState.UNDELIVERED, 30005))
    now = desk.ours[0]
    assert (now.state, now.carrier_id, now.error) == (DeliveryState.UNDELIVERED, "SM-z", 30005)


@given(st.lists(st.sampled_from(DeliveryState), max_size=20))
def test_a_text_never_leaves_its_end_and_never_goes_back_but_to_be_asked_again(news: list[DeliveryState]) -> None:
    state = DeliveryState.PENDING
    for after in news:
        if state not in before(after):
            continue
        assert state not in FINAL
        assert RANK[after] > RANK[state] or after is DeliveryState.PENDING
        if after is DeliveryState.PENDING:
            assert state in (DeliveryState.SENDING, DeliveryState.IN_DOUBT)
        state = after


def test_every_state_of_the_carrier_keeps_its_order_here() -> None:
    for one in MessageState:
        for other in MessageState:
            if one.rank < other.rank:
                assert RANK[at_carrier(one)] <= RANK[at_carrier(other)]
            assert one.is_final == (at_carrier(one) in FINAL)


def test_stop_holds_until_they_write_again_and_the_carriers_until_start() -> None:
    stop = Consent(CITIZEN, Purpose.REQUESTS, granted=False, at=TUESDAY_NOON, proof="message:msg_1")
    carrier = Consent(CITIZEN, Purpose.REQUESTS, granted=False, at=TUESDAY_NOON, proof="carrier:21610")
    later = TUESDAY_NOON + timedelta(minutes=1)
    assert may_write(None, None)
    assert not may_write(stop, None)
    assert not may_write(stop, TUESDAY_NOON)
    assert may_write(stop, later)
    assert not may_write(carrier, later)


async def test_a_confirmation_is_composed_once_and_only_for_what_is_open() -> None:
    desk = Desk()
    await desk.writes("acte de naissance")
    (request,) = desk.unit.requests.rows.values()
    await desk.letters.confirm_request(request.id)
    await desk.letters.confirm_request(request.id)
    assert len(desk.ours) == 1
    await desk.writes("annuler")
    await desk.letters.confirm_request(request.id)
    assert len(desk.ours) == 2


async def test_texts_to_a_contact_go_once_by_template() -> None:
    desk = Desk()
    await desk.writes("vos horaires svp")
    contact = await desk.contact("SM1")
    for template in ("emergency", "answer", "emergency", "answer"):
        await desk.letters.text_contact(contact.id, template)
    assert [message.key for message in desk.ours[1:]] == [f"text:emergency:{contact.id}", f"text:answer:{contact.id}"]
    assert desk.ours[2].body == desk.ours[0].body
    with pytest.raises(BadInput):
        await desk.letters.text_contact(contact.id, "nonsense")
    await desk.letters.text_contact(ContactId("con_none"), "answer")


async def test_a_process_that_stood_still_does_not_send_what_another_has_sent_meanwhile() -> None:
    desk = Desk()
    message = await asked(desk, Unavailable("away"))
    desk.carrier.failure = None
    stalled = await desk.outbox._claim(message.id)
    assert stalled is not None
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    assert len(desk.carrier.sent) == 2
    assert not await desk.outbox._is_still_mine(stalled)


async def test_a_list_that_was_read_before_another_asked_again_sends_nothing() -> None:
    desk = Desk()
    message = await asked(desk, InDoubt("no answer"))
    desk.clock.move(LOOK_AFTER)
    read = desk.carrier.texts_to

    async def stand_still(number: PhoneNumber, since: datetime) -> Sequence[Listed]:
        listed = await read(number, since)
        desk.carrier.texts_to = read  # type: ignore[method-assign]
        await desk.outbox.deliver(message.id)
        return listed

    desk.carrier.texts_to = stand_still  # type: ignore[method-assign]
    await desk.outbox.deliver(message.id)
    assert (len(desk.carrier.sent), desk.ours[0].state) == (2, DeliveryState.IN_DOUBT)


async def test_a_text_claimed_by_a_clock_that_was_ahead_is_found_by_its_words_unless_it_is_another() -> None:
    desk = Desk()
    first = await asked(desk)
    await desk.writes("acte de naissance")
    desk.carrier.listed = [Listed(MessageSid("SM-out-1"), first.body)]
    other = replace(first, id=MessageId("msg_other"), key="other", state=DeliveryState.IN_DOUBT, carrier_id=None)
    await desk.unit.messages.put(other)
    assert not await desk.outbox._is_it(other, Listed(MessageSid("SM-out-1"), first.body))
    assert await desk.outbox._is_it(other, Listed(MessageSid("SM-lost"), first.body))


async def test_a_text_that_was_accepted_and_is_not_listed_yet_is_looked_up_again() -> None:
    desk = Desk()
    message = await asked(desk)
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    again = desk.unit.jobs.not_before[-1]
    assert again is not None
    assert again >= desk.clock.now() + LOOK_AFTER
    assert len(desk.carrier.sent) == 1


async def test_a_text_that_is_under_way_is_looked_up_until_its_end_is_known() -> None:
    desk = Desk()
    message = await asked(desk)
    desk.carrier.listed = [Listed(MessageSid("SM-out-1"), message.body, MessageState.SENT)]
    desk.clock.move(LOOK_AFTER)
    await desk.outbox.deliver(message.id)
    assert desk.unit.jobs.jobs[-1] == SendMessage(message.id)
    again = desk.unit.jobs.not_before[-1]
    assert again is not None
    assert again >= desk.clock.now() + LOOK_AFTER
