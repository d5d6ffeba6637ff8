"""Texts and consents in memory: the twins that behave like SQL."""

from collections.abc import Sequence
from datetime import datetime

from guichet.core.ids import ContactId, MessageId, RequestId
from guichet.core.phone import PhoneNumber
from guichet.sms.consent import Consent, Purpose
from guichet.sms.delivery import before
from guichet.sms.message import DeliveryState, Direction, Message
from guichet.sms.store import News


class MemoryMessageStore:
    """The texts in a dict."""

    def __init__(self) -> None:
        self.rows: dict[MessageId, Message] = {}

    async def receive(self, message: Message) -> bool:
        """Keep unless the carrier's id is known."""
        return await self.put(message)

    async def put(self, message: Message) -> bool:
        """Keep unless the key (or the carrier's id) is known."""
        for row in self.rows.values():
            if row.key == message.key or (row.carrier_id and row.carrier_id == message.carrier_id):
                return False
        self.rows[message.id] = message
        return True

    async def get(self, message_id: MessageId) -> Message | None:
        """Return a text."""
        return self.rows.get(message_id)

    async def by_key(self, key: str) -> Message | None:
        """Return the text of that key."""
        return next((row for row in self.rows.values() if row.key == key), None)

    async def of_carrier(self, carrier_id: str) -> Message | None:
        """Return the text of the carrier's id."""
        return next((row for row in self.rows.values() if row.carrier_id == carrier_id), None)

    async def of_contact(self, contact: ContactId) -> Sequence[Message]:
        """Return the texts of a conversation, oldest first."""
        found = [row for row in self.rows.values() if row.contact == contact]
        return sorted(found, key=lambda row: (row.created_at, row.id))

    async def of_request(self, request: RequestId) -> Sequence[Message]:
        """Return our texts about a request, oldest first."""
        found = [row for row in self.rows.values() if row.request == request]
        return sorted(found, key=lambda row: (row.created_at, row.id))

    async def claim(self, message_id: MessageId, now: datetime) -> Message | None:
        """Make a pending text sending."""
        row = self.rows.get(message_id)
        if row is None or row.state is not DeliveryState.PENDING:
            return None
        self.rows[message_id] = row.evolve(state=DeliveryState.SENDING, asked_at=now)
        return self.rows[message_id]

    async def tell(self, message_id: MessageId, news: News) -> bool:
        """Take the new state in where it may follow."""
        row = self.rows.get(message_id)
        if row is None or row.state not in before(news.state) or news.asked_at not in {None, row.asked_at}:
            return False
        carrier_id = news.carrier_id or row.carrier_id
        self.rows[message_id] = row.evolve(state=news.state, carrier_id=carrier_id, error=news.error)
        return True

    async def answers_since(self, number: PhoneNumber, line: PhoneNumber, since: datetime) -> int:
        """Count our texts to a number."""
        ours = [row for row in self.rows.values() if row.direction is Direction.OUT and row.created_at >= since]
        own = [row for row in ours if (row.number, row.line) == (number, line)]
        return sum(1 for row in own if row.state is not DeliveryState.WITHDRAWN)

    async def last_leaving(self, line: PhoneNumber, before: datetime) -> datetime | None:
        """Return the latest moment before that at which a text from a line is set to leave."""
        leaving = (row.leaves_at for row in self.rows.values() if row.line == line and row.leaves_at)
        return max((at for at in leaving if at < before), default=None)

    async def last_from(self, number: PhoneNumber, line: PhoneNumber, *, but: str | None = None) -> Message | None:
        """Return the last text that a citizen wrote to a line of ours."""
        written = [row for row in self.rows.values() if row.direction is Direction.IN and row.carrier_id != but]
        own = [row for row in written if row.number == number and row.line == line]
        return max(own, key=lambda row: (row.created_at, row.id), default=None)


class MemoryConsentStore:
    """The consents in a list."""

    def __init__(self) -> None:
        self.rows: list[Consent] = []

    async def add(self, consent: Consent) -> None:
        """Append."""
        self.rows.append(consent)

    async def current(self, number: PhoneNumber, purpose: Purpose) -> Consent | None:
        """Return their last word."""
        said = [row for row in self.rows if row.number == number and row.purpose is purpose]
        return said[-1] if said else None

    async def all_of(self, number: PhoneNumber) -> Sequence[Consent]:
        """Return all they said, first to last."""
        return [row for row in self.rows if row.number == number]
