"""A leg under way: its record, the person on it, its time, and whatever may interrupt it at any instant."""

import asyncio
from dataclasses import dataclass
from typing import NoReturn, Protocol

from guichet.carrier.simulator.behaviour import Behaviour
from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.pace import Metronome, NoTime, Pace
from guichet.carrier.simulator.parties import HangUp, Moment
from guichet.carrier.simulator.webhooks import Ask

SILENCE = b"\xff"
"""µ-law for nothing."""
_TAPPED = 0.5
"""Longest stretch, in seconds, fed to a one-way stream at once."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The leg is hung up, by whom."""

    by: str


@dataclass(frozen=True, slots=True)
class Diverted:
    """The leg is sent elsewhere by REST: to a URL, or to TwiML given at once."""

    to: Ask | str


Interruption = Ended | Diverted


class Tap(Protocol):
    """Listens to what the person says (a one-way stream)."""

    async def hear(self, audio: bytes) -> None:
        """Take µ-law at 8 kHz."""
        ...

    async def close(self) -> None:
        """Stop listening."""
        ...


class Leg:
    """One telephone on one call."""

    def __init__(self, record: CallRecord, behaviour: Behaviour, pace: Pace) -> None:
        self.record = record
        self.behaviour = behaviour
        self.pace = pace
        self.taps: dict[str, Tap] = {}
        self.over = asyncio.Event()
        self.away = asyncio.Event()
        """Set when the leg is sent elsewhere: whoever talks with it is alone. A new one for each place it goes to."""
        self.documents = 0
        self.on_hold = False
        """Whether hold music is asked for again and again."""
        self.interruption: asyncio.Future[Interruption] = asyncio.get_running_loop().create_future()
        self._hangs_up_at: float | None = None

    def interrupt(self, interruption: Interruption) -> None:
        """Stop whatever the leg does; a hang-up beats a diversion."""
        if self.interruption.done():
            if isinstance(self.interruption.result(), Ended) or isinstance(interruption, Diverted):
                return
            self.interruption = asyncio.get_running_loop().create_future()
        self.interruption.set_result(interruption)
        if isinstance(interruption, Diverted):
            self.away.set()

    def taken(self) -> Interruption | None:
        """Return what interrupted the leg, and be ready for the next."""
        if not self.interruption.done():
            return None
        interruption = self.interruption.result()
        self.away = asyncio.Event()
        self.interruption = asyncio.get_running_loop().create_future()
        return interruption

    async def hang_up(self, by: str) -> NoReturn:
        """Hang up from inside the leg's own flow: never returns, the flow is cancelled."""
        self.interrupt(Ended(by))
        await asyncio.Event().wait()
        raise AssertionError

    async def reach(self, moment: Moment) -> None:
        """Come to a moment; a person whose next action is to hang up there does it, or will after a while."""
        if (action := self.behaviour.hang_up(moment)) is not None:
            await self._arm(action)

    async def _arm(self, action: HangUp) -> None:
        self._hangs_up_at = self.record.seconds + action.after
        if action.after == 0:
            await self.hang_up("person")

    @property
    def patience(self) -> float | None:
        """Seconds until the person hangs up, if they have made up their mind."""
        return None if self._hangs_up_at is None else max(0.0, self._hangs_up_at - self.record.seconds)

    async def last(self, seconds: float, audio: bytes = b"", beat: Metronome | NoTime | None = None) -> None:
        """Let time pass while the person says `audio` (then nothing); ends early if they hang up meanwhile."""
        patience = self.patience
        given_up = patience is not None and patience <= seconds
        length = patience if given_up and patience is not None else seconds
        await (beat or self.pace).last(length)
        await self._tell_taps(length, audio)
        self.record.seconds += length
        if given_up:
            await self.hang_up("person")

    async def wait(self, real: float, seconds: float) -> None:
        """Let time pass for want of somebody else: at least `real` real seconds."""
        await self.pace.breathe(0, real=real)
        await self.last(seconds)

    def note(self, kind: Kind, what: str, **details: str) -> None:
        """Add to the log of the call."""
        self.record.note(kind, what, **details)

    async def _tell_taps(self, seconds: float, audio: bytes) -> None:
        if not self.taps:
            return
        wanted = round(seconds * 8000)
        sound = audio[:wanted] + SILENCE * (wanted - len(audio))
        step = round(_TAPPED * 8000)
        for start in range(0, len(sound), step):
            for tap in list(self.taps.values()):
                await tap.hear(sound[start : start + step])
