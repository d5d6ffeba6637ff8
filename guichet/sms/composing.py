"""Putting a text of ours into the outbox, inside the caller's transaction."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guichet.callbacks.joining import is_contact
from guichet.core.ids import ContactId, MessageId, RequestId, new_id
from guichet.core.jobs import SendMessage
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.texting import TextRules
from guichet.sms.consent import Purpose, may_write
from guichet.sms.message import DeliveryState, Direction, Message
from guichet.sms.parts import measure, plain
from guichet.sms.ports import Unit

LONGEST_LINE = timedelta(minutes=10)
"""A text stands behind those that leave sooner than that after it: not behind what is set to leave tomorrow."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a text goes, from which line, in which language, what it belongs to, and the rules of texts.

    One that is to go `first` waits for no other text of the line.
    """

    number: PhoneNumber
    line: PhoneNumber
    language: Language
    contact: ContactId | None = None
    request: RequestId | None = None
    rules: TextRules = field(default_factory=TextRules)
    first: bool = False


async def compose(
    unit: Unit,
    to: Addressee,
    body: str,
    key: str,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> bool:
    """Queue a text, its typography made plain; False if its key is known: it has been composed before."""
    text = plain(body)
    parts, price = measure(text), to.rules.price_to(to.number.e164)
    leaves_at = None if to.first else await _leaves_at(unit, to, parts.count, not_before or now)
    message = Message(
        id=MessageId(new_id("msg")),
        direction=Direction.OUT,
        number=to.number,
        line=to.line,
        body=text,
        language=to.language,
        state=DeliveryState.PENDING,
        created_at=now,
        key=key,
        contact=to.contact if to.contact is not None and is_contact(to.contact) else None,
        request=to.request,
        parts=parts.count,
        encoding=parts.encoding.value,
        cost=parts.count * price.millionths if price else None,
        currency=price.currency if price else None,
        leaves_at=leaves_at or not_before,
    )
    if not await unit.messages.put(message):
        return False
    await unit.jobs.put(SendMessage(message.id), key=f"send:{message.id}", not_before=leaves_at or not_before)
    return True


async def _leaves_at(unit: Unit, to: Addressee, parts: int, at: datetime) -> datetime | None:
    """Return when a text may leave by the sender's limit, behind those that are set to leave; None without a limit."""
    rate = to.rules.parts_a_second
    if not rate:
        return None
    last = await unit.messages.last_leaving(to.line, at + LONGEST_LINE)
    return at if last is None or last < at else last + timedelta(seconds=parts / rate)


async def is_welcome(unit: Unit, number: PhoneNumber, line: PhoneNumber) -> bool:
    """Say whether a text that answers nothing just written may go to that number."""
    consent = await unit.consents.current(number, Purpose.REQUESTS)
    written = await unit.messages.last_from(number, line)
    return may_write(consent, written.created_at if written else None)
