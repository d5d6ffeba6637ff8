"""A town where everything goes wrong that may: a carrier that runs our verbs, loses and repeats webhooks, and crashes.

The carrier is honest in one thing: it runs each answer that it receives once. Everything else is drawn: whether it was
reached, whether we died after it was asked or before we answered, which webhook comes when, twice or never.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guichet.carrier.events import CallProgress, CallState, CallTurn, DialEnded
from guichet.carrier.verbs import DialNumber, DialQueue, Gather, Verb
from guichet.core.errors import InDoubt, Unavailable
from guichet.core.ids import AttemptId, CallSid
from guichet.core.telephone import Telephone
from tests.callbacks.desk import CallDesk
from tests.callbacks.world import HandCarrier, Listed


class Killed(Exception):
    """Our process has died here."""


class TownCarrier(HandCarrier):
    """The carrier's REST service."""

    def __init__(self, town: "Town") -> None:
        super().__init__()
        self.town = town

    async def place_call(self, *, to: Telephone, answer_path: str, **_: Any) -> CallSid:
        """Ring an agent, unless it is drawn otherwise."""
        return await self.town.place(to, answer_path)

    async def end_call(self, call: CallSid) -> bool:
        """End a leg."""
        for leg in self.town.legs:
            if leg.call == call and not leg.is_over:
                self.town.end(leg)
                return True
        return False

    async def calls_to(self, number: Telephone, since: datetime) -> Sequence[Listed]:
        """Return our calls to an agent."""
        return self.town.listed(number)


@dataclass
class Line:
    """A leg as the carrier has it."""

    call: CallSid
    attempt: AttemptId
    number: Telephone
    state: CallState = CallState.RINGING
    child: "Line | None" = None
    bridged: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state.is_final


@dataclass
class Town:
    """The gateway, the carrier's legs, and the webhooks that have not been delivered yet."""

    desk: CallDesk
    draw: Callable[[Sequence[Any]], Any]
    legs: list[Line] = field(default_factory=list)
    letters: list[Callable[[], Awaitable[Any]]] = field(default_factory=list)
    dialled: Counter[AttemptId] = field(default_factory=Counter)
    fault: str = ""

    def __post_init__(self) -> None:
        self.desk.carrier = TownCarrier(self)

    @property
    def open_legs(self) -> list[Line]:
        """The agents' legs that go on."""
        return [leg for leg in self.legs if not leg.is_over]

    @property
    def ringing_citizens(self) -> list[Line]:
        """The citizens' legs that go on."""
        return [leg.child for leg in self.legs if leg.child is not None and not leg.child.is_over]

    async def place(self, number: Telephone, answer_path: str) -> CallSid:
        """Be asked for a call."""
        if self.fault == "away":
            raise Unavailable("away")
        if self.fault == "killed before":
            raise Killed
        if self.fault == "in doubt, nothing done":
            raise InDoubt("no answer")
        leg = Line(CallSid(f"CA-agent-{len(self.legs) + 1}"), AttemptId(answer_path.partition("=")[2]), number)
        self.legs.append(leg)
        if self.fault == "killed after":
            raise Killed
        if self.fault == "in doubt, but done":
            raise InDoubt("no answer")
        return leg.call

    def tell(self, leg: Line) -> None:
        """Put a status callback of an agent's leg into the bag."""
        progress = CallProgress(leg.call, leg.state, None, None, None)
        self.letters.append(lambda: self.desk.ringing.progress(leg.attempt, progress))

    def tell_of_citizen(self, leg: Line, child: Line) -> None:
        """Put a status callback of a citizen's leg into the bag."""
        progress = CallProgress(child.call, child.state, None, None, None)
        self.letters.append(lambda: self.desk.calling.progress(leg.attempt, progress))

    def end(self, leg: Line, state: CallState = CallState.COMPLETED) -> None:
        """End an agent's leg, and the citizen's with it."""
        if leg.is_over:
            return
        if leg.child is not None and not leg.child.is_over:
            answered = leg.child.state is CallState.IN_PROGRESS
            leg.child.state = CallState.COMPLETED if answered else CallState.CANCELED
            self.tell_of_citizen(leg, leg.child)
        leg.state = state
        self.tell(leg)

    async def ask(self, leg: Line, webhook: Callable[[], Awaitable[tuple[Verb, ...]]]) -> tuple[Verb, ...] | None:
        """Ask the gateway, perhaps twice; None if its answer was lost: the leg that asked is cut off then."""
        self.letters.append(webhook)
        try:
            verbs = await webhook()
            if self.draw((False, False, True)):
                verbs = await webhook()
        except Killed:
            return None
        return None if self.draw((False,) * 9 + (True,)) else verbs

    async def agent_acts(self, leg: Line, keys: str | None) -> None:
        """Let an agent pick up and press a key, or none."""
        turn = CallTurn(leg.call, CallState.IN_PROGRESS)
        leg.state = CallState.IN_PROGRESS
        verbs = await self.ask(leg, lambda: self.desk.ringing.answered(leg.attempt, turn))
        if verbs is None or not isinstance(verbs[0], Gather):
            self.end(leg)
            return
        keyed = CallTurn(leg.call, CallState.IN_PROGRESS, keys)
        self.run(leg, await self.ask(leg, lambda: self.desk.ringing.keyed(leg.attempt, keyed)))

    def run(self, leg: Line, verbs: tuple[Verb, ...] | None) -> None:
        """Run an answer on an agent's leg: dial the citizen, or end."""
        dials = [verb for verb in verbs or () if isinstance(verb, (DialNumber, DialQueue))]
        if leg.is_over:
            return
        if not dials:
            self.end(leg)
            return
        assert isinstance(dials[0], DialNumber)
        self.dialled[leg.attempt] += 1
        leg.child = Line(CallSid(f"{leg.call}-citizen-{self.dialled[leg.attempt]}"), leg.attempt, dials[0].number)
        self.tell_of_citizen(leg, leg.child)

    async def citizen_acts(self, leg: Line, how: str) -> None:
        """Let the citizen's phone be answered with a key, or not."""
        child = leg.child
        if child is None or child.is_over or leg.bridged:
            return
        if how in ("busy", "no-answer", "failed"):
            child.state = CallState(how)
        else:
            await self._whisper(leg, child, how)
        if leg.bridged or leg.is_over:
            return
        child.state = child.state if child.is_over else CallState.COMPLETED
        self.tell_of_citizen(leg, child)
        result = child.state.value if child.state is not CallState.COMPLETED else "no-answer"
        await self._dial_over(leg, DialEnded(leg.call, result, None, child.call, bridged=False))

    async def _whisper(self, leg: Line, child: Line, how: str) -> None:
        child.state = CallState.IN_PROGRESS
        turn = CallTurn(child.call, CallState.IN_PROGRESS)
        verbs = await self.ask(child, lambda: self.desk.calling.answered(leg.attempt, turn))
        if verbs is None or not isinstance(verbs[0], Gather):
            return
        keyed = CallTurn(child.call, CallState.IN_PROGRESS, how if how != "silence" else None)
        answer = await self.ask(child, lambda: self.desk.calling.keyed(leg.attempt, keyed, 2))
        leg.bridged = answer is not None and not any(type(verb).__name__ == "Hangup" for verb in answer)

    async def talk_ends(self, leg: Line, *, by_agent: bool) -> None:
        """Let a conversation end: an agent who hangs up ends the leg, else the Dial's action is asked for."""
        child = leg.child
        if child is None or not leg.bridged or leg.is_over:
            return
        if by_agent:
            self.end(leg)
            return
        child.state = CallState.COMPLETED
        self.tell_of_citizen(leg, child)
        await self._dial_over(leg, DialEnded(leg.call, "completed", 30, child.call, bridged=True))

    async def _dial_over(self, leg: Line, ended: DialEnded) -> None:
        self.run(leg, await self.ask(leg, lambda: self.desk.calling.ended(leg.attempt, ended)))

    async def post(self) -> None:
        """Deliver some letter, and perhaps keep it to deliver it again; or lose it."""
        if not self.letters:
            return
        letter = self.draw(self.letters)
        if self.draw((True, True, False)):
            self.letters.remove(letter)
        if self.draw((True, True, True, False)):
            await letter()

    def listed(self, number: Telephone) -> list[Listed]:
        """Return the carrier's list for an agent."""
        theirs = [leg for leg in self.legs if leg.number == number]
        return [Listed(leg.call, leg.state) for leg in reversed(theirs)]

    def check(self) -> None:
        """See that what must never happen has not."""
        assert all(count == 1 for count in self.dialled.values()), "two calls to a citizen for one attempt"
        assert len(self.ringing_citizens) <= 1, "two calls to a citizen at once"
        attempts = Counter(leg.attempt for leg in self.legs)
        assert all(count == 1 for count in attempts.values()), "two legs for one attempt"
