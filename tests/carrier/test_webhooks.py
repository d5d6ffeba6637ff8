"""Forms of webhooks, as Twilio sends them, and the events they become."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier import webhooks
from guichet.carrier.events import (
    CallProgress,
    CallState,
    CallTurn,
    DialEnded,
    IncomingCall,
    IncomingMessage,
    MessageProgress,
    MessageState,
    QueueLeft,
    QueueWait,
    RecordingReady,
    RecordingSid,
)
from guichet.core.errors import BadInput
from guichet.core.ids import CallSid, MessageSid
from guichet.core.phone import PhoneNumber

CALL = CallSid("CA" + "0" * 32)
TEXT = MessageSid("SM" + "0" * 32)
CITIZEN = PhoneNumber("+33612345678")
LINE = PhoneNumber("+33159000001")
GEOGRAPHY = {f"{who}{what}": "" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip")}
VOICE = {
    **GEOGRAPHY,
    "CallSid": CALL,
    "AccountSid": "AC1",
    "From": CITIZEN.e164,
    "To": LINE.e164,
    "CallStatus": "ringing",
    "Direction": "inbound",
    "ApiVersion": "2010-04-01",
    "SomethingNew": "x",
}
SMS = {**GEOGRAPHY, "MessageSid": TEXT, "SmsSid": TEXT, "From": CITIZEN.e164, "To": LINE.e164, "Body": "bjr"}

RINGING, GOING, DONE = CallState.RINGING, CallState.IN_PROGRESS, CallState.COMPLETED
Decoder = Callable[[dict[str, str]], Any]

TABLE: list[tuple[Decoder, dict[str, str], object]] = [
    (webhooks.incoming_call, VOICE, IncomingCall(CALL, CITIZEN, LINE)),
    (
        webhooks.incoming_call,
        {**VOICE, "SipHeader_X-Relay": "yes"},
        IncomingCall(CALL, CITIZEN, LINE, frozenset({"x-relay"})),
    ),
    (webhooks.call_turn, VOICE, CallTurn(CALL, RINGING)),
    (webhooks.call_turn, {**VOICE, "CallStatus": "in-progress", "Digits": "12*#"}, CallTurn(CALL, GOING, "12*#")),
    (webhooks.call_turn, {**VOICE, "CallStatus": "in-progress", "Digits": ""}, CallTurn(CALL, GOING, "")),
    (webhooks.call_turn, {**VOICE, "CallStatus": "brand-new"}, CallTurn(CALL, GOING)),
    (webhooks.call_turn, {"CallSid": CALL}, CallTurn(CALL, GOING)),
    (webhooks.call_turn, {**VOICE, "ParentCallSid": "CA9"}, CallTurn(CALL, RINGING, None, CallSid("CA9"))),
    (
        webhooks.call_progress,
        {**VOICE, "CallStatus": "completed", "SequenceNumber": "3", "CallDuration": "62", "AnsweredBy": "human"},
        CallProgress(CALL, DONE, 3, 62, "human"),
    ),
    (webhooks.call_progress, VOICE, CallProgress(CALL, RINGING, None, None, None)),
    (
        webhooks.call_progress,
        {**VOICE, "CallStatus": "no-answer", "SequenceNumber": "-1", "CallDuration": "", "AnsweredBy": ""},
        CallProgress(CALL, CallState.NO_ANSWER, None, None, None),
    ),
    (webhooks.queue_left, {**VOICE, "QueueResult": "bridged", "QueueTime": "31"}, QueueLeft(CALL, "bridged", 31)),
    (webhooks.queue_wait, {**VOICE, "QueuePosition": "2", "QueueTime": "15"}, QueueWait(CALL, 2, 15)),
    (webhooks.queue_wait, VOICE, QueueWait(CALL, 1, 0)),
    (
        webhooks.dial_ended,
        {**VOICE, "DialCallStatus": "completed", "DialCallDuration": "9", "DialCallSid": "CA9"},
        DialEnded(CALL, "completed", 9, CallSid("CA9")),
    ),
    (webhooks.dial_ended, {**VOICE, "DialCallStatus": "busy"}, DialEnded(CALL, "busy", None)),
    (
        webhooks.recording_ready,
        {**VOICE, "RecordingSid": "RE1", "RecordingStatus": "absent", "RecordingDuration": "-1"},
        RecordingReady(CALL, RecordingSid("RE1"), "absent", None),
    ),
    (
        webhooks.recording_ready,
        {**VOICE, "RecordingSid": "RE1", "RecordingDuration": "12"},
        RecordingReady(CALL, RecordingSid("RE1"), "completed", 12),
    ),
    (webhooks.incoming_message, SMS, IncomingMessage(TEXT, CITIZEN, LINE, "bjr")),
    (
        webhooks.incoming_message,
        {**SMS, "Body": "", "NumMedia": "2", "OptOutType": "STOP"},
        IncomingMessage(TEXT, CITIZEN, LINE, "", 2, "STOP"),
    ),
    (
        webhooks.incoming_message,
        {k: v for k, v in SMS.items() if k != "MessageSid"} | {"From": "38080"},
        IncomingMessage(TEXT, None, LINE, "bjr"),
    ),
    (
        webhooks.message_progress,
        {"MessageSid": TEXT, "MessageStatus": "undelivered", "ErrorCode": "30003"},
        MessageProgress(TEXT, MessageState.UNDELIVERED, 30003),
    ),
    (webhooks.message_progress, {"SmsSid": TEXT, "SmsStatus": "sent"}, MessageProgress(TEXT, MessageState.SENT)),
    (
        webhooks.message_progress,
        {"MessageSid": TEXT, "MessageStatus": "read"},
        MessageProgress(TEXT, MessageState.DELIVERED),
    ),
]


@pytest.mark.parametrize(("decoder", "form", "event"), TABLE)
def test_each_form_gives_its_event(decoder: Decoder, form: dict[str, str], event: object) -> None:
    assert decoder(form) == event


@pytest.mark.parametrize(
    "caller",
    [
        "",
        "anonymous",
        "Anonymous",
        "client:marie",
        "client:0612345678",
        "sip:0612345678@example.test",
        "+266696687",
        "+86282452253",
        "38080",
        "+0",
    ],
)
def test_who_hides_or_has_no_number_is_nobody(caller: str) -> None:
    assert webhooks.incoming_call({**VOICE, "From": caller}).caller is None


def test_a_caller_without_the_field_is_nobody() -> None:
    form = {name: value for name, value in VOICE.items() if name != "From"}
    assert webhooks.incoming_call(form).caller is None


@pytest.mark.parametrize(
    ("decoder", "form", "field"),
    [
        (webhooks.incoming_call, {**VOICE, "CallSid": ""}, "CallSid"),
        (webhooks.incoming_call, {**VOICE, "To": ""}, "To"),
        (webhooks.incoming_call, {**VOICE, "To": "sip:guichet@example.test"}, "To"),
        (webhooks.call_turn, {}, "CallSid"),
        (webhooks.call_turn, {**VOICE, "Digits": "12x"}, "Digits"),
        (webhooks.call_progress, {**VOICE, "CallStatus": ""}, "CallStatus"),
        (webhooks.call_progress, {**VOICE, "CallStatus": "brand-new"}, "CallStatus"),
        (webhooks.queue_left, VOICE, "QueueResult"),
        (webhooks.dial_ended, VOICE, "DialCallStatus"),
        (webhooks.dial_ended, {**VOICE, "DialCallStatus": "brand-new"}, "DialCallStatus"),
        (webhooks.recording_ready, VOICE, "RecordingSid"),
        (webhooks.incoming_message, {**SMS, "MessageSid": "", "SmsSid": ""}, "SmsSid"),
        (webhooks.message_progress, {"MessageSid": TEXT}, "SmsStatus"),
        (webhooks.message_progress, {"MessageSid": TEXT, "MessageStatus": "brand-new"}, "MessageStatus"),
    ],
)
def test_what_is_needed_and_lacks_is_named_without_its_value(
    decoder: Decoder, form: dict[str, str], field: str
) -> None:
    with pytest.raises(BadInput, match=field) as caught:
        decoder(form)
    assert not form.get(field) or form[field] not in str(caught.value)


def test_keys_and_words_are_not_shown() -> None:
    assert "1234" not in repr(webhooks.call_turn({**VOICE, "Digits": "1234"}))
    assert "bjr" not in repr(webhooks.incoming_message(SMS))


FIELDS = sorted({name for _, form, _ in TABLE for name in form} - GEOGRAPHY.keys())


@given(
    st.sampled_from(sorted({decoder for decoder, _, _ in TABLE}, key=repr)),
    st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["completed", "+33612345678", "-1", "²"]) | st.text()),
)
def test_any_form_gives_an_event_or_bad_input(decoder: Decoder, form: dict[str, str]) -> None:
    with suppress(BadInput):
        decoder(form)
