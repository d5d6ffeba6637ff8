"""What every carrier promises: the twin in memory and the REST client, over real HTTP, pass the same tests."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from guichet.carrier.client import Carrier
from guichet.carrier.events import CallState, MessageState, RecordingSid
from guichet.carrier.memory import MemoryCarrier
from guichet.carrier.rest import TwilioCarrier
from guichet.carrier.transport import CarrierSettings
from guichet.core.clock import ManualClock
from guichet.core.errors import BadInput, InDoubt, NotFound, OptedOut, Unavailable
from guichet.core.ids import CallSid
from guichet.core.phone import PhoneNumber
from tests.carrier.twilio_double import ACCOUNT, TOKEN, TwilioDouble, problem, twilio_double

CITIZEN = PhoneNumber("+33612345678")
OTHER = PhoneNumber("+33612345679")
LINE = PhoneNumber("+33159000001")
MOMENT = datetime(2026, 3, 3, 10, tzinfo=UTC)
RECORDING = RecordingSid("RE1")


class Memory:
    """The twin, and how to make it fail."""

    def __init__(self) -> None:
        self.twin = MemoryCarrier(ManualClock(MOMENT))
        self.carrier: Carrier = self.twin

    def opted_out(self) -> None:
        """Refuse the next request for an opt-out."""
        self.twin.fail(OptedOut("no"))

    def busy(self) -> None:
        """Ask for patience at the next request."""
        self.twin.fail(Unavailable("slow down"))

    def lost(self) -> None:
        """Do the next request, and lose the answer."""
        self.twin.fail(InDoubt("no answer"), processed=True)

    def record(self, audio: bytes) -> None:
        """Keep a recording."""
        self.twin.recordings[RECORDING] = audio


class Rest:
    """The client over HTTP, and how to make the other side fail."""

    def __init__(self, double: TwilioDouble) -> None:
        self.double = double
        self.carrier: Carrier = TwilioCarrier(CarrierSettings(ACCOUNT, (TOKEN,), "https://guichet.test", double.url))

    def opted_out(self) -> None:
        """Refuse the next request for an opt-out."""
        self.double.answers.append(problem(400, 21610))

    def busy(self) -> None:
        """Ask for patience at the next request."""
        self.double.answers.append(problem(429, 20429))

    def lost(self) -> None:
        """Do the next request, and lose the answer."""
        self.double.answers.append("cut-after")

    def record(self, audio: bytes) -> None:
        """Keep a recording."""
        self.double.recordings[RECORDING] = audio


@pytest.fixture(params=["memory", "rest"])
async def peer(request: pytest.FixtureRequest) -> AsyncIterator[Memory | Rest]:
    async with AsyncExitStack() as stack:
        made = Memory() if request.param == "memory" else Rest(await stack.enter_async_context(twilio_double()))
        stack.push_async_callback(made.carrier.close)
        yield made


async def text(carrier: Carrier, to: PhoneNumber = CITIZEN, body: str = "Bonjour") -> str:
    return await carrier.send_text(to=to, line=LINE, body=body, status_path="/sms/status?m=1")


async def ring(carrier: Carrier, to: PhoneNumber = CITIZEN) -> CallSid:
    return await carrier.place_call(to=to, line=LINE, answer_path="/voice/agent?a=1", status_path="/voice/status?a=1")


async def test_a_text_that_was_sent_is_in_the_list_of_its_number(peer: Memory | Rest) -> None:
    message = await text(peer.carrier)
    await text(peer.carrier, OTHER)
    (sent,) = await peer.carrier.texts_to(CITIZEN, MOMENT)
    assert (sent.message, sent.to, sent.line) == (message, CITIZEN, LINE)
    assert (sent.body, sent.state, sent.created_at) == ("Bonjour", MessageState.QUEUED, MOMENT)


async def test_a_call_that_was_placed_is_in_the_list_of_its_number_newest_first(peer: Memory | Rest) -> None:
    first = await ring(peer.carrier)
    second = await ring(peer.carrier)
    await ring(peer.carrier, OTHER)
    assert [call.call for call in await peer.carrier.calls_to(CITIZEN, MOMENT)] == [second, first]


async def test_a_call_is_found_by_its_id(peer: Memory | Rest) -> None:
    call = await ring(peer.carrier)
    await peer.carrier.end_call(call)
    found = await peer.carrier.call_of(call)
    assert found is not None
    assert (found.call, found.to, found.line, found.state) == (call, CITIZEN, LINE, CallState.COMPLETED)
    assert await peer.carrier.call_of(CallSid("CA-nobody")) is None


async def test_lists_count_to_the_second_and_leave_out_what_is_older(peer: Memory | Rest) -> None:
    await ring(peer.carrier)
    await text(peer.carrier)
    assert await peer.carrier.calls_to(CITIZEN, MOMENT + timedelta(microseconds=999_999))
    assert await peer.carrier.texts_to(CITIZEN, MOMENT + timedelta(microseconds=999_999))
    assert not await peer.carrier.calls_to(CITIZEN, MOMENT + timedelta(seconds=1))
    assert not await peer.carrier.texts_to(CITIZEN, MOMENT + timedelta(seconds=1))


async def test_a_naive_moment_is_refused(peer: Memory | Rest) -> None:
    with pytest.raises(BadInput):
        await peer.carrier.calls_to(CITIZEN, MOMENT.replace(tzinfo=None))


async def test_a_call_is_ended_once_and_then_had_ended(peer: Memory | Rest) -> None:
    call = await ring(peer.carrier)
    assert await peer.carrier.end_call(call)
    assert not await peer.carrier.end_call(call)
    (listed,) = await peer.carrier.calls_to(CITIZEN, MOMENT)
    assert listed.state is CallState.COMPLETED


async def test_a_call_in_progress_is_redirected_and_an_ended_or_unknown_one_is_not(peer: Memory | Rest) -> None:
    call = await ring(peer.carrier)
    assert await peer.carrier.redirect_call(call, "/voice/next")
    await peer.carrier.end_call(call)
    assert not await peer.carrier.redirect_call(call, "/voice/next")
    assert not await peer.carrier.redirect_call(CallSid("CA404"), "/voice/next")


@pytest.mark.parametrize("body", ["", "  \n", "x" * 1601])
async def test_a_text_that_the_carrier_would_not_take_is_not_sent(peer: Memory | Rest, body: str) -> None:
    with pytest.raises(BadInput):
        await text(peer.carrier, body=body)
    assert not await peer.carrier.texts_to(CITIZEN, MOMENT)


async def test_a_call_rings_for_a_sensible_time(peer: Memory | Rest) -> None:
    with pytest.raises(BadInput):
        await peer.carrier.place_call(to=CITIZEN, line=LINE, answer_path="/a", status_path="/s", timeout=0)


async def test_who_has_opted_out_is_told_apart(peer: Memory | Rest) -> None:
    peer.opted_out()
    with pytest.raises(OptedOut):
        await text(peer.carrier)


async def test_what_was_never_processed_may_be_asked_again(peer: Memory | Rest) -> None:
    peer.busy()
    with pytest.raises(Unavailable):
        await text(peer.carrier)
    assert not await peer.carrier.texts_to(CITIZEN, MOMENT)
    await text(peer.carrier)
    assert len(await peer.carrier.texts_to(CITIZEN, MOMENT)) == 1


async def test_an_answer_lost_on_the_way_is_in_doubt_and_the_list_tells(peer: Memory | Rest) -> None:
    peer.lost()
    with pytest.raises(InDoubt):
        await ring(peer.carrier)
    assert len(await peer.carrier.calls_to(CITIZEN, MOMENT)) == 1


async def test_ending_a_call_is_never_in_doubt(peer: Memory | Rest) -> None:
    call = await ring(peer.carrier)
    peer.lost()
    with pytest.raises(Unavailable):
        await peer.carrier.end_call(call)
    assert not await peer.carrier.end_call(call)


async def test_a_recording_is_streamed_then_deleted(peer: Memory | Rest) -> None:
    audio = bytes(range(256)) * 1000
    peer.record(audio)
    assert b"".join([piece async for piece in peer.carrier.recording(RECORDING)]) == audio
    assert await peer.carrier.delete_recording(RECORDING)
    assert not await peer.carrier.delete_recording(RECORDING)
    with pytest.raises(NotFound):
        [piece async for piece in peer.carrier.recording(RECORDING)]


async def test_the_account_is_checked(peer: Memory | Rest) -> None:
    await peer.carrier.check()
    peer.busy()
    with pytest.raises(Unavailable):
        await peer.carrier.check()
