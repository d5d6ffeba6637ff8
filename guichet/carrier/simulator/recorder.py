"""<Record> and the recordings that REST gives out."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from guichet.carrier.simulator.calls import new_sid
from guichet.carrier.simulator.leg import SILENCE, Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.outcome import Outcome, Runner
from guichet.carrier.simulator.parties import Moment
from guichet.carrier.simulator.steps import Record
from guichet.core.errors import NotFound
from guichet.core.ids import CallSid

_KEY_SOUND = 0.1


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded: headerless µ-law at 8 kHz."""

    call: CallSid
    mulaw: bytes = field(repr=False)
    sid: str = field(default_factory=lambda: new_sid("RE"))
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def seconds(self) -> int:
        """Whole seconds, as Twilio counts them."""
        return max(1, round(len(self.mulaw) / 8000))


class Recordings:
    """Every recording that was not deleted."""

    def __init__(self) -> None:
        self._kept: dict[str, Recording] = {}

    def add(self, recording: Recording) -> None:
        """Keep a recording."""
        self._kept[recording.sid] = recording

    def get(self, sid: str) -> Recording:
        """Return a recording; raises NotFound."""
        try:
            return self._kept[sid]
        except KeyError:
            raise NotFound(f"there is no recording {sid}") from None

    def delete(self, sid: str) -> None:
        """Forget a recording; raises NotFound."""
        self.get(sid)
        del self._kept[sid]

    def __len__(self) -> int:
        return len(self._kept)


class Recorder:
    """Runs <Record>: what the person says until a key, a silence, the limit or the end of the call."""

    def __init__(self, runner: Runner, recordings: Recordings, account_url: str) -> None:
        self._runner = runner
        self._recordings = recordings
        self._account_url = account_url

    async def record(self, leg: Leg, step: Record, url: str) -> Outcome:
        """Record; a silent person leaves no recording, and the next verb follows."""
        sound = bytearray()
        try:
            await leg.last(0.5 if step.beep else 0.0)
            await leg.reach(Moment.RECORDING)
            key = await self._listen(leg, step, sound)
        except asyncio.CancelledError:
            if sound:
                form = self._keep(leg, step, url, bytes(sound), "hangup")
                if step.action is not None:
                    self._runner.tell(leg, step.action, url, form)
            raise
        if not sound:
            return None
        return self._runner.follow(step.action, url, self._keep(leg, step, url, bytes(sound), key))

    async def _listen(self, leg: Leg, step: Record, sound: bytearray) -> str:
        """Fill `sound` in step with time; return the key that ended it, or nothing."""
        while (speak := leg.behaviour.speak(is_tone=True)) is not None:
            leg.note(Kind.SPOKE, speak.label, seconds=f"{speak.seconds:.2f}")
            await leg.reach(Moment.SPEAKING)
            speech = SILENCE * round(speak.before * 8000) + speak.mulaw
            room = round(step.longest * 8000) - len(sound)
            for start in range(0, min(len(speech), room), 4000):
                piece = speech[start : min(start + 4000, room)]
                await leg.last(len(piece) / 8000, piece)
                sound += piece
            if len(speech) >= room:
                return ""
        press = leg.behaviour.press()
        if press is None:
            await leg.last(step.timeout)
            return ""
        leg.note(Kind.PRESSED, press.keys)
        for key in press.keys:
            await leg.last(_KEY_SOUND)
            if key in step.finish_on:
                return key
        await leg.last(step.timeout)
        return ""

    def _keep(self, leg: Leg, step: Record, url: str, mulaw: bytes, key: str) -> dict[str, str]:
        """Keep the recording, announce it, and return what the action is told."""
        recording = Recording(leg.record.sid, mulaw)
        self._recordings.add(recording)
        leg.note(Kind.RECORDED, recording.sid, seconds=str(recording.seconds))
        form = {
            "RecordingSid": recording.sid,
            "RecordingUrl": f"{self._account_url}/Recordings/{recording.sid}",
            "RecordingDuration": str(recording.seconds),
        }
        if step.status is not None:
            more = {
                "RecordingStatus": "completed",
                "RecordingChannels": "1",
                "RecordingSource": "RecordVerb",
                "RecordingStartTime": format_datetime(recording.made),
                "ErrorCode": "0",
            }
            self._runner.tell(leg, step.status, url, form | more)
        return form | {"Digits": key}
