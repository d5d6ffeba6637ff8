"""Twilio's REST service behind our port, by twilio-python over our own transport.

Source: https://www.twilio.com/docs/voice/api/call-resource, …/messaging/api/message-resource, …/voice/api/recording.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from twilio.rest import Client  # type: ignore[import-untyped]

from guichet.carrier.client import PlacedCall, SentText, checked_body, checked_ringing, checked_since
from guichet.carrier.codes import has_ended
from guichet.carrier.events import CallState, MessageState, RecordingSid
from guichet.carrier.transport import CarrierSettings, Transport
from guichet.carrier.twiml import Site
from guichet.carrier.webhooks import CALL_STATES, MESSAGE_STATES
from guichet.core.errors import BadInput, InDoubt, Refused, Unavailable
from guichet.core.ids import CallSid, MessageSid
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import Telephone

LISTED = 50
"""Calls or texts to one number that a list goes back; newest first, and a reconciliation looks back minutes."""

CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioCarrier:
    """The real carrier, or anything that speaks its protocol. Made anywhere, used in one event loop."""

    def __init__(self, settings: CarrierSettings) -> None:
        if not settings.account_sid or not any(settings.auth_tokens):
            raise BadInput("no carrier account; set GUICHET_TWILIO_ACCOUNT_SID and GUICHET_TWILIO_AUTH_TOKENS")
        self._settings = settings
        self._site = Site(settings.public_url)
        self._open: tuple[Transport, Client] | None = None

    async def send_text(self, *, to: PhoneNumber, line: PhoneNumber, body: str, status_path: str) -> MessageSid:
        """Send a text."""
        made = await self._client.messages.create_async(
            to=to.e164, from_=line.e164, body=checked_body(body), status_callback=self._site.url(status_path)
        )
        return MessageSid(_sid(made))

    async def place_call(
        self,
        *,
        to: Telephone,
        line: PhoneNumber,
        answer_path: str,
        status_path: str,
        timeout: int = 25,  # noqa: ASYNC109 - seconds of ringing, not of waiting
    ) -> CallSid:
        """Call somebody; every step of the call is told to `status_path`."""
        made = await self._client.calls.create_async(
            to=to.address,
            from_=line.e164,
            url=self._site.url(answer_path),
            method="POST",
            status_callback=self._site.url(status_path),
            status_callback_method="POST",
            status_callback_event=CALL_EVENTS,
            timeout=checked_ringing(timeout),
        )
        return CallSid(_sid(made))

    async def end_call(self, call: CallSid) -> bool:
        """End a call; asking twice is harmless, so that a request in doubt may simply be made again."""
        try:
            return await self._change(call, status="completed")
        except InDoubt as error:
            raise Unavailable("the carrier did not confirm that the call ended; ask again") from error

    async def redirect_call(self, call: CallSid, path: str) -> bool:
        """Make a call in progress ask `path` what to do."""
        return await self._change(call, url=self._site.url(path), method="POST")

    async def calls_to(self, number: Telephone, since: datetime) -> tuple[PlacedCall, ...]:
        """List the calls we placed to a number, newest first.

        The carrier's own filter by time is not used: it leaves out calls that have not started yet.
        """
        since = checked_since(since)
        listed = await self._client.calls.list_async(to=number.address, limit=LISTED, page_size=LISTED)
        return tuple(_placed(item, number) for item in listed if _ours(item, since))

    async def call_of(self, call: CallSid) -> PlacedCall | None:
        """Fetch one call."""
        try:
            item = await self._client.calls(call).fetch_async()
        except Refused as error:
            if has_ended(error):
                return None
            raise
        number = PhoneNumber.maybe(item.to)
        return _placed(item, number) if number is not None and isinstance(item.date_created, datetime) else None

    async def texts_to(self, number: PhoneNumber, since: datetime) -> tuple[SentText, ...]:
        """List the texts we sent to a number, newest first."""
        since = checked_since(since)
        listed = await self._client.messages.list_async(to=number.e164, limit=LISTED, page_size=LISTED)
        return tuple(
            SentText(
                message=MessageSid(_sid(item)),
                to=number,
                line=PhoneNumber.maybe(item.from_),
                body=item.body or "",
                state=MESSAGE_STATES.get(item.status, MessageState.QUEUED),
                created_at=item.date_created,
                error=item.error_code,
            )
            for item in listed
            if _ours(item, since)
        )

    def recording(self, recording: RecordingSid) -> AsyncGenerator[bytes, None]:
        """Stream the WAV file of a recording."""
        path = f"/Accounts/{self._settings.account_sid}/Recordings/{quote(recording, safe='')}.wav"
        return self._transport.stream(self._client.get_hostname(self._client.api.v2010.absolute_url(path)))

    async def delete_recording(self, recording: RecordingSid) -> bool:
        """Delete a recording at the carrier."""
        try:
            return bool(await self._client.recordings(recording).delete_async())
        except Refused as error:
            if has_ended(error):
                return False
            raise

    async def check(self) -> None:
        """Ask for our account."""
        account = await self._client.api.v2010.accounts(self._settings.account_sid).fetch_async()
        if account.status not in {None, "active"}:
            raise Unavailable("our account at the carrier is not active; see its console")

    async def close(self) -> None:
        """Close connections."""
        if self._open is not None:
            await self._transport.close()

    async def _change(self, call: CallSid, **changes: str) -> bool:
        """Change a call in progress; False if it had ended."""
        try:
            await self._client.calls(call).update_async(**changes)
        except Refused as error:
            if has_ended(error):
                return False
            raise
        return True

    @property
    def _transport(self) -> Transport:
        return self._opened()[0]

    @property
    def _client(self) -> Client:
        return self._opened()[1]

    def _opened(self) -> tuple[Transport, Client]:
        """Open on first use: aiohttp's session belongs to the loop it is made in."""
        if self._open is None:
            settings = self._settings
            transport = Transport(settings)
            client = Client(
                settings.account_sid,
                settings.auth_tokens[0],
                region=settings.region,
                edge=settings.edge,
                http_client=transport,
                environment={"unused": ""},  # else TWILIO_* in the environment would change where we ask
            )
            self._open = (transport, client)
        return self._open


def _sid(made: Any) -> str:
    """Return the id of what was made; an answer without one leaves it in doubt."""
    if not isinstance(made.sid, str) or not made.sid:
        raise InDoubt("the carrier said yes without an id")
    return made.sid


def _placed(item: Any, number: Telephone) -> PlacedCall:
    """Return a call as the carrier lists it."""
    return PlacedCall(
        call=CallSid(_sid(item)),
        to=number,
        line=PhoneNumber.maybe(item._from),  # noqa: SLF001 - its only name in twilio-python
        state=CALL_STATES.get(item.status, CallState.QUEUED),
        created_at=item.date_created,
        seconds=int(item.duration) if item.duration else None,
        ended_at=item.end_time,
    )


def _ours(item: Any, since: datetime) -> bool:
    """Whether a listed call or text was asked for by us (not by a citizen, nor by a Dial) and is not too old."""
    asked = item.direction is None or item.direction in {"outbound-api", "outbound-call", "outbound-reply"}
    return asked and isinstance(item.date_created, datetime) and item.date_created >= since
