from dataclasses import replace
from itertools import pairwise

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.mischief import Cut
from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.parties import HangUp, Moment, Press, Speak, StaySilent
from guichet.carrier.simulator.simulator import Limits, Simulator, SimulatorSettings
from tests.carrier.simulator.conftest import CITIZEN, LINE, PUBLIC, TOKEN
from tests.carrier.simulator.gateway import Gateway, Stream, never_close

SPEECH = Speak(bytes([0x80, 0x00]) * 4000, "un acte de naissance")
CONNECT = (
    "<Connect><Stream url='wss://guichet.example/media/abc'><Parameter name='turn' value='1'/></Stream></Connect>"
    "<Redirect>/next</Redirect>"
)


async def test_a_person_speaks_into_the_stream_and_the_next_verb_runs_when_the_gateway_closes(
    gateway: Gateway, sim: Simulator
) -> None:
    gateway.answers |= {"/voice/incoming": CONNECT, "/next": "<Say>Merci</Say>"}
    record = await sim.call(CITIZEN, LINE, [SPEECH])
    (stream,) = gateway.streams
    assert SPEECH.mulaw in bytes(stream.audio)
    assert stream.events[:3] == ["connected", "start", "media"]
    assert record.log.said == ("Merci",)
    assert record.log.whats([Kind.SPOKE]) == ("un acte de naissance",)


async def test_the_start_carries_call_format_and_parameters(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    record = await sim.call(CITIZEN, LINE, [SPEECH])
    start = gateway.streams[0].of("start")[0]["start"]
    assert isinstance(start, dict)
    assert start["callSid"] == record.sid
    assert start["customParameters"] == {"turn": "1"}
    assert start["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


async def test_timestamps_begin_late_rise_and_are_strings(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    await sim.call(CITIZEN, LINE, [SPEECH])
    media = [message["media"] for message in gateway.streams[0].of("media")]
    stamps = [int(body["timestamp"]) for body in media if isinstance(body, dict)]
    assert 90 <= stamps[0] <= 155
    assert stamps == sorted(set(stamps))
    assert any((after - before) != 20 for before, after in pairwise(stamps))
    assert all(isinstance(body, dict) and isinstance(body["chunk"], str) for body in media)


async def test_the_handshake_is_signed_over_the_public_wss_url(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    await sim.call(CITIZEN, LINE, [SPEECH])
    signature = gateway.streams[0].headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).compute_signature("wss://guichet.example/media/abc", {}) == signature


async def test_a_silent_person_sends_mulaw_silence_until_the_gateway_closes(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    record = await sim.call(CITIZEN, LINE, [StaySilent()])
    assert set(gateway.streams[0].audio) == {0xFF}
    assert record.log.of(Kind.SILENT)


async def test_keys_in_a_stream_are_dtmf_messages(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    await sim.call(CITIZEN, LINE, [Press("4#")])
    digits = [message["dtmf"] for message in gateway.streams[0].of("dtmf")]
    assert digits == [{"track": "inbound_track", "digit": "4"}, {"track": "inbound_track", "digit": "#"}]


async def test_marks_come_back_when_played_and_at_once_when_cleared(gateway: Gateway, sim: Simulator) -> None:
    async def speak(stream: Stream, message: dict[str, object]) -> bool:
        sid = message.get("streamSid")
        if message["event"] == "start":
            await stream.socket.send_json({"event": "media", "streamSid": sid, "media": {"payload": "AAAA"}})
            await stream.socket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": "said"}})
        if message["event"] == "mark" and len(stream.of("mark")) == 1:
            long = "A" * 64000
            await stream.socket.send_json({"event": "media", "streamSid": sid, "media": {"payload": long}})
            await stream.socket.send_json({"event": "mark", "streamSid": sid, "mark": {"name": "never said"}})
            await stream.socket.send_json({"event": "clear", "streamSid": sid})
        return len(stream.of("mark")) == 2

    gateway.answers["/voice/incoming"] = CONNECT
    gateway.on_media = speak
    record = await sim.call(CITIZEN, LINE, [StaySilent()])
    assert [message["mark"] for message in gateway.streams[0].of("mark")] == [
        {"name": "said"},
        {"name": "never said"},
    ]
    assert bytes(record.heard).startswith(b"\x00\x00\x00")
    assert len(record.heard) < 48000


async def test_hanging_up_in_mid_sentence_sends_stop(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    record = await sim.call(CITIZEN, LINE, [SPEECH, HangUp(after=0.5, at=Moment.SPEAKING)])
    await sim.settled()
    (stream,) = gateway.streams
    assert stream.events[-1] == "stop"
    assert len(stream.audio) < len(SPEECH.mulaw)
    assert record.log.states[-1] == "completed"
    assert gateway.forms("/next") == []
    assert gateway.forms("/voice/status")[0]["CallStatus"] == "completed"


async def test_a_cut_socket_ends_without_stop_and_the_call_goes_on(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": CONNECT, "/next": "<Say>Encore</Say>"}
    sim.mischief.add("/media", Cut(after=0.6))
    record = await sim.call(CITIZEN, LINE, [SPEECH])
    assert "stop" not in gateway.streams[0].events
    assert record.log.said == ("Encore",)


async def test_a_refused_handshake_is_an_error_and_the_next_verb_runs(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {"/voice/incoming": CONNECT.replace("abc", "refused"), "/next": "<Say>Tapez</Say>"}
    record = await sim.call(CITIZEN, LINE, [SPEECH])
    assert record.log.complaints == ("31920: the media socket answered HTTP 403",)
    assert record.log.said == ("Tapez",)


async def test_a_stream_that_never_ends_wears_out_the_person(gateway: Gateway, settings: SimulatorSettings) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    gateway.on_media = never_close
    async with Simulator(replace(settings, limits=Limits(stream_seconds=3))) as sim:
        record = await sim.call(CITIZEN, LINE, [StaySilent()])
    assert "did not end" in record.log.complaints[0]


async def test_a_one_way_stream_hears_the_person_while_the_call_goes_on(gateway: Gateway, sim: Simulator) -> None:
    gateway.on_media = never_close
    gateway.answers["/voice/incoming"] = (
        "<Start><Stream name='ear' url='wss://guichet.example/media/ear'/></Start>"
        "<Say>Parlez</Say><Record action='/done'/><Stop><Stream name='ear'/></Stop>"
    )
    gateway.answers["/done"] = "<Stop><Stream name='ear'/></Stop>"
    await sim.call(CITIZEN, LINE, [SPEECH])
    (stream,) = gateway.streams
    assert SPEECH.mulaw in bytes(stream.audio)
    assert stream.events[-1] == "stop"


async def test_frames_keep_the_pace_of_the_clock(gateway: Gateway, settings: SimulatorSettings) -> None:
    gateway.answers["/voice/incoming"] = CONNECT
    async with Simulator(replace(settings, pace=Pace(speed=100))) as sim:
        record = await sim.call(CITIZEN, LINE, [SPEECH])
    assert record.seconds == record.log.events[-1].at


async def test_audio_that_is_not_for_this_stream_is_complained_about(gateway: Gateway, sim: Simulator) -> None:
    async def confuse(stream: Stream, message: dict[str, object]) -> bool:
        await stream.socket.send_json({"event": "media", "streamSid": "MZ-other", "media": {"payload": ""}})
        return len(stream.messages) > 20

    gateway.answers["/voice/incoming"] = CONNECT
    gateway.on_media = confuse
    record = await sim.call(CITIZEN, LINE, [StaySilent()])
    assert "31951" in record.log.complaints[0]
    assert PUBLIC not in record.log.complaints[0]
