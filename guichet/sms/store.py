"""Where texts and consents are kept: the ports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.core.ids import CitizenId, ContactId, MessageId, RequestId
from guichet.core.phone import PhoneNumber
from guichet.sms.consent import Consent, Purpose
from guichet.sms.message import DeliveryState, Message
from guichet.sms.survey import Survey


@dataclass(frozen=True, slots=True)
class News:
    """What became of a text of ours: its new state, and where known the carrier's id and error code.

    With `asked_at` it is news of the time that the carrier was asked then, and late once it has been asked again.
    """

    state: DeliveryState
    carrier_id: str | None = None
    error: int | None = None
    asked_at: datetime | None = None


class MessageStore(Protocol):
    """The texts, both ways."""

    async def receive(self, message: Message) -> bool:
        """Keep a citizen's text; False if it (its carrier's id) is known: a repeated webhook."""
        ...

    async def put(self, message: Message) -> bool:
        """Keep a text of ours; False if its key is known: it has been composed before."""
        ...

    async def get(self, message_id: MessageId) -> Message | None:
        """Return a text."""
        ...

    async def by_key(self, key: str) -> Message | None:
        """Return the text of that key."""
        ...

    async def of_carrier(self, carrier_id: str) -> Message | None:
        """Return the text that the carrier knows by this id."""
        ...

    async def of_contact(self, contact: ContactId) -> Sequence[Message]:
        """Return the texts of a conversation, both ways, oldest first."""
        ...

    async def claim(self, message_id: MessageId, now: datetime) -> Message | None:
        """Take a pending text to be sent: pending becomes sending, once. None if it is not pending."""
        ...

    async def tell(self, message_id: MessageId, news: News) -> bool:
        """Take news in where `delivery` allows it to follow the present state, and it is not late; False otherwise."""
        ...

    async def of_request(self, request: RequestId) -> Sequence[Message]:
        """Return our texts about a request, oldest first."""
        ...

    async def answers_since(self, number: PhoneNumber, line: PhoneNumber, since: datetime) -> int:
        """Count our texts from a line to a number that were composed since a moment, but for those withdrawn."""
        ...

    async def last_leaving(self, line: PhoneNumber, before: datetime) -> datetime | None:
        """Return the latest moment before that at which a text from a line is set to leave."""
        ...

    async def last_from(self, number: PhoneNumber, line: PhoneNumber, *, but: str | None = None) -> Message | None:
        """Return the last text that a citizen wrote to a line of ours, but for the one of that carrier's id."""
        ...


class ConsentStore(Protocol):
    """What people said about being written to: only added to, never changed."""

    async def add(self, consent: Consent) -> None:
        """Keep their word."""
        ...

    async def current(self, number: PhoneNumber, purpose: Purpose) -> Consent | None:
        """Return their last word."""
        ...

    async def all_of(self, number: PhoneNumber) -> Sequence[Consent]:
        """Return all they said, first to last."""
        ...


class SurveyStore(Protocol):
    """Who was asked how they were served, and what they answered."""

    async def add(self, survey: Survey) -> None:
        """Keep a question."""
        ...

    async def asked_since(self, number: PhoneNumber, citizen: CitizenId | None, since: datetime) -> bool:
        """Whether somebody was asked since a moment: at that number, or the same citizen at another."""
        ...

    async def unanswered(self, number: PhoneNumber, line: PhoneNumber, since: datetime) -> Survey | None:
        """Return the last question to a number since a moment, if it has no answer."""
        ...

    async def answer(self, survey: Survey, score: int, at: datetime) -> bool:
        """Keep the answer; False if there is one."""
        ...
