import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import WSServerHandshakeError

from guichet.carrier.signature import sign
from guichet.core.ids import CallSid
from guichet.core.language import Language
from guichet.ivr.listening import Ears, ListeningService
from guichet.ivr.record import ResultKind, StreamState, TurnRecord
from guichet.ivr.stream import Patience
from guichet.ivr.tokens import Tokens
from guichet.transcripts.heard import Heard
from tests.conftest import Engines
from tests.ivr.world import (
    ENGLISH_LINE,
    QUIET,
    TOKEN,
    VOICE,
    Caller,
    World,
    closed,
    mask,
    send_audio,
    send_key,
    understand,
    world,
)


@pytest.fixture
async def hall(engines: Engines) -> AsyncIterator[World]:
    async with world(engines) as running:
        yield running


@pytest.fixture
async def caller(hall: World) -> Caller:
    ringing = hall.caller(line=ENGLISH_LINE)
    await ringing.ring()
    return ringing


async def kept(caller: Caller, number: int = 1) -> TurnRecord:
    async with caller.world.stores.begin() as unit:
        turn = await unit.calls.turn(CallSid(caller.sid), number)
    assert isinstance(turn, TurnRecord)
    return turn


async def result_of(caller: Caller) -> ResultKind:
    turn = await kept(caller)
    assert turn.stream is StreamState.DONE
    assert turn.result is not None
    return turn.result.kind


async def refused(caller: Caller, path: str, signature: str | None) -> int:
    headers = {"X-Twilio-Signature": signature} if signature is not None else {}
    with pytest.raises(WSServerHandshakeError) as error:
        async with caller.world.client.ws_connect(path, headers=headers):
            pass
    return error.value.status


async def test_what_is_heard_is_kept_masked_before_the_socket_is_closed(caller: Caller) -> None:
    caller.world.recogniser.say("my number is 0612345678")
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await send_audio(socket, VOICE + QUIET)
        assert await closed(socket) == 1000
    turn = await kept(caller)
    assert turn.result is not None
    assert turn.result.kind is ResultKind.SPEECH
    assert turn.result.heard is not None
    assert turn.result.heard.text == "my number is [phone]"
    assert caller.world.stores.transcripts.lines[0][1:3] == (1, "caller")


@pytest.mark.parametrize("signature", [None, "", "forged"])
async def test_a_handshake_with_a_bad_signature_is_refused_and_the_token_stays_good(
    caller: Caller, signature: str | None
) -> None:
    assert await refused(caller, caller.stream, signature) == 403
    assert (await kept(caller)).stream is StreamState.NONE


async def test_an_unknown_token_is_refused(caller: Caller) -> None:
    assert await refused(caller, "/media/nonsense", sign(TOKEN, "wss://guichet.example/media/nonsense", {})) == 403


async def test_a_token_is_good_for_one_stream(caller: Caller) -> None:
    signature = sign(TOKEN, f"wss://guichet.example{caller.stream}", {})
    async with caller.listened_to():
        assert await refused(caller, caller.stream, signature) == 403


async def test_an_old_token_is_refused(caller: Caller) -> None:
    caller.world.clock.move(timedelta(minutes=6))
    assert await refused(caller, caller.stream, sign(TOKEN, f"wss://guichet.example{caller.stream}", {})) == 403


async def test_what_is_no_handshake_does_not_spend_the_token(caller: Caller) -> None:
    headers = {"X-Twilio-Signature": sign(TOKEN, f"wss://guichet.example{caller.stream}", {})}
    async with caller.world.client.get(caller.stream, headers=headers) as response:
        assert response.status == 400
    assert (await kept(caller)).stream is StreamState.NONE


async def test_a_stream_of_another_call_is_refused_and_the_call_goes_on_by_keys(caller: Caller) -> None:
    async with caller.listened_to() as socket:
        await caller.start(socket, call="CAother")
        assert await closed(socket) == 1008
    assert await result_of(caller) is ResultKind.FAILED
    await caller.go_on()
    assert "press 1" in caller.said


async def test_keys_pressed_while_listening_are_taken(caller: Caller) -> None:
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await send_audio(socket, VOICE)
        await send_key(socket, "1")
        await closed(socket)
    await caller.go_on()
    assert "birth, marriage" in caller.said


async def test_digits_typed_slowly_are_taken_together_and_the_pause_is_counted_in_audio(caller: Caller) -> None:
    await caller.press("1")
    await caller.press("1")
    async with caller.listened_to() as socket:
        await caller.start(socket)
        for digit in "0303":
            await send_key(socket, digit)
            await send_audio(socket, QUIET)
        await send_audio(socket, QUIET)
        await closed(socket)
    turn = await kept(caller, 3)
    assert turn.result is not None
    assert (turn.result.kind, turn.result.keys) == (ResultKind.KEYS, "0303")


@pytest.mark.parametrize("size", [1, 7, 160, 4000, 24000])
async def test_media_of_any_length_is_heard(caller: Caller, size: int) -> None:
    caller.world.recogniser.say("a certificate")
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await send_audio(socket, VOICE[:4000] + QUIET if size < 160 else VOICE + QUIET, size)
        await closed(socket)
    assert await result_of(caller) is ResultKind.SPEECH


async def test_what_comes_before_the_start_and_what_is_unknown_harms_nothing(caller: Caller) -> None:
    caller.world.recogniser.say("a certificate")
    async with caller.listened_to() as socket:
        await send_audio(socket, VOICE)
        await socket.send_str(json.dumps({"event": "brand-new"}))
        await socket.send_str("no JSON at all")
        await socket.send_bytes(b"\x00\x01")
        await caller.start(socket)
        await socket.send_str(json.dumps({"event": "mark", "streamSid": "MZ1", "mark": {"name": "m"}}))
        await send_audio(socket, VOICE + QUIET)
        assert await closed(socket) == 1000
    assert await result_of(caller) is ResultKind.SPEECH


async def test_a_socket_that_sends_only_garbage_is_given_up(caller: Caller) -> None:
    async with caller.listened_to() as socket:
        for _ in range(25):
            await socket.send_str("{")
        await closed(socket)
    assert await result_of(caller) is ResultKind.FAILED


async def test_a_frame_that_is_too_large_ends_the_stream(caller: Caller) -> None:
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await socket.send_str("x" * 200_000)
        assert await closed(socket) == 1009
    await settled(caller)
    assert await result_of(caller) is ResultKind.FAILED


async def settled(caller: Caller) -> None:
    """Wait until the gateway has kept the turn: after a cut nobody tells when."""
    for _ in range(500):
        if (await kept(caller)).stream is StreamState.DONE:
            return
        await asyncio.sleep(0.01)


async def test_a_socket_cut_in_mid_word_keeps_what_was_heard(caller: Caller) -> None:
    caller.world.recogniser.say("a certificate")
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await send_audio(socket, VOICE)
    await settled(caller)
    assert await result_of(caller) is ResultKind.SPEECH
    await caller.go_on()
    assert "birth, marriage" in caller.said


async def test_a_socket_cut_before_a_word_is_a_failure_of_ours_and_no_miss(caller: Caller) -> None:
    async with caller.listened_to() as socket:
        await caller.start(socket)
    await settled(caller)
    assert await result_of(caller) is ResultKind.FAILED


async def test_a_stop_ends_the_turn(caller: Caller) -> None:
    caller.world.recogniser.say("a certificate")
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await send_audio(socket, VOICE)
        await socket.send_str(json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {"callSid": caller.sid}}))
        await closed(socket)
    assert await result_of(caller) is ResultKind.SPEECH


async def test_a_stream_that_never_starts_ends_in_time_and_the_call_goes_on(engines: Engines) -> None:
    async with world(engines, patience=Patience(start=0.05, frame=0.05, stream=5.0, ending=1.0)) as hall:
        caller = hall.caller(line=ENGLISH_LINE)
        await caller.ring()
        async with caller.listened_to() as socket:
            await closed(socket)
        assert await result_of(caller) is ResultKind.FAILED


async def test_a_stream_without_any_frame_after_its_start_ends_in_time(engines: Engines) -> None:
    async with world(engines, patience=Patience(start=1.0, frame=0.05, stream=5.0, ending=1.0)) as hall:
        caller = hall.caller(line=ENGLISH_LINE)
        await caller.ring()
        async with caller.listened_to() as socket:
            await caller.start(socket)
            await closed(socket)
        assert await result_of(caller) is ResultKind.FAILED


async def test_a_stream_is_never_longer_than_its_limit(engines: Engines) -> None:
    async with world(engines, patience=Patience(start=5.0, frame=5.0, stream=0.05, ending=1.0)) as hall:
        caller = hall.caller(line=ENGLISH_LINE)
        await caller.ring()
        async with caller.listened_to() as socket:
            await caller.start(socket)
            await closed(socket)
        assert await result_of(caller) is ResultKind.SILENCE


async def test_a_recogniser_that_is_away_leads_to_keys(caller: Caller) -> None:
    caller.world.recogniser.break_down()
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await closed(socket)
    assert await result_of(caller) is ResultKind.FAILED
    await caller.go_on()
    assert "keys of your telephone" in caller.said
    await caller.press("1")
    assert "birth, marriage" in caller.said


async def test_a_recogniser_that_dies_in_mid_word_leads_to_keys(caller: Caller) -> None:
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await send_audio(socket, VOICE)
        caller.world.recogniser.break_down()
        await send_audio(socket, VOICE)
        await closed(socket)
    assert await result_of(caller) is ResultKind.FAILED


async def test_a_carrier_that_could_not_stream_goes_on_by_keys(caller: Caller) -> None:
    await caller.go_on()
    assert "keys of your telephone" in caller.said
    assert caller.verbs == ["Gather", "Connect", "Redirect"]
    await caller.go_on()
    assert caller.verbs == ["Gather", "Redirect"]


async def test_a_turn_asked_for_while_its_stream_is_at_work_is_waited_for_once(caller: Caller) -> None:
    async with caller.listened_to():
        await caller.go_on()
        assert "One moment" in caller.said
        await caller.go_on()
        assert "keys of your telephone" in caller.said


async def test_a_database_that_goes_away_while_listening_closes_the_socket_all_the_same(caller: Caller) -> None:
    caller.world.recogniser.say("a certificate")
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await send_audio(socket, VOICE)
        caller.world.stores.away = True
        await send_audio(socket, QUIET)
        await closed(socket)
    await caller.go_on()
    assert "technical problem" in caller.said


async def test_the_language_of_the_turn_is_listened_for(hall: World) -> None:
    caller = hall.caller()
    await caller.ring()
    await caller.stay_silent()
    assert hall.recogniser.opened[0][0] is Language.FR


@pytest.mark.parametrize("keys", ["", "1"])
async def test_what_hearing_has_cost_is_kept_with_the_contact_even_when_keys_win(caller: Caller, keys: str) -> None:
    stores = caller.world.stores
    ears = Ears(caller.world.recogniser, understand, mask)
    service = ListeningService(stores.begin, ears, Tokens([b"secret"]), caller.world.clock)
    turn = await service.claim(caller.stream.removeprefix("/media/"))
    assert turn is not None
    heard = Heard(Language.EN, "", seconds=6.0, cpu=0.25)
    for _ in range(2):  # the second finds the turn done, and counts nothing
        await service.keep(turn, heard, keys, was_cut=False)
    contact = await caller.world.contact(caller)
    assert (contact.listened, contact.cpu) == (6.0, 0.25)
