"""The texts of the simulated carrier: those that citizens send, those of ours, and what becomes of them."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from guichet.carrier.events import MessageState
from guichet.carrier.simulator.calls import new_sid
from guichet.core.clock import Clock, SystemClock
from guichet.core.errors import NotFound
from guichet.core.ids import MessageSid

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("^{}\\[~]|€")
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})


@dataclass(slots=True, kw_only=True)
class TextRecord:
    """One text, in either direction."""

    from_: str
    to: str
    body: str
    direction: str
    """`inbound`, `outbound-api` or `outbound-reply`."""
    state: str
    """`received`, or a delivery state of ours."""
    sid: MessageSid = field(default_factory=lambda: MessageSid(new_sid("SM")))
    error: int | None = None
    told: str = ""
    """The URL that hears what becomes of it: ours, so that it names the message."""
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def segments(self) -> int:
        """How many parts it is sent in (GSM-7 160/153, UCS-2 70/67)."""
        return segments(self.body)


def segments(body: str) -> int:
    """Return the number of parts of a text."""
    if all(letter in _GSM or letter in _GSM_EXTENDED for letter in body):
        length = sum(2 if letter in _GSM_EXTENDED else 1 for letter in body)
        single, joined = 160, 153
    else:
        length, single, joined = len(body.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else math.ceil(length / joined)


class Messages:
    """Every text in the order they were sent, and who does not want any more."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self.all: list[TextRecord] = []
        self.opted_out: set[tuple[str, str]] = set()
        """(citizen, line) pairs."""
        self._arrived = asyncio.Event()

    def add(self, text: TextRecord) -> TextRecord:
        """Keep a text, made now."""
        text.made = self._clock.now()
        self.all.append(text)
        self._arrived.set()
        self._arrived = asyncio.Event()
        return text

    def get(self, sid: str) -> TextRecord:
        """Return a text; raises NotFound."""
        for text in self.all:
            if text.sid == sid:
                return text
        raise NotFound(f"there is no message {sid}")

    def sent_to(self, number: str) -> tuple[TextRecord, ...]:
        """Return our texts to a number."""
        return tuple(text for text in self.all if text.to == number and text.direction != "inbound")

    def keyword(self, citizen: str, line: str, body: str) -> str | None:
        """Do what Twilio does with a text that is a keyword and nothing else; return its automatic answer."""
        word = body.strip().upper()
        if word in STOP_WORDS:
            self.opted_out.add((citizen, line))
            return "You have successfully been unsubscribed. You will not receive any more messages."
        if word in START_WORDS and (citizen, line) in self.opted_out:
            self.opted_out.discard((citizen, line))
            return "You have successfully been re-subscribed to messages from this number."
        if word in HELP_WORDS:
            return "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
        return None

    async def arrival(self) -> None:
        """Wait for the next text."""
        await self._arrived.wait()


def fate(text: TextRecord, errors: Mapping[str, int]) -> tuple[MessageState, ...]:
    """Return the states that a text of ours goes through."""
    last = MessageState.DELIVERED
    if text.to in errors:
        last = MessageState.UNDELIVERED
    return (MessageState.SENDING, MessageState.SENT, last)
