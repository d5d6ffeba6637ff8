"""Recorded messages: noted when announced, then fetched, heard and deleted by a job that may be killed at any moment.

What was heard is kept slice by slice, each with how far it goes: whoever takes the work up again goes on from there.
"""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from guichet.carrier.events import RecordingReady, RecordingSid
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, NotFound, Unavailable
from guichet.core.ids import CallSid
from guichet.core.jobs import TranscribeRecording
from guichet.ivr.ports import Begin, Unit
from guichet.ivr.recording import Recording, RecordingState
from guichet.transcripts.heard import Heard
from guichet.transcripts.recorded import OpenDecoder, Slice, slices
from guichet.transcripts.redaction.known import Known

MESSAGE = "message"
"""The source of a message's lines in the transcript."""
TURNS_APART = 100_000
"""Between the lines of two messages: a line's turn is the message's place times this, and its second."""
LARGEST = 256 << 20
"""Bytes of the largest file: four hours of a call, the longest there is, at 16 bits."""
WORK_SECONDS = 60.0
"""How long one job works on a recording; the longest that a job may take is a little less than twice that."""
_SID = re.compile(r"[A-Za-z0-9]{1,64}")

log = structlog.get_logger()


class RecordingCarrier(Protocol):
    """The carrier, as far as recordings go (`carrier.client.Carrier`)."""

    def recording(self, recording: RecordingSid) -> AsyncGenerator[bytes, None]:
        """Stream the file. NotFound: not there, or not there yet."""
        ...

    async def delete_recording(self, recording: RecordingSid) -> bool:
        """Delete it; False if there was none."""
        ...


@dataclass(frozen=True, slots=True)
class Studio:
    """What recordings are heard with: decoders, masking, the folder for their sound, and how long the rules keep it."""

    open_decoder: OpenDecoder
    mask: Callable[[Heard, Known], Heard]
    knows: Callable[[CallSid], Awaitable[Known]]
    folder: Path
    keeps: Callable[[], timedelta | None]


class RecordingService:
    """Serves the announcement of a recording and the job that hears it."""

    def __init__(
        self,
        begin: Begin,
        carrier: RecordingCarrier,
        studio: Studio,
        clock: Clock,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._begin = begin
        self._carrier = carrier
        self._studio = studio
        self._clock = clock
        self._passed = passed

    async def announced(self, ready: RecordingReady) -> None:
        """Note a recording and have it heard, once; one in which nothing was said is left alone."""
        if not _SID.fullmatch(ready.recording):
            raise BadInput("RecordingSid: not an id of a recording")
        if ready.state != "completed":
            return
        async with self._begin() as unit:
            call = await unit.calls.find(ready.call)
            if call is None:
                raise NotFound("there is no such call")
            recording = Recording(
                id=ready.recording,
                contact=call.contact,
                call=call.id,
                place=1,
                language=call.state.language,
                announced_at=self._clock.now(),
                seconds=ready.seconds,
            )
            await _placed(unit, recording)
            await unit.jobs.put(TranscribeRecording(recording.id), key=f"recording:{recording.id}")

    async def transcribe(self, recording_id: str) -> None:
        """Do the job. Raises Unavailable for what may succeed later."""
        async with self._begin() as unit:
            recording = await unit.recordings.get(RecordingSid(recording_id))
        if recording is None:
            return
        if recording.state is RecordingState.WAITING:
            recording = await self._hear(recording)
        if recording.state is RecordingState.WAITING:
            async with self._begin() as unit:
                await unit.jobs.put(TranscribeRecording(recording.id))
            return
        await self._tidy(recording)

    async def forget_expired(self) -> int:
        """Delete the sound that was kept as long as the rules said; return how many files."""
        async with self._begin() as unit:
            expired = await unit.recordings.expired(self._clock.now())
        for recording in expired:
            self._file(recording).unlink(missing_ok=True)
            async with self._begin() as unit:
                await unit.recordings.save(recording.evolve(kept_until=None))
        return len(expired)

    async def _hear(self, recording: Recording) -> Recording:
        """Hear what is left of a recording, as far as the time of one job goes."""
        file = await self._fetched(recording)
        known = await self._studio.knows(recording.call)
        until = self._passed() + WORK_SECONDS
        rest = slices(file, recording.language, self._studio.open_decoder, recording.worked)
        try:
            while (piece := await asyncio.to_thread(_next, rest)) is not None:
                recording = await self._kept(recording, piece, known)
                if self._passed() >= until:
                    return recording
        except BadInput as error:
            reason = str(error).replace(str(file), "the recording")[:200]
            return await self._ended(recording, RecordingState.UNREADABLE, reason)
        return await self._ended(recording, RecordingState.HEARD if recording.words else RecordingState.EMPTY)

    async def _fetched(self, recording: Recording) -> Path:
        """Return the file, fetched from the carrier if it is not here."""
        file = self._file(recording)
        if await asyncio.to_thread(file.exists):
            return file
        await asyncio.to_thread(file.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
        partial, size = file.with_suffix(".part"), 0
        try:
            async with aclosing(self._carrier.recording(recording.id)) as pieces:
                with partial.open("wb") as out:
                    async for piece in pieces:
                        size += len(piece)
                        if size > LARGEST:
                            break
                        out.write(piece)
        except NotFound as error:
            raise Unavailable("the recording is not there, or not yet") from error
        # One that is too large is cut, and heard as far as it goes.
        await asyncio.to_thread(partial.rename, file)
        return file

    async def _kept(self, recording: Recording, piece: Slice, known: Known) -> Recording:
        """Keep what a slice has brought, masked, together with how far it goes."""
        masked = await asyncio.to_thread(self._studio.mask, piece.heard, known)
        recording = recording.evolve(worked=piece.end, words=recording.words + len(piece.heard.words))
        async with self._begin() as unit:
            if masked.text:
                turn = recording.place * TURNS_APART + int(piece.start)
                await unit.transcripts.add(recording.contact, turn, MESSAGE, masked)
            await unit.contacts.spend(recording.contact, piece.end - piece.start, piece.heard.cpu)
            await unit.recordings.save(recording)
        log.info("recording", recording=recording.id, progress=round(recording.progress, 2))
        return recording

    async def _ended(self, recording: Recording, state: RecordingState, reason: str = "") -> Recording:
        """Note how it ended, and until when its sound is kept."""
        keeps = self._studio.keeps() if state is RecordingState.HEARD else None
        kept_until = None if keeps is None else self._clock.now() + keeps
        recording = recording.evolve(state=state, reason=reason, kept_until=kept_until)
        async with self._begin() as unit:
            await unit.recordings.save(recording)
        log.info("recording ended", recording=recording.id, state=state.value)
        return recording

    async def _tidy(self, recording: Recording) -> None:
        """Delete the sound: at the carrier unless people must listen to it, here unless the rules keep it."""
        if recording.kept_until is None:
            await asyncio.to_thread(self._file(recording).unlink, missing_ok=True)
        if recording.state is RecordingState.UNREADABLE or recording.deleted_at is not None:
            return
        await self._carrier.delete_recording(recording.id)
        async with self._begin() as unit:
            await unit.recordings.save(recording.evolve(deleted_at=self._clock.now()))

    def _file(self, recording: Recording) -> Path:
        """Return where the sound of a recording is, while it is here."""
        return self._studio.folder / f"{recording.id}.wav"


async def _placed(unit: Unit, recording: Recording) -> None:
    """Keep a recording at the first place of its contact that is free, unless it is known; two may come at once."""
    while await unit.recordings.get(recording.id) is None:
        await unit.recordings.add(recording.evolve(place=len(await unit.recordings.of(recording.contact)) + 1))


def _next(pieces: Iterator[Slice]) -> Slice | None:
    """Return the next slice, or None."""
    return next(pieces, None)
