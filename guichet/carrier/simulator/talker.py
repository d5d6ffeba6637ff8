"""The person's side of a two-way media stream: frames out at their pace, keys, and what the gateway sends back."""

from collections.abc import Callable, Iterator

from guichet.carrier.simulator.frames import FRAME, Clear, Frames, Mark, Nonsense, Playback, Sound, read
from guichet.carrier.simulator.leg import SILENCE, Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.media_socket import MediaSocket
from guichet.carrier.simulator.parties import Moment, Press, Speak

Ears = Callable[[bytes], str | None]
"""What a person understands of a message of the gateway's audio; None for nothing, or the rest of a sentence."""

TICK = FRAME / 8000
"""Seconds in a frame."""
_CATCH_UP_FRAMES = 10
_REACTION = 0.4
"""Seconds between the opening of the stream and the first key."""


class Talker:
    """Sends a frame every 20 ms until the gateway closes: speech while there is some, else silence."""

    def __init__(
        self,
        leg: Leg,
        socket: MediaSocket,
        frames: Frames,
        *,
        patience: float,
        reading: float,
        ears: Ears | None = None,
    ) -> None:
        self._ears = ears
        self._leg = leg
        self._socket = socket
        self._frames = frames
        self._patience = patience
        self._reading = reading
        self._speech: Iterator[bytes] = iter(())
        self._keys: list[tuple[float, str]] = []
        self._to_send: list[str] = []
        self.playback = Playback()
        self.seconds = 0.0
        self.was_cut = False

    def take(self, text: str) -> None:
        """Take a message of the gateway's."""
        match read(text, self._frames.stream):
            case Sound() | Mark() as order:
                self.playback.add(order)
            case Clear():
                self._leg.note(Kind.STREAM, "cleared")
                self._to_send += [self._frames.mark(name) for name in self.playback.clear()]
            case Nonsense(why):
                self._leg.note(Kind.COMPLAINT, f"31951: {why}")

    async def run(self, cut_after: float | None = None) -> None:
        """Talk until the gateway closes the socket, or until it is cut."""
        await self._leg.reach(Moment.LISTENING)
        await self._act()
        beat = self._leg.pace.metronome()
        frames = 0
        while not self._socket.closed.is_set():
            payload = next(self._speech, SILENCE * FRAME)
            if not await self._socket.send(self._frames.media(payload)):
                break
            await self._leg.last(TICK, payload, beat)
            self.seconds += TICK
            frames += 1
            await self._afterwards(frames)
            if cut_after is not None and self.seconds >= cut_after:
                self.was_cut = True
                await self._socket.cut()
        if not self.was_cut:
            self._leg.note(Kind.STREAM, "closed by the gateway", seconds=f"{self.seconds:.2f}")

    async def _afterwards(self, frames: int) -> None:
        """Between two frames: keys that are due, marks that were reached, a gateway that lags behind."""
        while self._keys and self._keys[0][0] <= self.seconds:
            await self._socket.send(self._frames.key(self._keys.pop(0)[1]))
        was_playing = not self.playback.is_idle
        self._to_send += [self._frames.mark(name) for name in self.playback.play(FRAME)]
        for text in self._to_send:
            await self._socket.send(text)
        self._to_send.clear()
        await self._listen()
        if was_playing and self.playback.is_idle and not await self._act():
            await self._leg.reach(Moment.LISTENING)
        if frames % _CATCH_UP_FRAMES == 0 and not self._leg.pace.is_real:
            await self._catch_up()
        if self.seconds >= self._patience:
            self._leg.note(Kind.COMPLAINT, f"the media stream did not end in {self._patience:.0f} seconds")
            await self._leg.hang_up("person, out of patience")

    async def _listen(self) -> None:
        """Understand what begins to be heard; who does not let others finish begins to answer."""
        begun, self.playback.begun = self.playback.begun, []
        for text in filter(None, map(self._ears, begun) if self._ears else ()):
            self._leg.note(Kind.SAID, text)
            self._leg.behaviour.hear(text)
            match self._leg.behaviour.ask():
                case Speak(early=float()) | Press(early=float()):
                    await self._act()

    async def _catch_up(self) -> None:
        if not await self._socket.catch_up(self._reading) and not self._socket.closed.is_set():
            self._leg.note(Kind.COMPLAINT, "31930: the gateway does not read its media socket; audio would be lost")

    async def _act(self) -> bool:
        """Begin what the person does next, if it can be done here; tell whether it could."""
        behaviour = self._leg.behaviour
        if (speak := behaviour.speak()) is not None:
            await self._say(speak)
            return True
        if (press := behaviour.press()) is not None:
            self._type(press)
            return True
        return False

    async def _say(self, speak: Speak) -> None:
        self._leg.note(Kind.SPOKE, speak.label, seconds=f"{speak.seconds:.2f}")
        sound = SILENCE * round((speak.before if speak.early is None else speak.early) * 8000) + speak.mulaw
        sound += SILENCE * (-len(sound) % FRAME)
        self._speech = iter([sound[start : start + FRAME] for start in range(0, len(sound), FRAME)])
        await self._leg.reach(Moment.SPEAKING)

    def _type(self, press: Press) -> None:
        self._leg.note(Kind.PRESSED, press.keys)
        at = self.seconds + (_REACTION if press.early is None else press.early)
        for key in press.keys:
            if key == "w":
                at += 0.5
                continue
            self._keys.append((at, key))
            at += press.gap
