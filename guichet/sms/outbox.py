"""Sending a text of ours, once: claimed and committed before the carrier is asked, looked up when in doubt."""

from datetime import datetime, timedelta

import structlog

from guichet.callbacks.ports import BookInForce
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, InDoubt, OptedOut, Refused, Unavailable
from guichet.core.ids import MessageId
from guichet.core.jobs import SendMessage
from guichet.sms.consent import Consent, Purpose
from guichet.sms.delivery import FINAL, at_carrier
from guichet.sms.message import DeliveryState, Message
from guichet.sms.ports import Begin, Sent, TextCarrier, Unit
from guichet.sms.store import News
from guichet.sms.undelivered import take_in

LOOK_AFTER = timedelta(seconds=90)
"""When a text that was handed to the carrier is looked up in its list, if nothing has been heard."""
AGAIN = timedelta(seconds=30)
TOO_LATE = timedelta(hours=12)
"""A text that could not leave by then would only surprise."""
LOOKED_FOR = timedelta(days=1)
"""How long a text is looked up of which the carrier says no end: not every network tells."""
CLOCKS = timedelta(hours=1)
"""Our clock may have been ahead of the carrier's by so much when the text was claimed."""
_OPT_OUT_CODE = 21610
_UNSETTLED = frozenset({DeliveryState.SENDING, DeliveryState.IN_DOUBT, DeliveryState.QUEUED, DeliveryState.SENT})

log = structlog.get_logger()


class Outbox:
    """Sends texts."""

    def __init__(self, begin: Begin, carrier: TextCarrier, clock: Clock, book: BookInForce) -> None:
        self._book = book
        self._begin = begin
        self._carrier = carrier
        self._clock = clock

    async def deliver(self, message_id: MessageId) -> None:
        """Run the job SendMessage; running it twice sends once. Raises Unavailable if a list cannot be read."""
        message = await self._claim(message_id)
        if message is None and await self._resolve(message_id):
            message = await self._claim(message_id)
        if message is not None and await self._is_still_mine(message):
            await self._send(message)

    async def _is_still_mine(self, message: Message) -> bool:
        """Whether nobody has taken the text over since it was claimed: a process that stood still must not send it.

        One that has stood still during this very look does not know: the text is looked up, and sent then.
        """
        looked_at = self._clock.now()
        async with self._begin() as unit:
            current = await unit.messages.get(message.id)
        if abs(self._clock.now() - looked_at) > AGAIN:
            return False
        return current is not None and (current.state, current.asked_at) == (message.state, message.asked_at)

    async def _claim(self, message_id: MessageId) -> Message | None:
        """Take a pending text, if it may still go; commit before anybody is asked."""
        now = self._clock.now()
        async with self._begin() as unit:
            message = await unit.messages.claim(message_id, now)
            if message is None:
                return None
            consent = await unit.consents.current(message.number, Purpose.REQUESTS)
            if consent is not None and not consent.granted and consent.at > message.created_at:
                await self._tell(unit, message, News(DeliveryState.REFUSED))
                return None
            if now - (message.leaves_at or message.created_at) > TOO_LATE:
                await self._tell(unit, message, News(DeliveryState.FAILED))
                return None
            await self._later(unit, message_id, now + LOOK_AFTER)
        return message

    async def _send(self, message: Message) -> None:
        try:
            sid = await self._carrier.send_text(
                to=message.number,
                line=message.line,
                body=message.body,
                status_path=f"/sms/status?message={message.id}",
            )
        except OptedOut:
            await self._opted_out(message)
        except Refused as refused:
            await self._note(message, News(DeliveryState.REFUSED, error=refused.code))
        except BadInput:
            await self._note(message, News(DeliveryState.REFUSED))
        except Unavailable:
            async with self._begin() as unit:
                await self._tell(unit, message, News(DeliveryState.PENDING, asked_at=message.asked_at))
                await self._later(unit, message.id, self._clock.now() + AGAIN)
        except InDoubt:
            await self._note(message, News(DeliveryState.IN_DOUBT, asked_at=message.asked_at))
        else:
            await self._note(message, News(DeliveryState.QUEUED, sid))

    async def _resolve(self, message_id: MessageId) -> bool:
        """Look a text up of which nothing final has been heard; True if it is to be sent (again).

        One that was handed over without an answer, and is not in the carrier's list after all this time, was never
        processed: it goes again, unless somebody else has it go meanwhile. One that was accepted is only looked up: its
        delivery callbacks may have been lost.
        """
        async with self._begin() as unit:
            message = await unit.messages.get(message_id)
        if message is None or message.state not in _UNSETTLED:
            return False
        asked_at, now = message.asked_at or message.created_at, self._clock.now()
        if now - asked_at < LOOK_AFTER:
            async with self._begin() as unit:
                await self._later(unit, message_id, now + AGAIN)
            return False
        for sent in await self._carrier.texts_to(message.number, asked_at - CLOCKS):
            if await self._is_it(message, sent):
                await self._found(message, News(at_carrier(sent.state), sent.message, sent.error), now - asked_at)
                return False
        if message.carrier_id is not None:
            async with self._begin() as unit:
                await self._more_rarely(unit, message_id, now - asked_at)
            return False
        return await self._note(message, News(DeliveryState.PENDING, asked_at=message.asked_at))

    async def _found(self, message: Message, news: News, age: timedelta) -> None:
        """Note what the carrier's list says; while that is no end, look again."""
        async with self._begin() as unit:
            await self._tell(unit, message, news)
            if news.state not in FINAL:
                await self._more_rarely(unit, message.id, age)

    async def _more_rarely(self, unit: Unit, message_id: MessageId, age: timedelta) -> None:
        """Look again, half as often each time, for a day."""
        if age < LOOKED_FOR:
            await self._later(unit, message_id, self._clock.now() + age)

    async def _is_it(self, message: Message, sent: Sent) -> bool:
        """Whether a listed text is this one: by its id, or else by its words, unless it is another text of ours."""
        if message.carrier_id is not None or sent.body != message.body:
            return sent.message == message.carrier_id
        async with self._begin() as unit:
            return await unit.messages.of_carrier(sent.message) is None

    async def _opted_out(self, message: Message) -> None:
        """Record the carrier's word that they want no text of ours."""
        now = self._clock.now()
        async with self._begin() as unit:
            await self._tell(unit, message, News(DeliveryState.REFUSED, error=_OPT_OUT_CODE))
            known = await unit.consents.current(message.number, Purpose.REQUESTS)
            if known is None or known.granted:
                for purpose in Purpose:
                    proof = f"carrier:{_OPT_OUT_CODE}"
                    await unit.consents.add(Consent(message.number, purpose, granted=False, at=now, proof=proof))

    async def _note(self, message: Message, news: News) -> bool:
        async with self._begin() as unit:
            return await self._tell(unit, message, news)

    async def _tell(self, unit: Unit, message: Message, news: News) -> bool:
        """Take news in; say whether they fit."""
        fits = await unit.messages.tell(message.id, news)
        if fits:
            await take_in(unit, message.id, self._book(), self._clock.now())
            log.info("text told", message=message.id, state=news.state.value, error=news.error)
        return fits

    async def _later(self, unit: Unit, message_id: MessageId, at: datetime) -> None:
        """Look again at a moment; whatever asks for it, one job a half minute."""
        moment = int(at.timestamp() // AGAIN.total_seconds())
        await unit.jobs.put(SendMessage(message_id), key=f"send:{message_id}:{moment}", not_before=at)
