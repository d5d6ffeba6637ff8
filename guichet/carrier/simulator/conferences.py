"""<Dial><Conference>: rooms that begin with the second participant and end with whoever may end them."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime

from guichet.carrier.simulator.calls import new_sid
from guichet.carrier.simulator.conversation import means_to_leave
from guichet.carrier.simulator.leg import Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.outcome import Runner
from guichet.carrier.simulator.steps import DialConference, Pause, Play, Redirect, Say

WAIT_VERBS = frozenset({Play, Say, Pause, Redirect})
"""No <Gather> inside a conference."""
_ROUND_REAL_SECONDS = 0.05
_PATIENCE_REAL_SECONDS = 30.0


class Room:
    """One conference while it lasts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sid = new_sid("CF")
        self.members: list[Leg] = []
        self.may_start = False
        self.started = asyncio.Event()
        self.ended = asyncio.Event()
        self._sequence = 0

    def number(self) -> str:
        """Return the next SequenceNumber."""
        self._sequence += 1
        return str(self._sequence)


class Conferences:
    """The rooms by name; people talk `talk_seconds` unless their script says when to leave."""

    def __init__(self, runner: Runner, talk_seconds: float) -> None:
        self._runner = runner
        self._talk_seconds = talk_seconds
        self._rooms: dict[str, Room] = {}

    async def join(self, leg: Leg, noun: DialConference, url: str) -> dict[str, str]:
        """Take part until leaving or the end; returns what the Dial's action is told."""
        room = self._rooms.setdefault(noun.name, Room(noun.name))
        if len(room.members) >= noun.capacity:
            leg.note(Kind.COMPLAINT, f"the conference {noun.name!r} is full")
            return {"DialCallStatus": "failed", "DialBridged": "false"}
        room.members.append(leg)
        room.may_start = room.may_start or noun.starts
        self._report(leg, noun, url, room, "participant-join")
        began = leg.record.seconds
        try:
            if room.may_start and len(room.members) >= 2 and not room.started.is_set():
                room.started.set()
                self._report(leg, noun, url, room, "conference-start")
            await self._wait(leg, noun, url, room)
            leg.note(Kind.BRIDGED, "in conference", conference=noun.name)
            await self._talk(leg, room)
        finally:
            self._leave(leg, noun, url, room)
        seconds = str(round(leg.record.seconds - began))
        return {"DialCallStatus": "answered", "DialCallDuration": seconds, "ConferenceSid": room.sid}

    async def _wait(self, leg: Leg, noun: DialConference, url: str, room: Room) -> None:
        """Hear the music until the conference starts."""
        music = asyncio.create_task(self._music(leg, noun, url))
        started = asyncio.create_task(room.started.wait())
        try:
            async with asyncio.timeout(_PATIENCE_REAL_SECONDS):
                await asyncio.wait({music, started}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            leg.note(Kind.COMPLAINT, f"the conference {noun.name!r} never started")
            await leg.hang_up("person, out of patience")
        finally:
            for task in (music, started):
                task.cancel()
            await asyncio.gather(music, started, return_exceptions=True)

    async def _music(self, leg: Leg, noun: DialConference, url: str) -> None:
        documents = leg.documents
        while True:
            if noun.wait is not None:
                await self._runner.run(leg, self._runner.follow(noun.wait, url, {}), WAIT_VERBS)
            leg.documents = documents
            await leg.wait(_ROUND_REAL_SECONDS, 0.0)

    async def _talk(self, leg: Leg, room: Room) -> None:
        """Stay as long as the script says; people without a plan stay the usual time after the others' arrival."""
        plan = means_to_leave(leg)
        talk = asyncio.create_task(leg.last(self._talk_seconds if plan is None else plan))
        ended = asyncio.create_task(room.ended.wait())
        try:
            await asyncio.wait({talk, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (talk, ended):
                task.cancel()
            await asyncio.gather(talk, ended, return_exceptions=True)
        if not room.ended.is_set():
            await leg.hang_up("person")

    def _leave(self, leg: Leg, noun: DialConference, url: str, room: Room) -> None:
        room.members.remove(leg)
        self._report(leg, noun, url, room, "participant-leave")
        if (noun.ends or not room.members) and not room.ended.is_set():
            room.ended.set()
            self._rooms.pop(room.name, None)
            self._report(leg, noun, url, room, "conference-end")

    def _report(self, leg: Leg, noun: DialConference, url: str, room: Room, event: str) -> None:
        status = noun.status
        short = event.removeprefix("participant-").removeprefix("conference-")
        if status is None or short not in status.events:
            return
        form = {
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "StatusCallbackEvent": event,
            "SequenceNumber": room.number(),
            "Timestamp": format_datetime(datetime.now(UTC)),
        }
        self._runner.tell(leg, status.target, url, form)
