"""Recorded messages: announced, fetched, heard, deleted; whatever the carrier and the file do."""

import io
import wave
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from guichet.carrier.events import RecordingReady, RecordingSid
from guichet.core.errors import BadInput, NotFound, Unavailable
from guichet.core.ids import CallSid
from guichet.core.jobs import TranscribeRecording
from guichet.ivr import recordings
from guichet.ivr.recording import Recording, RecordingState
from guichet.ivr.recordings import TURNS_APART
from guichet.transcripts.mulaw import RATE, decode
from tests.conftest import BACKENDS, Engines
from tests.ivr.world import ENGLISH_LINE, Caller, World, world
from tests.transcripts.voices import hum, silence

OFFERED = "enregistrements: {proposer: oui, duree: 5 min}\n"
KEPT = "enregistrements: {proposer: oui, garder: 30}\n"
RE = RecordingSid("RE1")


def wav(mulaw: bytes, channels: int = 1, rate: int = RATE) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", "NONE"))
        file.writeframes(decode(mulaw).tobytes())
    return out.getvalue()


@pytest.fixture(params=BACKENDS)
async def town(request: pytest.FixtureRequest, engines: Engines, tmp_path: Path) -> AsyncIterator[World]:
    said = ("my number is oh six twelve thirty four fifty six seventy eight", "thank you")
    async with world(engines, request.param, book=OFFERED, said=said, folder=tmp_path / "sound") as running:
        yield running


async def announced(running: World, recording: RecordingSid = RE, seconds: int | None = 4) -> Caller:
    caller = running.caller(line=ENGLISH_LINE)
    await caller.ring()
    await running.recordings.announced(RecordingReady(CallSid(caller.sid), recording, "completed", seconds))
    return caller


async def kept(running: World, recording: RecordingSid = RE) -> Recording:
    async with running.stores.begin() as unit:
        found = await unit.recordings.get(recording)
    assert isinstance(found, Recording)
    return found


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("sound/*"))


def jobs(running: World) -> list[TranscribeRecording]:
    return [job for job in running.stores.jobs.jobs if isinstance(job, TranscribeRecording)]


async def test_a_message_is_heard_masked_attached_and_deleted_on_both_sides(town: World, tmp_path: Path) -> None:
    town.carrier.recordings[RE] = wav(silence(0.5) + hum(3) + silence(0.5))
    caller = await announced(town)
    await town.recordings.announced(RecordingReady(CallSid(caller.sid), RE, "completed", 4))
    assert jobs(town) == [TranscribeRecording(RE)]
    assert (await kept(town)).progress == 0
    await town.recordings.transcribe(RE)
    recording = await kept(town)
    assert (recording.state, recording.progress, recording.words) == (RecordingState.HEARD, 1.0, 12)
    assert recording.deleted_at == town.clock.now()
    assert town.carrier.recordings == {}
    assert files(tmp_path) == []
    contact = await town.contact(caller)
    ((owner, turn, source, heard),) = town.stores.transcripts.lines
    assert (owner, turn, source) == (contact.id, TURNS_APART, "message")
    assert heard.text == "my number is [phone]"
    assert contact.listened == pytest.approx(4.0)
    assert contact.cpu > 0
    await town.recordings.transcribe(RE)
    assert len(town.stores.transcripts.lines) == 1


async def test_a_message_that_is_not_there_yet_is_asked_for_again(town: World) -> None:
    await announced(town)
    with pytest.raises(Unavailable):
        await town.recordings.transcribe(RE)
    assert (await kept(town)).state is RecordingState.WAITING


async def test_a_carrier_that_does_not_delete_is_asked_again_and_nothing_is_heard_twice(
    town: World, tmp_path: Path
) -> None:
    await announced(town)
    (tmp_path / "sound").mkdir()
    (tmp_path / "sound" / "RE1.wav").write_bytes(wav(hum(3)))  # fetched by a job that was killed
    town.carrier.fail(Unavailable("the carrier is away"))
    with pytest.raises(Unavailable):
        await town.recordings.transcribe(RE)
    assert (await kept(town)).deleted_at is None
    await town.recordings.transcribe(RE)
    assert (await kept(town)).deleted_at is not None
    assert len(town.stores.transcripts.lines) == 1


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "the recording is no WAV file"),
        (b"RIFF????WAVEdata", "without sound"),
        (b"RIFF\xff\xff\xff\xffWAVE" + b"junk\xff\xff\xff\xff" * 4, "without sound"),
        (b"PK\x03\x04" + bytes(4000), "no WAV file"),
        (wav(hum(1), 2), "2 channels"),
        (wav(hum(1), rate=7000), "7000 samples a second"),
        (wav(b""), "holds no sound"),
    ],
    ids=["nothing", "cut", "hostile", "an archive", "stereo", "a wrong rate", "empty"],
)
async def test_what_cannot_be_read_is_said_and_left_at_the_carrier_for_people(
    town: World, tmp_path: Path, file: bytes, reason: str
) -> None:
    town.carrier.recordings[RE] = file
    await announced(town)
    await town.recordings.transcribe(RE)
    recording = await kept(town)
    assert recording.state is RecordingState.UNREADABLE
    assert reason in recording.reason
    assert str(tmp_path) not in recording.reason
    assert RE in town.carrier.recordings
    assert files(tmp_path) == []


async def test_a_header_that_lies_about_its_length_is_heard_as_far_as_there_is_sound(town: World) -> None:
    sound = bytearray(wav(hum(3) + silence(1)))
    sound[40:44] = b"\xff\xff\xff\xff"
    town.carrier.recordings[RE] = bytes(sound)
    await announced(town)
    await town.recordings.transcribe(RE)
    recording = await kept(town)
    assert (recording.state, recording.words) == (RecordingState.HEARD, 12)
    assert recording.worked == pytest.approx(4.0)


async def test_a_file_without_end_is_cut_and_heard_as_far_as_it_goes(
    town: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "LARGEST", 500_000)
    town.carrier.recordings[RE] = wav(hum(60))
    await announced(town, seconds=60)
    await town.recordings.transcribe(RE)
    recording = await kept(town)
    assert recording.state is RecordingState.HEARD
    assert 20 < recording.worked < 40
    assert files(tmp_path) == []


async def test_silence_is_empty_and_deleted(town: World) -> None:
    town.carrier.recordings[RE] = wav(silence(3))
    await announced(town)
    await town.recordings.transcribe(RE)
    assert (await kept(town)).state is RecordingState.EMPTY
    assert town.carrier.recordings == {}
    assert town.stores.transcripts.lines == []


async def test_a_long_message_is_gone_on_with_by_another_job(town: World) -> None:
    town.carrier.recordings[RE] = wav((hum(31) + silence(2)) * 2)
    await announced(town, seconds=66)
    moments = iter([0.0, 61.0, 100.0, 101.0, 102.0])
    town.recordings._passed = lambda: next(moments)
    await town.recordings.transcribe(RE)
    half = await kept(town)
    assert half.state is RecordingState.WAITING
    assert half.progress == pytest.approx(0.5, abs=0.02)
    assert jobs(town) == [TranscribeRecording(RE)] * 2
    await town.recordings.transcribe(RE)
    assert (await kept(town)).state is RecordingState.HEARD
    assert [heard.text for _, _, _, heard in town.stores.transcripts.lines] == ["my number is [phone]", "thank you"]
    assert [turn for _, turn, _, _ in town.stores.transcripts.lines] == [TURNS_APART, TURNS_APART + 32]


async def test_two_messages_of_a_call_have_places_of_their_own(town: World) -> None:
    caller = await announced(town)
    await town.recordings.announced(RecordingReady(CallSid(caller.sid), RecordingSid("RE2"), "completed", 4))
    assert [(await kept(town, RecordingSid(sid))).place for sid in ("RE1", "RE2")] == [1, 2]


async def test_what_is_no_recording_of_ours_is_refused_and_silence_is_no_recording(town: World) -> None:
    with pytest.raises(NotFound):
        await town.recordings.announced(RecordingReady(CallSid("CA9"), RE, "completed", 4))
    caller = town.caller()
    await caller.ring()
    with pytest.raises(BadInput):
        await town.recordings.announced(RecordingReady(CallSid(caller.sid), RecordingSid("../../x"), "completed", 4))
    await town.recordings.announced(RecordingReady(CallSid(caller.sid), RE, "absent", None))
    assert jobs(town) == []
    await town.recordings.transcribe("RE9")


async def test_where_the_rules_keep_the_sound_it_stays_until_its_day(engines: Engines, tmp_path: Path) -> None:
    async with world(engines, book=KEPT, said=("hello",), folder=tmp_path / "sound") as town:
        town.carrier.recordings[RE] = wav(hum(2))
        await announced(town)
        await town.recordings.transcribe(RE)
        assert town.carrier.recordings == {}
        assert files(tmp_path) == ["RE1.wav"]
        town.clock.move(timedelta(days=29))
        assert await town.recordings.forget_expired() == 0
        town.clock.move(timedelta(days=1))
        assert await town.recordings.forget_expired() == 1
        assert files(tmp_path) == []
        assert await town.recordings.forget_expired() == 0


async def test_a_caller_is_offered_to_leave_a_message_after_the_reference(town: World) -> None:
    caller = town.caller(line=ENGLISH_LINE)
    await caller.ring()
    await caller.speak("i want social housing")
    await caller.press("2")
    while "Record" not in caller.verbs:
        assert "Gather" in caller.verbs, caller.answer
        await caller.press("2")
    assert "speak after the tone" in caller.said
    assert "then it is deleted" in caller.said
    record = caller.xml.find("Record")
    assert record is not None
    assert record.attrib["maxLength"] == "300"
    assert record.attrib["recordingStatusCallback"] == "https://guichet.example/voice/recording"
    town.carrier.recordings[RE] = wav(hum(2))
    status, _ = await town.post(
        "/voice/recording",
        caller.form(RecordingSid=RE, RecordingStatus="completed", RecordingDuration="2", RecordingUrl="https://x/RE1"),
    )
    assert status == 200
    assert jobs(town) == [TranscribeRecording(RE)]
    await caller.go_on()
    assert caller.verbs[-1] == "Hangup"
    assert (await town.contact(caller)).outcome == "callback"
