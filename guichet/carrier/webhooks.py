"""Forms of the carrier's webhooks to our events. Pure.

Source: https://www.twilio.com/docs/voice/twiml#request-parameters and
https://www.twilio.com/docs/messaging/guides/webhook-request. Unknown parameters are ignored: new ones appear without
notice. A needed field that lacks, or says what we cannot read, is BadInput, which names the field, never its value.
"""

from functools import lru_cache

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
from guichet.carrier.form import Form
from guichet.core.errors import BadInput
from guichet.core.ids import CallSid, MessageSid
from guichet.core.phone import PhoneNumber

HIDDEN = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE spelt on a telephone's keys, sent as `From` by some networks.

Source: https://help.twilio.com/articles/223179988
"""

SIP_HEADER = "SipHeader_"
"""How the fields begin that hold the headers of a SIP call (https://www.twilio.com/docs/voice/api/receiving-sip)."""
MESSAGE_STATES = {
    "accepted": MessageState.QUEUED,
    "scheduled": MessageState.QUEUED,
    "queued": MessageState.QUEUED,
    "sending": MessageState.SENDING,
    "sent": MessageState.SENT,
    "partially_delivered": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.UNDELIVERED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}
"""Twilio's states to ours (https://www.twilio.com/docs/messaging/api/message-resource#message-status-values)."""

DIAL_RESULTS = frozenset({"completed", "answered", "busy", "no-answer", "failed", "canceled"})
CALL_STATES = {state.value: state for state in CallState}
KEYS = frozenset("0123456789*#ABCD")


def incoming_call(form: Form) -> IncomingCall:
    """Read the first webhook of a call to one of our numbers."""
    headers = (name.removeprefix(SIP_HEADER).lower() for name in form if name.startswith(SIP_HEADER))
    return IncomingCall(_call(form), _caller(form), _line(_need(form, "To")), frozenset(headers))


def call_turn(form: Form) -> CallTurn:
    """Read any webhook that asks what a call shall do next.

    A call that asks is alive: a state we do not know is taken for in progress, rather than leave the caller unserved.
    """
    keys = form.get("Digits")
    if keys is not None and not KEYS.issuperset(keys):
        raise BadInput("Digits: not keys of a telephone")
    return CallTurn(
        _call(form),
        CALL_STATES.get(form.get("CallStatus", ""), CallState.IN_PROGRESS),
        keys,
        _maybe_call(form, "ParentCallSid"),
    )


def call_progress(form: Form) -> CallProgress:
    """Read a status callback of a call."""
    state = CALL_STATES.get(_need(form, "CallStatus"))
    if state is None:
        raise BadInput("CallStatus: not a state of a call that we know")
    return CallProgress(
        call=_call(form),
        state=state,
        sequence=_number(form, "SequenceNumber"),
        seconds=_number(form, "CallDuration"),
        answered_by=form.get("AnsweredBy") or None,
    )


def queue_left(form: Form) -> QueueLeft:
    """Read the action of an Enqueue."""
    return QueueLeft(_call(form), _need(form, "QueueResult"), _number(form, "QueueTime"))


def queue_wait(form: Form) -> QueueWait:
    """Read the carrier's question what a waiting caller shall hear."""
    return QueueWait(_call(form), _number(form, "QueuePosition") or 1, _number(form, "QueueTime") or 0)


def dial_ended(form: Form) -> DialEnded:
    """Read the action of a Dial."""
    result = _need(form, "DialCallStatus")
    if result not in DIAL_RESULTS:
        raise BadInput("DialCallStatus: not a result of a Dial that we know")
    bridged = {"true": True, "false": False}.get(form.get("DialBridged", ""))
    return DialEnded(_call(form), result, _number(form, "DialCallDuration"), _maybe_call(form, "DialCallSid"), bridged)


def recording_ready(form: Form) -> RecordingReady:
    """Read a recording's status callback: `completed` (it can be fetched) or `absent` (nothing was said)."""
    return RecordingReady(
        call=_call(form),
        recording=RecordingSid(_need(form, "RecordingSid")),
        state=form.get("RecordingStatus") or "completed",
        seconds=_number(form, "RecordingDuration"),
    )


def incoming_message(form: Form) -> IncomingMessage:
    """Read a citizen's text; its body may be empty."""
    return IncomingMessage(
        message=_message(form),
        sender=_caller(form),
        line=_line(_need(form, "To")),
        body=form.get("Body", ""),
        media=_number(form, "NumMedia") or 0,
        opt_out=form.get("OptOutType") or None,
    )


def message_progress(form: Form) -> MessageProgress:
    """Read a delivery callback of a text of ours."""
    state = MESSAGE_STATES.get(form.get("MessageStatus") or _need(form, "SmsStatus"))
    if state is None:
        raise BadInput("MessageStatus: not a state of a text that we know")
    return MessageProgress(_message(form), state, _number(form, "ErrorCode"))


def _need(form: Form, name: str) -> str:
    """Return a field that must be there and not be empty."""
    value = form.get(name)
    if not value:
        raise BadInput(f"{name} is missing")
    return value


def _number(form: Form, name: str) -> int | None:
    """Return a whole number from 0, or None where it lacks or is no such thing."""
    value = form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 12 else None


def _call(form: Form) -> CallSid:
    """Return the call's id."""
    return CallSid(_need(form, "CallSid"))


def _maybe_call(form: Form, name: str) -> CallSid | None:
    """Return the id of another leg."""
    value = form.get(name)
    return CallSid(value) if value else None


def _message(form: Form) -> MessageSid:
    """Return the text's id, by its present or its older name."""
    return MessageSid(form.get("MessageSid") or _need(form, "SmsSid"))


def _caller(form: Form) -> PhoneNumber | None:
    """Return who rings or writes; None for hidden callers, clients, SIP addresses and short codes."""
    value = form.get("From", "")
    if not value or ":" in value or value in HIDDEN or not any(map(str.isdigit, value)):
        return None
    return PhoneNumber.maybe(value)


@lru_cache(maxsize=256)
def _line(value: str) -> PhoneNumber:
    """Return one of our numbers; they are few and public, so that reading them is remembered."""
    try:
        return PhoneNumber.parse(value)
    except BadInput as error:
        raise BadInput("To: not a telephone number") from error
