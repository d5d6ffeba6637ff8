"""The account of one contact, read from the database: heard, who, what, decided, created. No word of it is made up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from guichet.callbacks.request import Request
from guichet.citizens.contact import Channel, Contact
from guichet.core.ids import CallSid, MessageSid
from guichet.gateway.database import Database
from guichet.gateway.units import SqlUnit
from guichet.sms.delivery import FINAL
from guichet.sms.message import Direction, Message

NOT_YET: dict[str, Any] = {"request": None, "messages": [], "transcript": 0}


@dataclass(frozen=True, slots=True)
class Account:
    """One contact as the demonstration shows it (and as one object of `--json`)."""

    contact: str
    channel: str
    language: str
    said: tuple[str, ...]
    heard: tuple[dict[str, Any], ...]
    citizen: dict[str, Any]
    intent: dict[str, Any]
    decision: dict[str, Any]
    created: dict[str, Any]
    waits_for: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether the contact is over and all its messages have been delivered."""
        return not self.waits_for

    def as_json(self) -> dict[str, Any]:
        """Return the stable fields."""
        fields = asdict(self)
        del fields["waits_for"]
        return fields


def _pending(carrier_id: str, channel: Channel, said: tuple[str, ...]) -> Account:
    return Account(carrier_id, channel.value, "", said, (), {}, {}, {}, NOT_YET, "the contact itself")


async def of_call(database: Database, call: CallSid, said: tuple[str, ...]) -> Account:
    """Return the account of a call."""
    async with database.read() as unit:
        contact = await unit.contacts.by_carrier_id(Channel.VOICE, call)
        if contact is None:
            return _pending(call, Channel.VOICE, said)
        return await _account(unit, contact, said)


async def of_text(database: Database, sid: MessageSid, body: str) -> Account:
    """Return the account of the conversation that a text belongs to."""
    async with database.read() as unit:
        message = await unit.messages.by_key(f"in:{sid}")
        contact = await unit.contacts.get(message.contact) if message and message.contact else None
        if contact is None:
            return _pending(sid, Channel.SMS, (body,))
        return await _account(unit, contact, (body,))


async def _account(unit: SqlUnit, contact: Contact, said: tuple[str, ...]) -> Account:
    request = await unit.requests.get(contact.request) if contact.request else None
    messages = [message for message in await _messages(unit, contact, request) if message.direction is Direction.OUT]
    lines = await unit.transcripts.of(contact.id)
    file = contact.file
    return Account(
        contact=contact.id,
        channel=contact.channel.value,
        language=contact.language.value,
        said=said,
        heard=tuple({"text": line.heard.text, "confidence": round(line.heard.confidence, 2)} for line in lines),
        citizen=await _citizen(unit, file),
        intent=file.get("intent", {})
        if contact.intent is None
        else {**file.get("intent", {}), "intent": contact.intent},
        decision={**file.get("decision", {}), "outcome": contact.outcome},
        created={
            "request": _request(request),
            "messages": [
                {"body": message.body, "parts": message.parts, "state": message.state.value} for message in messages
            ],
            "transcript": len(lines),
        },
        waits_for=_waits_for(contact, messages),
    )


async def _messages(unit: SqlUnit, contact: Contact, request: Request | None) -> Sequence[Message]:
    """Return the texts of a contact, and the confirmation of its request if this contact opened it."""
    own = list(await unit.messages.of_contact(contact.id))
    if request is not None and request.contact == contact.id:
        confirmation = await unit.messages.by_key(f"confirm:{request.id}")
        if confirmation is not None and confirmation not in own:
            own.append(confirmation)
    return own


def _waits_for(contact: Contact, messages: Sequence[Message]) -> str:
    """Say what is still to come of the contact; empty when nothing is."""
    if contact.channel is Channel.VOICE and contact.ended_at is None:
        return "the end of the call"
    if not contact.outcome:
        return "a decision"
    late = [message.state.value for message in messages if message.state not in FINAL]
    return f"a text that is {late[0]}" if late else ""


async def _citizen(unit: SqlUnit, file: dict[str, Any]) -> dict[str, Any]:
    """Name the likeliest citizen, with the certainty, the score and the reasons."""
    found = file.get("citizen")
    if found is None:
        return {}
    candidates = found.get("candidates", [])
    if not candidates:
        return {"certainty": found.get("certainty", "unknown"), "candidates": 0}
    best = candidates[0]
    citizen = await unit.citizens.get(best["id"])
    return {
        "id": best["id"],
        "name": citizen.full_name if citizen else None,
        "certainty": found["certainty"],
        "score": best["score"],
        "because": [reason["en"] for reason in best["because"]],
        "candidates": len(candidates),
    }


def _request(request: Request | None) -> dict[str, Any] | None:
    if request is None:
        return None
    return {
        "id": request.id,
        "reference": request.reference,
        "kind": request.kind.value,
        "state": request.state.value,
        "queue": request.queue,
        "reminders": request.reminders,
    }
